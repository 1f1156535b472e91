"""Whether the numbers who come have lately leapt: then nobody can tell yet whether it lasts, and the forecast leans on today.

A likelihood-ratio test for a change of a Poisson mean (the maximum over where it happened, as in Hawkins and Zamba 2005 and the
CUSUM before it): the last k months, k from two to nine, against the two years before them, free of season. With r children in
k months, b in n months and m = (r + b) / (k + n), the evidence is r ln(r / km) + b ln(b / nm), halved because months vary about
twice as much as chance. A surge is said where it passes `EVIDENCE` and the number is more than `TIMES` what it was; it stays
said for `HELD` months, because its end looks like a fall. Both were settled on made records of seeds 101 to 104, 401 to 404
and 501 to 504.
"""

from __future__ import annotations

from math import log

from rightplace.core.forecasting.coming import season_of
from rightplace.core.forecasting.kinds import Floats, G, Ints

SHORTEST, LONGEST = 2, 9
BEFORE, LEAST_BEFORE = 24, 12
EVIDENCE, TIMES = 4.0, 2.2
OVERDISPERSION = 2.0
HELD, EVERY = 6, 3
FEWEST = 0.01
"""Children a month before a leap, at least: below it a multiple says nothing."""


def has_surged(counts: Floats, months: Ints) -> bool:
    """Whether numbers (month, group) leapt in the last months; `months` are those of the rows, for their season."""
    ends = [len(counts) - ago for ago in range(0, HELD + 1, EVERY)]
    return any(_leapt(_without_season(counts[:end], months[:end])) for end in ends if end > 0)


def _without_season(counts: Floats, months: Ints) -> Floats:
    plain: Floats = sum(
        (counts[:, group] / season_of(counts[:, group], months)[months % 12] for group in range(G)),
        start=0.0 * counts[:, 0],
    )
    return plain


def _leapt(plain: Floats) -> bool:
    return any(
        _has_leapt_since(plain, months)
        for months in range(SHORTEST, LONGEST + 1)
        if len(plain) >= months + LEAST_BEFORE
    )


def _has_leapt_since(plain: Floats, months: int) -> bool:
    earlier = plain[-months - BEFORE : -months]
    recent, before = float(plain[-months:].sum()), float(earlier.sum())
    mean = (recent + before) / (months + len(earlier))
    is_larger = recent / months > TIMES * max(before / len(earlier), FEWEST)
    found = _surprise(recent, months * mean) + _surprise(before, len(earlier) * mean)
    return is_larger and found / OVERDISPERSION > EVIDENCE


def _surprise(seen: float, expected: float) -> float:
    return seen * log(seen / expected) if seen > 0 else 0.0
