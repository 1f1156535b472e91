"""What happens to shared blocks."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEvent(Event):
    """Something about one block; `told_ids` are the authorities that should know."""

    block_id: int
    words: str
    link: str
    told_ids: tuple[int, ...]
    role: str
