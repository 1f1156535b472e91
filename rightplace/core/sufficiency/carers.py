"""Own carers ahead: places as households are approved and give up, by the pace of the last years, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

NINE_TENTHS = 1.645


@dataclass(frozen=True, slots=True)
class Household:
    """A household's approval: months (year * 12 + month - 1) from which and until which it stands, and its places."""

    since: int
    until: int | None
    places: int


@dataclass(frozen=True, slots=True)
class CarersAhead:
    """Households and places now, who came and left in the last year, and places ahead with the 90% interval by year."""

    households: int
    places: int
    recruited: int
    gave_up: int
    years: tuple[tuple[float, float, float], ...]


def carers_ahead(of: Sequence[Household], month: int, years: int = 3) -> CarersAhead:
    """Places in the years ahead if recruitment and leaving go on as in the last three years (or as long as is known).

    Both are Poisson counts whose rates are known no better than their numbers; a household counts with its mean places.
    """
    here = [one for one in of if one.since <= month and (one.until is None or one.until > month)]
    places = sum(one.places for one in here)
    each = places / len(here) if here else 2.0
    first = min((one.since for one in of), default=month)
    span = min(36, month - first)
    joined = [one for one in of if month - span < one.since <= month]
    left = [one for one in of if one.until is not None and month - span < one.until <= month]
    ahead = []
    for year in range(1, years + 1):
        scale = 12 * year / max(span, 12)
        change = (len(joined) - len(left)) * scale
        spread = sqrt((len(joined) + len(left)) * scale * (1 + scale))
        half = NINE_TENTHS * spread * each
        middle = max(places + change * each, 0.0)
        ahead.append((middle, max(middle - half, 0.0), middle + half))
    return CarersAhead(
        len(here), places, sum(month - 12 < one.since <= month for one in joined),
        sum(one.until is not None and month - 12 < one.until <= month for one in left), tuple(ahead),
    )  # fmt: skip
