"""The actor: who is doing this, in which role, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.access import roles


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in one role. Staff act for one authority, a provider's people for one provider."""

    user_id: int | None
    name: str
    role: str
    # 0 where the actor acts for no authority: no row belongs to it.
    authority_id: int = 0
    provider_id: int | None = None
    consortium_id: int | None = None
    team_id: int | None = None
    # A support person on an agreed visit: looks with the role's eyes, and can change nothing.
    visit_id: int | None = None

    @property
    def person_id(self) -> int:
        """The number of the person; RuntimeError where the product itself acts and a person must."""
        if self.user_id is None:
            raise RuntimeError(f"{self.name} is not a person")
        return self.user_id

    @property
    def role_words(self) -> str:
        """The role in words, for pages and the audit trail."""
        known = roles.ROLES.get(self.role)
        return known.words if known else "Rightplace"


def system_actor(*, authority_id: int = 0, name: str = "Rightplace") -> Actor:
    """The product itself, as the worker and the command line act."""
    return Actor(user_id=None, name=name, role=roles.SYSTEM, authority_id=authority_id)
