"""What happens to invitations to offer a service."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInvited(Event):
    """A provider's service was asked to offer."""

    invitation_id: int
    provider_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswered(Event):
    """A provider offered or declined."""

    invitation_id: int
    package_id: int
    kind: str
    is_offered: bool
    sent_by_id: int
