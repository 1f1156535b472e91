"""What one child is expected to cost a week in a home, getting to school included, and up to which cost that is usual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import KINDS
from rightplace.core.matching.market import Rows

Pence = NDArray[np.int64]
NO_EDGE = 2**62
JOURNEYS = 4
"""Miles driven for a mile of distance on a school day: there and back, twice."""
WEEKS = 52
YOUNG = 8


def highest_band(asked: Asked) -> int:
    """The highest band of cost expected for the child's level of need: the severity of the worst need, 1 without any."""
    return asked.policy.bands.expected[max((need.severity for need in asked.referral.needs), default=1) - 1]


def journey_pence(asked: Asked, rows: Rows) -> Pence:
    """What getting to school is expected to cost a week from these rows.

    Nothing within the distance that a child of that age may be expected to walk (Education Act 1996, section 444), nor where a
    place is not known; beyond it, four times the miles at the approved mileage rate on each school day of the year, spread
    over 52 weeks. Of several schools the mean. Miles are straight lines, so it is low rather than high.
    """
    walked = asked.limit("school_walking_miles_under_8" if asked.youngest < YOUNG else "school_walking_miles")
    rate, days = asked.limit("mileage_pence"), asked.limit("school_days_a_year")
    pence = np.zeros(len(rows), dtype=np.float32)
    if not asked.schools or walked is None or rate is None or days is None:
        return pence.astype(np.int64)
    a_mile = np.float32(JOURNEYS * rate * days / WEEKS / len(asked.schools))
    for place in asked.schools:
        miles = asked.miles(place.point, rows)
        pence += np.where(miles > np.float32(walked), miles * a_mile, np.float32(0))
    return pence.astype(np.int64)


def journey_besides(asked: Asked, rows: Rows) -> Pence:
    """What of it the home's own statement of transport does not cover."""
    besides: Pence = np.maximum(journey_pence(asked, rows) - asked.facts(rows)["transport_pence"], 0)
    return besides


def expected_pence(asked: Asked, rows: Rows) -> Pence:
    """Price, stated extras and getting to school, a week for one child; below 0 where the price is not known."""
    pence = asked.facts(rows)["whole_pence"].astype(np.int64)
    if asked.schools:
        pence += np.where(pence >= 0, journey_besides(asked, rows), 0)
    return pence


def cost_edges(asked: Asked) -> tuple[Pence, Pence]:
    """By kind of home, from which cost it is above what is usual for the need, and from which far above.

    What the authority itself usually pays where that is known (`Referral.usual_pence`), else the policy's bands.
    """
    bands = (*asked.policy.bands.edges[highest_band(asked) :], NO_EDGE, NO_EDGE)[:2]
    by_kind = [asked.referral.usual_pence.get(kind, bands) for kind in KINDS]
    first, second = np.array(by_kind, dtype=np.int64).T
    return first, second
