"""What happens to decisions."""

from __future__ import annotations

from dataclasses import dataclass, field

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChosen(Event):
    """The team manager chose an offer and permission was asked at its real cost."""

    request_id: int
    search_id: int
    offer_id: int
    permission_id: int
    is_emergency: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceUndone(Event):
    """A choice was undone before it was permitted, or the chosen offer was withdrawn."""

    request_id: int
    search_id: int
    offer_id: int
    permission_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementApproved(Event):
    """Permission to place was given, perhaps on conditions, perhaps after the child was placed."""

    request_id: int
    search_id: int
    offer_id: int
    permission_id: int
    is_retrospective: bool
    # Why each other offer was not chosen: offer id to words.
    feedback: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRefused(Event):
    """Permission to place was refused."""

    request_id: int
    search_id: int
    offer_id: int
    permission_id: int
    is_retrospective: bool
