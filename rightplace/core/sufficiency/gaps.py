"""Gap tables: for each need cohort, how many children have a home that is usable for them, free, and near; and what
would unlock more.

A home is usable when it fails none of matching's hard criteria but room; it is free when it fails none at all. Beds
are not counted,
because a bed that no waiting child may be placed in fills no gap. An empty home that fails one thing only is named
with that thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rightplace.core.matching.asked import Asked, Memory
from rightplace.core.matching.eligibility import RULES_BY_CODE, failing
from rightplace.core.matching.market import Market
from rightplace.core.matching.policy import DEFAULT_POLICY, Policy
from rightplace.core.matching.profile import Referral
from rightplace.core.matching.rules import MatchingRules
from rightplace.core.sufficiency.cohorts import COHORTS, age_of, cohorts_of

NEAR_MILES = 20.0
ROOM = frozenset({"no_place", "fostering_limit"})
"""Codes of the criteria that speak of room alone."""


@dataclass(frozen=True, slots=True)
class Usable:
    """One referral against the market: homes usable, free now, free and near (all when the home address is not known); what alone
    keeps empty homes closed, by code."""

    children: int
    cohorts: tuple[str, ...]
    age: str
    usable: int
    free: int
    near: int
    locks: Counter[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """A cohort (or a cohort and age): children, those with no usable home, none free, none free and near; homes in the middle."""

    code: str
    words: str
    children: int
    without_usable: int
    without_free: int
    without_near: int
    middle_free: float
    low: float
    high: float
    locks: tuple[tuple[str, int], ...]

    @property
    def share_without(self) -> float:
        """The share of children without a free usable home."""
        return self.without_free / self.children if self.children else 0.0


def usable_for(
    referrals: Iterable[Referral],
    market: Market,
    policy: Policy = DEFAULT_POLICY,
    rules: MatchingRules | None = None,
) -> list[Usable]:
    """Each referral against the whole market by matching's own musts."""
    memory, found = Memory(), []
    for referral in referrals:
        asked = Asked(referral, market, policy, rules, memory)
        failed = failing(asked)
        room = np.zeros(len(market), np.uint8)
        for code in ROOM & set(failed.masks):
            room += failed.masks[code]
        is_empty = market.places_free > 0
        is_free = failed.many == 0
        once = np.flatnonzero((failed.many == 1) & is_empty)
        locks = Counter(
            {code: int(rows[once].sum()) for code, rows in failed.masks.items() if rows[once].any()}
        )
        found.append(
            Usable(
                len(referral.children), cohorts_of(referral), age_of(referral), int((failed.many == room).sum()),
                int(is_free.sum()), int((is_free & _near(referral, asked)).sum()), locks,
            )
        )  # fmt: skip
    return found


def _near(referral: Referral, asked: Asked) -> npt.NDArray[np.bool_]:
    """Homes within twenty miles of the first place that the child should be near; all when none is known."""
    place = next((one for one in referral.preferred_places), None)
    if place is None:
        return np.ones(len(asked.market), bool)
    near: npt.NDArray[np.bool_] = asked.miles(place.point, np.arange(len(asked.market))) <= NEAR_MILES
    return near


def gap_table(usable: Sequence[Usable]) -> list[Gap]:
    """One row for each cohort that has children, in the order of the cohorts."""
    of: dict[str, list[Usable]] = defaultdict(list)
    for one in usable:
        for code in one.cohorts:
            of[code].append(one)
    return [_gap(cohort.code, cohort.words, of[cohort.code]) for cohort in COHORTS if of[cohort.code]]


def gap_grid(usable: Sequence[Usable]) -> dict[tuple[str, str], Gap]:
    """The same by cohort and age: what a heat map shows."""
    of: dict[tuple[str, str], list[Usable]] = defaultdict(list)
    for one in usable:
        for code in one.cohorts:
            of[code, one.age].append(one)
    words = {cohort.code: cohort.words for cohort in COHORTS}
    return {key: _gap(key[0], words[key[0]], rows) for key, rows in of.items()}


def _gap(code: str, words: str, rows: Sequence[Usable]) -> Gap:
    children = sum(one.children for one in rows)
    usable, free, near = (
        sum(one.children for one in rows if not getattr(one, name)) for name in ("usable", "free", "near")
    )
    locks: Counter[str] = Counter()
    for one in rows:
        locks.update(one.locks)
    low, high = wilson(free, children)
    middle = float(np.median([one.free for one in rows]))
    return Gap(code, words, children, usable, free, near, middle, low, high, tuple(locks.most_common(3)))


def wilson(number: int, of: int, z: float = 1.645) -> tuple[float, float]:
    """The 90% interval of a share (Wilson, 1927): honest for small groups, which are pooled over authorities for it."""
    if not of:
        return 0.0, 1.0
    share, bound = number / of, z * z / of
    middle = (share + bound / 2) / (1 + bound)
    half = z * float(np.sqrt(share * (1 - share) / of + bound / (4 * of))) / (1 + bound)
    return max(0.0, middle - half), min(1.0, middle + half)


def lock_words(code: str) -> str:
    """What keeps an empty home closed, in matching's own words."""
    rule = RULES_BY_CODE.get(code)
    return rule.name if rule else code
