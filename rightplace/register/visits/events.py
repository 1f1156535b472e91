"""What happens to visits."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEvent(Event):
    """Something about one visit."""

    visit_id: int
    provider_id: int | None
    setting_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnnounced(VisitEvent):
    """The home is told of a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitJoined(VisitEvent):
    """Another authority comes along to a visit that was shared; the event's authority leads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMoved(VisitEvent):
    """A visit has another day: whoever was told of it or comes along hears it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDropped(VisitEvent):
    """A visit is not made: whoever was told of it, comes along or is come along with hears it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWritten(VisitEvent):
    """The home may read what the visit found and what it has to put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReported(VisitEvent):
    """The home says that an action is done; whoever visited looks at the evidence."""
