"""A plain, explained score: how well a home fits a request, 0 to 100, with the points for each criterion.

The criteria that a request does not use drop out, and the rest are scaled to 100. What is not known earns
nothing and is listed as a question to ask, so that a figure never rests on a guess; only a home that has not
been inspected yet earns half, because a new home is not a poor one. Cost is not in the score: it can neither
raise nor lower a home. Own carers come first among homes with equal scores.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from rightplace.core.geography import miles_between
from rightplace.core.matching.profile import Option, PreferredPlace, Referral
from rightplace.core.matching.vocabulary import (
    SEVERITY_WORDS,
    Criterion,
    Grade,
    NeedKind,
    PlacePurpose,
    Suitability,
    Term,
)

WEIGHTS: dict[str, int] = {
    "needs": 30,
    "distance": 20,
    "essential": 10,
    "kind": 10,
    "belonging": 10,
    "grade": 10,
    "siblings": 5,
    "desirable": 5,
}
"""Points that each criterion is worth before scaling; they add up to 100."""

PLACE_WEIGHTS: dict[str, int] = {PlacePurpose.SCHOOL: 3, PlacePurpose.HOME: 2, PlacePurpose.FAMILY: 2}

GRADE_SHARES: dict[str, float] = {
    Grade.OUTSTANDING: 1.0,
    Grade.CONSISTENTLY_STRONG: 0.95,
    Grade.GOOD: 0.85,
    Grade.NOT_INSPECTED: 0.5,
    Grade.REQUIRES_IMPROVEMENT: 0.4,
    Grade.INCONSISTENT: 0.4,
    Grade.INADEQUATE: 0.0,
    Grade.SERIOUS_WEAKNESSES: 0.0,
}
GRADE_LOSS_PER_YEAR = 0.1
GRADE_LOSS_AT_MOST = 0.3
DAYS_PER_YEAR = 365.25

KIND_SHARES: dict[str, float] = {
    Suitability.PREFERRED: 1.0,
    Suitability.SUITABLE: 0.5,
    Suitability.NOT_SPECIFIED: 0.5,
    Suitability.UNSUITABLE: 0.0,
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """The points that one criterion gave, out of how many, and why. `unknown` is what to ask the home."""

    code: str
    points: float
    of: int
    words: str
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a home fits: the score (0 to 100, one decimal) and the reasons that add up to it."""

    option: Option
    score: float
    contributions: tuple[Contribution, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known about the home and would change the score."""
        return tuple(one.unknown for one in self.contributions if one.unknown)


def score_option(referral: Referral, option: Option) -> Match:
    """Score one home against one request. The same input always gives the same output."""
    contributions = tuple(
        contribution for criterion in CRITERIA if (contribution := criterion(referral, option)) is not None
    )
    of = sum(one.of for one in contributions)
    total = sum(one.points for one in contributions)
    score = int(1000 * total / of + 0.5) / 10 if of else 0.0  # the one rounding: half up to a tenth
    return Match(option, score, contributions)


def rank(referral: Referral, options: Iterable[Option]) -> list[Match]:
    """Homes from best fit to least; equal scores put own carers first, then go by key."""
    matches = [score_option(referral, option) for option in options]
    return sorted(matches, key=lambda match: (-match.score, not match.option.is_own, match.option.key))


def needs_met(referral: Referral, option: Option) -> Contribution | None:
    """The share of needs, weighted by severity, that the home says it can meet."""
    if not referral.needs:
        return None
    weight = sum(need.severity for need in referral.needs)
    met = [need for need in referral.needs if need.code in option.skills]
    unmet = [need for need in referral.needs if need.code not in option.skills]
    shown = [f"{NeedKind.words_for(n.code)} ({SEVERITY_WORDS[n.severity].lower()})" for n in met]
    missing = [f"{NeedKind.words_for(n.code)} ({SEVERITY_WORDS[n.severity].lower()})" for n in unmet]
    words = f"Meets {len(met)} of {len(referral.needs)} needs" + (f": {', '.join(shown)}." if shown else ".")
    unknown = f"How would these needs be met: {', '.join(missing)}?" if missing else ""
    share = sum(need.severity for need in met) / weight
    return _contribution("needs", share, words, unknown)


def near_places(referral: Referral, option: Option) -> Contribution | None:
    """Closeness to preferred places: full marks at the place itself, none at its `max_miles` or beyond."""
    if not referral.preferred_places:
        return None
    if option.located is None:
        return _contribution("distance", 0, "Its place is not known.", "Where is the home?")
    weight, earned, words = 0, 0.0, []
    for place in referral.preferred_places:
        miles = miles_between(place.point, option.located.point)
        weight += PLACE_WEIGHTS[place.purpose]
        earned += PLACE_WEIGHTS[place.purpose] * _closeness(miles, place)
        words.append(f"{miles:.1f} miles from {place.purpose.words.lower()}")
    measured = f"straight line, to the {option.located.precision}"
    return _contribution("distance", earned / weight, f"{'; '.join(words)} ({measured}).")


def _closeness(miles: float, place: PreferredPlace) -> float:
    return max(0.0, 1 - miles / place.max_miles) if place.max_miles > 0 else 0.0


def essential_known(referral: Referral, option: Option) -> Contribution | None:
    """The share of essential criteria that the home is known to meet."""
    return _criteria_met("essential", referral.essential, option)


def desirable_known(referral: Referral, option: Option) -> Contribution | None:
    """The share of desirable criteria that the home is known to meet."""
    return _criteria_met("desirable", referral.desirable, option)


def _criteria_met(code: str, wanted: frozenset[str], option: Option) -> Contribution | None:
    if not wanted:
        return None
    met, unknown = wanted & option.features, wanted - option.features - option.lacks
    words = f"Meets {len(met)} of {len(wanted)} {code} criteria" + _list_after_colon(Criterion, met)
    question = f"Not known whether it meets{_list_after_colon(Criterion, unknown)}" if unknown else ""
    return _contribution(code, len(met) / len(wanted), words, question)


def _list_after_colon(terms: type[Term], codes: frozenset[str]) -> str:
    listed = "; ".join(terms.words_for(code).lower() for code in sorted(codes))
    return f": {listed}." if listed else "."


def preferred_kind(referral: Referral, option: Option) -> Contribution | None:
    """Whether this kind of home is preferred, suitable, or not specified for the child."""
    if not referral.suitability:
        return None
    suitability = Suitability(referral.suitability_of(option.kind))
    return _contribution(
        "kind", KIND_SHARES[suitability], f"{option.kind.words}: {suitability.words.lower()}."
    )


def belonging(referral: Referral, option: Option) -> Contribution | None:
    """Language, faith and culture: each that the request names counts the same."""
    wanted = [
        ("language", bool(referral.languages), bool(referral.languages & option.languages)),
        ("faith", bool(referral.faith), referral.faith in option.faiths),
        ("culture", bool(referral.culture), referral.culture in option.cultures),
    ]
    asked = [(name, is_shared) for name, is_asked, is_shared in wanted if is_asked]
    if not asked:
        return None
    shared = [name for name, is_shared in asked if is_shared]
    missing = [name for name, is_shared in asked if not is_shared]
    words = (
        f"Shares the child's {' and '.join(shared)}."
        if shared
        else "No shared language, faith or culture known."
    )
    unknown = f"How would the child's {' and '.join(missing)} be supported?" if missing else ""
    return _contribution("belonging", len(shared) / len(asked), words, unknown)


def inspection(referral: Referral, option: Option) -> Contribution | None:
    """The inspection grade; from the second year on it loses a tenth a year, at most three tenths."""
    share = GRADE_SHARES[option.grade]
    if option.grade == Grade.NOT_INSPECTED or option.graded_on is None:
        return _contribution("grade", share, f"{option.grade.words}.")
    years = _whole_years(option.graded_on, referral.starts_on)
    loss = min(GRADE_LOSS_AT_MOST, GRADE_LOSS_PER_YEAR * max(0, years - 1))
    age = "less than a year" if years < 1 else "1 year" if years == 1 else f"{years} years"
    return _contribution("grade", share * (1 - loss), f"{option.grade.words}, inspected {age} before.")


def _whole_years(earlier: date, later: date) -> int:
    return max(0, int((later - earlier).days / DAYS_PER_YEAR))


def siblings_kept(referral: Referral, option: Option) -> Contribution | None:
    """Brothers and sisters in one home: the group together, or beside those placed already."""
    placed = {child.reference for child in option.children_there} & referral.sibling_references
    is_group = len(referral.children) > 1
    if not is_group and not referral.sibling_references:
        return None
    if placed:
        return _contribution("siblings", 1, "A brother or sister lives there already.")
    if is_group and option.places_free >= len(referral.children):
        return _contribution("siblings", 1, f"Room for all {len(referral.children)} children together.")
    return _contribution("siblings", 0, "The children would live apart.")


def _contribution(code: str, share: float, words: str, unknown: str = "") -> Contribution:
    return Contribution(code, round(WEIGHTS[code] * share, 6), WEIGHTS[code], words, unknown)


CRITERIA: tuple[Callable[[Referral, Option], Contribution | None], ...] = (
    needs_met,
    near_places,
    essential_known,
    preferred_kind,
    belonging,
    inspection,
    siblings_kept,
    desirable_known,
)
