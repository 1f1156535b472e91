"""What happens to offers."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSubmitted(Event):
    """An offer was submitted; it stays sealed until the search closes."""

    offer_id: int
    invitation_id: int
    search_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(Event):
    """An offer was taken back, also after it was chosen (`was_chosen`)."""

    offer_id: int
    invitation_id: int
    search_id: int
    was_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTakenBack(Event):
    """A submitted offer was taken back to be changed, while the search is open."""

    offer_id: int
    invitation_id: int
    search_id: int
