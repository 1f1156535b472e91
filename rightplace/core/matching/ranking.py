"""Ranking one referral against the whole market: who may be asked in order, why, who is out, and what is nearly possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.asked import Asked, Memory
from rightplace.core.matching.eligibility import failing, reasons
from rightplace.core.matching.explained import Match, explained
from rightplace.core.matching.market import Market, Rows
from rightplace.core.matching.near import NearMiss, gaps, near_misses
from rightplace.core.matching.policy import DEFAULT_POLICY, Policy
from rightplace.core.matching.profile import Referral
from rightplace.core.matching.rules import MatchingRules
from rightplace.core.matching.steadiness import LEADERS, Steadiness, steadiness
from rightplace.core.matching.valued import Valued, contenders, value_rows
from rightplace.core.problems import Problem

FIRST = 50
NEAREST = 20


class Ranking:
    """A referral ranked against a market.

    `first` are the best rows explained, `failed` counts the rows that fail each hard criterion (a row may fail
    several). Everything else is worked out when it is asked for, from the same numbers.
    """

    def __init__(self, asked: Asked, waived: frozenset[str], first: int) -> None:
        self.asked, self._waived = asked, waived
        self._failing = failing(asked, waived)
        self.failed: Mapping[str, int] = self._failing.counts
        self._top = contenders(asked, self._failing.eligible, max(first, LEADERS))
        self._best: Rows = self._top.best(max(first, LEADERS))
        self.first: tuple[Match, ...] = explained(self._top, self._best[:first])

    @cached_property
    def valued(self) -> Valued:
        """Every row that may be asked with its value, in the order of the market."""
        return value_rows(self.asked, self._failing.eligible)

    @cached_property
    def _order(self) -> Rows:
        return np.argsort(-self.valued.order())

    @cached_property
    def rows(self) -> Rows:
        """The rows that may be asked, best first; ties go to own carers, then by key."""
        return self.valued.rows[self._order]

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """The score of each of `rows`, in points from 0 to 100."""
        scores: NDArray[np.float64] = self.valued.tenths()[self._order] / 10
        return scores

    @cached_property
    def without_cost(self) -> Rows:
        """The rows that may be asked, best first, with cost left out of the value."""
        return self.valued.rows[np.argsort(-self.valued.order(self.valued.value_without("cost")))]

    @cached_property
    def gaps(self) -> Mapping[str, int]:
        """For each hard criterion, how many homes fail it and nothing else."""
        return gaps(self._failing)

    @cached_property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """The nearest of the homes that are out, with what would make each possible."""
        return near_misses(self.asked, self._failing, self._waived, NEAREST)

    @cached_property
    def steadiness(self) -> Steadiness:
        """How far each weight can move before the first three change."""
        leaders = self._top.rows[self._best[:LEADERS]]
        return steadiness(self.valued, np.searchsorted(self.valued.rows, leaders).tolist())

    def explain(self, row: int) -> Match:
        """The value of any row in points and words, also of one that is out."""
        return self.explain_all([row])[0]

    def explain_all(self, rows: Sequence[int]) -> tuple[Match, ...]:
        """The value of these rows in points and words, also of those that are out."""
        at = np.asarray(rows, dtype=np.intp)
        return explained(value_rows(self.asked, at), np.arange(len(at)))

    def reasons(self, row: int) -> list[Problem]:
        """Every reason why a row may not be asked; empty when it may."""
        return reasons(self.asked, self._failing, row)


def rank_market(
    referral: Referral,
    market: Market,
    policy: Policy = DEFAULT_POLICY,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
    first: int = FIRST,
) -> Ranking:
    """Rank a referral against a whole market; the same input always gives the same output.

    `waived` holds codes of hard criteria that a broker has widened; `first` is how many are explained at once.
    """
    return Ranking(Asked(referral, market, policy, rules), waived, first)


def exclusions_at(
    referral: Referral,
    market: Market,
    row: int,
    policy: Policy = DEFAULT_POLICY,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
) -> list[Problem]:
    """Every reason why one row may not be asked; empty when it may."""
    few = Asked(referral, market.taken([row]), policy, rules)
    return reasons(few, failing(few, waived), 0)


def rank_many(
    referrals: Iterable[Referral],
    market: Market,
    policy: Policy = DEFAULT_POLICY,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
    first: int = FIRST,
) -> Iterator[Ranking]:
    """Rank each of a list of referrals, one after another: the answers of `rank_market`, never all in memory at once.

    What referrals have in common is worked out once and remembered, within 256 MB.
    """
    memory = Memory()
    for referral in referrals:
        yield Ranking(Asked(referral, market, policy, rules, memory), waived, first)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """For each referral of a list its best rows: three columns of equal length, by group, best first.

    `group` is the place of the referral in the list, `row` the row of the market, `value` the score in tenths of a point.
    `eligible` counts all rows that may be asked, by group: 0 where nobody can be.
    """

    group: NDArray[np.int32]
    row: NDArray[np.int32]
    value: NDArray[np.int32]
    eligible: NDArray[np.int32]


def value_matrix(
    referrals: Sequence[Referral],
    market: Market,
    best: int = 50,
    policy: Policy = DEFAULT_POLICY,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
) -> Candidates:
    """The best rows of every referral with their value, for assignment: memory grows with the list, not with the market."""
    rows, values, eligible, memory = [], [], [], Memory()
    for referral in referrals:
        asked = Asked(referral, market, policy, rules, memory)
        may_be_asked = failing(asked, waived).eligible
        valued = contenders(asked, may_be_asked, best)
        at = valued.best(best)
        rows.append(valued.rows[at])
        values.append(valued.tenths(at))
        eligible.append(len(may_be_asked))
    sizes = [len(one) for one in rows]
    return Candidates(
        np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        np.concatenate([*rows, np.empty(0, dtype=np.intp)]).astype(np.int32),
        np.concatenate([*values, np.empty(0, dtype=np.int64)]).astype(np.int32),
        np.array(eligible, dtype=np.int32),
    )
