"""What a free bed is worth to children still to come: learned from those who came before, in points.

For an earlier referral whose suitable homes stand in order of value, the k-th of them being free is worth

    (no better one is free) × (value of the k-th − what the child could expect from the rest).

Summed over the earlier referrals of a period, and taken for as long as a bed stays free, this is the scarcity price of a bed.
A home that suits what many others suit has next to none; the only home for a kind of child that comes often has much.
Only a part of it is charged: to charge all would trust one period's referrals too far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.matching.assignment.problem import Floats, Ints

SURE = 0.85
"""How likely a bed that is free today is still free when the next child comes."""
CHARGED = 0.4
SMALLEST = 0.5
"""A price below this many points is none: it would move homes about for nothing."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Earlier referrals put to today's homes: one row for each referral and home that would do, in any order.

    `referral` and `home` number them from 0; `value` is the fit in points, `size` how many children the referral had.
    `days` is how long the period was in which they came.
    """

    referral: Ints
    home: Ints
    value: Floats
    size: Ints
    days: float


@dataclass(frozen=True, slots=True, eq=False)
class Scarcity:
    """By home: the price of a bed in points, and for how many earlier referrals it was the best or only home."""

    price: Floats
    needed_by: Ints


def scarcity_of(arrivals: Arrivals, homes: int, days_free: float, charged: float = CHARGED) -> Scarcity:
    """What a bed of each home is worth to children who may come in the next `days_free` days.

    ValueError when a period has no days. Ties of value are settled by the number of the home, so that the same
    referrals in any order give the same prices.
    """
    if arrivals.days <= 0:
        raise ValueError("The period must have days.")
    if not len(arrivals.home):
        return Scarcity(np.zeros(homes), np.zeros(homes, dtype=np.int64))
    order = np.lexsort((arrivals.home, -arrivals.value, arrivals.referral))
    referral, home, value = arrivals.referral[order], arrivals.home[order], arrivals.value[order]
    begins = np.concatenate([[True], referral[1:] != referral[:-1]])
    first, row = np.flatnonzero(begins), np.cumsum(begins) - 1
    place = np.arange(len(home)) - first[row]
    margin = _margins(value, place, first, row)
    worth = np.bincount(home, margin * arrivals.size[order], homes) * days_free / arrivals.days
    price = charged * worth
    needed = np.bincount(home[place == 0], minlength=homes).astype(np.int64)
    return Scarcity(np.where(price < SMALLEST, 0.0, price), needed)


def _margins(value: Floats, place: Ints, first: Ints, row: Ints) -> Floats:
    """What the k-th best being free adds for one referral: what it gains over what the rest would give."""
    reached: Floats = np.power(1 - SURE, place.astype(np.float64))
    gains = np.cumsum(reached * SURE * value)
    last = np.append(first[1:], len(value)) - 1
    beyond = gains[last][row] - gains
    rest = beyond / (reached * (1 - SURE))
    margins: Floats = np.maximum(value - rest, 0.0) * reached
    return margins
