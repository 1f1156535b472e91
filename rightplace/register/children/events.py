"""What happened in the book of children."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected(Event):
    """A recorded fact of a child was put right: those who saw the wrong one are to be told (UK GDPR article 19)."""

    child_id: int
    correction_id: int
    field: str
