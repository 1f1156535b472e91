"""What of a price is explained by need, and what is not: one straight line on the logarithm of the weekly price.

    log(price) = a + b · need points + c · (age at the start, in years, less 12) + d · lives alone + unexplained

fitted by least squares within one kind of home. Need points are the severities of a child's stated needs added up. For
each provider the mean of what is unexplained, with an interval of 95% (Student's t over the provider's own prices), says
by how much its prices differ once need is taken out. It says nothing of quality, and of few prices nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_TO_FIT = 12
FEWEST_OF_A_PROVIDER = 3
TERMS = ("Base", "A point of need", "A year of age", "Lives alone")
USUAL_AGE = 12
# Student's t for 95%, by degrees of freedom; beyond the table the normal 1.96 is near enough.
T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
       2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


class Priced(NamedTuple):
    """One price with what is known of the need behind it; of the child no more than this. Many are a table of such rows."""

    provider: int
    weekly_pence: int
    need_points: int
    age: int
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many per cent a price rises with one unit of this, with its interval."""

    words: str
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A provider: its mean price beside the mean of all, in parts: explained by need, and not explained (with interval)."""

    provider: int
    prices: int
    mean_pence: int
    explained_percent: float
    unexplained_percent: float
    low: float | None
    high: float | None

    @property
    def is_apart(self) -> bool:
        """Whether the interval leaves out nought: dearer or cheaper than need explains."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fitted line: its effects, the share of differences that need explains (0 to 1), and providers, the dearest first.

    `compared` says how many providers have prices enough; of many, `providers` may hold both ends only.
    """

    prices: int
    explained_share: float
    effects: tuple[Effect, ...]
    providers: tuple[Compared, ...]
    compared: int


def compare(rows: ArrayLike, *, fewest: int = 1, at_each_end: int | None = None) -> Comparison | None:
    """Fit the line to prices (rows of `Priced`, shape n × 5) and set each provider beside it that has so many prices.

    Of more than twice `at_each_end` providers only so many dearest and cheapest are told. None with fewer than twelve
    prices, of which no line can be drawn.
    """
    table = np.asarray(rows, dtype=np.float64).reshape(-1, len(Priced._fields))
    table = table[table[:, 1] > 0]
    if len(table) < FEWEST_TO_FIT:
        return None
    price = table[:, 1]
    y = np.log(price)
    x = np.column_stack([np.ones(len(table)), table[:, 2], table[:, 3] - USUAL_AGE, table[:, 4]])
    used = _used(x)
    beta = np.zeros(x.shape[1])
    beta[used] = np.linalg.lstsq(x[:, used], y, rcond=None)[0]
    left = y - x @ beta
    spread = float(((y - y.mean()) ** 2).sum())
    share = 1 - float((left**2).sum()) / spread if spread > 0 else 0.0
    providers = table[:, 0].astype(np.int64)
    found = _beside_the_line(providers, price, x @ beta - y.mean(), left)
    order = found.order(fewest)
    if at_each_end is not None and len(order) > 2 * at_each_end:
        shown = np.concatenate([order[:at_each_end], order[-at_each_end:]])
    else:
        shown = order
    return Comparison(
        len(table),
        max(share, 0.0),
        _effects(x, used, beta, left),
        tuple(found.row(int(one)) for one in shown),
        len(order),
    )


def _used(x: NDArray[np.float64]) -> list[int]:
    """The columns that differ among the prices, and the base: one that is always the same says nothing."""
    return [0, *(column for column in range(1, x.shape[1]) if np.ptp(x[:, column]) > 0)]


def _effects(
    x: NDArray[np.float64], used: list[int], beta: NDArray[np.float64], left: NDArray[np.float64]
) -> tuple[Effect, ...]:
    free = len(left) - len(used)
    if free < 1:
        return ()
    variance = float((left**2).sum()) / free
    error = np.sqrt(np.diag(np.linalg.pinv(x[:, used].T @ x[:, used])) * variance)
    wide = t_of(free) * error
    return tuple(
        Effect(
            TERMS[column],
            _percent(beta[column]),
            _percent(beta[column] - wide[at]),
            _percent(beta[column] + wide[at]),
        )
        for at, column in enumerate(used)
        if column
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Each provider in columns: `percents` are explained, not explained, and the interval of the latter."""

    keys: NDArray[np.int64]
    many: NDArray[np.int64]
    mean: NDArray[np.float64]
    percents: NDArray[np.float64]

    def order(self, fewest: int) -> NDArray[np.intp]:
        """Those with so many prices, the dearest beyond need first; of two alike the one longer on the register."""
        by_price = np.lexsort((self.keys, -self.percents[:, 1]))
        return by_price[self.many[by_price] >= fewest]

    def row(self, at: int) -> Compared:
        """One of them."""
        by_need, beyond, low, high = self.percents[at].tolist()
        is_known = self.many[at] >= FEWEST_OF_A_PROVIDER
        interval = (low, high) if is_known else (None, None)
        return Compared(
            int(self.keys[at]), int(self.many[at]), round(float(self.mean[at])), by_need, beyond, *interval
        )


def _beside_the_line(
    providers: NDArray[np.int64],
    price: NDArray[np.float64],
    expected: NDArray[np.float64],
    left: NDArray[np.float64],
) -> _Beside:
    keys, at, many = np.unique(providers, return_inverse=True, return_counts=True)
    mean, explained, rest = (np.bincount(at, weights=one) / many for one in (price, expected, left))
    spread = np.bincount(at, weights=(left - rest[at]) ** 2).astype(np.float64)
    wide = _widths(many, spread)
    percents = _percents(np.column_stack([explained, rest, rest - wide, rest + wide]))
    return _Beside(keys, many, mean, percents)


def _widths(many: NDArray[np.int64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the interval of 95% of each mean, from how many there are and their squared distances from it; 0 of too few."""
    known = many >= FEWEST_OF_A_PROVIDER
    free = np.where(known, many - 1, 1)
    t = np.append(T95, 1.96)[np.minimum(free, len(T95) + 1) - 1]
    width: NDArray[np.float64] = np.where(known, t * np.sqrt(spread / free / many), 0.0)
    return width


def t_of(free: int) -> float:
    """Student's t for 95% on both sides."""
    return T95[free - 1] if free <= len(T95) else 1.96


def _percent(logarithm: float) -> float:
    return float((np.exp(logarithm) - 1) * 100)


def _percents(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    return (np.exp(logarithms) - 1) * 100
