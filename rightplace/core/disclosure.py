"""What a provider may see of a request before disclosure: an allow-list, field by field.

A field that is not in `FIELDS` is never shown, whatever it holds. Each rule lets through only values of its
own kind, so that a name typed into the wrong box does not pass; texts are masked besides. Source: UK GDPR article
5(1)(c), data minimisation; practice reported by placement teams (a referral is anonymised before it leaves).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rightplace.core.free_text import Known, Span, identifying_words, mask
from rightplace.core.matching import vocabulary
from rightplace.core.problems import Problem

__all__ = [
    "COUNTED_FACTS",
    "FIELDS",
    "WITHHELD",
    "Field",
    "Known",
    "Rule",
    "Span",
    "count_sharing",
    "disclose",
    "identifying_words",
    "mask",
    "shared_by_fewer_than",
]


class Rule(StrEnum):
    """How a field is shown."""

    AGE = "age"
    OUTWARD = "outward"
    CODE = "code"
    CODES = "codes"
    CODE_MAP = "code_map"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"
    TEXT = "text"
    COUNT = "count"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the allow-list: a field of the record, the name it is shown as, the rule, and words why.

    `terms` are the enumerations whose codes may pass a code rule; `fields` are the lines of each row.
    """

    name: str
    shown_as: str
    rule: Rule
    words: str
    terms: tuple[type[vocabulary.Term], ...] = ()
    fields: tuple["Field", ...] = ()


def _text(name: str, words: str) -> Field:
    return Field(name, name, Rule.TEXT, f"{words}, with identifying words masked")


def _code(name: str, words: str, *terms: type[vocabulary.Term]) -> Field:
    return Field(name, name, Rule.CODE, words, terms)


CHILD_FIELDS = (
    Field("date_of_birth", "age", Rule.AGE, "Age in whole years, never the date of birth"),
    _code("sex", "Sex", vocabulary.Sex),
    _text("language", "Languages spoken"),
    _text("faith", "Faith"),
    _text("ethnicity", "Ethnicity"),
)
NEED_FIELDS = (
    _code("code", "Kind of need", vocabulary.NeedKind),
    Field("severity", "severity", Rule.NUMBER, "Severity, 1 to 3"),
    _text("evidence", "Evidence of the need"),
)
OUTCOME_FIELDS = (
    _text("words", "Outcome"),
    _text("measure", "How it is measured"),
    Field("by_on", "by_on", Rule.DAY, "When it should be reached"),
)
PLACE_FIELDS = (
    _code("purpose", "Why the place matters", vocabulary.PlacePurpose),
    Field("postcode", "district", Rule.OUTWARD, "Postcode district, never the postcode or address"),
    Field("max_miles", "max_miles", Rule.NUMBER, "Miles from it at most"),
)

FIELDS: tuple[Field, ...] = (
    Field("children", "children", Rule.EACH, "Each child of the request", fields=CHILD_FIELDS),
    Field("date_of_birth", "age", Rule.AGE, "Age in whole years, never the date of birth"),
    _code("sex", "Sex", vocabulary.Sex),
    _text("language", "Languages spoken"),
    _text("faith", "Faith"),
    _text("ethnicity", "Ethnicity"),
    Field("home_postcode", "home_district", Rule.OUTWARD, "Postcode district of home, never the address"),
    Field("school_postcode", "school_district", Rule.OUTWARD, "Postcode district of school, never its name"),
    Field("preferred_places", "preferred_places", Rule.EACH, "Places to live near", fields=PLACE_FIELDS),
    Field("needed_by_on", "needed_by_on", Rule.DAY, "When the placement is needed"),
    _code("urgency", "Urgency", vocabulary.Urgency),
    Field("likely_weeks", "likely_weeks", Rule.NUMBER, "Likely length in weeks"),
    Field("suitability", "suitability", Rule.CODE_MAP, "Kinds of home", (vocabulary.Suitability,)),
    Field("needs", "needs", Rule.EACH, "Needs and risks", fields=NEED_FIELDS),
    Field("outcomes", "outcomes", Rule.EACH, "Outcomes wanted", fields=OUTCOME_FIELDS),
    Field("essential", "essential", Rule.CODES, "Essential criteria", (vocabulary.Criterion,)),
    Field("desirable", "desirable", Rule.CODES, "Desirable criteria", (vocabulary.Criterion,)),
    Field("adaptations", "adaptations", Rule.CODES, "Adaptations needed", (vocabulary.Adaptation,)),
    Field(
        "communication",
        "communication",
        Rule.CODES,
        "Ways to communicate",
        (vocabulary.CommunicationRequirement,),
    ),
    Field(
        "additional_support",
        "additional_support",
        Rule.CODES,
        "More support",
        (vocabulary.AdditionalSupport,),
    ),
    _code("cultural_needs", "Cultural needs", vocabulary.CulturalNeeds),
    _code("living_companions", "Who may live alongside", vocabulary.LivingCompanions),
    _code("pets", "Pets", vocabulary.Pets),
    Field("siblings", "siblings_count", Rule.COUNT, "How many brothers and sisters, not who"),
    Field("siblings_together", "siblings_together", Rule.TRUTH, "Whether siblings stay together"),
    Field("deprivation_of_liberty", "deprivation_of_liberty", Rule.TRUTH, "Whether an order is in force"),
    _text("about", "What the child is like"),
    _text("wishes", "The child's wishes"),
    _text("reason", "Why a placement is needed"),
    _text("secure", "Criteria for a secure home, and the way back"),
    _text("health", "Health"),
    _text("school_plan", "What should happen about school"),
    _text("family_time", "Family time"),
    _text("siblings_plan", "Plan for brothers and sisters"),
    _text("culture", "Culture"),
    _text("companions_words", "More about who may live alongside"),
    _text("adaptation_words", "More about adaptations"),
    _text("support_words", "More about support"),
)
"""The allow-list of a request."""

WITHHELD: dict[str, str] = {
    "name": "The child's name",
    "known_as": "The name the child goes by",
    "address": "Where the child lives",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
    "case_number": "The authority's own number",
    "school_name": "The school",
    "unsafe_places": "Places that are not safe: homes inside are left out, without saying where",
    "carer_address": "Where a carer lives",
    "family": "Parents, brothers and sisters by name",
    "social_worker": "The social worker, until the placement is agreed",
    "ceiling_pence_week": "The ceiling price: showing it would set the price",
    "legal_status": "Legal status, until an offer is chosen",
}
"""Fields that are kept back, and what they hold: for the page that explains what a provider sees."""

NOTHING_KNOWN = Known()


def disclose(record: Mapping[str, Any], on: date, known: Known = NOTHING_KNOWN) -> dict[str, Any]:
    """What a provider may see of a record on a day: only the fields of `FIELDS`, each by its rule.

    A value of the wrong kind is left out, never passed on. Texts are masked with `known` and by shape; a
    person confirms them before they leave.
    """
    return _shown(record, FIELDS, on, known)


def _shown(record: Mapping[str, Any], fields: Iterable[Field], on: date, known: Known) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in fields:
        if record.get(field.name) is None:
            continue
        value = _RULES[field.rule](record[field.name], field, on, known)
        if value is not None:
            shown[field.shown_as] = value
    return shown


def _age(value: Any, field: Field, on: date, known: Known) -> int | None:
    born = value.date() if isinstance(value, datetime) else value
    if not isinstance(born, date) or born > on:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


_OUTWARD = re.compile(r"\s*([A-Z]{1,2}[0-9][A-Z0-9]?)(?:\s*[0-9][A-Z]{2})?\s*", re.IGNORECASE)


def _outward(value: Any, field: Field, on: date, known: Known) -> str | None:
    found = _OUTWARD.fullmatch(value) if isinstance(value, str) else None
    return found[1].upper() if found else None


def _one_code(value: Any, field: Field, on: date, known: Known) -> str | None:
    return next((term.value for terms in field.terms for term in terms if term == value), None)


def _codes(value: Any, field: Field, on: date, known: Known) -> tuple[str, ...] | None:
    if not isinstance(value, (list, tuple, set, frozenset)):
        return None
    codes = (_one_code(one, field, on, known) for one in value)
    return tuple(sorted(code for code in codes if code is not None))


def _code_map(value: Any, field: Field, on: date, known: Known) -> dict[str, str] | None:
    if not isinstance(value, Mapping):
        return None
    kinds = {kind.value: _one_code(value.get(kind.value), field, on, known) for kind in vocabulary.HomeKind}
    return {kind: code for kind, code in kinds.items() if code is not None}


MOST_DIGITS = 5
"""A longer number could be a telephone or case number."""


def _number(value: Any, field: Field, on: date, known: Known) -> int | float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and abs(value) < 10**MOST_DIGITS else None


def _day(value: Any, field: Field, on: date, known: Known) -> date | None:
    day = value.date() if isinstance(value, datetime) else value
    return day if isinstance(day, date) and day not in known.dates else None


def _truth(value: Any, field: Field, on: date, known: Known) -> bool | None:
    return value if isinstance(value, bool) else None


def _masked(value: Any, field: Field, on: date, known: Known) -> str | None:
    return mask(value, identifying_words(value, known)) if isinstance(value, str) else None


def _count(value: Any, field: Field, on: date, known: Known) -> int | None:
    return len(value) if isinstance(value, (list, tuple, set, frozenset)) else None


def _each(value: Any, field: Field, on: date, known: Known) -> list[dict[str, Any]] | None:
    if not isinstance(value, (list, tuple)):
        return None
    return [_shown(row, field.fields, on, known) for row in value if isinstance(row, Mapping)]


_RULES: dict[Rule, Callable[[Any, Field, date, Known], Any]] = {
    Rule.AGE: _age,
    Rule.OUTWARD: _outward,
    Rule.CODE: _one_code,
    Rule.CODES: _codes,
    Rule.CODE_MAP: _code_map,
    Rule.NUMBER: _number,
    Rule.DAY: _day,
    Rule.TRUTH: _truth,
    Rule.TEXT: _masked,
    Rule.COUNT: _count,
    Rule.EACH: _each,
}

COUNTED_FACTS = ("age", "sex", "ethnicity", "language", "faith", "home_district")
"""Shown facts that together may point to one child."""


def count_sharing(
    shown: Mapping[str, Any], population: Iterable[Mapping[str, Any]], facts: tuple[str, ...] = COUNTED_FACTS
) -> int:
    """How many children of a population (rows of the same shown facts) share the facts that are shown.

    A fact that is not shown tells nothing and is not compared. Texts are compared without case.
    """
    wanted = {fact: _compared(shown[fact]) for fact in facts if shown.get(fact) is not None}
    return sum(
        all(_compared(child.get(fact)) == value for fact, value in wanted.items()) for child in population
    )


def _compared(value: Any) -> Any:
    return value.strip().casefold() if isinstance(value, str) else value


def shared_by_fewer_than(sharing: int, floor: int = 5) -> Problem | None:
    """A warning when fewer than `floor` children (the child included) share the facts shown; else None."""
    if sharing >= floor:
        return None
    who = "No other child shares" if sharing <= 1 else f"Only {sharing} children share"
    return Problem(
        "few_share_facts",
        f"{who} the facts shown here (age, sex, ethnicity, language, faith and district together)."
        " Show less, or say why this is needed.",
    )
