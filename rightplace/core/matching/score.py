"""The score of one home for one referral: the case of a market of one (see `ranking`)."""

from __future__ import annotations

from collections.abc import Iterable

from rightplace.core.matching.explained import Contribution, Match
from rightplace.core.matching.market import market_of
from rightplace.core.matching.policy import DEFAULT_POLICY, DEFAULT_WEIGHTS, Policy
from rightplace.core.matching.profile import Option, Referral
from rightplace.core.matching.ranking import rank_market

WEIGHTS = DEFAULT_WEIGHTS


def score_option(referral: Referral, option: Option, policy: Policy = DEFAULT_POLICY) -> Match:
    """Score one home against one request, whether it may be asked or not."""
    return rank_market(referral, market_of([option]), policy, first=0).explain(0)


def rank(referral: Referral, options: Iterable[Option], policy: Policy = DEFAULT_POLICY) -> list[Match]:
    """All homes from best fit to least, those that may not be asked too; ties go to own carers, then by key."""
    market = market_of(options)
    ranking = rank_market(referral, market, policy, first=0)
    matches = ranking.explain_all(range(len(market)))
    return sorted(matches, key=lambda match: (-match.tenths, not match.option.is_own, match.option.key))


__all__ = ["WEIGHTS", "Contribution", "Match", "rank", "score_option"]
