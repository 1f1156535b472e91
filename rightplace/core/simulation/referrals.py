"""The referrals of a simulated market: who needs a home when, for how long, and what the home must have.

Children start to be looked after as a Poisson process in each authority at its published yearly number. When a stay
ends, the child may need another place for reasons outside the home (a care plan, an age); these further referrals are
drawn with the first, so that they are the same under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Ints, picked
from rightplace.core.simulation.figures import (
    ETHNIC_GROUPS,
    FOSTER,
    HOME,
    SUPPORTED,
    Bands,
    ages_at_start,
    column,
    figure,
    lasted,
    mix,
)
from rightplace.core.simulation.homes import NEEDS, centres

DAYS_PER_YEAR = 365.25
SAMPLE = 30_000
BEFORE_DAYS = 10 * DAYS_PER_YEAR
SUPPORTED_FROM_AGE = 16
_ADULT = 18.0
_MIX_NAMES = ("White", "Mixed", "Asian", "Black", "Other")


@dataclass(frozen=True, slots=True)
class Referrals:
    """Columns, one row for each referral, in order of `made_on` (days from the start, with fractions).

    `child` is the same for all referrals of one child (or group of brothers and sisters); `size` how many there are;
    `suits` the kind of home that suits best and `also` a second one or -1; `needs` a bit mask, `essential` the bits
    without which a home may not take the child; `stays` the days that the place is needed.
    """

    child: Ints
    authority: Ints
    made_on: Floats
    stays: Floats
    size: Ints
    age: Floats
    sexes: Ints
    ethnicity: Ints
    disabled: Bools
    needs_adapted: Bools
    severity: Ints
    needs: Ints
    essential: Ints
    suits: Ints
    also: Ints
    is_solo: Bools
    unaccompanied: Bools
    urgency: Ints
    east: Floats
    north: Floats
    unsafe_east: Floats
    unsafe_north: Floats

    def __len__(self) -> int:
        return len(self.child)

    def taken(self, rows: Ints | Bools) -> Referrals:
        """Only these rows, in this order."""
        return Referrals(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})

    @property
    def ends_on(self) -> Floats:
        """The day on which each place is no longer needed."""
        return self.made_on + self.stays


@cache
def steady_state() -> tuple[float, Floats]:
    """Children in a referral, and children at any time by kind of home that suits (foster, home, supported)."""
    rng = np.random.default_rng(1)
    drawn = _described(rng, picked(rng, column("started"), SAMPLE), np.zeros(SAMPLE))
    mean_size = float(drawn.size.mean())
    there = [_in_the_long_run(np.random.default_rng([2, seed]), 1.0, mean_size)[1] for seed in range(4)]
    by_kind: Floats = np.mean([np.bincount(one.suits, one.size, 3) for one in there], axis=0)
    return mean_size, by_kind


def made_referrals(rng: np.random.Generator, days: float) -> tuple[Referrals, Referrals]:
    """The referrals of so many days, and those whose stay is under way on day 0 (`made_on` below 0)."""
    return _in_the_long_run(rng, days, steady_state()[0])


def _in_the_long_run(rng: np.random.Generator, days: float, mean_size: float) -> tuple[Referrals, Referrals]:
    """Referrals of ten years more, of which only those after the tenth are used, so that the market is in its stride."""
    many = rng.poisson(column("started") / mean_size * (days + BEFORE_DAYS) / DAYS_PER_YEAR)
    made_on = rng.random(int(many.sum())) * (days + BEFORE_DAYS) - BEFORE_DAYS
    arrived = _described(rng, np.repeat(np.arange(len(many)), many), made_on)
    every = _joined([arrived, _followers(rng, arrived, days)])
    every = every.taken(np.argsort(every.made_on, kind="stable"))
    return every.taken(every.made_on >= 0), every.taken((every.made_on < 0) & (every.ends_on > 0))


def _followers(rng: np.random.Generator, first: Referrals, days: float) -> Referrals:
    """Further referrals of the same children, as long as stays end within the time and the child goes on."""
    waves, latest = [], first
    while len(latest):
        ends = latest.ends_on
        goes_on = (ends < days) & (rng.random(len(ends)) < figure("goes_on"))
        goes_on &= latest.age + latest.stays / DAYS_PER_YEAR < _ADULT - 0.1
        latest = _once_more(rng, latest.taken(goes_on), ends[goes_on])
        waves.append(latest)
    return _joined(waves)


def _once_more(rng: np.random.Generator, before: Referrals, made_on: Floats) -> Referrals:
    age = np.minimum(before.age + before.stays / DAYS_PER_YEAR, _ADULT - 0.05)
    suits = np.where(
        (age >= SUPPORTED_FROM_AGE) & (before.age < SUPPORTED_FROM_AGE), _kinds(rng, age), before.suits
    )
    urgency = picked(rng, figure("urgency")["share"], len(age))
    return replace(
        before, made_on=made_on, age=age, suits=suits, also=_second_kind(rng, suits, age), urgency=urgency,
        stays=_stays(rng, suits, age),
    )  # fmt: skip


def _described(rng: np.random.Generator, where: Ints, made_on: Floats) -> Referrals:
    many = len(where)
    age = drawn_from(rng, ages_at_start(), many)
    suits, severity = _kinds(rng, age), picked(rng, figure("severity"), many)
    size = np.where(age < SUPPORTED_FROM_AGE, 1 + picked(rng, figure("sibling_groups"), many), 1)
    size = np.where((suits == FOSTER) & (severity < 2), size, 1)
    alone = (age >= 12) & (rng.random(many) < _unaccompanied_share()[where])
    disabled = rng.random(many) < figure("disabled")
    needs, essential = _needs(rng, severity, alone)
    east, north = (middle[where] + rng.normal(0, 1.5, many) for middle in centres())
    unsafe = rng.random(many) < figure("unsafe_area")["share"]
    return Referrals(
        child=np.arange(many), authority=where, made_on=made_on, stays=_stays(rng, suits, age), size=size, age=age,
        sexes=_sexes(rng, size), ethnicity=_ethnicity(rng, where), disabled=disabled,
        needs_adapted=disabled & (rng.random(many) < figure("needs_adaptation")), severity=severity, needs=needs,
        essential=essential, suits=suits, also=_second_kind(rng, suits, age),
        is_solo=(severity == 2) & (size == 1) & (rng.random(many) < figure("solo") / figure("severity")[2]),
        unaccompanied=alone, urgency=picked(rng, figure("urgency")["share"], many), east=east, north=north,
        unsafe_east=np.where(unsafe, east + rng.normal(0, 2, many), np.inf),
        unsafe_north=np.where(unsafe, north + rng.normal(0, 2, many), np.inf),
    )  # fmt: skip


def drawn_from(rng: np.random.Generator, bands: Bands, many: int) -> Floats:
    """So many numbers from a distribution in bands, even within each band."""
    band = picked(rng, bands.share, many)
    found: Floats = bands.low[band] + rng.random(many) * (bands.high - bands.low)[band]
    return found


def _stays(rng: np.random.Generator, suits: Ints, age: Floats) -> Floats:
    """Days as published for the kind, and never beyond the eighteenth birthday."""
    days = np.zeros(len(suits))
    for kind in (FOSTER, HOME, SUPPORTED):
        rows = suits == kind
        days[rows] = drawn_from(rng, lasted(kind), int(rows.sum())) * figure("stay_scale")[kind]
    return np.minimum(days, np.maximum((_ADULT - age) * DAYS_PER_YEAR, 7.0))


def _kinds(rng: np.random.Generator, age: Floats) -> Ints:
    by_age = figure("kinds_by_age")
    young, older, oldest = (
        picked(rng, by_age[name], len(age)) for name in ("under_10", "from_10", "from_16")
    )
    return np.where(age < 10, young, np.where(age < SUPPORTED_FROM_AGE, older, oldest))


def _second_kind(rng: np.random.Generator, suits: Ints, age: Floats) -> Ints:
    has_second = (rng.random(len(suits)) < figure("other_kind_suits")) & (age >= 10)
    other = np.where(suits == FOSTER, np.where(age >= SUPPORTED_FROM_AGE, SUPPORTED, HOME), FOSTER)
    return np.where(has_second, other, -1)


def _needs(rng: np.random.Generator, severity: Ints, alone: Bools) -> tuple[Ints, Ints]:
    """Low: up to one need; moderate: one or two; high: two or three, the first of them essential."""
    many = len(severity)
    order = np.argsort(rng.random((many, NEEDS)), axis=1)
    number = severity + (rng.random(many) < 0.5)
    bits = 1 << order
    needs = (bits * (np.arange(NEEDS) < number[:, None])).sum(axis=1) | alone.astype(int)
    return needs, np.where(severity == 2, bits[:, 0], 0)


def _sexes(rng: np.random.Generator, size: Ints) -> Ints:
    """A bit mask: 1 girls, 2 boys; groups may hold both."""
    boys = np.array([1, 2])[(rng.random((3, len(size))) < 0.56).astype(int)]
    masks = np.bitwise_or.accumulate(boys, axis=0)
    return masks[size - 1, np.arange(len(size))]


def _ethnicity(rng: np.random.Generator, where: Ints) -> Ints:
    shares = np.cumsum(mix("ethnicity", _MIX_NAMES), axis=1)[where]
    drawn = (rng.random(len(where))[:, None] >= shares).sum(axis=1)
    found: Ints = np.minimum(drawn, len(ETHNIC_GROUPS) - 1)
    return found


def _unaccompanied_share() -> Floats:
    """Among children of 12 and over: their share of all looked after, over the part that is of that age (assumed half)."""
    return np.minimum(mix("uasc", ("UASC", "Non-UASC"))[:, 0] / 0.5, 1.0)


def _joined(parts: list[Referrals]) -> Referrals:
    return Referrals(
        **{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Referrals)}
    )
