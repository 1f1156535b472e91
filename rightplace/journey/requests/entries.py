"""What may be entered into a request, field by field, and what is wrong with an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rightplace.core.geography import normalise_postcode
from rightplace.core.matching.vocabulary import (
    Adaptation,
    AdditionalSupport,
    CommunicationRequirement,
    Criterion,
    CulturalNeeds,
    LivingCompanions,
    NeedKind,
    Pets,
    PlacePurpose,
    Suitability,
    Term,
)
from rightplace.core.problems import Problem

LONGEST_TEXT = 4000
MOST_WEEKS = 1000
MOST_PENCE_WEEK = 10_000_000
MOST_CRITERIA = 30
MOST_MILES = 100


@dataclass(frozen=True, slots=True)
class NeedGiven:
    """A need of a child: kind (`NeedKind`), severity 1 some, 2 significant, 3 high, and the evidence."""

    kind: str
    severity: int
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeGiven:
    """What should be better for the child, in which area, and how one would see it."""

    area: str
    words: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """A place to live near (`kind`: home, school, family), or one that is unsafe within so many miles."""

    kind: str
    postcode: str
    miles: int
    label: str = ""
    is_unsafe: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SiblingWishGiven:
    """A brother or sister not in the request, to be placed `together` with or `apart` from, and why."""

    sibling_id: int
    wish: str
    reason: str = ""


OUTCOME_AREAS: dict[str, str] = {
    "safety": "Being safe",
    "health": "Health and wellbeing",
    "education": "Education and learning",
    "family": "Family and friends",
    "identity": "Identity and belonging",
    "independence": "Skills for independence",
    "stability": "A settled home",
}
Check = Callable[[Any], str]


def _one_of(terms: type[Term], *, may_be_empty: bool = True) -> Check:
    def fault(value: Any) -> str:
        if (value == "" and may_be_empty) or value in tuple(terms):
            return ""
        return "Choose one of the answers shown."

    return fault


def _some_of(terms: type[Term]) -> Check:
    def fault(value: Any) -> str:
        is_known = isinstance(value, (list, tuple)) and all(one in tuple(terms) for one in value)
        return "" if is_known else "Choose from the answers shown."

    return fault


def _text(longest: int = LONGEST_TEXT) -> Check:
    def fault(value: Any) -> str:
        if not isinstance(value, str) or "\x00" in value:
            return "Enter words."
        return (
            "" if len(value) <= longest else f"Use at most {longest:,} characters; this has {len(value):,}."
        )

    return fault


def _whole(low: int, high: int, words: str) -> Check:
    def fault(value: Any) -> str:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if value is None or (is_whole and low <= value <= high) else words

    return fault


def _truth(value: Any) -> str:
    return "" if value is None or isinstance(value, bool) else "Choose yes or no."


def _day(value: Any) -> str:
    return "" if value is None or isinstance(value, date) else "Enter a date."


COLUMNS: dict[str, Check] = {
    "needed_by": _day,
    "is_emergency": lambda value: "" if isinstance(value, bool) else "Choose yes or no.",
    "likely_weeks": _whole(1, MOST_WEEKS, f"Enter a whole number of weeks from 1 to {MOST_WEEKS}."),
    "why_now": _text(),
    "about": _text(),
    "foster_suitability": _one_of(Suitability, may_be_empty=False),
    "residential_suitability": _one_of(Suitability, may_be_empty=False),
    "supported_suitability": _one_of(Suitability, may_be_empty=False),
    "is_secure_needed": _truth,
    "secure_words": _text(),
    "living_companions": _one_of(LivingCompanions),
    "living_companions_words": _text(),
    "pets": _one_of(Pets),
    "home_adaptation": _truth,
    "adaptations": _some_of(Adaptation),
    "home_adaptation_words": _text(),
    "cultural_needs": _one_of(CulturalNeeds),
    "culture_words": _text(),
    "language": _text(40),
    "faith": _text(40),
    "communication_needs": _text(20),
    "communication_requirements": _some_of(CommunicationRequirement),
    "additional_support": _some_of(AdditionalSupport),
    "additional_support_words": _text(),
    "deprivation_of_liberty": _truth,
    "health_words": _text(),
    "contact_words": _text(),
    "keep_school": _truth,
    "school_words": _text(),
    "ceiling_pence_week": _whole(1, MOST_PENCE_WEEK, "Enter an amount from £0.01 to £100,000 a week."),
    "ceiling_reason": _text(),
}
"""The columns that a social worker fills in, each with its check; `""` is no fault."""


_SAID_OTHERWISE = {
    "about": "what the child is like",
    "why_now": "why a placement is needed",
    "foster_suitability": "whether a foster home suits",
    "residential_suitability": "whether a children’s home suits",
    "supported_suitability": "whether supported accommodation suits",
    "is_secure_needed": "whether a secure home is needed",
    "secure_words": "criteria for a secure home",
    "living_companions": "who may live alongside",
    "living_companions_words": "who may live alongside, in words",
    "contact_words": "family time",
    "keep_school": "whether to stay at the school",
    "likely_weeks": "likely length",
    "ceiling_reason": "why a ceiling",
}


def column_words(name: str) -> str:
    """The name of a column as the trail says it: `contact_words` is family time, `ceiling_pence_week` is ceiling."""
    plain = name.removeprefix("is_").removesuffix("_words").removesuffix("_pence_week").replace("_", " ")
    return _SAID_OTHERWISE.get(name, plain)


def column_problems(changes: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the entries, each at its field; KeyError when a column may not be entered at all."""
    found = ((name, COLUMNS[name](value)) for name, value in changes.items())
    return [Problem("entry_unfit", words, name) for name, words in found if words]


def text_problems(texts: Mapping[str, str]) -> list[Problem]:
    """Texts that are no words or too long."""
    found = ((name, _text()(value)) for name, value in texts.items())
    return [Problem("entry_unfit", words, name) for name, words in found if words]


def need_problems(needs: Sequence[NeedGiven]) -> list[Problem]:
    """Unknown or repeated kinds, severities outside 1 to 3, evidence too long."""
    found = []
    for need in needs:
        if need.kind not in tuple(NeedKind):
            found.append(Problem("entry_unfit", "Choose needs from the list.", need.kind))
        elif need.severity not in (1, 2, 3):
            found.append(
                Problem("entry_unfit", f"Say how severe this is: {NeedKind.words_for(need.kind)}.", need.kind)
            )
        if words := _text()(need.evidence):
            found.append(Problem("entry_unfit", words, f"{need.kind}_evidence"))
    return found + _repeated((need.kind for need in needs), "The same need is given twice.")


def outcome_problems(outcomes: Sequence[OutcomeGiven]) -> list[Problem]:
    """Unknown areas, and words that are missing or too long."""
    found = []
    for outcome in outcomes:
        if outcome.area not in OUTCOME_AREAS:
            found.append(Problem("entry_unfit", "Choose the area of each outcome.", "area"))
        if not outcome.words.strip():
            found.append(Problem("entry_missing", "Say what should be different for the child.", "words"))
        for field, longest in (("words", 500), ("measure", 300)):
            if words := _text(longest)(getattr(outcome, field)):
                found.append(Problem("entry_unfit", words, field))
    return found


def place_problems(places: Sequence[PlaceGiven]) -> list[Problem]:
    """Postcodes that cannot be read, miles outside 1 to 100, an unsafe place without a reason."""
    found = []
    for place in places:
        if isinstance(fault := normalise_postcode(place.postcode, "postcode"), Problem):
            found.append(fault)
        if not 1 <= place.miles <= MOST_MILES:
            found.append(Problem("entry_unfit", f"Enter whole miles from 1 to {MOST_MILES}.", "miles"))
        if not place.is_unsafe and place.kind not in tuple(PlacePurpose):
            found.append(Problem("entry_unfit", "Say why the place matters.", "kind"))
        if place.is_unsafe and not place.reason.strip():
            found.append(
                Problem("entry_missing", "Say why this place is unsafe: the broker must know.", "reason")
            )
    return found


def criterion_problems(essential: Sequence[str], desirable: Sequence[str]) -> list[Problem]:
    """Too many criteria, words too long, and a criterion that is both essential and desirable."""
    given = [*essential, *desirable]
    found = _repeated(
        (one.strip().casefold() for one in given), "A criterion is given twice: it is essential or desirable."
    )
    if len(given) > MOST_CRITERIA:
        found.append(Problem("too_many", f"Keep to {MOST_CRITERIA} criteria: a longer list finds no home."))
    if any(not one.strip() or len(one) > 300 for one in given):
        found.append(Problem("entry_unfit", "Give each criterion in 1 to 300 characters."))
    return found


def criterion_words(given: str) -> tuple[str, str]:
    """The code (empty for free words) and the words of a criterion given as a code or in words."""
    code = given if given in tuple(Criterion) else ""
    return code, Criterion.words_for(given) if code else given.strip()


def _repeated(given: Iterable[str], words: str) -> list[Problem]:
    listed = list(given)
    return [Problem("entry_repeated", words)] if len(set(listed)) < len(listed) else []
