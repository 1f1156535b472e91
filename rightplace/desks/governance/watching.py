"""What waits of safeguards, as lines of the governance home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Waiting
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards import queries

MOST = 30


def safeguards_waiting(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Emergency accesses and restrictions to review, support that asks to look in, access reviews to sign off."""
    today = timezone.localdate(now)
    for one in (
        queries.emergencies(actor).filter(reviewed_at__isnull=True).exclude(user_id=actor.user_id or 0)[:MOST]
    ):
        yield Waiting(
            f"Emergency access by {one.user}", reverse("governance:emergency", args=[one.pk]), one.reason,
            one.review_due_on, "late" if one.review_due_on < today else "waiting", "Review",
        )  # fmt: skip
    for case in queries.restrictions(actor, now=now).filter(review_on__lte=today)[:MOST]:
        url = reverse("governance:restriction", args=[case.pk])
        yield Waiting(
            f"Restricted case {case.child_number}", url, case.reason, case.review_on, "late", "Review"
        )
    for visit in queries.visits(actor).filter(state="asked")[:MOST]:
        url = reverse("governance:visits")
        yield Waiting(
            f"Support: {visit.user} asks to look in", url, visit.reason, state="asked", action="Decide"
        )
    for review in queries.reviews(actor).filter(signed_off_at__isnull=True)[:MOST]:
        yield Waiting(
            f"Access review of {review}", reverse("governance:access_review", args=[review.pk]),
            f"{review.undecided} of {review.accounts} accounts not decided", review.due_on,
            "late" if review.due_on < today else "waiting", "Review",
        )  # fmt: skip
