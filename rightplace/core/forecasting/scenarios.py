"""What if: a change to who comes, how long they stay, where they live or what a place costs, beside today's forecast.

Every scenario meets the same chance as today's forecast (the same draws), so that differences are of the scenario.
Who comes and who
leaves is changed in the draws; places and prices are applied to each run afterwards, month by month:

- n more own carers take children who would live with agency carers (or, with specialist skill, in children's homes),
  as far as there are any, filled to a share;
- a block takes children who would live in homes bought one by one: beds are paid filled or not, an authority's part
  of a shared one;
- parents are assessed in the community instead of twelve residential weeks;
- a home that closes sends its children to places bought one by one at the price of the market.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rightplace.core.forecasting.drawing import Change
from rightplace.core.forecasting.kinds import AGENCY, OWN, RESIDENTIAL, UASC, Floats, G, Ints, K
from rightplace.core.problems import Problem

WEEKS_A_MONTH = 365.25 / 7 / 12
LEAST_KNOWN = 12.0
"""Published prices are trusted as twelve contracts would be."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place of each kind costs a week in pence (mean and standard deviation between children), growth of prices a
    year, how many contracts say so, and factors by month ahead where uplifts have dates."""

    weekly_pence: tuple[int, ...]
    deviation_pence: tuple[int, ...]
    growth: float = 0.03
    known: tuple[int, ...] = (0,) * K
    path: tuple[float, ...] = ()

    def grown(self, months: int) -> Floats:
        """The factor on prices in each month ahead: as the uplifts go, or evenly where none is stated."""
        if not self.path:
            even: Floats = (1 + self.growth) ** (np.arange(months) / 12)
            return even
        return np.array([self.path[min(month, len(self.path) - 1)] for month in range(months)])


@dataclass(frozen=True, slots=True)
class Scenario:
    """A change, all of it from elapsed month `begins`. Shares are of today's: `entries` 0.9 is a tenth fewer."""

    name: str
    begins: int = 1
    entries: float = 1.0
    uasc_entries: float = 1.0
    leaving: float = 1.0
    own_carers: int = 0
    carers_instead: str = "agency"
    carer_filled: float = 0.85
    carer_months: int = 12
    block_beds: int = 0
    block_part: float = 1.0
    block_weekly_pence: int = 0
    assessments: int = 0
    assessment_weekly_pence: int = 0
    assessment_pence: int = 0
    beds_lost: int = 0
    lost_weekly_pence: int = 0
    price_factor: tuple[float, ...] = field(default_factory=lambda: (1.0,) * K)
    yearly_pence: int = 0
    once_pence: int = 0


TODAY = Scenario("As today")
ASSESSMENT_WEEKS = 12
"""A residential assessment of parents with their child commonly lasts twelve weeks."""
INSTEAD = {"agency": AGENCY, "residential": RESIDENTIAL}
"""The kind from which children come to more own carers: agency carers, or with specialist skill children's homes."""


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
        ("assessments", "Assessments a year"),
    ):
        if not 0 <= getattr(of, name) <= 500:
            problems.append(Problem("out_of_range", f"{words}: give between 0 and 500.", name))
    if not 0 < of.block_part <= 1:
        problems.append(
            Problem("out_of_range", "Your part of the block: give 1 to 100 per cent.", "block_part")
        )
    if of.carers_instead not in INSTEAD:
        problems.append(Problem("unknown", "Choose where the children come from.", "carers_instead"))
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
    since = np.arange(1, there.shape[1] + 1) - of.begins
    _move_to_carers(of, there, since)
    beds = of.block_beds * of.block_part
    in_block = np.where(since >= 0, np.minimum(there[:, :, RESIDENTIAL], beds), 0.0)
    empty = np.where(since >= 0, beds, 0) - in_block
    weekly = weekly_of_runs(prices, stock, seed)[:, None, :]
    cost = _places_cost(of, there, in_block, since, weekly)
    cost = (cost + (in_block + empty) * of.block_weekly_pence) * WEEKS_A_MONTH * prices.grown(there.shape[1])
    return Outcome(there, empty, cost + _beside_places(of, since))


def _move_to_carers(of: Scenario, there: Floats, since: Ints) -> None:
    """Children who live with the new own carers, as places open and as far as there are children to come."""
    ramp = np.clip((since + 1) / max(of.carer_months, 1), 0, 1)
    instead = INSTEAD[of.carers_instead]
    moved = np.minimum(there[:, :, instead], np.floor(of.own_carers * of.carer_filled * ramp))
    there[:, :, OWN] += moved
    there[:, :, instead] -= moved


def _places_cost(of: Scenario, there: Floats, in_block: Floats, since: Ints, weekly: Floats) -> Floats:
    """What places cost a week by run and month: each kind at its price, and places found for those of a home that closed."""
    factor = np.where((since >= 0)[:, None], np.asarray(of.price_factor), 1.0)
    spot = there.copy()
    spot[:, :, RESIDENTIAL] -= in_block
    priced = weekly * factor
    cost: Floats = (spot * priced).sum(axis=2)
    if of.lost_weekly_pence > 0:
        lost = np.where(since >= 0, np.minimum(spot[:, :, RESIDENTIAL], of.beds_lost), 0.0)
        cost += lost * np.maximum(of.lost_weekly_pence - priced[:, :, RESIDENTIAL], 0.0)
    return cost


def _beside_places(of: Scenario, since: Ints) -> Floats:
    """What is paid or saved beside places, by month: services, once, and assessments made in the community."""
    saved = ASSESSMENT_WEEKS * of.assessment_weekly_pence - of.assessment_pence
    yearly = of.yearly_pence - of.assessments * saved
    found: Floats = np.where(since >= 0, yearly / 12, 0.0) + np.where(since == 0, of.once_pence, 0)
    return found


def weekly_of_runs(prices: Prices, stock: Floats, seed: int) -> Floats:
    """The mean weekly price of each kind by run, lognormal, the same under every scenario.

    It varies by which children come (their prices differ) and by how few contracts say what a place costs.
    """
    runs, children = len(stock), np.maximum(stock[0, 0].astype(float), 1.0)
    chance = np.random.default_rng([seed, 8])
    mean = np.asarray(prices.weekly_pence, float)
    relative = np.asarray(prices.deviation_pence) / np.maximum(mean, 1.0)
    told = np.maximum(np.asarray(prices.known, float), LEAST_KNOWN)
    wide = np.sqrt(np.log1p(relative**2 * (1 / children + 1 / told)))
    prices_of_runs: Floats = mean * np.exp(chance.normal(size=(runs, K)) * wide - wide**2 / 2)
    return prices_of_runs
