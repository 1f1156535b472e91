"""Everyone who waits and everything that is free, as one problem of assignment: groups, homes, what fits, and who keeps apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.assignment.problem import (
    WHOLE,
    AssignmentProblem,
    Candidates,
    Prices,
    Sex,
    Vacancies,
    Waiting,
    pairs_of,
)
from rightplace.core.matching.assignment.scarcity import Scarcity
from rightplace.core.matching.market import Market
from rightplace.core.matching.profile import Child, Referral
from rightplace.core.matching.ranking import value_matrix
from rightplace.core.matching.vocabulary import Criterion, LivingCompanions
from rightplace.journey.search.waiting import Everyone, Wait

BEST = 50
"""Homes looked at for each request: the best of its own ranking."""
WAIT_BONUS = 0.1
"""A day of waiting weighs a tenth of a point."""
SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class Ways:
    """Homes that would do: rows of the market with their value, the best first, by request; and for one child alone."""

    group: NDArray[np.int64]
    row: NDArray[np.int64]
    value: NDArray[np.float64]
    child: NDArray[np.int64]
    eligible: NDArray[np.int64]

    def best_of(self, group: int) -> list[int]:
        """The rows that would take the whole request, the best first."""
        rows: list[int] = self.row[(self.group == group) & (self.child == WHOLE)].tolist()
        return rows


@dataclass(frozen=True, slots=True)
class Together:
    """The problem, and which row of the market each of its homes is."""

    everyone: Everyone
    ways: Ways
    rows: tuple[int, ...]
    problem: AssignmentProblem
    kept_back: tuple[int, ...] = ()
    scarcity: Scarcity | None = None

    def price_of(self, row: int) -> float:
        """What a bed of a row of the market is worth to children who may come, in points."""
        return float(self.scarcity.price[row]) if self.scarcity is not None else 0.0

    def home_of(self, row: int) -> int | None:
        """The home of a row of the market; None where it is nobody's candidate."""
        return self.rows.index(row) if row in self.rows else None


def together(
    everyone: Everyone,
    pinned: Mapping[int, str],
    barred: Mapping[int, Sequence[str]],
    scarcity: Scarcity | None = None,
) -> Together:
    """The problem of everyone who waits; `pinned` and `barred` give homes by their key, by request.

    What counts beside the fit is the matching policy's: beds kept back, own carers, parting brothers and sisters; `scarcity`
    is given where scarce places are spared.
    """
    counts = everyone.in_force.for_everyone
    ways = ways_of(everyone)
    ways = _with_pins(everyone, ways, pinned)
    rows, home = np.unique(ways.row, return_inverse=True)
    listed = tuple(rows.tolist())
    at = {row: place for place, row in enumerate(listed)}
    group_of = {wait.row.pk: place for place, wait in enumerate(everyone.waits)}
    key_row = everyone.market.row_of_key
    pins = [
        (group_of[one], at[key_row[key]])
        for one, key in pinned.items()
        if _is_way(ways, group_of, key_row, one, key)
    ]
    bars = [
        (group_of[one], at[key_row[key]])
        for one, keys in barred.items()
        for key in keys
        if one in group_of and key_row.get(key) in at
    ]
    kept_back = kept_back_rows(everyone.market, counts.beds_kept_back)
    prices = Prices(float(counts.own_bonus), WAIT_BONUS, float(counts.split_penalty))
    price = scarcity.price[rows] if scarcity is not None else np.zeros(len(rows))
    problem = AssignmentProblem(
        waiting_of(everyone.waits), vacancies_of(everyone.market, rows, kept_back, price),
        Candidates.rows(ways.group, home, ways.value, ways.child), prices,
        pairs_of(apart(everyone.waits)), pairs_of(pins), pairs_of(bars),
    )  # fmt: skip
    return Together(everyone, ways, listed, problem, kept_back, scarcity)


def kept_back_rows(market: Market, beds: int) -> tuple[int, ...]:
    """The households of own carers of whose free beds one each is kept back for emergencies: by row of the market.

    First those who can take a child the same day, then those with the most beds free, then by key: always the same.
    """
    is_able = market.is_own & (market.places_free > 0) & market.is_active & ~market.is_suspended
    rows = np.flatnonzero(is_able).tolist()

    def order(row: int) -> tuple[bool, int, int]:
        is_quick = Criterion.SHORT_NOTICE in market.options[row].features
        return (not is_quick, -int(market.places_free[row]), int(market.key_rank[row]))

    return tuple(sorted(rows, key=order)[:beds])


def _is_way(
    ways: Ways, group_of: Mapping[int, int], key_row: Mapping[str, int], request_id: int, key: str
) -> bool:
    group, row = group_of.get(request_id), key_row.get(key)
    return group is not None and row is not None and row in ways.best_of(group)


def ways_of(everyone: Everyone) -> Ways:
    """The best homes of every request; where brothers and sisters may live apart, also those of each child alone."""
    asked, group, child = [], [], []
    first = 0
    for place, wait in enumerate(everyone.waits):
        asked.append(replace(wait.referral, siblings_together=True))
        group.append(place)
        child.append(WHOLE)
        if may_split(wait):
            for number, one in enumerate(wait.referral.children):
                asked.append(replace(wait.referral, children=(one,)))
                group.append(place)
                child.append(first + number)
        first += wait.children
    return _ways(everyone, asked, np.array(group, dtype=np.int64), np.array(child, dtype=np.int64))


def _ways(
    everyone: Everyone, asked: Sequence[Referral], group: NDArray[np.int64], child: NDArray[np.int64]
) -> Ways:
    found = value_matrix(asked, everyone.market, BEST, everyone.in_force.policy)
    return Ways(
        group[found.group],
        found.row.astype(np.int64),
        found.value / 10,
        child[found.group],
        found.eligible[child == WHOLE].astype(np.int64),
    )


def _with_pins(everyone: Everyone, ways: Ways, pinned: Mapping[int, str]) -> Ways:
    """The ways with those that a broker settled beyond the best of a request, where no must forbids them."""
    for place, wait in enumerate(everyone.waits):
        row = everyone.market.row_of_key.get(pinned.get(wait.row.pk, ""))
        if row is None or row in ways.best_of(place):
            continue
        whole = replace(wait.referral, siblings_together=True)
        found = value_matrix([whole], everyone.market.taken([row]), 1, everyone.in_force.policy)
        if len(found.row):
            ways = replace(
                ways,
                group=np.append(ways.group, place),
                row=np.append(ways.row, row),
                value=np.append(ways.value, found.value / 10),
                child=np.append(ways.child, WHOLE),
            )
    return ways


def may_split(wait: Wait) -> bool:
    """Whether brothers and sisters of a request may live apart."""
    return wait.children > 1 and not wait.referral.siblings_together


def waiting_of(waits: Sequence[Wait]) -> Waiting:
    """The groups in columns."""
    children = [child for wait in waits for child in wait.referral.children]
    return Waiting.groups(
        [wait.children for wait in waits],
        sex=[SEXES.get(child.sex, Sex.NOT_KNOWN) for child in children],
        waited_days=[float(wait.waited_days) for wait in waits],
        is_emergency=[wait.row.is_emergency for wait in waits],
        may_split=[may_split(wait) for wait in waits],
    )


def vacancies_of(
    market: Market, rows: NDArray[np.int64], kept_back: Sequence[int], scarcity: NDArray[np.float64]
) -> Vacancies:
    """The homes in columns: beds free today and promised to nobody, those kept back, and what a bed is worth to others."""
    return Vacancies.homes(
        np.maximum(market.places_free[rows], 0),
        kept_back=np.isin(rows, kept_back).astype(np.int64),
        scarcity=scarcity,
        is_own=market.is_own[rows],
        takes_one_sex=market.is_one_sex[rows],
    )


def apart(waits: Sequence[Wait]) -> list[tuple[int, int]]:
    """Pairs of requests whose children may not share a home."""
    wary = {place for place, wait in enumerate(waits) if _is_wary(wait)}
    return [
        (min(one, other), max(one, other))
        for one in sorted(wary)
        for other in range(len(waits))
        if other != one and (other not in wary or one < other)
        if cannot_share(waits[one].referral, waits[other].referral)
    ]


def _is_wary(wait: Wait) -> bool:
    any_ = {LivingCompanions.NO_PREFERENCE.value, LivingCompanions.WITH_OTHERS.value}
    wished = {wait.referral.living_companions, *(child.companions for child in wait.referral.children)}
    return bool(wished - any_) or any(
        child.apart_from or child.not_with_sexes or child.not_with_risks for child in wait.referral.children
    )


def cannot_share(one: Referral, other: Referral) -> bool:
    """Whether a must of either keeps the children of two requests from living together."""
    return _bars(one, other) or _bars(other, one)


def _bars(one: Referral, other: Referral) -> bool:
    wished = {one.living_companions, *(child.companions for child in one.children)}
    ages, theirs = [child.age for child in one.children], [child.age for child in other.children]
    if LivingCompanions.SOLO in wished:
        return True
    if LivingCompanions.ONLY_OLDER in wished and min(theirs) <= max(ages):
        return True
    if LivingCompanions.ONLY_YOUNGER in wished and max(theirs) >= min(ages):
        return True
    return any(_child_bars(child, other) for child in one.children)


def _child_bars(child: Child, other: Referral) -> bool:
    risks = frozenset(need.code for need in other.needs).union(*(one.risks for one in other.children))
    return (
        any(one.reference in child.apart_from for one in other.children if one.reference)
        or any(one.sex in child.not_with_sexes for one in other.children)
        or bool(child.not_with_risks & risks)
    )
