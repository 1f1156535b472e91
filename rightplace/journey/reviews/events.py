"""What happens to reviews and to the steadiness of placements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEvent(Event):
    """Something about one review of one child."""

    review_id: int
    child_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersSent(ReviewEvent):
    """Contract and outcomes went to the carer before the review; nobody where it is the authority's own carer."""

    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld(ReviewEvent):
    """The review was held: the next one is due by the statutory clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementShaky(Event):
    """The signs of a placement add up to a meeting."""

    placement_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignTold(Event):
    """Something happened that may shake a placement."""

    placement_id: int
    sign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpBegun(Event):
    """Something follows from a review: the stage that does it begins."""

    follow_up_id: int
    kind: str
    from_on: date
    basis_points: int
