"""What happens to places that a court orders."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtPlaceEvent(Event):
    """Something about one such place."""

    court_place_id: int
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtPlaceAsked(CourtPlaceEvent):
    """A court ordered a place that is not registered: the director decides whether the authority goes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtPlaceDecided(CourtPlaceEvent):
    """The director has decided; once agreed, Ofsted is told and the place reviewed every week."""

    is_agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtPlaceOverdue(CourtPlaceEvent):
    """Ofsted was not told in time, or the place was not reviewed in time."""

    words: str
