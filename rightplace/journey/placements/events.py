"""What happens to placements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEvent(Event):
    """Something about one placement of one child."""

    placement_id: int
    child_id: int
    request_id: int | None
    offer_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementPlanned(PlacementEvent):
    """A place is held for a child from a date."""

    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChanged(PlacementEvent):
    """The planned start was moved."""

    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementStarted(PlacementEvent):
    """The child lives there now."""

    started_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUndone(PlacementEvent):
    """A start recorded by mistake was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementNotArrived(PlacementEvent):
    """The child did not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementCancelled(PlacementEvent):
    """A planned placement will not happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEnded(PlacementEvent):
    """The child left: `ended_on` is the first day no longer lived there. `is_breakdown` calls for a new request."""

    ended_on: date
    is_breakdown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUndone(PlacementEvent):
    """An end recorded by mistake was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEvent(Event):
    """Something about a move of a child who is placed."""

    move_id: int
    placement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveProposed(MoveEvent):
    """A move is proposed: it waits for a discussion, a challenge and a manager's decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDecided(MoveEvent):
    """A manager who did not propose it agreed to a move, or did not."""

    is_agreed: bool
    proposed_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedBeforeDiscussion(MoveEvent):
    """A child moved in an emergency, before it was discussed: the discussion follows on a clock."""
