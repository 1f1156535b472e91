"""NI63: long-term stability of placements."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Bools, Days, Record, Stated, last_day
from rightplace.core.periods import Period

FOR_ADOPTION = ("A3", "A4", "A5", "A6")


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of children under 16 looked after for 2.5 years or more, those in the same placement for two years or more."""
    on = last_day(period)
    care, children = record.care, record.children
    long = (care.starts_on <= on - stated.long_term_days) & (care.ends_on > on)
    child = np.unique(care.child[long])
    child = child[~_is_of_age(children.born_on[children.at(child)], on, stated.adult_at)]
    return share(child, child, np.isin(child, _settled(record, on, stated)))


def _settled(record: Record, on: np.datetime64, stated: Stated) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Children in one placement for long enough; one for adoption counts with the placement before it."""
    stays = record.stays
    last, began = record.homes
    place, child = stays.place[last], stays.child[last]
    follows = (
        np.append(False, (child[1:] == child[:-1]) & np.isin(place[1:], FOR_ADOPTION))
        if len(last)
        else np.zeros(0, bool)
    )
    began = np.where(follows, np.append(began[:1], began[:-1]), began)
    now = (stays.ends_on[last] > on) & (began <= on - stated.same_placement_days)
    return child[now]


def _is_of_age(born_on: Days, on: np.datetime64, years: int) -> Bools:
    months = born_on.astype("datetime64[M]")
    reached = (months + 12 * years).astype("datetime64[D]") + (born_on - months.astype("datetime64[D]"))
    return np.asarray(reached <= on)


INDICATOR = Indicator(
    "long_term_stability", "In the same placement for two years", Shape.SHARE, "child", True,
    (
        Definition(
            date(2008, 4, 1),
            "Of the children under 16 who have been looked after for at least two and a half years on the last day, those who"
            " have lived in the same placement for at least two years, or are placed for adoption and that placement and the"
            " one before it together last two years.",
            "National indicator 63; Children looked after in England, methodology",
        ),
    ),
    measure,
)  # fmt: skip
