"""What happens to people's access."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven(Event):
    """A person was given a role, from a day on."""

    user_id: int
    membership_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A role of a person ends on a day; rights end with it by themselves."""

    user_id: int
    membership_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """A person has left: whatever lets them in (sessions, tokens) has to end in this very transaction.

    `is_gone` says that they hold no role anywhere any more; otherwise only what they held in this authority ended.
    """

    user_id: int
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A person has a new password: sessions other than the one in which it was changed have ended."""

    user_id: int
