"""What happens to concerns."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernEvent(Event):
    """Something about one concern; the homes it covers are those of `setting_ids`."""

    concern_id: int
    provider_id: int
    setting_ids: tuple[int, ...]
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRaised(ConcernEvent):
    """A concern was raised: whoever has children there, or is about to, is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernGraver(ConcernEvent):
    """The grade went up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderToldOfConcern(ConcernEvent):
    """The provider may read what is meant for it, and reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReplied(ConcernEvent):
    """The provider used its right of reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftingProposed(ConcernEvent):
    """One person proposes to lift it; another decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernLifted(ConcernEvent):
    """It was lifted; its holds ended today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumAgreed(Event):
    """A forum agreed that an authority (`authority_id`) does something about a concern."""

    forum_id: int
    concern_id: int
    words: str
