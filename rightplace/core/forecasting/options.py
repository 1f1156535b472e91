"""Build, block, framework or spot: the same uncertain need met in four ways, each as a cost by run and month.

Beds that are built or bought as a block are paid filled or not, and children beyond them are bought places by
themselves; under a framework or by spot each child is paid for as long as he or she is there. All meet the same need and
the same chance, so that differences are of the way of buying.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rightplace.core.forecasting.business_case import Bar, Case, business_case, present_value, tornado
from rightplace.core.forecasting.kinds import Floats
from rightplace.core.forecasting.scenarios import WEEKS_A_MONTH
from rightplace.core.problems import Problem

WAYS = {
    "spot": "Each place by itself",
    "framework": "Framework",
    "block": "A block of beds",
    "build": "An own home",
}
MOST_BEDS = 60


@dataclass(frozen=True, slots=True)
class Terms:
    """What each way costs: weekly prices in pence, of a bed or a child; `opens` is the month in which an own home opens."""

    beds: int
    spot_pence: int
    framework_pence: int
    block_pence: int
    build_pence: int
    running_pence: int
    opens: int = 18
    growth: float = 0.03
    discount: float = 0.035


@dataclass(frozen=True, slots=True)
class Chosen:
    """One way: its cost in pence of today (mean and 90% interval) and its case against buying each place by itself."""

    code: str
    cost_pence: float
    low_pence: float
    high_pence: float
    case: Case

    @property
    def words(self) -> str:
        """The way in words."""
        return WAYS[self.code]


def terms_problems(of: Terms) -> list[Problem]:
    """What keeps the ways from being compared, all at once."""
    problems = []
    if not 1 <= of.beds <= MOST_BEDS:
        problems.append(Problem("out_of_range", f"Give between 1 and {MOST_BEDS} beds.", "beds"))
    for name in ("spot_pence", "framework_pence", "block_pence", "running_pence"):
        if getattr(of, name) <= 0:
            problems.append(Problem("no_price", "Give a price above nothing.", name))
    if not 0 <= of.opens <= 120:
        problems.append(Problem("out_of_range", "A home opens within ten years.", "opens"))
    return problems


def cost_of(code: str, terms: Terms, need: Floats) -> Floats:
    """What a way costs by run and month in pence of the month; `need` is children by run and month 1…"""
    months = need.shape[1]
    grown = (1 + terms.growth) ** (np.arange(months) / 12)
    if code in {"spot", "framework"}:
        price = terms.spot_pence if code == "spot" else terms.framework_pence
        each: Floats = need * price * WEEKS_A_MONTH * grown
        return each
    opens = terms.opens if code == "build" else 0
    beds = np.where(np.arange(months) >= opens, terms.beds, 0)
    price = terms.running_pence if code == "build" else terms.block_pence
    cost: Floats = (beds * price + np.maximum(need - beds, 0) * terms.spot_pence) * WEEKS_A_MONTH * grown
    if code == "build":
        cost[:, 0] += terms.build_pence
    return cost


def compare_ways(terms: Terms, need: Floats) -> list[Chosen]:
    """Every way, the one that costs least first."""
    spot = cost_of("spot", terms, need)
    found = [_chosen(code, terms, cost_of(code, terms, need), spot) for code in WAYS]
    return sorted(found, key=lambda one: one.cost_pence)


def _chosen(code: str, terms: Terms, cost: Floats, spot: Floats) -> Chosen:
    value = present_value(cost, terms.discount)
    low, high = np.quantile(value, [0.05, 0.95])
    return Chosen(
        code, float(value.mean()), float(low), float(high), business_case(spot, cost, terms.discount)
    )


UNCERTAIN: Mapping[str, tuple[str, float, float]] = {
    "need": ("Number of children, a fifth either way", 0.8, 1.2),
    "spot_pence": ("Price of single places, a tenth either way", 0.9, 1.1),
    "own": ("Price of the beds, a tenth either way", 0.9, 1.1),
    "growth": ("Growth of prices, 1% to 5% a year", 0.01, 0.05),
    "discount": ("Discount, 1.5% to 6% a year", 0.015, 0.06),
    "late": ("Opening, half a year sooner or a year later", -6.0, 12.0),
}


def sensitivity(code: str, terms: Terms, need: Floats) -> list[Bar]:
    """What the saving of a way against single places hangs on most, the widest first."""

    def saving(name: str, value: float) -> float:
        changed, children = _changed(terms, need, name, value)
        apart = cost_of("spot", changed, children) - cost_of(code, changed, children)
        return float(present_value(apart, changed.discount).mean())

    ranges: dict[str, Sequence[float]] = {name: of[1:] for name, of in UNCERTAIN.items()}
    if code != "build":
        del ranges["late"]
    return tornado(saving, ranges)


def _changed(terms: Terms, need: Floats, name: str, value: float) -> tuple[Terms, Floats]:
    own = ("framework_pence", "block_pence", "running_pence", "build_pence")
    changes: dict[str, dict[str, Any]] = {
        "need": {},
        "spot_pence": {"spot_pence": round(terms.spot_pence * value)},
        "own": {field: round(getattr(terms, field) * value) for field in own},
        "growth": {"growth": value},
        "discount": {"discount": value},
        "late": {"opens": max(0, terms.opens + int(value))},
    }
    return replace(terms, **changes[name]), need * value if name == "need" else need
