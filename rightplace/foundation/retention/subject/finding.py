"""From what people call somebody to the row: a child's number, a household's reference, the name one signs in with."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.retention.registry import TARGETS

CALLED = {"child": "local_number", "household": "reference", "user": "username"}


def called() -> Case:
    """What a row's subject is called, as one types it; empty where it is gone, or closed to who asks."""
    ways = (When(subject_kind=kind, then=Subquery(_names(kind, name))) for kind, name in CALLED.items())
    return Case(*ways, default=Value(""), output_field=CharField())


def _names(kind: str, name: str) -> QuerySet[Any]:
    rows = apps.get_model(TARGETS[kind])._base_manager
    found: QuerySet[Any] = rows.filter(pk=OuterRef("subject_id")).values(name)[:1]
    return found


def number_of(actor: Actor, subject_kind: str, called: str) -> int | None:
    """The number of the row in the actor's authority; None when there is none."""
    rows = apps.get_model(TARGETS[subject_kind])._base_manager.filter(
        **{CALLED[subject_kind]: called.strip()}
    )
    own = (
        {"memberships__authority_id": actor.authority_id}
        if subject_kind == "user"
        else {"authority_id": actor.authority_id}
    )
    found = rows.filter(**own).values_list("pk", flat=True).first()
    return int(found) if found is not None else None
