"""Releasing the address of own carers: to the child's social worker, once the placement is agreed, with a reason on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import SOCIAL_WORKER, TEAM_MANAGER
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements

GONE = Problem(MISSING, "This placement is not there, or is not yours.")
ASKERS = (SOCIAL_WORKER, TEAM_MANAGER)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class CarersAddress:
    """Where a child lives or will live with own carers. It is shown once and printed on nothing."""

    carers: str
    address: str
    postcode: str


@action
def release_address(*, by: Actor, now: datetime, placement_id: int, reason: str) -> Outcome[CarersAddress]:
    """The address of the household in which a child is placed, with a look on record that says why.

    For the child's own social worker and the manager of the child's team, from the permission to place (in an emergency
    from the day on which the child came) until the placement ends. It stands in no list, on no form and in no download:
    children had to be moved because an address was printed (assurance, row 16).
    """
    row = placements(by).select_related("child", "household", "permission").filter(pk=placement_id).first()
    if row is None:
        return refuse(GONE)
    if problems := [*release_problems(by, row), *_reason_problems(reason)]:
        return refuse(problems)
    audit(
        by=by, now=now, verb="release_address", words=f"Saw the carers’ address of {row.reference}: {reason.strip()}",
        subject="child", subject_id=row.child_id, child_id=row.child_id, is_look=True,
    )  # fmt: skip
    home = row.household
    return Outcome(CarersAddress(home.carers, home.address, home.postcode) if home else None)


def release_problems(by: Actor, row: Placement) -> list[Problem]:
    """Why this person does not get the address of this placement, or does not yet or no longer."""
    if row.household is None:
        return [Problem("no_address", "Only placements with own carers have an address that is kept back.")]
    if not _is_theirs(by, row):
        words = "The address is released to the child’s social worker and the manager of the child’s team."
        return [Problem("not_yours", words)]
    return [] if _is_agreed(row) else [Problem("not_agreed", _when_words(row))]


def _is_theirs(by: Actor, row: Placement) -> bool:
    if by.role == SOCIAL_WORKER:
        return row.child.social_worker_id == by.user_id
    return by.role == TEAM_MANAGER and by.team_id is not None and row.child.team_id == by.team_id


def _is_agreed(row: Placement) -> bool:
    """Lives there, or is to come with permission given."""
    if row.state == "started":
        return True
    return row.state == "planned" and (row.permission is None or row.permission.state == "approved")


def _when_words(row: Placement) -> str:
    if row.state == "planned":
        return "The address is released once permission to place has been given."
    return "The child does not live there any more, so the address is not released."


def _reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem("empty", "Say what you need the address for.", "reason")]
    long = Problem("too_long", f"Shorten this to {LONGEST_REASON} characters.", "reason")
    return [long] if len(reason.strip()) > LONGEST_REASON else []
