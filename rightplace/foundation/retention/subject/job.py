"""The worker's part in requests for one's own data: a chunk at a time, each in its own transaction, stopped at any of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.retention.models import SubjectRequest
from rightplace.foundation.retention.subject.actions import finish_bundle, finish_gathering, gather_again
from rightplace.foundation.retention.subject.bundle import Changed
from rightplace.foundation.retention.subject.gathering import gather_chunk
from rightplace.foundation.retention.subject.others import others_of
from rightplace.foundation.retention.subject.reading import forget_names

# The worker runs this each minute: one run ends soon enough for the next.
SECONDS = 50


def carry_on_requests(
    now: datetime, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> int:
    """Go on with every request that is being gathered or put together, for at most so long; how many steps were done."""
    forget_names()
    until, done = clock() + seconds, 0
    for row in SubjectRequest.objects.filter(state__in=["gathering", "building"]).order_by("due_on", "pk"):
        done += _gather(row, now, lambda: clock() < until) if row.state == "gathering" else _build(row, now)
    return done


def _gather(row: SubjectRequest, now: datetime, may_go_on: Callable[[], bool]) -> int:
    others, done = others_of(row.subject_kind, row.subject_id, row.authority_id), 0
    while may_go_on():
        with transaction.atomic():
            # Seen again each time and locked: a stop takes effect at the next chunk, and two workers take turns.
            still = SubjectRequest.objects.select_for_update().filter(pk=row.pk, state="gathering").first()
            if still is None:
                return done
            if not gather_chunk(still, others):
                finish_gathering(
                    by=system_actor(authority_id=row.authority_id), now=now, request_id=row.pk
                ).done()
                return done + 1
        done += 1
    return done


def _build(row: SubjectRequest, now: datetime) -> int:
    by = system_actor(authority_id=row.authority_id)
    try:
        return int(finish_bundle(by=by, now=now, request_id=row.pk).is_done)
    except Changed:
        return int(gather_again(by=by, now=now, request_id=row.pk).is_done)
