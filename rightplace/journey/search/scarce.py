"""Which of today's homes are scarce: what a bed is worth to children who may come, learned from the requests that came before.

The authority's own requests of the last year are put to today's market. A home that was the best or only one for many of them
has a price in points, which a proposal for everyone counts against using it for a child whom others can serve as well.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np
from django.utils import timezone

from rightplace.core.matching.assignment.scarcity import Arrivals, Scarcity, scarcity_of
from rightplace.core.matching.ranking import value_matrix
from rightplace.foundation.access.actor import Actor
from rightplace.journey.requests.queries import REFERRAL_PARTS, referrals_of, requests
from rightplace.journey.search.waiting import Everyone, from_today

PERIOD = timedelta(days=365)
DAYS_FREE = 28.0
"""How long a bed is reckoned to stay free when nobody takes it today."""
MOST_REQUESTS, MOST_HOMES = 200, 30
SHORTEST = 28
NOT_COUNTED = ("draft", "submitted", "returned", "withdrawn")


def scarcity_now(actor: Actor, everyone: Everyone) -> Scarcity:
    """By row of the market, what a bed is worth to children who may come; nothing where nobody came before.

    The latest 200 requests of a year count, over the days in which they came; those that wait now are not among them.
    """
    start = timezone.make_aware(datetime.combine(everyone.today - PERIOD, time()))
    waiting = [wait.row.pk for wait in everyone.waits]
    rows = (
        requests(actor).filter(submitted_at__gte=start).exclude(state__in=NOT_COUNTED).exclude(pk__in=waiting)
    )
    came = list(rows.prefetch_related(*REFERRAL_PARTS).order_by("-submitted_at", "-id")[:MOST_REQUESTS])
    days = _days(came[-1].submitted_at, everyone) if came else SHORTEST
    referrals = [
        replace(from_today(one, everyone.today), siblings_together=True) for one in referrals_of(came)
    ]
    found = value_matrix(referrals, everyone.market, MOST_HOMES, everyone.in_force.policy) if came else None
    if found is None or not len(found.row):
        return scarcity_of(_nobody(), len(everyone.market), DAYS_FREE)
    sizes = np.array([len(one.children) for one in referrals], dtype=np.int64)
    arrivals = Arrivals(
        found.group.astype(np.int64),
        found.row.astype(np.int64),
        found.value / 10,
        sizes[found.group],
        float(days),
    )
    return scarcity_of(arrivals, len(everyone.market), DAYS_FREE)


def _nobody() -> Arrivals:
    none = np.zeros(0, dtype=np.int64)
    return Arrivals(none, none, np.zeros(0), none, float(SHORTEST))


def _days(first: datetime | None, everyone: Everyone) -> int:
    """Over how many days they came: a year, less where the product has been used for less, or where there were more of them."""
    since = timezone.localdate(first) if first else everyone.today
    return max((everyone.today - since).days, SHORTEST)
