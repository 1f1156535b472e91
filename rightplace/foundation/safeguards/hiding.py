"""Leaving restricted cases out of a query: the first wall; the row security of PostgreSQL is the second."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import current_scope
from rightplace.foundation.safeguards.queries import hidden_children

Raised = TypeVar("Raised", bound=Model)
Row = TypeVar("Row", bound=Model)


def without_hidden(actor: Actor, rows: QuerySet[Row], child: str) -> QuerySet[Row]:
    """The rows without those of restricted cases that this actor may not open; `child` is the path to the child's number.

    Within the actor's own scope it is known which they are, and where nothing is restricted the query stays as it was.
    """
    return _without(actor, rows, f"{child}__in")


def without_maybe_hidden(actor: Actor, rows: QuerySet[Row], children: str) -> QuerySet[Row]:
    """The same where a row names several children whom it may be about; `children` is the path to the array of their numbers."""
    return _without(actor, rows, f"{children}__overlap")


def _without(actor: Actor, rows: QuerySet[Row], lookup: str) -> QuerySet[Row]:
    if actor.user_id is None or not actor.authority_id:
        return rows
    scope = current_scope()
    if scope is None or scope.actor != actor:
        return rows.exclude(**{lookup: hidden_children(actor)})
    return rows.exclude(**{lookup: list(scope.hidden_children)}) if scope.hidden_children else rows


def shared_concerns(rows: QuerySet[Raised]) -> QuerySet[Raised]:
    """Concerns that the actor of this scope may know of: of the own authority, and of those that share theirs by agreement.

    A home's own provider and what the product does of itself see them all.
    """
    scope = current_scope()
    if scope is None or scope.actor.provider_id is not None:
        return rows
    return rows.filter(raised_by_id__in={scope.actor.authority_id, *scope.sharing_concerns})
