"""What if: a change to who comes, how long they stay, where they live or what a place costs, beside today's forecast.

Every scenario meets the same chance as today's forecast (the same draws), so that differences are of the scenario.
Who comes and who
leaves is changed in the draws; places and prices are applied to each run afterwards, month by month:

- n more own carers take children who would live with agency carers, as far as there are any, filled to a share;
- a block takes children who would live in homes bought one by one: beds are paid filled or not;
- a home that closes sends its children to places bought one by one at the price of the market.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rightplace.core.forecasting.drawing import Change
from rightplace.core.forecasting.kinds import AGENCY, OWN, RESIDENTIAL, UASC, Floats, G, K
from rightplace.core.problems import Problem

WEEKS_A_MONTH = 365.25 / 7 / 12


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place of each kind costs a week in pence (mean and standard deviation between children), and growth of
    prices a year."""

    weekly_pence: tuple[int, ...]
    deviation_pence: tuple[int, ...]
    growth: float = 0.03


@dataclass(frozen=True, slots=True)
class Scenario:
    """A change, all of it from elapsed month `begins`. Shares are of today's: `entries` 0.9 is a tenth fewer."""

    name: str
    begins: int = 1
    entries: float = 1.0
    uasc_entries: float = 1.0
    leaving: float = 1.0
    own_carers: int = 0
    carer_filled: float = 0.85
    carer_months: int = 12
    block_beds: int = 0
    block_weekly_pence: int = 0
    beds_lost: int = 0
    lost_weekly_pence: int = 0
    price_factor: tuple[float, ...] = field(default_factory=lambda: (1.0,) * K)
    yearly_pence: int = 0
    once_pence: int = 0


TODAY = Scenario("As today")


def scenario_problems(of: Scenario) -> list[Problem]:
    """What keeps a scenario from being run, all at once."""
    problems = []
    for name, words in (
        ("entries", "Who comes"),
        ("uasc_entries", "Unaccompanied children who come"),
        ("leaving", "Leaving care"),
    ):
        if not 0 <= getattr(of, name) <= 3:
            problems.append(
                Problem("out_of_range", f"{words}: give between 0 and 300 per cent of today’s.", name)
            )
    for name, words in (
        ("own_carers", "More own carers"),
        ("block_beds", "Beds of a block"),
        ("beds_lost", "Beds lost"),
    ):
        if not 0 <= getattr(of, name) <= 500:
            problems.append(Problem("out_of_range", f"{words}: give between 0 and 500.", name))
    if not of.name.strip():
        problems.append(Problem("no_name", "Give the scenario a name.", "name"))
    return problems


def change_of(of: Scenario, months: int) -> Change | None:
    """What the draws change under a scenario; None where chance stays as it is."""
    if of.entries == of.uasc_entries == of.leaving == 1.0:
        return None
    from_then = np.arange(1, months + 1) >= of.begins
    keep = np.ones((months, G))
    keep[from_then] = of.entries
    keep[from_then, UASC] = of.uasc_entries
    return Change(keep, of.leaving, of.begins - 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario run by run: children by month and kind after its places, empty beds of its block, cost by month in pence."""

    stock: Floats
    empty: Floats
    cost: Floats

    def by_year(self) -> Floats:
        """Cost of each whole year ahead: (run, year)."""
        years = self.cost.shape[1] // 12
        found: Floats = self.cost[:, : years * 12].reshape(-1, years, 12).sum(axis=2)
        return found


def apply(of: Scenario, stock: Floats, prices: Prices, seed: int) -> Outcome:
    """The places and prices of a scenario on drawn futures (run, elapsed month 0…, kind). Money of the months 1 and on."""
    there = stock[:, 1:].astype(float)
    months = there.shape[1]
    since = np.arange(1, months + 1) - of.begins
    ramp = np.clip((since + 1) / max(of.carer_months, 1), 0, 1)
    moved = np.minimum(there[:, :, AGENCY], np.floor(of.own_carers * of.carer_filled * ramp))
    there[:, :, OWN] += moved
    there[:, :, AGENCY] -= moved
    in_block = np.where(since >= 0, np.minimum(there[:, :, RESIDENTIAL], of.block_beds), 0.0)
    empty = np.where(since >= 0, of.block_beds, 0) - in_block
    spot = there.copy()
    spot[:, :, RESIDENTIAL] -= in_block
    lost = np.where(since >= 0, np.minimum(spot[:, :, RESIDENTIAL], of.beds_lost), 0.0)
    factor = np.where((since >= 0)[:, None], np.asarray(of.price_factor), 1.0)
    weekly = weekly_of_runs(prices, len(stock), seed)[:, None, :] * factor
    grown = (1 + prices.growth) ** (np.arange(months) / 12)
    cost = (spot * weekly).sum(axis=2) + (in_block + empty) * of.block_weekly_pence
    cost += (
        lost * np.maximum(of.lost_weekly_pence - weekly[:, :, RESIDENTIAL], 0.0) * (of.lost_weekly_pence > 0)
    )
    cost = cost * WEEKS_A_MONTH * grown
    cost += np.where(since >= 0, of.yearly_pence / 12, 0.0) + np.where(since == 0, of.once_pence, 0)
    return Outcome(there, empty, cost)


def weekly_of_runs(prices: Prices, runs: int, seed: int) -> Floats:
    """The mean weekly price of each kind by run: what it is is not known exactly, and is the same under every scenario."""
    chance = np.random.default_rng([seed, 8])
    mean = np.asarray(prices.weekly_pence, float)
    relative = np.asarray(prices.deviation_pence) / np.maximum(mean, 1.0)
    wide = np.sqrt(np.log1p((relative * 0.2) ** 2))
    prices_of_runs: Floats = mean * np.exp(chance.normal(size=(runs, K)) * wide - wide**2 / 2)
    return prices_of_runs
