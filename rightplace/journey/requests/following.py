"""What later stages bring about in a request: called by `journey.consequences` as part of the deed that caused it.

Each gives the problems, so that `require(follow_…(request_id))` refuses the whole deed when the request cannot follow.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.actions import change_state
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST


def follow_search_opened(request_id: int) -> list[Problem]:
    """A search was opened, or opened again."""
    return _follow(request_id, "mark_searching")


def follow_search_closed(request_id: int) -> list[Problem]:
    """The search closed: offers are there to choose from."""
    return _follow(request_id, "mark_offers_in")


def follow_choice_made(request_id: int) -> list[Problem]:
    """An offer was chosen."""
    return _follow(request_id, "mark_chosen")


def follow_choice_undone(request_id: int) -> list[Problem]:
    """The choice was taken back: choose again."""
    return _follow(request_id, "mark_offers_in")


def follow_permission_given(request_id: int) -> list[Problem]:
    """Permission to place was given."""
    return _follow(request_id, "mark_permitted")


def follow_permission_refused(request_id: int) -> list[Problem]:
    """Permission to place was refused: choose again."""
    return _follow(request_id, "mark_offers_in")


def follow_placed(request_id: int, now: datetime) -> list[Problem]:
    """The placement has started: the request is done."""
    return _follow(request_id, "mark_placed", closed_at=now)


def _follow(request_id: int, verb: str, **changes: Any) -> list[Problem]:
    """Move the request on, unless it stands there already."""
    row = PlacementRequest.objects.get(pk=request_id)
    if row.state == REQUEST.transition(verb).target:
        return []
    return change_state(REQUEST, row, verb, by=system_actor(authority_id=row.authority_id), **changes)
