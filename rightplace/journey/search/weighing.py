"""Weighing every option of a search: who may be asked, with the fit and its reasons, and who may not, with each named reason.

Own households are all weighed. Of the market, every approved provider's home is weighed wherever it is, and homes that
are not on a framework (spot purchase) within reach of the child's home; `core.matching` gives rules and scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rightplace.core.geography import Point, miles_between
from rightplace.core.matching.eligibility import RULES_BY_CODE, exclusions, unchecked
from rightplace.core.matching.profile import Option, Referral
from rightplace.core.matching.score import Match, rank, score_option
from rightplace.core.matching.vocabulary import PlacePurpose
from rightplace.journey.search.models import Candidate, Exclusion, Search
from rightplace.register.carers import queries as carers
from rightplace.register.frameworks.queries import Approved, approved, consortium_of
from rightplace.register.providers import queries as providers
from rightplace.register.providers.queries import MarketHome

SPOT_REACH_MILES = 40.0
BATCH = 500
NOT_APPROVED = "not_approved"
SHORT_BREAKS = "short_breaks"

MARKET_RULES: Mapping[str, tuple[str, str]] = {
    NOT_APPROVED: (
        "On a framework of the consortium",
        "Not on a framework for this kind of home: a spot purchase needs a reason.",
    ),
    SHORT_BREAKS: ("More than short breaks", "It takes children for short breaks only."),
}
RULE_NAMES: Mapping[str, str] = {code: rule.name for code, rule in RULES_BY_CODE.items()} | {
    code: name for code, (name, _) in MARKET_RULES.items()
}
"""What each rule is called, by the code that an exclusion carries."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One named reason why a home is out, and whether a broker may set it aside."""

    code: str
    words: str
    may_waive: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """An option with its fit, its place in the ranking (None when it is out) and every reason against it."""

    match: Match
    reasons: tuple[Reason, ...]
    position: int | None

    @property
    def is_eligible(self) -> bool:
        """Whether it may be asked."""
        return not self.reasons


def weigh_all(search: Search, referral: Referral) -> list[Candidate]:
    """Weigh own carers and the market for a search and write candidates and exclusions; a fixed number of statements."""
    on = referral.starts_on
    weighed = weigh(referral, carers.options(search.authority_id, on), {})
    routes = approved(consortium_of(search.authority_id), on)
    homes = within_reach(referral, providers.market(on, search.authority_id), routes)
    weighed += weigh(referral, [home.option for home in homes], _market_reasons(homes, routes))
    return _write(search, referral, weighed)


def within_reach(
    referral: Referral, homes: list[MarketHome], routes: Mapping[tuple[int, str], Approved]
) -> list[MarketHome]:
    """Approved providers' homes, and others no further than 40 miles from the child's home."""
    centre = centre_of(referral)
    return [
        home
        for home in homes
        if (home.provider_id, home.option.kind.value) in routes or _is_near(home.option, centre)
    ]


def _is_near(option: Option, centre: Point | None) -> bool:
    if centre is None or option.located is None:
        return False
    return miles_between(centre, option.located.point) <= SPOT_REACH_MILES


def centre_of(referral: Referral) -> Point | None:
    """Where distances are measured from: the child's home area, else the first place to live near."""
    places = sorted(referral.preferred_places, key=lambda place: place.purpose != PlacePurpose.HOME)
    return places[0].point if places else None


def _market_reasons(
    homes: list[MarketHome], routes: Mapping[tuple[int, str], Approved]
) -> dict[str, list[Reason]]:
    found: dict[str, list[Reason]] = {}
    for home in homes:
        reasons = []
        if (home.provider_id, home.option.kind.value) not in routes:
            reasons.append(Reason(NOT_APPROVED, MARKET_RULES[NOT_APPROVED][1], may_waive=True))
        if home.is_short_break_only:
            reasons.append(Reason(SHORT_BREAKS, MARKET_RULES[SHORT_BREAKS][1], may_waive=False))
        found[home.option.key] = reasons
    return found


def weigh(referral: Referral, options: list[Option], more: Mapping[str, list[Reason]]) -> list[Weighed]:
    """Options from best fit to least, the eligible ones numbered from 1; `more` are further reasons by option key."""
    weighed, position = [], 0
    for match in rank(referral, options):
        problems = exclusions(referral, match.option)
        reasons = [Reason(p.code, p.sentence, RULES_BY_CODE[p.code].may_waive) for p in problems]
        reasons += more.get(match.option.key, [])
        position += not reasons
        weighed.append(Weighed(match, tuple(reasons), None if reasons else position))
    return weighed


def _write(search: Search, referral: Referral, weighed: list[Weighed]) -> list[Candidate]:
    centre = centre_of(referral)
    rows = [_candidate(search, one, referral, centre) for one in weighed]
    Candidate.objects.bulk_create(rows, batch_size=BATCH)
    Exclusion.objects.bulk_create(
        [
            Exclusion(
                authority_id=search.authority_id, candidate=row, code=reason.code, words=reason.words[:300],
                may_waive=reason.may_waive,
            )
            for row, one in zip(rows, weighed, strict=True)
            for reason in one.reasons
        ],
        batch_size=4 * BATCH,
    )  # fmt: skip
    return rows


def _candidate(search: Search, weighed: Weighed, referral: Referral, centre: Point | None) -> Candidate:
    option = weighed.match.option
    kind, _, number = option.key.partition(":")
    miles = miles_between(centre, option.located.point) if centre and option.located else None
    return Candidate(
        authority_id=search.authority_id,
        search=search,
        household_id=int(number) if kind == "household" else None,
        setting_id=int(number) if kind == "setting" else None,
        is_eligible=weighed.is_eligible,
        score=weighed.match.score,
        rank=weighed.position,
        miles=None if miles is None else round(miles, 1),
        located_by=option.located.precision.value if option.located else "",
        # Why it fits is kept for those who may be asked; the others have their exclusions.
        explanation=explanation_of(referral, weighed.match) if weighed.is_eligible else [],
    )


def explanation_of(referral: Referral, match: Match) -> list[dict[str, Any]]:
    """The contribution of each criterion as stored: code, points, of how many, words, and what to ask."""
    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "points": round(one.points, 1),
            "of": one.of,
            "words": one.words,
            "ask": one.unknown,
        }
        for one in match.contributions
    ]
    asked = [problem.sentence for problem in unchecked(referral, match.option)]
    return rows + [{"code": "unchecked", "points": 0, "of": 0, "words": "", "ask": words} for words in asked]


def explain(search: Search, referral: Referral, rows: list[Candidate]) -> None:
    """Fill in why these candidates fit, as for those that were eligible from the start (the rows are not saved here)."""
    on = referral.starts_on
    options = {one.key: one for one in carers.options(search.authority_id, on)}
    options |= {home.option.key: home.option for home in providers.market(on, search.authority_id)}
    for row in rows:
        key = carers.key_of(row.household_id) if row.household_id else providers.key_of(row.setting_id or 0)
        if option := options.get(key):
            row.explanation = explanation_of(referral, score_option(referral, option))
