"""Reminding owners of what is late: milestones of projects, actions of a board, risks that nobody weighed again for too long.

One notice to a person, however many are theirs, once in as many days as the rule says. An owner without an account is reminded by
those who keep the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.notices.actions import tell_user
from rightplace.foundation.reference.rules import rule
from rightplace.oversight.boards.actions import MAY_KEEP
from rightplace.oversight.boards.models import BoardAction, Risk
from rightplace.oversight.savings.models import Milestone

Late = Milestone | BoardAction | Risk


@transaction.atomic
def remind_owners(now: datetime) -> int:
    """Remind each owner of what is late and was not told lately; how many owners. The worker's daily round.

    Rows are locked and those of another worker passed over, so that nobody is reminded twice.
    """
    today = timezone.localdate(now)
    found: dict[tuple[int, int], list[Late]] = defaultdict(list)
    for row in _late(today):
        found[row.authority_id, row.owned_by_id or 0].append(row)
    for (authority_id, owner_id), rows in found.items():
        link = _link(rows) if _may_open(authority_id, owner_id, today) else "/notices/"
        tell_user(authority_id=authority_id, user_id=owner_id, words=_words(rows), link=link, now=now)
    for row in (row for rows in found.values() for row in rows):
        row.reminded_on = today
        row.save(update_fields=["reminded_on"])
    return len(found)


def _late(today: date) -> list[Late]:
    """What has an owner with an account, is late, and was not reminded of lately."""
    wait = today - timedelta(days=_days("board_owner_reminded_every", 14, today))
    weighed = today - timedelta(days=_days("risk_weighed_within", 90, today))
    due = Q(reminded_on=None) | Q(reminded_on__lte=wait)
    owned = due & Q(owned_by__isnull=False)
    undone = owned & Q(done_on=None, due_on__lt=today)
    found: list[QuerySet[Any]] = [
        Milestone.objects.filter(undone),
        BoardAction.objects.filter(undone),
        Risk.objects.filter(owned, closed_on=None, weighed_on__lt=weighed),
    ]
    return [row for rows in found for row in rows.select_for_update(skip_locked=True, of=("self",))]


def _days(code: str, unless: int, today: date) -> int:
    held = rule(code, today)
    return int(held.value) if held else unless


def _may_open(authority_id: int, user_id: int, today: date) -> bool:
    """Whether the owner's roles open the board's page; others read the notice."""
    roles = Membership.objects.filter(not_over(today), authority_id=authority_id, user_id=user_id)
    return roles.filter(role__in=MAY_KEEP).exists()


def _link(rows: Sequence[Late]) -> str:
    place = "savings" if all(isinstance(row, Milestone) for row in rows) else "board"
    return f"/finance/{place}/?owner=mine"


def _words(rows: Sequence[Late]) -> str:
    if len(rows) > 1:
        return f"{len(rows)} milestones, actions or risks of yours are late. The first: “{rows[0]}”"[:300]
    (row,) = rows
    if isinstance(row, Risk):
        return f"Weigh your risk again, last done on {row.weighed_on:%-d %B %Y}: “{row}”"[:300]
    return f"Yours was due on {row.due_on:%-d %B %Y}: “{row}”"[:300]
