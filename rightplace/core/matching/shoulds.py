"""The soft criteria, each once: whether a referral uses it, the share of full marks of each row, and the words for one.

A share is in thousandths, 0 to 1,000, and a whole number, so that the same facts always give the same value. Whether a
criterion is used depends on the referral alone: all homes are measured by the same criteria. What is not known earns
nothing and is asked; only a home not inspected yet, and a price not known, earn half, because neither is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rightplace.core.geography import Precision
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import CRITERION_BITS, GRADES, KINDS, NEED_BITS, criteria_mask, needs_mask
from rightplace.core.matching.expected_cost import cost_edges, expected_pence, highest_band, journey_besides
from rightplace.core.matching.market import Market, Rows
from rightplace.core.matching.profile import Need, Option
from rightplace.core.matching.vocabulary import (
    SEVERITY_WORDS,
    Criterion,
    Grade,
    LivingCompanions,
    NeedKind,
    PlacePurpose,
    Suitability,
)

Shares = NDArray[np.int16]
Said = tuple[str, str]
Options = Sequence[Option]
Key = TypeVar("Key", bound=Hashable)
FULL, HALF = 1_000, 500
SCHOOL_RUN = np.uint32(CRITERION_BITS[Criterion.SCHOOL_RUN])

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
    """A soft criterion. `words` gives for some rows why each earned its share, and what to ask the home."""

    code: str
    is_used: Callable[[Asked], bool]
    shares: Callable[[Asked, Rows], Shares]
    words: Callable[[Asked, Rows, Options], list[Said]]


def _parts(of: int) -> Shares:
    """The share of 0, 1, … of so many, in thousandths, half up."""
    return np.array([(2 * FULL * part + of) // (2 * of) for part in range(of + 1)], dtype=np.int16)


def _covered(needs: tuple[Need, ...], masks: NDArray[np.uint64]) -> Shares:
    """The share of needs, weighted by severity, that are among each row's."""
    found = np.zeros(len(masks), dtype=np.uint8)
    for severity in sorted({need.severity for need in needs}):
        wanted = needs_mask(frozenset(need.code for need in needs if need.severity == severity))
        found += np.bitwise_count(masks & np.uint64(wanted)) * np.uint8(severity)
    return _parts(sum(need.severity for need in needs)).take(found)


def _needs_shares(asked: Asked, rows: Rows) -> Shares:
    """The share of needs, weighted by severity, that the home says it can meet."""
    return _covered(asked.referral.needs, asked.facts(rows)["skills"])


def _each(keys: Iterable[Key], said: Callable[[Key], Said]) -> list[Said]:
    """Words by key, put together once for each different key."""
    listed = list(keys)
    known = {key: said(key) for key in set(listed)}
    return [known[key] for key in listed]


def _needs_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    said = [
        (
            NEED_BITS.get(need.code, 0),
            f"{NeedKind.words_for(need.code)} ({SEVERITY_WORDS[need.severity].lower()})",
        )
        for need in asked.referral.needs
    ]
    mask = np.uint64(needs_mask(frozenset(need.code for need in asked.referral.needs)))
    return _each((asked.market.skills[rows] & mask).tolist(), lambda met: _needs_said(said, met))


def _needs_said(said: list[tuple[int, str]], mask: int) -> Said:
    met = [words for bit, words in said if bit & mask]
    missing = ", ".join([words for bit, words in said if not bit & mask])
    shown = f": {', '.join(met)}." if met else "."
    asked = f"How would these needs be met: {missing}?" if missing else ""
    return f"Meets {len(met)} of {len(said)} needs{shown}", asked


def _experience_shares(asked: Asked, rows: Rows) -> Shares:
    """The share of needs, weighted by severity, of children cared for there before."""
    return _covered(asked.referral.needs, asked.facts(rows)["experience"])


def _experience_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    said = {need.code: NeedKind.words_for(need.code).lower() for need in asked.referral.needs}
    mask = np.uint64(needs_mask(frozenset(said)))
    return _each((asked.market.experience[rows] & mask).tolist(), lambda met: _experience_said(said, met))


def _experience_said(said: dict[str, str], mask: int) -> Said:
    words = ", ".join([words for code, words in said.items() if NEED_BITS.get(code, 0) & mask])
    if words:
        return f"Has cared for children with: {words}.", ""
    return "No experience with these needs known.", "Has the home cared for children with like needs?"


def _distance_shares(asked: Asked, rows: Rows) -> Shares:
    """Closeness to preferred places: full marks at the place itself, none at its `max_miles` or beyond."""
    earned = np.full(len(rows), 0.5, dtype=np.float32)
    places = asked.referral.preferred_places
    of = sum(PLACE_WEIGHTS[place.purpose] for place in places)
    for place in places:
        if place.max_miles > 0:
            most = np.float32(FULL * PLACE_WEIGHTS[place.purpose] / of)
            near = asked.miles(place.point, rows) * np.float32(-most / place.max_miles)
            near += most
            # The larger of two numbers, of which one may be none: a row that is not on the map earns nothing.
            earned += np.fmax(near, np.float32(0), out=near)
    return earned.astype(np.int16)


def _distance_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    places = asked.referral.preferred_places
    each = zip(*(asked.miles(place.point, rows).tolist() for place in places), strict=True)
    said = "; ".join(f"%.1f miles from {place.purpose.words.lower()}" for place in places)
    by_precision = {precision: f"{said} (straight line, to the {precision})." for precision in Precision}
    return [
        NOT_ON_THE_MAP if option.located is None else (by_precision[option.located.precision] % miles, "")
        for option, miles in zip(options, each, strict=True)
    ]


NOT_ON_THE_MAP = ("Its place is not known.", "Where is the home?")


def _keeps_school(asked: Asked, rows: Rows) -> NDArray[np.bool_]:
    kept = np.zeros(len(rows), dtype=np.bool_)
    for place in asked.schools:
        kept |= asked.miles(place.point, rows) <= np.float32(place.max_miles)
    return kept


def _school_shares(asked: Asked, rows: Rows) -> Shares:
    """The school can be kept: within the miles that the request gives for it; half where the home makes the school run."""
    runs = (asked.facts(rows)["features"] & SCHOOL_RUN) != 0
    shares: Shares = np.maximum(runs * np.int16(HALF), _keeps_school(asked, rows) * np.int16(FULL))
    return shares


def _school_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    near = _keeps_school(asked, rows).tolist()
    runs = ((asked.facts(rows)["features"] & SCHOOL_RUN) != 0).tolist()
    return [
        SCHOOL_NEAR
        if is_near
        else SCHOOL_BY_RUN
        if has_run
        else SCHOOL_PLACE_NOT_KNOWN
        if option.located is None
        else SCHOOL_FAR
        for is_near, has_run, option in zip(near, runs, options, strict=True)
    ]


SCHOOL_NEAR = ("Near enough to keep the school.", "")
SCHOOL_BY_RUN = ("Further than asked, but the home takes the child to school.", "")
SCHOOL_PLACE_NOT_KNOWN = ("Its place is not known.", "Can the child keep the present school?")
SCHOOL_FAR = (
    "Too far to keep the school without help.",
    "Could the home take the child to the present school?",
)


def _met_shares(wanted: frozenset[str], features: NDArray[np.uint32]) -> Shares:
    met = np.bitwise_count(features & np.uint32(criteria_mask(wanted)))
    shares: Shares = _parts(len(wanted)).take(met)
    return shares


def _met_words(name: str, wanted: frozenset[str], market: Market, rows: Rows) -> list[Said]:
    said = [(CRITERION_BITS.get(code, 0), Criterion.words_for(code).lower()) for code in sorted(wanted)]
    mask = np.uint32(criteria_mask(wanted))
    pairs = zip((market.features[rows] & mask).tolist(), (market.lacks[rows] & mask).tolist(), strict=True)
    return _each(pairs, lambda known: _met_said(name, said, *known))


def _met_said(name: str, said: list[tuple[int, str]], has: int, lacks: int) -> Said:
    met = [words for bit, words in said if bit & has]
    unknown = [words for bit, words in said if not bit & (has | lacks)]
    shown = f": {'; '.join(met)}." if met else "."
    asked = f"Not known whether it meets: {'; '.join(unknown)}." if unknown else ""
    return f"Meets {len(met)} of {len(said)} {name} criteria{shown}", asked


def _kind_shares(asked: Asked, rows: Rows) -> Shares:
    """Whether this kind of home is preferred, suitable, or not specified for the child."""
    by_kind = [KIND_SHARES[asked.referral.suitability_of(kind)] for kind in KINDS]
    return np.array(by_kind, dtype=np.int16).take(asked.facts(rows)["kind"])


def _kind_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    said = {
        kind: (f"{kind.words}: {Suitability(asked.referral.suitability_of(kind)).words.lower()}.", "")
        for kind in KINDS
    }
    return [said[option.kind] for option in options]


def _shared_belonging(asked: Asked, rows: Rows) -> dict[str, NDArray[np.uint8]]:
    """Language, faith and culture, those that the request names: 1 where a row shares it."""
    return {name: met.take(asked.facts(rows)[name]) for name, met in asked.belonging.items()}


def _belonging_shares(asked: Asked, rows: Rows) -> Shares:
    """Language, faith and culture: each that the request names counts the same."""
    shared = list(_shared_belonging(asked, rows).values())
    return _parts(len(shared)).take(sum(shared[1:], start=shared[0]))


def _belonging_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    shared = _shared_belonging(asked, rows)
    each = zip(*(one.tolist() for one in shared.values()), strict=True)
    return _each(
        each, lambda met: _belonging_said(dict(zip(map(SINGULAR.__getitem__, shared), met, strict=True)))
    )


SINGULAR = {"languages": "language", "faiths": "faith", "cultures": "culture"}


def _belonging_said(is_shared: dict[str, int]) -> Said:
    shared = " and ".join(name for name, met in is_shared.items() if met)
    missing = " and ".join(name for name, met in is_shared.items() if not met)
    words = f"Shares the child's {shared}." if shared else "No shared language, faith or culture known."
    return words, f"How would the child's {missing} be supported?" if missing else ""


def _fading() -> Shares:
    """The share of each grade by the whole years since the inspection: 0 and 1, 2, 3, 4 or more."""
    losses = range(0, GRADE_LOSS_AT_MOST + 1, GRADE_LOSS_PER_YEAR)
    table = [[(GRADE_SHARES[grade] * (FULL - loss) + HALF) // FULL for loss in losses] for grade in GRADES]
    table[GRADES.index(Grade.NOT_INSPECTED)] = [GRADE_SHARES[Grade.NOT_INSPECTED]] * len(losses)
    return np.array(table, dtype=np.int16).ravel()


FADING = _fading()
STEPS_OF_FADING = len(FADING) // len(GRADES)


def _grade_shares(asked: Asked, rows: Rows) -> Shares:
    """The inspection grade; from the second year on it loses a tenth a year, at most three tenths."""
    facts = asked.facts(rows)
    graded_on = facts["graded_on"].copy()
    at = facts["grade"] * np.uint8(STEPS_OF_FADING)
    for years in range(2, STEPS_OF_FADING + 1):
        at += (graded_on <= asked.day - ceil(years * DAYS_PER_YEAR)) & (graded_on > 0)
    return FADING.take(at)


def _grade_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    graded_on = asked.market.graded_on.take(rows)
    years = np.maximum((asked.day - graded_on) / DAYS_PER_YEAR, 0).astype(np.int64)
    years[graded_on == 0] = NEVER_GRADED
    return _each(zip(asked.market.grade[rows].tolist(), years.tolist(), strict=True), _grade_said)


NEVER_GRADED = -1


def _grade_said(graded: tuple[int, int]) -> Said:
    grade, years = GRADES[graded[0]], graded[1]
    if grade == Grade.NOT_INSPECTED or years == NEVER_GRADED:
        return f"{grade.words}.", ""
    age = "less than a year" if years < 1 else "1 year" if years == 1 else f"{years} years"
    return f"{grade.words}, inspected {age} before.", ""


def _siblings_shares(asked: Asked, rows: Rows) -> Shares:
    """Brothers and sisters in one home: the group together, or beside those placed already."""
    shares = np.zeros(len(rows), dtype=np.int16)
    if len(asked.referral.children) > 1:
        shares[asked.free[rows] >= len(asked.referral.children)] = FULL
    if asked.referral.sibling_references:
        shares[asked.market.there_count[rows] > asked.living.many[rows]] = FULL
    return shares


def _siblings_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    many = len(asked.referral.children)
    own = (asked.market.there_count[rows] > asked.living.many[rows]).tolist()
    room = (asked.free[rows] >= many).tolist() if many > 1 else [False] * len(own)
    there, together = "A brother or sister lives there already.", f"Room for all {many} children together."
    return [
        (there if is_own else together if has_room else "The children would live apart.", "")
        for is_own, has_room in zip(own, room, strict=True)
    ]


def _alongside_shares(asked: Asked, rows: Rows) -> Shares:
    """Other children to live with, where the request recommends it."""
    return (asked.facts(rows)["there_count"] > 0) * np.int16(FULL)


def _alongside_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    return [_alongside_said(len(option.children_there)) for option in options]


def _alongside_said(many: int) -> Said:
    if not many:
        return "No other child is known to live there.", "Which children live there?"
    return f"{many} other {'child lives' if many == 1 else 'children live'} there, as recommended.", ""


def _cost_shares(asked: Asked, rows: Rows) -> Shares:
    """The expected whole cost against what is usual for the need: full up to it, half above it, none far above."""
    pence, kinds = expected_pence(asked, rows), asked.facts(rows)["kind"]
    shares = np.full(len(rows), FULL, dtype=np.int16)
    for edges in cost_edges(asked):
        shares -= (pence >= edges.take(kinds)) * np.int16(HALF)
    shares[pence < 0] = HALF
    return shares


def _cost_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    pence, usual = expected_pence(asked, rows), asked.referral.usual_pence
    bands = np.searchsorted(asked.policy.bands.edges, pence, side="right") - highest_band(asked)
    first, second = (edges.take(asked.market.kind[rows]) for edges in cost_edges(asked))
    beyond = (pence >= first).astype(np.int8) + (pence >= second)
    journeys = journey_besides(asked, rows).tolist()
    columns = zip(options, (pence < 0).tolist(), bands.tolist(), beyond.tolist(), strict=True)
    told = [
        COST_NOT_KNOWN if is_unknown else USUAL_SAID[far] if option.kind in usual else _band_said(above)
        for option, is_unknown, above, far in columns
    ]
    return [
        (f"{said[0]} £{journey / 100:,.0f} of it is for getting to school.", "")
        if journey and said is not COST_NOT_KNOWN
        else said
        for said, journey in zip(told, journeys, strict=True)
    ]


COST_NOT_KNOWN = ("The price is not known.", "What would the placement cost a week?")
USUAL_SAID: tuple[Said, ...] = tuple(
    (f"Expected cost {where} what is usually paid for such a need in this kind of home.", "")
    for where in ("within", "above", "far above")
)


WITHIN_THE_BAND = ("Expected cost within the band for the need.", "")


def _band_said(above: int) -> Said:
    if above <= 0:
        return WITHIN_THE_BAND
    return f"Expected cost {above} {'band' if above == 1 else 'bands'} above the band for the need.", ""


def _own_shares(asked: Asked, rows: Rows) -> Shares:
    """Own carers first, then homes on a framework, then spot purchase."""
    facts = asked.facts(rows)
    on_framework = (facts["framework"] != 0) * np.int16(HALF)
    shares: Shares = np.maximum(on_framework, facts["is_own"] * np.int16(FULL))
    return shares


def _own_words(asked: Asked, rows: Rows, options: Options) -> list[Said]:
    own, spot, approved = "The authority's own carers.", "A spot purchase.", "An approved provider."
    return [
        (own if option.is_own else spot if option.is_on_framework is False else approved, "")
        for option in options
    ]


def _always(asked: Asked) -> bool:
    return True


def _has_needs(asked: Asked) -> bool:
    return any(need.severity > 0 for need in asked.referral.needs)


def _has_siblings(asked: Asked) -> bool:
    return len(asked.referral.children) > 1 or bool(asked.referral.sibling_references)


def _names_belonging(asked: Asked) -> bool:
    return bool(asked.referral.languages or asked.referral.faith or asked.referral.culture)


SHOULDS: tuple[Should, ...] = (
    Should("needs", _has_needs, _needs_shares, _needs_words),
    Should("distance", lambda asked: bool(asked.referral.preferred_places), _distance_shares, _distance_words),
    Should(
        "kind", lambda asked: bool(asked.referral.suitability), _kind_shares, _kind_words),
    Should("siblings", _has_siblings, _siblings_shares, _siblings_words),
    Should("belonging", _names_belonging, _belonging_shares, _belonging_words),
    Should("grade", _always, _grade_shares, _grade_words),
    Should("school", lambda asked: bool(asked.schools), _school_shares, _school_words),
    Should(
        "essential", lambda asked: bool(asked.referral.essential),
        lambda asked, rows: _met_shares(asked.referral.essential, asked.facts(rows)["features"]),
        lambda asked, rows, options: _met_words("essential", asked.referral.essential, asked.market, rows),
    ),
    Should("experience", _has_needs, _experience_shares, _experience_words),
    Should(
        "alongside", lambda asked: asked.referral.living_companions == LivingCompanions.WITH_OTHERS,
        _alongside_shares, _alongside_words),
    Should(
        "desirable", lambda asked: bool(asked.referral.desirable),
        lambda asked, rows: _met_shares(asked.referral.desirable, asked.facts(rows)["features"]),
        lambda asked, rows, options: _met_words("desirable", asked.referral.desirable, asked.market, rows),
    ),
    Should("cost", _always, _cost_shares, _cost_words),
    Should("own", _always, _own_shares, _own_words),
)  # fmt: skip
