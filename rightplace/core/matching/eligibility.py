"""Who may be asked: all hard criteria over a market, and the case of one home.

Every home that is left out is left out for a named rule. A broker may widen the search by waiving a rule by
its code, except the rules that the law or a child's safety sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np

from rightplace.core.matching.alongside import ALONGSIDE
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.market import COARSE, Rows, market_of
from rightplace.core.matching.musts import HOME, LAW, Mask, Must
from rightplace.core.matching.policy import DEFAULT_POLICY, Policy
from rightplace.core.matching.profile import Option, Referral
from rightplace.core.matching.rules import MatchingRules
from rightplace.core.matching.vocabulary import HomeKind, Pets
from rightplace.core.problems import Problem

RULES: tuple[Must, ...] = (*LAW, *HOME[:2], *ALONGSIDE, *HOME[2:])
"""Every hard criterion, in the order in which the reasons of a home are told."""

RULES_BY_CODE: Mapping[str, Must] = {rule.code: rule for rule in RULES}


class Failing:
    """What fails where: how many rows fail each hard criterion, and for each row how many it fails.

    Which row fails which criterion is worked out again when it is asked for: keeping it costs more than that.
    """

    def __init__(self, asked: Asked, waived: frozenset[str]) -> None:
        self._asked, self._waived = asked, waived
        self.many = np.zeros(len(asked.market), dtype=np.uint8)
        self.counts: dict[str, int] = dict.fromkeys(RULES_BY_CODE, 0)
        for rule, rows in self._failed():
            self.counts[rule.code] = rule.many(asked, rows)
            self.many += rows.view(np.uint8)

    def _failed(self) -> Iterator[tuple[Must, Mask]]:
        for rule in in_force(self._asked.policy, self._waived):
            rows = rule.failed(self._asked)
            if rows is not None:
                yield rule, rows

    @cached_property
    def masks(self) -> Mapping[str, Mask]:
        """For each hard criterion that somebody may fail, the rows that do."""
        return {rule.code: rows for rule, rows in self._failed()}

    @property
    def eligible(self) -> Rows:
        """The rows that fail nothing."""
        return np.flatnonzero(self.many == 0)


def in_force(policy: Policy, waived: frozenset[str]) -> list[Must]:
    """The hard criteria that count: those the policy switches on, less those that may be waived and are."""
    return [
        rule
        for rule in RULES
        if not (rule.is_switched and rule.code not in policy.must_codes)
        and not (rule.may_waive and rule.code in waived)
    ]


def failing(asked: Asked, waived: frozenset[str] = frozenset()) -> Failing:
    """All hard criteria over a whole market."""
    return Failing(asked, waived)


def reasons(asked: Asked, failed: Failing, row: int) -> list[Problem]:
    """Every reason why a row may not be asked; empty when it may."""
    option = asked.market.options[row]
    return [
        Problem(code, RULES_BY_CODE[code].words(asked, option))
        for code, rows in failed.masks.items()
        if rows[row]
    ]


def exclusions(
    referral: Referral,
    option: Option,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
    policy: Policy = DEFAULT_POLICY,
) -> list[Problem]:
    """Every reason why a home may not be asked; empty when it may: the case of a market of one.

    `waived` holds rule codes that a broker has widened with a recorded reason. Waiving a rule that may not
    be waived changes nothing: the law and safety stand.
    """
    asked = Asked(referral, market_of([option]), policy, rules)
    return reasons(asked, failing(asked, waived), 0)


def exemption_used(referral: Referral, option: Option, rules: MatchingRules | None = None) -> str:
    """Why a foster home may go over the usual limit for this request, in words; empty when it does not."""
    asked = Asked(referral, market_of([option]), rules=rules)
    usual, total = asked.limit("fostering_usual_limit"), asked.total_at(option)
    if option.kind != HomeKind.FOSTER or usual is None or total <= usual:
        return ""
    if not asked.strangers(option):
        return f"Over the usual limit of {usual}: all {total} children are siblings."
    if total <= option.terms.exemption_total:
        return f"Over the usual limit of {usual} by exemption {option.terms.exemption}.".replace(" .", ".")
    return ""


def waiver_problems(codes: Iterable[str]) -> list[Problem]:
    """Why some of these codes may not be waived; empty when all may."""
    problems = []
    for code in sorted(set(codes)):
        rule = RULES_BY_CODE.get(code)
        if rule is None:
            problems.append(Problem("unknown_rule", f"There is no rule called {code}.", "waived"))
        elif not rule.may_waive:
            sentence = f"“{rule.name}” cannot be set aside: {rule.source}."
            problems.append(Problem("not_waivable", sentence, "waived"))
    return problems


def unchecked(referral: Referral, option: Option) -> list[Problem]:
    """Hard rules that could not be checked because something about the home is not known: ask before placing.

    Each problem carries the code of the rule.
    """
    questions = {
        "unsafe_place": bool(referral.unsafe_places)
        and (option.located is None or option.located.precision in COARSE),
        "pets_there": referral.pets == Pets.NO and option.has_pets is None,
        "no_pets_there": referral.pets == Pets.MUST and option.has_pets is None,
        "adaptation_missing": bool(referral.adaptations) and option.adaptations is None,
        "essential_missing": bool(referral.essential - option.features - option.lacks),
    }
    return [
        Problem(code, f"Not known: {RULES_BY_CODE[code].name.lower()}. Ask the home before placing.")
        for code, is_unknown in questions.items()
        if is_unknown
    ]
