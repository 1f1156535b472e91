"""Why one bill differs from another: volume, mix and price between two dates, two forecasts, or a forecast and what came.

With n children in all, shares m of each kind and prices p: *volume* is the change of n at the old mix and price, *mix* the
change of shares at the new n and old price, *price* the change of price at the new n and shares. The three add up to the
difference exactly, kind by kind for mix and price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rightplace.core.forecasting.kinds import Floats


@dataclass(frozen=True, slots=True)
class Bill:
    """Children by kind and what one of each costs a week in pence."""

    children: Sequence[float]
    weekly_pence: Sequence[float]

    @property
    def pence(self) -> float:
        """What a week costs."""
        return float(np.dot(self.children, self.weekly_pence))


@dataclass(frozen=True, slots=True)
class Explained:
    """The difference of two weekly bills in pence: volume, and mix and price by kind."""

    before: float
    after: float
    volume: float
    mix: tuple[float, ...]
    price: tuple[float, ...]

    @property
    def steps(self) -> tuple[tuple[str, float], ...]:
        """Volume, mix and price as they add up."""
        return (("volume", self.volume), ("mix", sum(self.mix)), ("price", sum(self.price)))


def explain(before: Bill, after: Bill) -> Explained:
    """What of the difference is volume, mix and price."""
    old, new = np.asarray(before.children, float), np.asarray(after.children, float)
    was, now = np.asarray(before.weekly_pence, float), np.asarray(after.weekly_pence, float)
    shares, new_shares = _shares(old), _shares(new)
    volume = float((new.sum() - old.sum()) * (shares @ was)) if old.sum() else 0.0
    mix = new.sum() * (new_shares - shares) * was if old.sum() else new * was
    price = new * (now - was)
    return Explained(before.pence, after.pence, volume, tuple(mix.tolist()), tuple(price.tolist()))


def _shares(of: npt.ArrayLike) -> Floats:
    values = np.asarray(of, float)
    found: Floats = values / values.sum() if values.sum() else values
    return found
