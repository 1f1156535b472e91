"""Near misses: homes that fail few hard criteria, and what would make each possible, in words and as countable codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.eligibility import Failing, failing, reasons
from rightplace.core.matching.market import Rows
from rightplace.core.matching.musts import miles_too_many, unmet_high_needs
from rightplace.core.matching.profile import Option
from rightplace.core.matching.valued import value_rows
from rightplace.core.matching.vocabulary import Adaptation, Criterion, HomeKind, NeedKind
from rightplace.core.problems import Problem

MOST_FAILED = 2


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would make a home possible: a code that can be counted over referrals ("skill:autism"), and words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A home that is out, the hard criteria it fails, and what would make it possible; its score if it were."""

    option: Option
    row: int
    problems: tuple[Problem, ...]
    remedies: tuple[Remedy, ...]
    tenths: int

    @property
    def is_possible(self) -> bool:
        """Whether something can be done about every reason."""
        return len(self.remedies) >= len(self.problems)

    @property
    def words(self) -> str:
        """What would make it possible, in one sentence; empty when nothing would."""
        if not self.is_possible:
            return ""
        said = "; ".join(one.words for one in self.remedies)
        return f"Possible with {said}."


def _bed(asked: Asked, option: Option) -> list[Remedy]:
    short = asked.referral.group_size - asked.free_at(option)
    beds = "one more bed" if short == 1 else f"{short} more beds"
    when = "" if option.frees_on is None else f", or from {option.frees_on:%-d %B %Y}"
    return [Remedy(f"bed:{option.kind.value}", f"{beds}{when}")]


def _exemption(asked: Asked, option: Option) -> list[Remedy]:
    return [Remedy("exemption", f"a recorded exemption for {asked.total_at(option)} children")]


def _terms(of: str) -> Callable[[Asked, Option], list[Remedy]]:
    def remedy(asked: Asked, option: Option) -> list[Remedy]:
        if option.kind == HomeKind.FOSTER:
            return [Remedy(f"terms:{of}", f"terms of approval for this {of}")]
        return [Remedy(f"condition:{of}", f"a condition of registration for this {of}")]

    return remedy


def _needs_condition(asked: Asked, option: Option) -> list[Remedy]:
    barred = [need.code for need in asked.referral.needs if need.code in option.terms.needs_barred]
    if not barred:
        return [Remedy("condition:needs", "a condition of registration for these needs")]
    return [
        Remedy(f"condition:{one}", f"registration for {NeedKind.words_for(one).lower()}") for one in barred
    ]


def _adaptations(asked: Asked, option: Option) -> list[Remedy]:
    missing = sorted(asked.referral.adaptations - (option.adaptations or frozenset()))
    return [Remedy(f"adaptation:{one}", f"{Adaptation.words_for(one).lower()}") for one in missing]


def _criteria(asked: Asked, option: Option) -> list[Remedy]:
    missing = sorted(asked.referral.essential & option.lacks)
    return [Remedy(f"criterion:{one}", Criterion.words_for(one).lower()) for one in missing]


def _skills(asked: Asked, option: Option) -> list[Remedy]:
    unmet = unmet_high_needs(asked, option)
    return [Remedy(f"skill:{one}", f"a skill with {NeedKind.words_for(one).lower()}") for one in unmet]


def _miles(asked: Asked, option: Option) -> list[Remedy]:
    more = max(1, -int(-miles_too_many(asked, option) // 1))
    return [Remedy("miles", f"{more} more {'mile' if more == 1 else 'miles'}")]


def _price(asked: Asked, option: Option) -> list[Remedy]:
    whole = (option.whole_pence_week or 0) * asked.referral.group_size
    less = whole - (asked.referral.ceiling_pence_week or 0)
    return [Remedy("price", f"£{-(-less // 100):,} a week less, or a higher ceiling")]


def _framework(asked: Asked, option: Option) -> list[Remedy]:
    return [Remedy("framework", "the provider on a framework, or a reason for a spot purchase")]


REMEDIES: Mapping[str, Callable[[Asked, Option], list[Remedy]]] = {
    "no_place": _bed,
    "fostering_limit": _exemption,
    "age_registration": _terms("age"),
    "age_approval": _terms("age"),
    "sex_registration": _terms("sex"),
    "sex_approval": _terms("sex"),
    "needs_registration": _needs_condition,
    "adaptation_missing": _adaptations,
    "essential_missing": _criteria,
    "need_unmet": _skills,
    "too_far": _miles,
    "above_ceiling": _price,
    "not_approved": _framework,
}
"""What can be done about a hard criterion. The rest are no misses: the law, a child's safety, or the child's own needs."""


def gaps(failed: Failing) -> dict[str, int]:
    """For each hard criterion, how many homes fail it and nothing else: what the market lacks for this referral."""
    is_one = failed.many == 1
    counted = {code: int(np.count_nonzero(rows & is_one)) for code, rows in failed.masks.items()}
    return {code: many for code, many in counted.items() if many}


def near_misses(asked: Asked, failed: Failing, waived: frozenset[str], most: int) -> tuple[NearMiss, ...]:
    """The nearest misses, best value first among those that fail fewest; never empty while a home is out.

    Homes for which something can be done come first; when there are none, those that fail fewest criteria.
    """
    out = failed.many > 0
    hopeless = np.zeros(len(out), dtype=np.bool_)
    for code, rows in failed.masks.items():
        if code not in REMEDIES:
            hopeless |= rows
    chosen: list[NearMiss] = []
    for many in range(1, MOST_FAILED + 1):
        chosen += _best(asked, np.flatnonzero((failed.many == many) & ~hopeless), waived, most - len(chosen))
    if not chosen and out.any():
        fewest = failed.many[out].min()
        chosen = _best(asked, np.flatnonzero(failed.many == fewest), waived, most)
    return tuple(chosen)


def _best(asked: Asked, rows: Rows, waived: frozenset[str], most: int) -> list[NearMiss]:
    if most <= 0 or not len(rows):
        return []
    valued = value_rows(asked, rows)
    at = valued.best(most)
    return _told(asked, rows[at], valued.tenths(at).tolist(), waived)


def _told(asked: Asked, rows: Rows, tenths: Sequence[int], waived: frozenset[str]) -> list[NearMiss]:
    few = asked.at(rows)
    failed = failing(few, waived)
    found = []
    for place, row in enumerate(rows.tolist()):
        problems, option = tuple(reasons(few, failed, place)), few.market.options[place]
        remedies = [
            one
            for problem in problems
            if problem.code in REMEDIES
            for one in REMEDIES[problem.code](few, option)
        ]
        found.append(NearMiss(option, row, problems, tuple(remedies), tenths[place]))
    return found
