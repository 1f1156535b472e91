"""What happens on frameworks."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Event):
    """A provider was suspended on a lot, is asked again, or was taken off."""

    provider_id: int
    words: str
