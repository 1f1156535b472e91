"""A made-up day's consortium for the tests of the generator: no database, one fixed seed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from rightplace.demo import history, homes, people
from rightplace.demo.calibration import boroughs, sectors

TODAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Consortium:
    """Everything that the generator makes before prices."""

    children: people.Children
    stays: history.Stays
    statuses: history.Statuses
    whereabouts: homes.Whereabouts
    households: homes.Households
    market: homes.Market


def consortium(seed: int = 7, scale: float = 1.0) -> Consortium:
    """The twelve boroughs at a share of their size."""
    rng = np.random.default_rng(seed)
    parts = []
    for index, borough in enumerate(boroughs()):
        looked_after = round(borough.looked_after * scale)
        left = round(2 * borough.ceased * scale)
        parts.append(people.looked_after_children(rng, borough, index, looked_after, TODAY))
        parts.append(people.children_who_left(rng, borough, index, left, TODAY))
    children = people.joined(parts)
    stays = history.placements(rng, children, TODAY, history.Pace())
    statuses = history.legal_statuses(rng, children)
    whole_market = market(rng)
    whereabouts, own = homes.settle(
        rng, boroughs(), children, stays, homes.households(rng, boroughs(), scale), whole_market
    )
    return Consortium(children, stays, statuses, whereabouts, own, whole_market)


def market(rng: np.random.Generator) -> homes.Market:
    """A stand-in for the register: eight hundred homes, agencies and supported accommodation."""
    number = 1_000
    kind = np.where(np.arange(number) < 800, "residential", "foster")
    kind = np.where(np.arange(number) >= 900, "supported", kind)
    where = rng.integers(0, len(sectors().names), number)
    places = np.where(kind == "residential", rng.integers(1, 6, number), 0)
    return homes.Market(
        np.arange(number), kind, places, sectors().latitude[where], sectors().longitude[where]
    )
