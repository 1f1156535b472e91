"""Whether it saves: net present value, the chance that it does, and what it hangs on most (a tornado)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.kinds import Floats

DISCOUNT = 0.035
"""A year, for the first thirty years: HM Treasury, The Green Book (2022), annex 6."""


@dataclass(frozen=True, slots=True)
class Case:
    """Saving against today in pence of today: mean, its 90% interval, the chance of any saving, and by year (mean)."""

    saving_pence: float
    low_pence: float
    high_pence: float
    chance: float
    years: tuple[float, ...]


def present_value(monthly: Floats, rate: float = DISCOUNT) -> Floats:
    """Monthly pence (run, month 1…) in pence of today, by run."""
    factors = (1 + rate) ** -(np.arange(1, monthly.shape[1] + 1) / 12)
    found: Floats = monthly @ factors
    return found


def business_case(today: Floats, scenario: Floats, rate: float = DISCOUNT) -> Case:
    """What a scenario saves: both costs by run and month, from the same chance."""
    saving = present_value(today - scenario, rate)
    low, high = np.quantile(saving, [0.05, 0.95])
    years = today.shape[1] // 12
    by_year = (today - scenario)[:, : years * 12].reshape(len(today), years, 12).sum(axis=2).mean(axis=0)
    return Case(
        float(saving.mean()), float(low), float(high), float((saving > 0).mean()), tuple(by_year.tolist())
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that is not known: the saving when it is low and when it is high."""

    name: str
    low_pence: float
    high_pence: float

    @property
    def swing(self) -> float:
        """How much the saving hangs on it."""
        return abs(self.high_pence - self.low_pence)


def tornado(saving: Callable[[str, float], float], ranges: Mapping[str, Sequence[float]]) -> list[Bar]:
    """The saving with each thing at the low and the high end of its range and all else as expected; the widest first."""
    bars = [Bar(name, saving(name, low), saving(name, high)) for name, (low, high) in ranges.items()]
    return sorted(bars, key=lambda bar: -bar.swing)
