"""What happens to services for a child."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEvent(Event):
    """Something about one service for a child."""

    package_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageAsked(PackageEvent):
    """A service is asked for: brokers look for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageChosen(PackageEvent):
    """An offer is chosen: permission is asked of those whom the kind names."""

    panel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDecided(PackageEvent):
    """Permission was given or refused."""

    is_permitted: bool
    asked_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMoved(PackageEvent):
    """It began, changed, ended or was withdrawn: what is due for it moves, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneLate(PackageEvent):
    """A milestone of a service is past its day."""

    words: str
    asked_by_id: int
