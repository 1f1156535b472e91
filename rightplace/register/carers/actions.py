"""The verbs of own carers: a fostering officer keeps what a household can do, when it rests, and its standing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rightplace.core.matching.vocabulary import Criterion, NeedKind
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.carers.models import Household

EXTRAS = ("transport_weekly_pence", "education_weekly_pence")
KEPT = frozenset({
    "skills", "languages", "faiths", "has_pets", "is_adapted", "weekly_pence", "skill_level", "needs_declined", *EXTRAS,
})  # fmt: skip
SKILLS = frozenset(NeedKind) | frozenset(Criterion)
NO_HOUSEHOLD = Problem(MISSING, "There is no such household.")


@action
def save_household(
    *, by: Actor, now: datetime, household_id: int, version: int, changes: Mapping[str, Any]
) -> Outcome[Household]:
    """Keep what a household can do; matching reads it."""
    row = _own(by, household_id)
    if row is None:
        return refuse(NO_HOUSEHOLD)
    problems = []
    if unknown := set(changes) - KEPT:
        problems.append(Problem("not_here", f"This cannot be changed here: {', '.join(sorted(unknown))}."))
    if strange := set(changes.get("skills", ())) - SKILLS:
        problems.append(Problem("skills", f"Not known as a need: {', '.join(sorted(strange))}.", "skills"))
    if set(changes.get("needs_declined", ())) - frozenset(NeedKind):
        problems.append(Problem("not_valid", "Choose needs of the list.", "needs_declined"))
    if set(changes.get("needs_declined", ())) & set(changes.get("skills", row.skills)):
        words = "A need cannot be one that they meet and one that they cannot care for."
        problems.append(Problem("not_valid", words, "needs_declined"))
    problems = problems or change_row(row, version=version, **changes)
    if problems:
        return refuse(problems)
    _audit(by, now, row, "save_household", f"What {row.reference} can do was kept")
    return Outcome(row)


@action
def rest_household(
    *, by: Actor, now: datetime, household_id: int, version: int, starts_on: date | None, ends_on: date | None
) -> Outcome[Household]:
    """Let carers rest for some time, or end the rest (no dates): while they rest they are not asked."""
    row = _own(by, household_id)
    if row is None:
        return refuse(NO_HOUSEHOLD)
    if starts_on and ends_on and ends_on <= starts_on:
        return refuse(Problem("dates", "The rest must end after it starts.", "ends_on"))
    if problems := change_row(row, version=version, unavailable_from=starts_on, unavailable_until=ends_on):
        return refuse(problems)
    until = f" until {ends_on:%-d %B %Y}" if ends_on else ""
    words = f"{row.reference} rests{until}" if starts_on or ends_on else f"{row.reference} is available again"
    _audit(by, now, row, "rest_household", words)
    return Outcome(row)


@action
def hold_household(
    *, by: Actor, now: datetime, household_id: int, version: int, status: str
) -> Outcome[Household]:
    """Put a household on hold (no new placements), or back to approved."""
    row = _own(by, household_id)
    if row is None:
        return refuse(NO_HOUSEHOLD)
    if {row.status, status} != {"approved", "on_hold"}:
        return refuse(
            Problem(
                "wrong_state",
                "Only an approved household can be put on hold, and only one on hold be taken off it.",
            )
        )
    if problems := change_row(row, version=version, status=status):
        return refuse(problems)
    _audit(
        by,
        now,
        row,
        "hold_household",
        f"{row.reference} is now {'on hold' if status == 'on_hold' else 'approved'}",
    )
    return Outcome(row)


def _own(by: Actor, household_id: int) -> Household | None:
    if by.role != FOSTERING_OFFICER:
        return None
    return Household.objects.filter(pk=household_id, authority_id=by.authority_id).first()


def _audit(by: Actor, now: datetime, row: Household, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="household", subject_id=row.pk)
