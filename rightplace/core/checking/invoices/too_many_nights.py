"""More nights than there are between the dates of the line."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import NIGHTS_OF, Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained
from rightplace.core.pricing.columns import HUNDREDTHS

CLAUSE = "nights"


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """The nights too many, at the line's own price of a night, are at stake."""
    lines = left.lines
    stated, real = lines.stated_nights, lines.nights * HUNDREDTHS
    slack = np.maximum(NIGHTS_OF[lines.per], 0)
    is_more = (stated > real + slack) & (left.left > 0) & (left.excess > 0)
    extra = left.left * (stated - real) // np.maximum(stated, 1)
    pence = np.where(is_more, np.minimum(extra, left.left), 0)
    return left.found(Outcome.TOO_MANY_NIGHTS, is_more, pence), left.without(pence)
