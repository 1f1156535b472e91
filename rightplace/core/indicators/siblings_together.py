"""Brothers and sisters who live together."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the children with a brother or sister who is looked after too, those who live with all of them."""
    stays, now = record.stays, living(record, last_day(period))
    order = now[np.argsort(stays.child[now], kind="stable")]
    child, home = stays.child[order], stays.home[order]
    pairs = (
        record.siblings[np.isin(record.siblings, child).all(axis=1)]
        if len(record.siblings)
        else record.siblings
    )
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    here, there = (home[np.searchsorted(child, pairs[:, side])] for side in (0, 1))
    apart = np.unique(pairs[(here != there) | (here == 0), 0])
    with_siblings = np.unique(pairs[:, 0])
    return share(with_siblings, with_siblings, ~np.isin(with_siblings, apart))


INDICATOR = Indicator(
    "siblings_together", "Brothers and sisters together", Shape.SHARE, "child", True,
    (
        Definition(
            date(1991, 10, 14),
            "Of the children looked after on the last day who have a brother or sister looked after by the same authority,"
            " those who live in one home with all of them.",
            "Children Act 1989, section 22C(8)(c); counted by this product, no published statistic",
        ),
    ),
    measure,
)  # fmt: skip
