"""Weighing every option of a search: who may be asked, with the fit and its reasons, and who may not, with each named reason.

Own households are all weighed. Of the market, every approved provider's home is weighed wherever it is, and homes that
are not on a framework (spot purchase) within reach of the child's home; `core.matching` gives rules and scores, under the
authority's matching policy in force on the day, which is kept with the search.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from rightplace.core.geography import Point, miles_between
from rightplace.core.matching.eligibility import RULES_BY_CODE, unchecked
from rightplace.core.matching.explained import Match
from rightplace.core.matching.market import Market, Rows, miles_to
from rightplace.core.matching.policy import DEFAULT_POLICY
from rightplace.core.matching.profile import Option, PreferredPlace, Referral
from rightplace.core.matching.ranking import Ranking, rank_market
from rightplace.core.matching.valued import value_rows
from rightplace.core.matching.vocabulary import PlacePurpose
from rightplace.journey.search.left_out import keep_reasons
from rightplace.journey.search.marking import ruled_out_for
from rightplace.journey.search.models import Candidate, Exclusion, NearMiss, Search
from rightplace.journey.search.policies import InForce, as_policy, policy_on
from rightplace.journey.search.reasons import RULED_OUT, ruled_out_words
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.usual import with_usual_prices
from rightplace.register.carers import queries as carers
from rightplace.register.providers import queries as providers

SPOT_REACH_MILES = 40.0
BATCH = 500


@dataclass(frozen=True, slots=True)
class Weighed:
    """A referral ranked against all homes within reach, under the policy in force."""

    referral: Referral
    ranking: Ranking
    in_force: InForce

    @property
    def market(self) -> Market:
        """The homes within reach."""
        return self.ranking.asked.market


def weigh_all(search: Search, referral: Referral, on: date) -> list[Candidate]:
    """Weigh own carers and the market for a search and write candidates, exclusions and near misses.

    `on` is the day of weighing: the policy in force on it counts and is kept with the search.
    """
    weighed = weigh(search.authority_id, referral, on)
    _keep_policy(search, weighed)
    rows = _write(search, weighed)
    _write_near_misses(search, weighed, rows)
    keep_reasons(search)
    return rows


def weigh(authority_id: int, referral: Referral, on: date) -> Weighed:
    """Rank a referral against the homes within its reach, as they stand on the day from which a place is looked for."""
    in_force = policy_on(authority_id, on)
    (referral,) = with_usual_prices([referral], authority_id, on)
    whole = market_for(authority_id, referral.starts_on)
    market = whole.taken(within_reach(referral, whole))
    return Weighed(referral, rank_market(referral, market, in_force.policy), in_force)


def within_reach(referral: Referral, market: Market) -> Rows:
    """Own carers, approved providers' homes, and others no further than 40 miles from the child's home."""
    is_in = market.framework != 0
    if (centre := centre_of(referral.preferred_places)) is not None:
        is_in = is_in | (miles_to(market, centre) <= SPOT_REACH_MILES)
    return np.flatnonzero(is_in)


def centre_of(near: Iterable[PreferredPlace]) -> Point | None:
    """Where distances are measured from: the child's home area, else the first place to live near."""
    places = sorted(near, key=lambda place: place.purpose != PlacePurpose.HOME)
    return places[0].point if places else None


def _keep_policy(search: Search, weighed: Weighed) -> None:
    usual = {kind: list(edges) for kind, edges in weighed.referral.usual_pence.items()}
    search.policy, search.ranked_by = weighed.in_force.row, {**weighed.in_force.kept, "usual_pence": usual}
    search.steadiness = weighed.ranking.steadiness.words[:300]
    search.save(update_fields=["policy", "ranked_by", "steadiness"])


def _write(search: Search, weighed: Weighed) -> list[Candidate]:
    """Every home as a candidate, the best first, those that are out too, with their reasons."""
    ranking, barred = weighed.ranking, _ruled_out(search, weighed.market)
    rows = _candidates(search, weighed, barred)
    Candidate.objects.bulk_create([row for row, _ in rows], batch_size=BATCH)
    left_out = [
        Exclusion(
            authority_id=search.authority_id, candidate=row, code=one.code, words=one.sentence[:300],
            may_waive=RULES_BY_CODE[one.code].may_waive,
        )
        for row, at in rows
        if not row.is_eligible
        for one in ranking.reasons(at)
    ]  # fmt: skip
    left_out += [
        Exclusion(
            authority_id=search.authority_id, candidate=row, code=RULED_OUT, words=ruled_out_words(barred[at]), may_waive=True
        )
        for row, at in rows
        if at in barred
    ]  # fmt: skip
    Exclusion.objects.bulk_create(left_out, batch_size=4 * BATCH)
    return [row for row, _ in rows]


def _ruled_out(search: Search, market: Market) -> dict[int, str]:
    """The homes that brokers ruled out for the request, by row of the market, with why."""
    found = ruled_out_for(search.request_id)
    return {market.row_of_key[key]: words for key, words in found.items() if key in market.row_of_key}


def _candidates(search: Search, weighed: Weighed, barred: Container[int]) -> list[tuple[Candidate, int]]:
    """Candidates with their rows of the market; why it fits is kept for those who may be asked, the others have their reasons."""
    market, ranking, referral = weighed.market, weighed.ranking, weighed.referral
    centre = centre_of(referral.preferred_places)
    tenths = value_rows(ranking.asked, np.arange(len(market))).tenths().tolist()
    places = _places(ranking.rows, barred)
    without_cost = _places(ranking.without_cost, barred)
    matches = {match.row: match for match in ranking.explain_all(ranking.rows.tolist())}
    order = sorted(
        range(len(market)), key=lambda row: (-tenths[row], not market.is_own[row], market.key_rank[row])
    )
    found = []
    for row in order:
        candidate = _candidate(search, market.options[row], centre)
        candidate.score, candidate.is_eligible = tenths[row] / 10, row in places
        candidate.rank, candidate.rank_without_cost = places.get(row), without_cost.get(row)
        if match := matches.get(row):
            candidate.explanation = explanation_of(referral, match)
        found.append((candidate, row))
    return found


def _places(rows: Rows, barred: Container[int]) -> dict[int, int]:
    """The place of each row in an order, those ruled out left out."""
    return {row: place for place, row in enumerate((one for one in rows.tolist() if one not in barred), 1)}


def _candidate(search: Search, option: Option, centre: Point | None) -> Candidate:
    kind, _, number = option.key.partition(":")
    miles = miles_between(centre, option.located.point) if centre and option.located else None
    return Candidate(
        authority_id=search.authority_id,
        search=search,
        household_id=int(number) if kind == "household" else None,
        setting_id=int(number) if kind == "setting" else None,
        miles=None if miles is None else round(miles, 1),
        located_by=option.located.precision.value if option.located else "",
    )


def _write_near_misses(search: Search, weighed: Weighed, rows: Sequence[Candidate]) -> None:
    by_key = {_key_of(row): row for row in rows}
    NearMiss.objects.bulk_create(
        NearMiss(
            authority_id=search.authority_id, search=search, candidate=by_key[miss.option.key], position=place,
            code=remedy.code, words=remedy.words[:300], of=len(miss.remedies), score=miss.tenths / 10,
        )
        for place, miss in enumerate(weighed.ranking.near_misses, 1)
        if miss.is_possible
        for remedy in miss.remedies
    )  # fmt: skip


def _key_of(row: Candidate) -> str:
    return carers.key_of(row.household_id) if row.household_id else providers.key_of(row.setting_id or 0)


def explanation_of(referral: Referral, match: Match) -> list[dict[str, Any]]:
    """The contribution of each criterion as stored: code, points, of how many, words, and what to ask."""
    rows: list[dict[str, Any]] = [
        {"code": one.code, "points": one.points, "of": one.of, "words": one.words, "ask": one.unknown}
        for one in match.contributions
    ]
    return rows + [
        {"code": "unchecked", "points": 0, "of": 0, "words": "", "ask": words}
        for words in _questions(referral, match.option)
    ]


def _questions(referral: Referral, option: Option) -> list[str]:
    return [problem.sentence for problem in unchecked(referral, option)]


def explain(search: Search, referral: Referral, rows: list[Candidate]) -> None:
    """Fill in why these candidates fit, as for those that were eligible from the start (the rows are not saved here).

    Under the policy and the usual prices that the search was ranked by, whatever holds by now.
    """
    market = market_for(search.authority_id, referral.starts_on)
    known = [row for row in rows if _key_of(row) in market.row_of_key]
    few = market.taken([market.row_of_key[_key_of(row)] for row in known])
    policy = as_policy(search.policy) if search.policy else DEFAULT_POLICY
    usual = search.ranked_by.get("usual_pence", {})
    referral = replace(referral, usual_pence={kind: tuple(edges) for kind, edges in usual.items()})
    matches = rank_market(referral, few, policy, first=0).explain_all(range(len(known)))
    for row, match in zip(known, matches, strict=True):
        row.explanation = explanation_of(referral, match)
