"""What the verbs of a request share: whose requests they reach, and the one entry that each leaves in the trail."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING
from rightplace.foundation.audit.record import audit
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.requests.models import PlacementRequest, RequestChild

NOT_FOUND = Problem(MISSING, "There is no such request in your authority.")


def own_requests(by: Actor) -> QuerySet[PlacementRequest]:
    """The requests of the actor's authority."""
    own = PlacementRequest.objects.filter(authority_id=by.authority_id)
    return without_hidden(by, own, "children__child_id")


def record(
    by: Actor, now: datetime, row: PlacementRequest, verb: str, words: str, child_id: int | None = None
) -> None:
    """One entry in the trail; it names the child when the request is for one only."""
    asked = RequestChild.objects.filter(request=row).values_list("child_id", flat=True)
    ids = [child_id] if child_id is not None else list(asked[:2])
    audit(
        by=by, now=now, verb=verb, words=words, subject="request", subject_id=row.pk, authority_id=row.authority_id,
        child_id=ids[0] if len(ids) == 1 else None, details={"version": row.version},
    )  # fmt: skip


def person(by: Actor) -> int:
    """The number of the person who acts; ValueError for the product itself, which signs nothing."""
    if by.user_id is None:
        raise ValueError("only a person does this")
    return by.user_id
