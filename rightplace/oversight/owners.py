"""Whose something is to be done: one of the authority's people where they have an account, a name in plain words where not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rightplace.core.problems import Problem
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import OF_SYSTEMS, not_over

NOBODY = Problem("owner_missing", "Choose an owner, or write the name of one who has no account.", "owner_id")
NOT_OURS = Problem("owner_unknown", "Choose one of the authority’s people.", "owner_id")


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner's name, and the number of the account (none: the owner has none)."""

    name: str
    user_id: int | None = None


def people(authority_id: int, today: date) -> dict[int, str]:
    """Everybody who works for an authority, by the number of the account, in the order of names."""
    rows = Membership.objects.filter(
        not_over(today), ~OF_SYSTEMS, authority_id=authority_id, user__is_active=True
    ).select_related("user")
    found = {row.user_id: str(row.user) for row in rows}
    return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))


def owner_among(known: Mapping[int, str], name: str, user_id: int | None = None) -> Owner | Problem:
    """Who is meant: the account that was chosen; else the name, with its account where exactly one person is called so."""
    if user_id is not None:
        return Owner(known[user_id], user_id) if user_id in known else NOT_OURS
    words = name.strip()
    if not words:
        return NOBODY
    if Counter(known.values())[words] != 1:
        return Owner(words)
    return Owner(words, next(key for key, called in known.items() if called == words))
