"""Terms of approval of a household, recorded as the agency's decision maker gave them: from a day on, one at a time.

Fostering Services (England) Regulations 2011, regulation 27: approval is given on terms (how many, of what age, for which
children). What the carers themselves cannot care for stands with what they can do, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.carers.models import Approval, Household

MOST_PLACES, OLDEST = 10, 21
NEEDS = frozenset(NeedKind)


@dataclass(frozen=True, slots=True)
class TermsGiven:
    """Terms from a day on. `needs_only`: only for children with one of these needs; `needs_barred`: for none with them."""

    starts_on: date
    places: int
    min_age: int = 0
    max_age: int = 17
    sexes: str = ""
    exemption: str = ""
    needs_only: frozenset[str] = frozenset()
    needs_barred: frozenset[str] = frozenset()


@action
def set_terms(
    *, by: Actor, now: datetime, household_id: int, version: int, given: TermsGiven
) -> Outcome[Approval]:
    """Record terms of approval from a day: the earlier ones end on it, or are corrected where they began on the same day."""
    row = Household.objects.filter(pk=household_id, authority_id=by.authority_id).first()
    if row is None or by.role != FOSTERING_OFFICER:
        return refuse(Problem(MISSING, "There is no such household."))
    if problems := terms_problems(given) or change_row(row, version=version):
        return refuse(problems)
    made = _written(row, given)
    words = f"Terms of approval of {row.reference} from {given.starts_on:%-d %B %Y}: {made}"
    audit(by=by, now=now, verb="set_terms", words=words, subject="household", subject_id=row.pk)
    return Outcome(made)


def first_terms(row: Household, given: TermsGiven) -> Approval:
    """The terms on which a new household is approved; part of the deed that approves it."""
    return _written(row, given)


def terms_problems(given: TermsGiven) -> list[Problem]:
    """What is wrong with terms as they are entered: every reason, at its field."""
    found = []
    if not 0 < given.places <= MOST_PLACES:
        found.append(Problem("not_valid", f"Enter from 1 to {MOST_PLACES} places.", "places"))
    if not 0 <= given.min_age <= given.max_age <= OLDEST:
        found.append(Problem("not_valid", f"Ages go from 0 to {OLDEST}, the youngest first.", "max_age"))
    if given.sexes not in ("", "F", "M"):
        found.append(Problem("not_valid", "Choose girls, boys or both.", "sexes"))
    if len(given.exemption) > 300:
        found.append(Problem("too_long", "Shorten the exemption to 300 characters.", "exemption"))
    if strange := (given.needs_only | given.needs_barred) - NEEDS:
        found.append(
            Problem("not_valid", f"Not known as a need: {', '.join(sorted(strange))}.", "needs_only")
        )
    if given.needs_only & given.needs_barred:
        words = "A need cannot be both the one they are approved for and one they are not."
        found.append(Problem("not_valid", words, "needs_barred"))
    return found


def _written(row: Household, given: TermsGiven) -> Approval:
    terms = {
        "places": given.places, "min_age": given.min_age, "max_age": given.max_age, "sexes": given.sexes,
        "exemption": given.exemption.strip(), "needs_only": sorted(given.needs_only), "needs_barred": sorted(given.needs_barred),
    }  # fmt: skip
    held = row.approvals.filter(period__contains=given.starts_on).first()
    if held is not None and held.period.lower == given.starts_on:
        row.approvals.filter(pk=held.pk).update(**terms)
        held.refresh_from_db()
        return held
    ends_on = held.period.upper if held is not None else _next_start(row, given.starts_on)
    if held is not None:
        row.approvals.filter(pk=held.pk).update(period=DateRange(held.period.lower, given.starts_on))
    period = DateRange(given.starts_on, ends_on)
    return Approval.objects.create(authority_id=row.authority_id, household=row, period=period, **terms)


def _next_start(row: Household, after: date) -> date | None:
    later = row.approvals.filter(period__startswith__gt=after).order_by("period").first()
    return later.period.lower if later is not None else None


def terms_over_time(household: Household) -> QuerySet[Approval]:
    """The terms of a household, the latest first."""
    return household.approvals.order_by("-period")
