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
from rightplace.core.forecasting.kinds import OWN, Floats, K
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
    """A scenario beside today's forecast: its outcome, what it saves, and run by run how it stands a year ahead.

    `moves` are expected changes of kind in a year for a hundred children; `miles` the mean distance from home where it is
    known; `filled` the share of own foster places, more of the scenario among them, in which children live; `block_filled`
    the share of the block's beds. None where nothing is known or there is none.
    """

    scenario: Scenario
    outcome: Outcome
    case: Case
    moves: Floats
    miles: Floats | None
    filled: Floats | None
    block_filled: Floats | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What scenarios are held against besides the forecast: mean miles from home by kind, own foster places tonight."""

    miles: Mapping[int, float]
    own_places: int


NOTHING_KNOWN = Standing({}, 0)


def compare(
    base: Baseline, scenarios: Sequence[Scenario], prices: Prices, standing: Standing = NOTHING_KNOWN
) -> list[Beside]:
    """Today first, then each scenario, all from the same chance."""
    today = outcome_of(base, TODAY, prices)
    now = np.maximum(base.drawn[0, 0].astype(float), 1e-9)
    moving = np.minimum(flows(base.fitted)[:, :K].sum(axis=1) / now, YEAR)
    return [
        _beside(one, today, outcome_of(base, one, prices), moving, standing) for one in (TODAY, *scenarios)
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


def _beside(of: Scenario, today: Outcome, outcome: Outcome, moving: Floats, standing: Standing) -> Beside:
    there = outcome.stock[:, YEAR - 1]
    kinds = list(standing.miles)
    own_places = standing.own_places + of.own_carers
    beds = of.block_beds * of.block_part
    return Beside(
        of, outcome, business_case(today.cost, outcome.cost),
        mean_of(there, moving) * 100,
        mean_of(there[:, kinds], np.array([standing.miles[kind] for kind in kinds])) if kinds else None,
        there[:, OWN] / own_places if standing.own_places else None,
        1 - outcome.empty[:, YEAR - 1] / beds if beds and of.begins < YEAR else None,
    )  # fmt: skip


def mean_of(there: Floats, of_kind: Floats) -> Floats:
    """The mean of something that a kind has over the children of each run (run, kind); nothing where nobody is."""
    found: Floats = there @ of_kind / np.maximum(there.sum(axis=1), 1e-9)
    return found
