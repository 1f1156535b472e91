"""One referral put to one market: what it asks for in numbers, worked out once and shared by all criteria."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from functools import cached_property, partial
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from rightplace.core.geography import Point
from rightplace.core.matching.codes import KIND_CODES, risks_mask, sexes_mask
from rightplace.core.matching.living import Living, beside
from rightplace.core.matching.market import Facts, Market, Miles, miles_on
from rightplace.core.matching.policy import DEFAULT_POLICY, Policy
from rightplace.core.matching.profile import Child, Option, PreferredPlace, Referral
from rightplace.core.matching.rules import MatchingRules, published_rules
from rightplace.core.matching.vocabulary import HomeKind, PlacePurpose, Sex

Column = TypeVar("Column", bound=NDArray[Any] | None)


class Memory:
    """What several referrals of a list have in common: columns by what they depend on, up to so many bytes.

    Referrals for children of the same age, sex or number leave out the same homes for it, and the grade of a home is the
    same for all. One memory serves one market, one policy and one set of rules.
    """

    def __init__(self, most_bytes: int = 256_000_000) -> None:
        self._columns: dict[Hashable, NDArray[Any] | None] = {}
        self._left = most_bytes

    def remembered(self, key: Hashable, make: Callable[[], Column]) -> Column:
        """The column of a key, made when it is not known; None is remembered too."""
        if key in self._columns:
            return cast("Column", self._columns[key])
        column = make()
        size = 0 if column is None else column.nbytes
        if size <= self._left:
            self._left -= size
            self._columns[key] = column
        return column


class Asked:
    """A referral, the market it is put to, the authority's policy and the limits in force that day."""

    def __init__(
        self,
        referral: Referral,
        market: Market,
        policy: Policy = DEFAULT_POLICY,
        rules: MatchingRules | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.referral, self.market, self.policy = referral, market, policy
        # Brothers and sisters placed already make who lives where a matter of this referral alone.
        self._memory = None if referral.sibling_references else memory
        self.rules = rules or published_rules()
        self._fetched: tuple[NDArray[np.intp], Facts] | None = None
        self._miles: dict[Point, Miles] = {}
        self._limits: dict[str, int | None] = {}
        self.day = referral.starts_on.toordinal()
        ages = [child.age for child in referral.children]
        self.youngest, self.oldest = min(ages), max(ages)

    def remembered(self, key: Hashable | None, make: Callable[[], Column]) -> Column:
        """A column that depends on the key alone, shared with other referrals of a list; None: on this referral."""
        return make() if self._memory is None or key is None else self._memory.remembered(key, make)

    @property
    def has_memory(self) -> bool:
        """Whether columns are shared with other referrals."""
        return self._memory is not None

    def limit(self, name: str) -> int | None:
        """The value of a dated limit on the day the placement starts; None when none applied."""
        if name not in self._limits:
            self._limits[name] = self.rules.limit(name, self.referral.starts_on)
        return self._limits[name]

    def at(self, rows: NDArray[np.intp]) -> Asked:
        """The same referral put to these rows only."""
        return Asked(self.referral, self.market.taken(rows), self.policy, self.rules)

    @cached_property
    def living(self) -> Living:
        """Who lives in each home beside the referral's own brothers and sisters."""
        living, options = self.market.living, self.market.options
        own = self.referral.sibling_references
        rows = sorted({self.market.row_of_child[one] for one in own if one in self.market.row_of_child})
        if not rows:
            return living
        return living.patched(rows, [beside(self.strangers(options[row])) for row in rows])

    @cached_property
    def freed(self) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
        """The rows where places come free by the day, and how many."""
        market = self.market
        rows = market.freeing[: bisect_right(market.freeing, self.day, key=market.frees_on.__getitem__)]
        return rows, market.frees_places[rows]

    @cached_property
    def free(self) -> NDArray[np.int8]:
        """Places free on the day: those free now and those known to come free by then."""
        rows, many = self.freed
        if not len(rows):
            return self.market.places_free
        free = np.maximum(self.market.places_free, np.int8(0))
        free[rows] += many
        return free

    @cached_property
    def total(self) -> NDArray[np.int8]:
        """How many children would live there with these."""
        rows, many = self.freed
        total = self.market.there_count.copy()
        total[rows] = np.maximum(total[rows] - many, np.int8(0))
        total += np.int8(self.referral.group_size)
        return total

    @cached_property
    def is_foster(self) -> NDArray[np.bool_]:
        """Which rows are foster homes."""
        is_foster: NDArray[np.bool_] = self.market.kind == KIND_CODES[HomeKind.FOSTER]
        return is_foster

    @cached_property
    def ages_outside(self) -> NDArray[np.bool_]:
        """Which rows do not take every age asked for."""
        outside: NDArray[np.bool_] = (self.market.youngest > self.youngest) | (
            self.market.oldest < self.oldest
        )
        return outside

    @cached_property
    def sexes_outside(self) -> NDArray[np.bool_] | None:
        """Which rows do not take every sex asked for; None when none is known."""
        return (self.market.sexes & np.uint8(self.sexes)) != self.sexes if self.sexes else None

    @cached_property
    def schools(self) -> tuple[PreferredPlace, ...]:
        """The schools that the child should live near."""
        return tuple(one for one in self.referral.preferred_places if one.purpose == PlacePurpose.SCHOOL)

    def miles(self, point: Point, rows: NDArray[np.intp]) -> Miles:
        """Miles from these rows to a place, worked out once for the last rows asked about."""
        facts = self.facts(rows)
        if point not in self._miles:
            self._miles[point] = miles_on(facts["x"], facts["y"], facts["z"], point)
        return self._miles[point]

    def facts(self, rows: NDArray[np.intp]) -> Facts:
        """What the soft criteria read of these rows, fetched once for the last rows asked about."""
        if self._fetched is None or self._fetched[0] is not rows:
            self._fetched, self._miles = (rows, self.market.together.take(rows)), {}
        return self._fetched[1]

    def narrowed(self, rows: NDArray[np.intp], kept: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of these rows at the places kept; what was fetched and measured for them is not fetched again."""
        fewer, facts, miles = rows[kept], self.facts(rows), self._miles
        self._fetched = (fewer, facts.take(kept))
        self._miles = {point: far[kept] for point, far in miles.items()}
        return fewer

    @cached_property
    def belonging(self) -> dict[str, NDArray[np.uint8]]:
        """Language, faith and culture by their column, those named: by entry of the market's `sets` whether it shares any."""
        named = {
            "languages": self.referral.languages,
            "faiths": frozenset({self.referral.faith} - {""}),
            "cultures": frozenset({self.referral.culture} - {""}),
        }
        return {
            name: self.remembered(("sets", wanted), partial(self._sharing, wanted))
            for name, wanted in named.items()
            if wanted
        }

    def _sharing(self, wanted: frozenset[str]) -> NDArray[np.uint8]:
        return np.array([not wanted.isdisjoint(one) for one in self.market.sets], dtype=np.uint8)

    @cached_property
    def sexes(self) -> int:
        """The sexes of the children, as bits; not known has none."""
        return sexes_mask(frozenset(child.sex for child in self.referral.children))

    @cached_property
    def risks(self) -> int:
        """The risks to others that the children bring, as bits: their own, and those among the needs."""
        brought = frozenset[str]().union(*(child.risks for child in self.referral.children))
        return risks_mask(brought | frozenset(need.code for need in self.referral.needs))

    @cached_property
    def barred_risks(self) -> int:
        """The risks that the children must not live beside, as bits."""
        return risks_mask(frozenset[str]().union(*(child.not_with_risks for child in self.referral.children)))

    @cached_property
    def barred_sexes(self) -> int:
        """The sexes that the children must not live beside, as bits."""
        return sexes_mask(frozenset[str]().union(*(child.not_with_sexes for child in self.referral.children)))

    @cached_property
    def known_sexes(self) -> frozenset[str]:
        """The sexes of the children where known."""
        return frozenset(child.sex for child in self.referral.children) - {Sex.UNKNOWN}

    def strangers(self, option: Option) -> list[Child]:
        """The children who live there and are not brothers or sisters."""
        return [c for c in option.children_there if c.reference not in self.referral.sibling_references]

    def free_at(self, option: Option) -> int:
        """Places of one option that are free on the day."""
        is_freed = option.frees_on is not None and option.frees_on <= self.referral.starts_on
        return max(option.places_free, 0) + (option.frees_places if is_freed else 0)

    def total_at(self, option: Option) -> int:
        """How many children would live there with these."""
        freed = self.free_at(option) - max(option.places_free, 0)
        return max(len(option.children_there) - freed, 0) + self.referral.group_size
