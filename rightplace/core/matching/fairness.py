"""Whether groups of children fare alike: who is never chosen, how long a first offer takes, how many offers suit.

Only arithmetic: shares with Wilson's interval, differences with Newcombe's, medians of waiting by Kaplan and Meier (who still
waits counts as still waiting, never as left out), means with Student's interval. Small numbers are hidden, and where one
group alone would be hidden, a second one is too, so that nobody can subtract. Sources: Wilson (1927); Newcombe (1998), method 10;
Kaplan and Meier (1958); the ONS policy on protecting confidentiality in tables (counts below 5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SMALLEST_SHOWN = 5
ROUNDING = 1e-9
Z95 = 1.959963984540054
"""The standard normal's 97.5th percentile: intervals are of 95%."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure between its limits of 95%. `figure` is None when it is not reached (half have no offer yet), as may be limits."""

    figure: float | None
    low: float | None
    high: float | None

    @property
    def leaves_out_zero(self) -> bool:
        """Whether chance alone is an unlikely reason for a difference from nothing."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


@dataclass(frozen=True, slots=True)
class Fared:
    """How one group of children fared; None is hidden. `hidden`: empty, "few" (below the floor) or "beside_few" (to protect it).

    `never_chosen` is the share for whom no home was chosen; `difference` that share less the others'; `days_to_offer` the median
    from starting to wait to the first suitable offer; `offers` the mean number of suitable offers, `ruled_out` that of homes
    which brokers ruled out.
    """

    characteristic: str
    code: str
    children: int | None
    never_chosen: Interval | None = None
    difference: Interval | None = None
    days_to_offer: Interval | None = None
    offers: Interval | None = None
    hidden: str = ""
    ruled_out: Interval | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What came of each child's search, one entry each.

    `days` from starting to wait to the first suitable offer, or until today where `has_offer` is false; `offers` suitable ones;
    `ruled_out` homes that brokers ruled out.
    """

    is_chosen: Bools
    has_offer: Bools
    days: Floats
    offers: Floats
    ruled_out: Floats

    @classmethod
    def of(
        cls,
        is_chosen: ArrayLike,
        has_offer: ArrayLike,
        days: ArrayLike,
        offers: ArrayLike,
        ruled_out: ArrayLike | None = None,
    ) -> Outcomes:
        """From columns of equal length; ValueError when lengths differ or a number is below zero or none."""
        many = np.asarray(offers, dtype=float)
        made = cls(
            np.asarray(is_chosen, dtype=bool),
            np.asarray(has_offer, dtype=bool),
            np.asarray(days, dtype=float),
            many,
            np.zeros_like(many) if ruled_out is None else np.asarray(ruled_out, dtype=float),
        )
        if len({getattr(made, each.name).shape for each in fields(made)}) != 1:
            raise ValueError("Outcomes must be columns of equal length.")
        if not (
            np.isfinite(made.days) & (made.days >= 0) & np.isfinite(made.offers) & (made.offers >= 0)
        ).all():
            raise ValueError("Days and offers are numbers from 0 on.")
        return made

    def taken(self, chosen: Bools) -> Outcomes:
        """Some of the children."""
        return Outcomes(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def __len__(self) -> int:
        return len(self.is_chosen)


def fairness_report(
    outcomes: Outcomes, groups: Mapping[str, Mapping[str, Bools]], smallest: int = SMALLEST_SHOWN
) -> list[Fared]:
    """How each group fared, in the order given. `groups`: characteristic, code, and which children belong to it.

    Groups of one characteristic may overlap (a child has several needs). A child in no group of a characteristic is in none.
    """
    rows: list[Fared] = []
    for characteristic, members in groups.items():
        fared = [_fared(outcomes, characteristic, code, among, smallest) for code, among in members.items()]
        rows += _protected(fared, members)
    return rows


def _fared(outcomes: Outcomes, characteristic: str, code: str, among: Bools, smallest: int) -> Fared:
    own, others = outcomes.taken(among), outcomes.taken(~among)
    if len(own) < smallest:
        return Fared(characteristic, code, None, hidden="few" if len(own) else "")
    never, never_others = int((~own.is_chosen).sum()), int((~others.is_chosen).sum())
    row = Fared(
        characteristic, code, len(own),
        days_to_offer=median_wait(own.days, own.has_offer), offers=mean_interval(own.offers),
        ruled_out=_unless_telling(own.ruled_out, smallest),
    )  # fmt: skip
    if _is_telling(never, len(own), smallest):
        return row
    row = replace(row, never_chosen=share_interval(never, len(own)))
    if not len(others) or _is_telling(never_others, len(others), smallest):
        return row
    return replace(row, difference=difference_interval(never, len(own), never_others, len(others)))


def _unless_telling(ruled_out: Floats, smallest: int) -> Interval | None:
    """The mean of homes ruled out, unless it is of so few children that it points at them."""
    return None if 0 < int((ruled_out > 0).sum()) < smallest else mean_interval(ruled_out)


def _is_telling(count: int, of: int, smallest: int) -> bool:
    """Whether a count, or what is left of the whole, points at a few children."""
    return 0 < count < smallest or 0 < of - count < smallest


def _protected(fared: list[Fared], members: Mapping[str, Bools]) -> list[Fared]:
    """Hide the smallest shown group too when one alone is hidden and the groups together make up the whole."""
    few = [row for row in fared if row.hidden]
    is_whole = bool(members) and bool((np.sum(list(members.values()), axis=0) == 1).all())
    shown = [row for row in fared if row.children]
    if len(few) != 1 or not is_whole or not shown:
        return fared
    least = min(shown, key=lambda row: row.children or 0)
    beside = Fared(least.characteristic, least.code, None, hidden="beside_few")
    return [beside if row is least else row for row in fared]


def share_interval(count: int, of: int) -> Interval:
    """A share with Wilson's score interval; never outside 0 to 1, and honest for few and for none."""
    if of <= 0:
        return Interval(None, None, None)
    share, z2 = count / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def difference_interval(count: int, of: int, other_count: int, other_of: int) -> Interval:
    """One share less another, with Newcombe's interval made of both Wilson intervals."""
    one, other = share_interval(count, of), share_interval(other_count, other_of)
    if None in (one.figure, other.figure):
        return Interval(None, None, None)
    (p, l1, u1), (q, l2, u2) = _numbers(one), _numbers(other)
    return Interval(p - q, p - q - math.hypot(p - l1, u2 - q), p - q + math.hypot(u1 - p, q - l2))


def _numbers(interval: Interval) -> tuple[float, float, float]:
    return float(interval.figure or 0), float(interval.low or 0), float(interval.high or 0)


def mean_interval(values: ArrayLike) -> Interval:
    """A mean with Student's interval; one value has no interval."""
    numbers = np.asarray(values, dtype=float)
    if not len(numbers):
        return Interval(None, None, None)
    mean = float(numbers.mean())
    if len(numbers) == 1:
        return Interval(mean, None, None)
    from scipy.special import stdtrit

    half = float(stdtrit(len(numbers) - 1, 0.975)) * float(numbers.std(ddof=1)) / math.sqrt(len(numbers))
    return Interval(mean, mean - half, mean + half)


def median_wait(days: ArrayLike, is_over: ArrayLike) -> Interval:
    """The median wait where some still wait (Kaplan–Meier), with the interval of Brookmeyer and Crowley on the log-log scale.

    The figure is None when fewer than half have had an offer, a limit None when it lies beyond what was seen.
    """
    waits, over = np.asarray(days, dtype=float), np.asarray(is_over, dtype=bool)
    times, at = np.unique(waits, return_inverse=True)
    if not len(times):
        return Interval(None, None, None)
    events = np.bincount(at, over, len(times)).astype(np.float64)
    gone = np.cumsum(np.bincount(at, minlength=len(times)))
    risk = (len(waits) - np.append(0, gone[:-1])).astype(np.float64)
    still: Floats = np.cumprod(1 - events / risk).astype(np.float64)
    low, high = _still_waiting_limits(still, events, risk)
    return Interval(_first_half(times, still), _first_half(times, low), _first_half(times, high))


def _still_waiting_limits(still: Floats, events: Floats, risk: Floats) -> tuple[Floats, Floats]:
    """Limits of the share that still waits (Greenwood's variance, log-log)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (risk * (risk - events)))
        spread = Z95 * np.sqrt(variance) / np.abs(np.log(still))
        low, high = still ** np.exp(spread), still ** np.exp(-spread)
    ends = still <= 0
    return np.where(ends, 0.0, np.nan_to_num(low, nan=1.0)), np.where(
        ends, _last(high[~ends]), np.nan_to_num(high, nan=1.0)
    )


def _last(values: Floats) -> float:
    return float(values[-1]) if len(values) else 1.0


def _first_half(times: Floats, still: Floats) -> float | None:
    reached = np.flatnonzero(still <= 0.5 + ROUNDING)
    return float(times[reached[0]]) if len(reached) else None


def codes_of(codes: Iterable[str], order: Sequence[str] = ()) -> dict[str, Bools]:
    """Groups from one code for each child: those of `order` first, as they stand there, then in the order of codes."""
    given = np.array(list(codes), dtype=object)
    found = set(given.tolist())
    listed = [code for code in order if code in found]
    return {str(code): given == code for code in (*listed, *sorted(found.difference(listed)))}
