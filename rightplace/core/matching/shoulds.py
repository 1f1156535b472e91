"""The soft criteria, each once: whether a referral uses it, the share of full marks of each row, and the words for one.

A share is in thousandths, 0 to 1,000, and a whole number, so that the same facts always give the same value. Whether a
criterion is used depends on the referral alone: all homes are measured by the same criteria. What is not known earns
nothing and is asked; only a home not inspected yet, and a price not known, earn half, because neither is a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rightplace.core.geography import miles_between
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import CRITERION_BITS, GRADES, KINDS, NEED_BITS
from rightplace.core.matching.market import Rows
from rightplace.core.matching.profile import Need, Option, PreferredPlace
from rightplace.core.matching.vocabulary import (
    SEVERITY_WORDS,
    Criterion,
    Grade,
    LivingCompanions,
    NeedKind,
    PlacePurpose,
    Suitability,
    Term,
)

Shares = NDArray[np.int32]
Said = tuple[str, str]
FULL, HALF = 1_000, 500

PLACE_WEIGHTS: dict[str, int] = {PlacePurpose.SCHOOL: 3, PlacePurpose.HOME: 2, PlacePurpose.FAMILY: 2}

GRADE_SHARES: dict[Grade, int] = {
    Grade.OUTSTANDING: 1_000,
    Grade.CONSISTENTLY_STRONG: 950,
    Grade.GOOD: 850,
    Grade.NOT_INSPECTED: 500,
    Grade.REQUIRES_IMPROVEMENT: 400,
    Grade.INCONSISTENT: 400,
    Grade.INADEQUATE: 0,
    Grade.SERIOUS_WEAKNESSES: 0,
}
GRADE_LOSS_PER_YEAR = 100
GRADE_LOSS_AT_MOST = 300
DAYS_PER_YEAR = 365.25

KIND_SHARES: dict[str, int] = {
    Suitability.PREFERRED: FULL,
    Suitability.SUITABLE: HALF,
    Suitability.NOT_SPECIFIED: HALF,
    Suitability.UNSUITABLE: 0,
}


@dataclass(frozen=True, slots=True)
class Should:
    """A soft criterion. `words` gives why one option earned its share, and what to ask the home ("" for nothing)."""

    code: str
    is_used: Callable[[Asked], bool]
    shares: Callable[[Asked, Rows], Shares]
    words: Callable[[Asked, Option], Said]


def _covered(needs: tuple[Need, ...], masks: NDArray[np.uint64]) -> Shares:
    """The share of needs, weighted by severity, that are among each row's."""
    found = np.zeros(len(masks), dtype=np.int32)
    for need in needs:
        if bit := NEED_BITS.get(need.code, 0):
            found += ((masks & np.uint64(bit)) != 0) * np.int32(need.severity)
    return _shared(found, sum(need.severity for need in needs))


def _shared(earned: Shares, of: int) -> Shares:
    """Thousandths, half up."""
    shares: Shares = (earned * np.int32(2 * FULL) + np.int32(of)) // np.int32(2 * of)
    return shares


def _needs_shares(asked: Asked, rows: Rows) -> Shares:
    """The share of needs, weighted by severity, that the home says it can meet."""
    return _covered(asked.referral.needs, asked.market.skills[rows])


def _with_severity(needs: list[Need]) -> str:
    return ", ".join(f"{NeedKind.words_for(n.code)} ({SEVERITY_WORDS[n.severity].lower()})" for n in needs)


def _needs_words(asked: Asked, option: Option) -> Said:
    needs = asked.referral.needs
    met = [need for need in needs if need.code in option.skills]
    missing = _with_severity([need for need in needs if need.code not in option.skills])
    words = f"Meets {len(met)} of {len(needs)} needs" + (f": {_with_severity(met)}." if met else ".")
    return words, f"How would these needs be met: {missing}?" if missing else ""


def _experience_shares(asked: Asked, rows: Rows) -> Shares:
    """The share of needs, weighted by severity, of children cared for there before."""
    return _covered(asked.referral.needs, asked.market.experience[rows])


def _experience_words(asked: Asked, option: Option) -> Said:
    met = [need.code for need in asked.referral.needs if need.code in option.experience]
    if not met:
        return "No experience with these needs known.", "Has the home cared for children with like needs?"
    return f"Has cared for children with: {', '.join(NeedKind.words_for(one).lower() for one in met)}.", ""


def _distance_shares(asked: Asked, rows: Rows) -> Shares:
    """Closeness to preferred places: full marks at the place itself, none at its `max_miles` or beyond."""
    earned = np.zeros(len(rows), dtype=np.float32)
    places = asked.referral.preferred_places
    of = sum(PLACE_WEIGHTS[place.purpose] for place in places)
    for place in places:
        if place.max_miles > 0:
            miles = asked.miles(place.point, rows)
            near = np.float32(1) - miles * np.float32(1 / place.max_miles)
            earned += np.maximum(near, np.float32(0)) * np.float32(PLACE_WEIGHTS[place.purpose] / of)
    np.nan_to_num(earned, copy=False)
    return (earned * np.float32(FULL) + np.float32(0.5)).astype(np.int32)


def _distance_words(asked: Asked, option: Option) -> Said:
    if option.located is None:
        return "Its place is not known.", "Where is the home?"
    measured = f"straight line, to the {option.located.precision}"
    words = "; ".join(_miles_words(place, option) for place in asked.referral.preferred_places)
    return f"{words} ({measured}).", ""


def _miles_words(place: PreferredPlace, option: Option) -> str:
    miles = miles_between(place.point, option.located.point) if option.located else 0.0
    return f"{miles:.1f} miles from {place.purpose.words.lower()}"


def _schools(asked: Asked) -> list[PreferredPlace]:
    return [place for place in asked.referral.preferred_places if place.purpose == PlacePurpose.SCHOOL]


def _school_shares(asked: Asked, rows: Rows) -> Shares:
    """The school can be kept: within the miles that the request gives for it; half where the home makes the school run."""
    runs = (asked.market.features[rows] & np.uint32(CRITERION_BITS[Criterion.SCHOOL_RUN])) != 0
    shares = runs * np.int32(HALF)
    for place in _schools(asked):
        shares[asked.miles(place.point, rows) <= np.float32(place.max_miles)] = FULL
    return shares


def _school_words(asked: Asked, option: Option) -> Said:
    if option.located is None:
        return "Its place is not known.", "Can the child keep the present school?"
    near = any(miles_between(p.point, option.located.point) <= p.max_miles for p in _schools(asked))
    if near:
        return "Near enough to keep the school.", ""
    if Criterion.SCHOOL_RUN in option.features:
        return "Further than asked, but the home takes the child to school.", ""
    return "Too far to keep the school without help.", "Could the home take the child to the present school?"


def _met_shares(wanted: frozenset[str], features: NDArray[np.uint32]) -> Shares:
    found = np.zeros(len(features), dtype=np.int32)
    for code in wanted:
        if bit := CRITERION_BITS.get(code, 0):
            found += (features & np.uint32(bit)) != 0
    return _shared(found, len(wanted))


def _met_words(name: str, wanted: frozenset[str], option: Option) -> Said:
    met, unknown = wanted & option.features, wanted - option.features - option.lacks
    words = f"Meets {len(met)} of {len(wanted)} {name} criteria" + _list_after_colon(Criterion, met)
    return words, f"Not known whether it meets{_list_after_colon(Criterion, unknown)}" if unknown else ""


def _list_after_colon(terms: type[Term], codes: frozenset[str]) -> str:
    listed = "; ".join(terms.words_for(code).lower() for code in sorted(codes))
    return f": {listed}." if listed else "."


def _kind_shares(asked: Asked, rows: Rows) -> Shares:
    """Whether this kind of home is preferred, suitable, or not specified for the child."""
    by_kind = [KIND_SHARES[asked.referral.suitability_of(kind)] for kind in KINDS]
    return np.array(by_kind, dtype=np.int32)[asked.market.kind[rows]]


def _kind_words(asked: Asked, option: Option) -> Said:
    suitability = Suitability(asked.referral.suitability_of(option.kind))
    return f"{option.kind.words}: {suitability.words.lower()}.", ""


def _belonging_parts(asked: Asked, sets: Any) -> list[tuple[str, bool]]:
    """What the request names of language, faith and culture, and whether it is among these sets."""
    referral, (languages, faiths, cultures) = asked.referral, sets
    named = [
        ("language", bool(referral.languages), bool(referral.languages & languages)),
        ("faith", bool(referral.faith), referral.faith in faiths),
        ("culture", bool(referral.culture), referral.culture in cultures),
    ]
    return [(name, is_shared) for name, is_asked, is_shared in named if is_asked]


def _belonging_shares(asked: Asked, rows: Rows) -> Shares:
    """Language, faith and culture: each that the request names counts the same."""
    parts = [_belonging_parts(asked, sets) for sets in asked.market.belongings]
    shared = np.array([sum(is_shared for _, is_shared in one) for one in parts], dtype=np.int32)
    return _shared(shared, len(parts[0]) if parts else 1)[asked.market.belonging[rows]]


def _belonging_words(asked: Asked, option: Option) -> Said:
    parts = _belonging_parts(asked, (option.languages, option.faiths, option.cultures))
    shared = " and ".join(name for name, is_shared in parts if is_shared)
    missing = " and ".join(name for name, is_shared in parts if not is_shared)
    words = f"Shares the child's {shared}." if shared else "No shared language, faith or culture known."
    return words, f"How would the child's {missing} be supported?" if missing else ""


def _grade_shares(asked: Asked, rows: Rows) -> Shares:
    """The inspection grade; from the second year on it loses a tenth a year, at most three tenths."""
    base = np.array([GRADE_SHARES[grade] for grade in GRADES], dtype=np.int32)
    keeps = np.array([grade == Grade.NOT_INSPECTED for grade in GRADES])
    grade, graded_on = asked.market.grade[rows], asked.market.graded_on[rows]
    years = ((asked.day - graded_on) / DAYS_PER_YEAR).astype(np.int32)
    loss = np.minimum(GRADE_LOSS_AT_MOST, GRADE_LOSS_PER_YEAR * np.maximum(years - 1, 0))
    loss[keeps[grade] | (graded_on == 0)] = 0
    shares: Shares = (base[grade] * (FULL - loss) + HALF) // FULL
    return shares.astype(np.int32)


def _grade_words(asked: Asked, option: Option) -> Said:
    if option.grade == Grade.NOT_INSPECTED or option.graded_on is None:
        return f"{option.grade.words}.", ""
    years = _whole_years(option.graded_on, asked.referral.starts_on)
    age = "less than a year" if years < 1 else "1 year" if years == 1 else f"{years} years"
    return f"{option.grade.words}, inspected {age} before.", ""


def _whole_years(earlier: date, later: date) -> int:
    return max(0, int((later - earlier).days / DAYS_PER_YEAR))


def _siblings_shares(asked: Asked, rows: Rows) -> Shares:
    """Brothers and sisters in one home: the group together, or beside those placed already."""
    shares = np.zeros(len(rows), dtype=np.int32)
    if len(asked.referral.children) > 1:
        shares[asked.free[rows] >= len(asked.referral.children)] = FULL
    if asked.referral.sibling_references:
        shares[asked.market.there_count[rows] > asked.living.count[rows]] = FULL
    return shares


def _siblings_words(asked: Asked, option: Option) -> Said:
    many = len(asked.referral.children)
    if len(asked.strangers(option)) < len(option.children_there):
        return "A brother or sister lives there already.", ""
    if many > 1 and asked.free_at(option) >= many:
        return f"Room for all {many} children together.", ""
    return "The children would live apart.", ""


def _alongside_shares(asked: Asked, rows: Rows) -> Shares:
    """Other children to live with, where the request recommends it."""
    return (asked.market.there_count[rows] > 0) * np.int32(FULL)


def _alongside_words(asked: Asked, option: Option) -> Said:
    many = len(option.children_there)
    if not many:
        return "No other child is known to live there.", "Which children live there?"
    return f"{many} other {'child lives' if many == 1 else 'children live'} there, as recommended.", ""


def need_level(asked: Asked) -> int:
    """The level of need, 1 to 3: the severity of the worst need, 1 without any."""
    return max((need.severity for need in asked.referral.needs), default=1)


def _cost_shares(asked: Asked, rows: Rows) -> Shares:
    """The band of the expected whole cost against the band for the need: full within or below it, half one above."""
    pence = asked.market.whole_pence[rows]
    bands = asked.policy.bands
    above = np.searchsorted(bands.edges, pence, side="right") - bands.expected[need_level(asked) - 1]
    shares = np.where(above <= 0, FULL, np.where(above == 1, HALF, 0)).astype(np.int32)
    shares[pence < 0] = HALF
    return shares


def _cost_words(asked: Asked, option: Option) -> Said:
    whole = option.whole_pence_week
    if whole is None:
        return "The price is not known.", "What would the placement cost a week?"
    above = asked.policy.bands.band_of(whole) - asked.policy.bands.expected[need_level(asked) - 1]
    if above <= 0:
        return "Expected cost within the band for the need.", ""
    return f"Expected cost {above} {'band' if above == 1 else 'bands'} above the band for the need.", ""


def _own_shares(asked: Asked, rows: Rows) -> Shares:
    """Own carers first, then homes on a framework, then spot purchase."""
    market = asked.market
    shares = np.where(market.framework[rows] == 0, 0, HALF).astype(np.int32)
    shares[market.is_own[rows]] = FULL
    return shares


def _own_words(asked: Asked, option: Option) -> Said:
    if option.is_own:
        return "The authority's own carers.", ""
    return ("A spot purchase." if option.is_on_framework is False else "An approved provider."), ""


def _always(asked: Asked) -> bool:
    return True


def _has_siblings(asked: Asked) -> bool:
    return len(asked.referral.children) > 1 or bool(asked.referral.sibling_references)


def _names_belonging(asked: Asked) -> bool:
    return bool(asked.referral.languages or asked.referral.faith or asked.referral.culture)


SHOULDS: tuple[Should, ...] = (
    Should("needs", lambda asked: bool(asked.referral.needs), _needs_shares, _needs_words),
    Should("distance", lambda asked: bool(asked.referral.preferred_places), _distance_shares, _distance_words),
    Should("kind", lambda asked: bool(asked.referral.suitability), _kind_shares, _kind_words),
    Should("siblings", _has_siblings, _siblings_shares, _siblings_words),
    Should("belonging", _names_belonging, _belonging_shares, _belonging_words),
    Should("grade", _always, _grade_shares, _grade_words),
    Should("school", lambda asked: bool(_schools(asked)), _school_shares, _school_words),
    Should(
        "essential", lambda asked: bool(asked.referral.essential),
        lambda asked, rows: _met_shares(asked.referral.essential, asked.market.features[rows]),
        lambda asked, option: _met_words("essential", asked.referral.essential, option),
    ),
    Should("experience", lambda asked: bool(asked.referral.needs), _experience_shares, _experience_words),
    Should(
        "alongside", lambda asked: asked.referral.living_companions == LivingCompanions.WITH_OTHERS,
        _alongside_shares, _alongside_words,
    ),
    Should(
        "desirable", lambda asked: bool(asked.referral.desirable),
        lambda asked, rows: _met_shares(asked.referral.desirable, asked.market.features[rows]),
        lambda asked, option: _met_words("desirable", asked.referral.desirable, option),
    ),
    Should("cost", _always, _cost_shares, _cost_words),
    Should("own", _always, _own_shares, _own_words),
)  # fmt: skip
