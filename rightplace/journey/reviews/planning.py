"""Which reviews are due: one open review for each child who is looked after, by the statutory clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.quality.reviewing import continuous_since, next_review
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.reviews.clocks import review_limits
from rightplace.journey.reviews.models import Review
from rightplace.register.children.models import LegalStatus


@action
def plan_reviews(*, by: Actor, now: datetime) -> Outcome[int]:
    """See to it that every looked-after child of the authority has its next review; how many were added.

    The worker does it each night; placements and reviews held do it for their child at once.
    """
    made = see_to_reviews(by.authority_id, None, timezone.localdate(now))
    words = f"Reviews planned: {made} added"
    audit(by=by, now=now, verb="plan_reviews", words=words, subject="authority", subject_id=by.authority_id)
    return Outcome(made)


def see_to_reviews(authority_id: int, children: Iterable[int] | None, on: date) -> int:
    """Plan the next review of these children (or all), and end those of children who are no longer looked after."""
    since = looked_after_since(authority_id, children, on)
    rows = Review.objects.filter(authority_id=authority_id)
    if children is not None:
        rows = rows.filter(child_id__in=list(children))
    rows.filter(state__in=["due", "sent"]).exclude(child_id__in=list(since)).update(state="void")
    open_now = set(rows.filter(state__in=["due", "sent"]).values_list("child_id", flat=True))
    held: dict[int, list[date]] = defaultdict(list)
    for child_id, day in rows.filter(state="held", child_id__in=list(since)).values_list(
        "child_id", "held_on"
    ):
        if day is not None:
            held[child_id].append(day)
    limits, days = review_limits(on), holidays()
    new = []
    for child_id, first in sorted(since.items()):
        if child_id not in open_now:
            due = next_review(first, held[child_id], limits, days)
            new.append(
                Review(
                    authority_id=authority_id, child_id=child_id, looked_after_since=first, number=due.number,
                    due_on=due.due_on, why=due.why,
                )
            )  # fmt: skip
    return len(Review.objects.bulk_create(new))


def looked_after_since(authority_id: int, children: Iterable[int] | None, on: date) -> dict[int, date]:
    """Since when each child of the authority has been looked after without a break, as legal statuses say; others are left out.

    Short breaks (V3, V4) are no period of being looked after that is reviewed by this clock.
    """
    rows = LegalStatus.objects.filter(authority_id=authority_id).exclude(code__in=["V3", "V4"])
    if children is not None:
        rows = rows.filter(child_id__in=list(children))
    periods: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for child_id, period in rows.values_list("child_id", "period"):
        periods[child_id].append((period.lower, period.upper))
    found = {child_id: continuous_since(listed, on) for child_id, listed in periods.items()}
    return {child_id: first for child_id, first in found.items() if first is not None}
