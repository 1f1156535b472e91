"""What of keeping, destroying and requests for data waits at the governance desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Waiting
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.retention import queries
from rightplace.foundation.retention.states import SUBJECT_REQUEST

ACTIONS = {"in_review": "Review", "reviewed": "Release", "ready": "Hand over"}


def records_waiting(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Requests for data by their day, then a list of records past their time."""
    today = timezone.localdate(now)
    for row in queries.open_data_requests(actor)[:20]:
        yield Waiting(
            title=f"{row.reference}: {SUBJECT_REQUEST.states[row.state].lower()}",
            url=reverse("governance:data_request", args=[row.pk]),
            detail=f"Received {row.received_on:%-d %B %Y}, asked by {row.asked_by}",
            due_on=row.due_on,
            state="late" if row.due_on < today else "waiting",
            action=ACTIONS.get(row.state, "Open"),
        )
    listed: Any
    for listed in queries.waits_for_my_word(actor)[:5]:
        yield Waiting(
            title=f"{listed.reference}: {listed.records} records past their time",
            url=reverse("governance:destruction", args=[listed.pk]),
            detail="Nothing is destroyed until two persons have agreed",
            state="waiting",
            action="Decide",
        )
