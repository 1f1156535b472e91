"""Today's forecast of an authority, kept in memory as long as its record is the same; scenarios beside it."""

from __future__ import annotations

from calendar import monthrange
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

import numpy as np

from rightplace.core.forecasting.business_case import Case, business_case
from rightplace.core.forecasting.groups import Line, by_group
from rightplace.core.forecasting.kinds import Floats, K
from rightplace.core.forecasting.leavers import Leavers, leavers_ahead
from rightplace.core.forecasting.moving import flows
from rightplace.core.forecasting.scenarios import TODAY, Outcome, Prices, Scenario
from rightplace.core.forecasting.shown import MONTHS, RUNS, SEED, Baseline, baseline, under
from rightplace.core.forecasting.still_to_come import StillToCome, still_to_come
from rightplace.core.forecasting.summary import Task
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.sufficiency.history import fingerprint, record_of

KEPT, OUTCOMES_KEPT = 40, 60
YEAR = 12
_kept: OrderedDict[tuple[object, ...], Baseline | None] = OrderedDict()
_lock = Lock()


def forecast_of(
    actor: Actor, today: date, months: int = MONTHS, runs: int = RUNS, seed: int = SEED
) -> Baseline | None:
    """Today's forecast of the actor's authority; None where no child was ever placed."""
    key = (*fingerprint(actor.authority_id, today), months, runs, seed)
    with _lock:
        if key not in _kept:
            episodes = record_of(actor.authority_id, today)
            _kept[key] = baseline(episodes, months, runs, seed) if len(episodes.child) else None
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def still_to_come_of(actor: Actor, today: date, months: int) -> StillToCome | None:
    """How many of those who have not come yet will be there, by kind and month after this one, with what is not known.

    They are what the forecast of children shows without those who are here: outturn and sufficiency tell one truth.
    None where no child was ever placed, or no month is asked.
    """
    base = forecast_of(actor, today) if months else None
    return None if base is None else still_to_come(base, months, share_left(today))


def share_left(today: date) -> float:
    """The share of the days of this month that are still to come."""
    whole = monthrange(today.year, today.month)[1]
    return (whole - today.day) / whole


def tasks_of_all(today: date, seed: int = SEED) -> list[Task]:
    """The forecast of every authority as work to be spread; only for those who may see all of them (the command line)."""
    with as_system():
        rows = list(Authority.objects.order_by("name").values_list("pk", "name"))
    return [Task(name, record_of(key, today), seed=seed) for key, name in rows]


@dataclass(frozen=True, slots=True)
class Beside:
    """A scenario beside today's forecast: its outcome, what it saves, and a year ahead moves a year and miles from home.

    `moves` are expected changes of kind in a year for a hundred children; `miles` the mean distance where it is known.
    """

    scenario: Scenario
    outcome: Outcome
    case: Case
    moves: float
    miles: float | None


def compare(
    base: Baseline, scenarios: Sequence[Scenario], prices: Prices, miles: Mapping[int, float] | None = None
) -> list[Beside]:
    """Today first, then each scenario, all from the same chance; `miles` is the mean distance of a kind's placements."""
    today = outcome_of(base, TODAY, prices)
    now = np.maximum(base.drawn[0, 0].astype(float), 1e-9)
    moving = np.minimum(flows(base.fitted)[:, :K].sum(axis=1) / now, YEAR)
    return [
        _beside(one, today, outcome_of(base, one, prices), moving, miles or {}) for one in (TODAY, *scenarios)
    ]


@lru_cache(OUTCOMES_KEPT)
def outcome_of(base: Baseline, of: Scenario, prices: Prices) -> Outcome:
    """A scenario beside a forecast, kept in memory: its futures are drawn once as long as record and prices are the same."""
    return under(base, of, prices)


@lru_cache(KEPT)
def groups_of(base: Baseline) -> list[Line]:
    """Local and unaccompanied children ahead, kept with the forecast."""
    return by_group(base.panel, base.combined)


@lru_cache(KEPT)
def leavers_of(base: Baseline, months: int) -> Leavers:
    """Care leavers of 18 to 24 so many months ahead, kept with the forecast."""
    return leavers_ahead(base.panel, base.fitted, months)


def _beside(
    of: Scenario, today: Outcome, outcome: Outcome, moving: Floats, miles: Mapping[int, float]
) -> Beside:
    there = outcome.stock[:, YEAR - 1].mean(axis=0)
    moves = float((there * moving).sum()) / max(float(there.sum()), 1e-9) * 100
    known = sum(float(there[kind]) for kind in miles)
    distance = sum(float(there[kind]) * of_kind for kind, of_kind in miles.items()) / known if known else None
    return Beside(of, outcome, business_case(today.cost, outcome.cost), moves, distance)
