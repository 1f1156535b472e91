"""What happens at panels."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMeetingChanged(Event):
    """A meeting was moved or cancelled."""

    meeting_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackIssued(Event):
    """The papers of a meeting were issued, for the first time or anew."""

    meeting_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelItemListed(Event):
    """Something was put on an agenda."""

    item_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelItemDecided(Event):
    """A panel decided on an item, at a meeting or before it."""

    item_id: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDecisionNotRatified(Event):
    """A decision made before the meeting was not ratified there."""

    item_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelActionGiven(Event):
    """Somebody was given something to do, or it was given to somebody else."""

    action_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelActionChased(Event):
    """An action comes due, or is overdue, and its owner is reminded."""

    action_id: int
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelAppealAsked(Event):
    """A team manager challenges a decision."""

    appeal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelAppealHeard(Event):
    """An appeal was upheld or not."""

    appeal_id: int
