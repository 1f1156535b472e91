"""What happens to a placement request, told to whoever must react."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubmitted(Event):
    """A request has been sent to the brokers, for the first time or again."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReturned(Event):
    """A broker has sent a request back with comments."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPassed(Event):
    """A request has passed its quality check and may be searched for."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(Event):
    """A request is no longer needed."""

    request_id: int
