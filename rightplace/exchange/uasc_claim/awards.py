"""Grants awarded by the year (staying put and others), what was received of them, and a year's costs outside contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.exchange.uasc_claim.actions import MAY_CLAIM, NOT_YOURS
from rightplace.exchange.uasc_claim.models import YEAR_COSTS, GrantAward, GrantReceipt, YearCost
from rightplace.exchange.uasc_claim.nights import ADULT, birthday
from rightplace.exchange.uasc_claim.rates import value_on
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.budgets.given import is_financial_year
from rightplace.register.children.models import Child

STAYED_WITH_CARERS = "E17"
"""Ended at 18 or later and stayed with the same carers (SSDA903 reason for ceasing to be looked after)."""
NO_AWARD = Problem(MISSING, "There is no such grant.")
NO_YEAR = Problem("no_year", "Write the year as 2026-27.", "financial_year")
MOST_RECEIVED = Problem("more_than_awarded", "More than was awarded cannot be received.", "pence")


@dataclass(frozen=True, slots=True)
class StayingPut:
    """A young person who stays with former foster carers: the local number, since when, and until which day at the latest."""

    local_number: str
    since: date
    until: date


@action
def record_award(
    *, by: Actor, now: datetime, financial_year: str, kind: str, name: str, pence: int, conditions: str = ""
) -> Outcome[GrantAward]:
    """Write down a grant awarded for a year. Refused: a role that may not, no such year, nothing, one of that name already."""
    if by.role not in MAY_CLAIM:
        return refuse(NOT_YOURS)
    held = GrantAward.objects.filter(authority_id=by.authority_id, financial_year=financial_year, name=name)
    problems = [] if is_financial_year(financial_year) else [NO_YEAR]
    if pence <= 0:
        problems.append(Problem("nothing", "An award is above zero.", "pence"))
    if held.exists():
        problems.append(Problem("taken", "This grant is written down for the year already.", "name"))
    if problems:
        return refuse(problems)
    row = GrantAward.objects.create(
        authority_id=by.authority_id, financial_year=financial_year, kind=kind, name=name, pence=pence,
        conditions=conditions, made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    audit(
        by=by,
        now=now,
        verb="record_award",
        words=f"{row}: {pounds(pence)}",
        subject="grant_award",
        subject_id=row.pk,
    )
    return Outcome(row)


@action
def record_receipt(
    *, by: Actor, now: datetime, award_id: int, received_on: date, pence: int, reference: str = ""
) -> Outcome[GrantReceipt]:
    """Write down what was received of an award; below zero takes back. Refused: nothing, more than was awarded, below nothing."""
    row = GrantAward.objects.select_for_update().filter(authority_id=by.authority_id, pk=award_id).first()
    if row is None or by.role not in MAY_CLAIM:
        return refuse(NO_AWARD if row is None else NOT_YOURS)
    already = row.receipts.aggregate(all=Sum("pence"))["all"] or 0
    if not pence or already + pence < 0:
        return refuse(
            Problem("nothing", "Write what was received; at most all of it can be taken back.", "pence")
        )
    if already + pence > row.pence:
        return refuse(MOST_RECEIVED)
    got = GrantReceipt.objects.create(
        authority_id=by.authority_id, award=row, received_on=received_on, pence=pence, reference=reference,
        made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    words = f"{row}: received {pounds(pence)}"
    audit(by=by, now=now, verb="record_receipt", words=words, subject="grant_award", subject_id=row.pk)
    return Outcome(got)


@action
def set_year_cost(
    *, by: Actor, now: datetime, financial_year: str, kind: str, pence: int, source: str
) -> Outcome[YearCost]:
    """Keep what staffing or running costs of asylum work came to in a year; said again, the new amount stands.

    Refused: a role that may not, no such year or kind, an amount below zero, no word on where it is from.
    """
    if by.role not in MAY_CLAIM:
        return refuse(NOT_YOURS)
    problems = [] if is_financial_year(financial_year) else [NO_YEAR]
    if kind not in YEAR_COSTS or pence < 0:
        problems.append(Problem("below_zero", "Costs are not below zero.", "pence"))
    if not source.strip():
        problems.append(Problem("source_missing", "Say where the amount is from.", "source"))
    if problems:
        return refuse(problems)
    row = YearCost.objects.create(
        authority_id=by.authority_id, financial_year=financial_year, kind=kind, pence=pence, source=source.strip(),
        made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    audit(
        by=by,
        now=now,
        verb="set_year_cost",
        words=f"{row}: {pounds(pence)}",
        subject="year_cost",
        subject_id=row.pk,
    )
    return Outcome(row)


def awards(actor: Actor) -> QuerySet[GrantAward]:
    """Every award of the authority with what was received of it (`received`), the latest year first."""
    rows = GrantAward.objects.filter(authority_id=actor.authority_id)
    return rows.annotate(received=Coalesce(Sum("receipts__pence"), 0))


def award(actor: Actor, key: int) -> GrantAward | None:
    """One of them."""
    return awards(actor).filter(pk=key).first()


def year_costs(actor: Actor) -> dict[tuple[str, str], YearCost]:
    """The newest staffing and running costs by year and kind."""
    rows = YearCost.objects.filter(authority_id=actor.authority_id).order_by("id")
    return {(one.financial_year, one.kind): one for one in rows}


def staying_put(actor: Actor, on: date) -> list[StayingPut]:
    """Who stays with former foster carers on a day by the record: the last placement ended so, and the age is not reached."""
    age = value_on("staying_put_until_age", on)
    with as_system():
        rows = Child.objects.filter(
            authority_id=actor.authority_id, placements__end_reason=STAYED_WITH_CARERS
        ).distinct()
        people = [(one.local_number, one.born_on) for one in rows.order_by("local_number")]
    held = [
        StayingPut(number, birthday(born_on, ADULT), birthday(born_on, age))
        for number, born_on in people
        if age
    ]
    return [one for one in held if one.since <= on < one.until]
