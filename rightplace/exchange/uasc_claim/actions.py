"""Making a month's claim from the record, sending it, and settling it against what was received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from rightplace.core.periods import Period, financial_year
from rightplace.core.problems import Problem
from rightplace.exchange.sheets import HandedFile, Sheet, pounds, sheet_csv
from rightplace.exchange.uasc_claim.models import GRANTS, GrantClaim, GrantClaimLine
from rightplace.exchange.uasc_claim.nights import Claimed, Person, claimed
from rightplace.exchange.uasc_claim.rates import nightly_rates, until_age, weekly_rate
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, FINANCE_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.ledger.booking import next_month
from rightplace.register.children.models import Child

MAY_CLAIM = (FINANCE_OFFICER,)
MAY_READ = (FINANCE_OFFICER, DIRECTOR)
NOT_YOURS = Problem("not_yours", "Your role may not make grant claims.")
NONE_SUCH = Problem(MISSING, "There is no such claim.")
NOT_OVER = Problem("not_over", "A month is claimed when it is over.", "month")
TAKEN = Problem("taken", "This month is claimed already.", "month")
WRONG_STATE = Problem("wrong_state", "The claim is not at this step.")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line was refused, and how much of it; all of it where no amount is said."""

    reason: str
    pence: int | None = None


@action
def make_claim(*, by: Actor, now: datetime, month: date) -> Outcome[GrantClaim]:
    """Make the claim of a month from placements and dates of birth. Refused: a month not over, one claimed already."""
    if by.role not in MAY_CLAIM:
        return refuse(NOT_YOURS)
    if month.day != 1 or next_month(month) > timezone.localdate(now):
        return refuse(NOT_OVER)
    if GrantClaim.objects.filter(authority_id=by.authority_id, month=month).exists():
        return refuse(TAKEN)
    row = GrantClaim.objects.create(
        authority_id=by.authority_id, month=month, made_at=now, made_by_id=by.person_id
    )
    # Beyond the actor's own sight: a restricted child's nights are claimed too.
    with as_system():
        GrantClaimLine.objects.bulk_create(_lines(row))
    _record(by, now, "make_claim", f"Made the grant claim of {row}", row)
    return Outcome(row)


@action
def send_claim(*, by: Actor, now: datetime, claim_id: int, version: int) -> Outcome[GrantClaim]:
    """Say that the claim file was sent."""
    row = _own(by, claim_id)
    if row is None or row.state != "made":
        return refuse(NONE_SUCH if row is None else WRONG_STATE)
    if problems := change_row(row, version=version, state="sent", sent_at=now):
        return refuse(problems)
    _record(by, now, "send_claim", f"Sent the grant claim of {row}", row)
    return Outcome(row)


@action
def settle_claim(
    *, by: Actor, now: datetime, claim_id: int, version: int, received_on: date, received_pence: int,
    refused: Mapping[int, Refused] | None = None,
) -> Outcome[GrantClaim]:  # fmt: skip
    """Set what was received against what was claimed; `refused` gives by line what was refused, and why.

    Refused: a line of another claim, an amount that is no part of its line, a rest that is not what was received.
    """
    row = _own(by, claim_id)
    if row is None or row.state != "sent":
        return refuse(NONE_SUCH if row is None else WRONG_STATE)
    claimed = dict(row.lines.values_list("pk", "pence"))
    if wrong := _refused_problems(claimed, refused or {}):
        return refuse(wrong)
    no = {key: (one.reason.strip()[:200], _amount(one, claimed[key])) for key, one in (refused or {}).items()}
    kept = sum(claimed.values()) - sum(pence for _, pence in no.values())
    if kept != received_pence:
        words = f"Without what was refused £{pounds(kept)} was claimed, but £{pounds(received_pence)} was received."
        return refuse(Problem("does_not_match", words, "received_pence"))
    changes: dict[str, Any] = {
        "state": "settled",
        "received_on": received_on,
        "received_pence": received_pence,
    }
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    for key, (words, pence) in no.items():
        row.lines.filter(pk=key).update(refused_reason=words, refused_pence=pence)
    _record(by, now, "settle_claim", f"Settled the grant claim of {row}: {len(no)} lines refused", row)
    return Outcome(row)


def _amount(one: Refused, claimed_pence: int) -> int:
    return claimed_pence if one.pence is None else one.pence


def _refused_problems(claimed: Mapping[int, int], refused: Mapping[int, Refused]) -> list[Problem]:
    found = []
    for key, one in refused.items():
        if key not in claimed:
            found.append(Problem("no_line", f"There is no line {key} in this claim.", "refused"))
        elif not 0 < _amount(one, claimed[key]) <= claimed[key]:
            words = f"Line {key} claims £{pounds(claimed[key])}: not more than that, and more than nothing, can be refused."
            found.append(Problem("no_part", words, "refused"))
        if not one.reason.strip():
            found.append(Problem("reason_missing", f"Say why line {key} was refused.", "refused"))
    return found


def claims(actor: Actor) -> QuerySet[Any]:
    """Every claim of the authority with what it comes to."""
    return GrantClaim.objects.filter(authority_id=actor.authority_id).annotate(pence=Sum("lines__pence"))


def claim(actor: Actor, key: int) -> GrantClaim | None:
    """One of them."""
    row: GrantClaim | None = claims(actor).filter(pk=key).first()
    return row


def claim_file(row: GrantClaim) -> HandedFile:
    """The claim as a file: a line for each person, grant and rate; people by their local number."""
    rows = tuple(
        (line.child.local_number, GRANTS[line.grant], line.starts_on.isoformat(), line.ends_on.isoformat(), line.nights,
         pounds(line.rate_pence), pounds(line.pence), line.evidence)
        for line in row.lines.select_related("child")
    )  # fmt: skip
    columns = ("Person", "Grant", "From", "Until (not claimed)", "Nights", "Rate", "Amount", "Evidence")
    return HandedFile(
        f"grant-claim-{row.month:%Y-%m}.csv", "text/csv", sheet_csv(Sheet("claim", "Claim", columns, rows))
    )


def _lines(row: GrantClaim) -> list[GrantClaimLine]:
    month = Period(row.month, next_month(row.month))
    night = nightly_rates(row.authority, month)
    people = Child.objects.filter(authority_id=row.authority_id, is_uasc=True).prefetch_related("placements")
    return [
        _line(row, child, one)
        for child in people.order_by("pk")
        for one in claimed(person_of(child), month, nightly=night, weekly=weekly_rate, until_age=until_age)
    ]


def person_of(child: Child) -> Person:
    """What the record says of a child, for the claim."""
    held = [one for one in child.placements.all() if one.state in ("started", "ended")]
    parts = tuple(
        Period(one.period.lower, one.period.upper) for one in sorted(held, key=lambda one: one.period.lower)
    )
    return Person(child.born_on, parts, child.uasc_ends_on)


def _line(row: GrantClaim, child: Child, one: Claimed) -> GrantClaimLine:
    evidence = (
        "Placed, unaccompanied and under 18"
        if one.grant == "uasc"
        else "Looked after as unaccompanied until 18"
    )
    return GrantClaimLine(
        authority_id=row.authority_id, claim=row, child=child, grant=one.grant, starts_on=one.nights.start,
        ends_on=one.nights.closed_end, nights=one.nights.nights, rate_pence=one.rate_pence, pence=one.pence,
        evidence=evidence,
    )  # fmt: skip


def _own(by: Actor, claim_id: int) -> GrantClaim | None:
    may = by.role in MAY_CLAIM
    return GrantClaim.objects.filter(authority_id=by.authority_id, pk=claim_id).first() if may else None


def _record(by: Actor, now: datetime, verb: str, words: str, row: GrantClaim) -> None:
    details = {"financial_year": financial_year(row.month)}
    audit(by=by, now=now, verb=verb, words=words, subject="grant_claim", subject_id=row.pk, details=details)
