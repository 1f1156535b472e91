"""Children alike, followed month by month: the hazards they will meet, and how many are expected where (the mean recursion)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.kinds import ADULT, AGE_FROM, SIXTEEN, STAY_FROM, Floats, Ints, K, band_of
from rightplace.core.forecasting.rates import Rates


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Children alike at elapsed month 0: group, kind, months of age, months in care, and how many (or what share) they are."""

    group: Ints
    kind: Ints
    age: Ints
    stay: Ints
    number: Floats

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True, slots=True)
class Hazards:
    """What each cohort meets: hazards of leaving and moving (cohort, kind, month) and destinations (group, 16 or
    over, from, to)."""

    leave: Floats
    move: Floats
    towards: Floats


def hazards(cohorts: Cohorts, rates: Rates, months: int) -> Hazards:
    """The hazards along each cohort's life, by the age and time in care that it will have."""
    ahead = np.arange(months)
    age = band_of(cohorts.age[:, None] + ahead, AGE_FROM)
    stay = band_of(cohorts.stay[:, None] + ahead, STAY_FROM)
    group = cohorts.group[:, None]
    leave = rates.leave[group, age, stay].transpose(0, 2, 1)
    move = rates.move[group, age, stay].transpose(0, 2, 1)
    return Hazards(np.ascontiguousarray(leave), np.ascontiguousarray(move), rates.towards)


def follow(cohorts: Cohorts, met: Hazards, months: int) -> Floats:
    """The chance that one of a cohort is in a kind at each elapsed month: shape (cohort, months + 1, kind).

    In a month a child leaves with chance 1 - exp(-leave); one who stays moves with chance 1 - exp(-move). At 18 all leave.
    """
    found = np.zeros((len(cohorts), months + 1, K))
    found[np.arange(len(cohorts)), 0, cohorts.kind] = cohorts.age < ADULT
    for month in range(months):
        found[:, month + 1] = step(cohorts, met, found[:, month], month)
    return found


def step(cohorts: Cohorts, met: Hazards, now: Floats, month: int) -> Floats:
    """Where those who are `now` (cohort, kind) are a month later."""
    staying = now * np.exp(-met.leave[:, :, month])
    moving = staying * -np.expm1(-met.move[:, :, month])
    older = (cohorts.age + month >= SIXTEEN).astype(np.int64)
    arriving = np.matmul(moving[:, None, :], met.towards[cohorts.group, older])[:, 0]
    is_child = (cohorts.age + month + 1 < ADULT)[:, None]
    found: Floats = (staying - moving + arriving) * is_child
    return found


def expected(
    present: Cohorts, entrants: Cohorts, arriving: Floats, rates: Rates, months: int
) -> tuple[Floats, Floats]:
    """The mean number of children at each elapsed month by kind: those here now, and those who come: two of (months + 1, kind).

    `arriving` is the mean number who come before each elapsed month 1, 2, … by group: shape (months, 2). `entrants.number` is the
    share of each type among those of its group.
    """
    here = np.einsum("c,csk->sk", present.number, follow(present, hazards(present, rates, months), months))
    coming = np.zeros((months + 1, K))
    later = follow(entrants, hazards(entrants, rates, months), months)
    for group in range(arriving.shape[1]):
        of = entrants.group == group
        each = np.einsum("c,csk->sk", entrants.number[of], later[of])
        for month in range(1, months + 1):
            coming[month:] += arriving[month - 1, group] * each[: months + 1 - month]
    return here, coming
