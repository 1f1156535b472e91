"""Made records with a known truth: steady, growing, seasonal and shocked, of any size, from England's rates and a seed.

They are synthetic: children are drawn one by one from the reference rates and a known number who come each month, run long enough
before the record begins for ages and times in care to settle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.cohorts import Cohorts, follow, hazards
from rightplace.core.forecasting.coming import types_from
from rightplace.core.forecasting.episodes import OPEN, Episodes
from rightplace.core.forecasting.kinds import (
    ADULT,
    AGE_FROM,
    SIXTEEN,
    STAY_FROM,
    UASC,
    Floats,
    Ints,
    K,
    band_of,
)
from rightplace.core.forecasting.reference import figures, reference_rates, reference_types

SHAPES = ("steady", "growing", "falling", "seasonal", "shocked", "wandering", "stopping", "rising", "surging")
BEFORE = 204
"""Months lived through before the record: from birth to 17."""
FIRST = 2016 * 12 + 3


@dataclass(frozen=True, slots=True)
class Made:
    """A record to be made: how many children at the start, its shape, months and seed."""

    children: int
    shape: str = "steady"
    months: int = 108
    seed: int = 1


def make(of: Made) -> Episodes:
    """The episodes of a made record."""
    chance = np.random.default_rng([of.seed, SHAPES.index(of.shape), of.children])
    share = np.array([1 - figures()["coming"]["uasc_share"], figures()["coming"]["uasc_share"]])
    mean = of.children / _stay_in_care(share) * path(of.shape, of.months, chance)
    counts = chance.poisson(mean[:, None] * share)
    types = types_from(reference_types())
    who, month = [], []
    for group in range(2):
        members = np.flatnonzero(types.group == group)
        number = counts[:, group].sum()
        who.append(chance.choice(members, number, p=types.number[members] / types.number[members].sum()))
        month.append(np.repeat(np.arange(len(counts)), counts[:, group]))
    return _live(types, np.concatenate(who), np.concatenate(month), of.months, chance)


def path(shape: str, months: int, chance: np.random.Generator) -> Floats:
    """The factor on the number who come, by month: `BEFORE` months of 1, then the shape."""
    time = np.arange(months) / 12
    found = {
        "steady": np.ones(months),
        "growing": 1.06**time * np.where(time > 0, 1.15, 1.0),
        "falling": 0.93**time,
        "seasonal": 1 + 0.35 * np.sin(2 * np.pi * time),
        "shocked": np.where((time > 4.0) & (time < 5.5), 1.5, np.where(time >= 5.5, 1.1, 1.0)),
        "stopping": np.where(time < 2.5, 1.0, 0.02),
        "rising": np.where(time < 3.5, 1.0, 1.8),
        "surging": np.where((time > 3.0) & (time < 3.6), 3.0, 1.0),
        "wandering": np.exp(np.cumsum(chance.normal(0, 0.035, months))),
    }[shape]
    return np.concatenate([np.ones(BEFORE), found])


def _stay_in_care(share: Floats) -> float:
    """Mean months in care of one who comes, by the reference rates."""
    types = types_from(reference_types())
    there = follow(types, hazards(types, reference_rates(), ADULT), ADULT).sum(axis=(1, 2))
    return float((there * types.number * share[types.group]).sum())


def _live(types: Cohorts, who: Ints, month: Ints, months: int, chance: np.random.Generator) -> Episodes:
    """Each child's life in care month by month, kept as a row for each stay in a kind."""
    rates = reference_rates()
    kind, group = types.kind[who].copy(), types.group[who]
    age0 = types.age[who] + chance.integers(-3, 3, len(who))
    age0 = np.maximum(age0, 0)
    begun, rows = month.copy(), []
    child = np.arange(len(who))
    for now in range(BEFORE + months):
        live = np.flatnonzero((month <= now) & (begun >= 0))
        age, stay = age0[live] + now - month[live], now - month[live]
        cell = (group[live], band_of(age, AGE_FROM), band_of(stay, STAY_FROM), kind[live])
        leaves = chance.random(len(live)) < -np.expm1(-rates.leave[cell])
        leaves |= age + 1 >= ADULT
        moves = ~leaves & (chance.random(len(live)) < -np.expm1(-rates.move[cell]))
        done = live[leaves | moves]
        rows.append(np.stack([done, begun[done], np.full(len(done), now + 1), kind[done]]))
        begun[live[leaves]] = -1
        movers = live[moves]
        law = np.cumsum(
            rates.towards[group[movers], (age[moves] >= SIXTEEN).astype(int), kind[movers]], axis=1
        )
        kind[movers] = np.minimum((law < chance.random(len(movers))[:, None]).sum(axis=1), K - 1)
        begun[movers] = now + 1
    still = child[begun >= 0]
    rows.append(np.stack([still, begun[still], np.full(len(still), -1), kind[still]]))
    return _as_episodes(np.concatenate(rows, axis=1), age0, month, group, months, chance)


def _as_episodes(
    rows: Ints, age0: Ints, month: Ints, group: Ints, months: int, chance: np.random.Generator
) -> Episodes:
    """Months become days within the month before the first on which the change is seen."""
    child, begin, end, kind = rows
    offset = FIRST - BEFORE

    def day(of: Ints) -> Ints:
        firsts = (of + offset - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        return firsts - 1

    keep = (end < 0) | (end + offset >= FIRST)
    end_day = np.where(end < 0, OPEN, day(np.maximum(end, 0)))
    return Episodes(
        child[keep], (offset + month - age0)[child][keep], day(begin)[keep], end_day[keep], kind[keep],
        group[child][keep], FIRST, FIRST + months,
    )  # fmt: skip


__all__ = ["SHAPES", "UASC", "Made", "make", "path"]
