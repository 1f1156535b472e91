"""From what people call somebody to the row: a child's number, a household's reference, the name one signs in with."""

from __future__ import annotations

from django.apps import apps

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.retention.registry import TARGETS

CALLED = {"child": "local_number", "household": "reference", "user": "username"}


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
