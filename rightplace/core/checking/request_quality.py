"""The quality check of a placement request before it leaves: is it complete, and does it mean something?

Rules are a table: the urgencies that need each, its weight, whether it must or should be mended, and a test
that says in words what is missing and why it matters. A request for today needs only a short set, because a
search must start at once. Source: quality checks of referrals that placement teams report, and the Placements
Data Standard v2 for what a request holds.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rightplace.core.calendar import age_on
from rightplace.core.matching.vocabulary import (
    SEVERITY_WORDS,
    WANTED,
    HomeKind,
    LivingCompanions,
    NeedKind,
    Pets,
    Urgency,
)


class Severity(StrEnum):
    """Whether a finding stops the request, or only advises."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is missing or unclear, in words for whoever can mend it. `field` may be `needs.0.evidence`."""

    field: str
    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The score (0 to 100: weight of the rules met), the findings, and whether the request may leave."""

    score: int
    findings: tuple[Finding, ...]

    @property
    def is_ready(self) -> bool:
        """Nothing is left that must be mended."""
        return not any(finding.severity == Severity.MUST for finding in self.findings)


Request = Mapping[str, Any]
Fault = tuple[str, str]
"""A field path and the words about it."""


@dataclass(frozen=True, slots=True)
class QualityRule:
    """One row of the table: `faults` gives field paths and words, none when the rule is met."""

    name: str
    severity: Severity
    weight: int
    urgencies: frozenset[str]
    faults: Callable[[Request, date], Iterable[Fault]]


MOST_ESSENTIAL = 8
WIDEST_UNSAFE_MILES = 20
FEWEST_WORDS_OF_EVIDENCE = {1: 3, 2: 6, 3: 12}
"""Words of evidence wanted for some, significant and high needs."""
FEWEST_WORDS_OF_CRITERIA = 5

TEXT_FIELDS: dict[str, str] = {
    "reason": "why the child needs a placement now",
    "about": "what the child is like, enjoys and is good at",
    "wishes": "the child's own wishes",
    "school_plan": "what should happen about school",
    "family_time": "family time and who must not have it",
    "health": "health, medicines and allergies",
    "siblings_plan": "whether brothers and sisters stay together",
}
_PLACEHOLDER = re.compile(
    r"\W*(t\.?b\.?[cda]\.?|to be (confirmed|completed|advised|added)|n\W?/?\W?a|not applicable|unknown"
    r"|not known|as above|see above|see (attached|assessment|file|report|below)|ditto|test|x{2,}|pending)\W*",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\d|\b(every|each|daily|weekly|monthly|termly|no more than|at least|fewer|less than|attends?|all|none"
    r"|score[ds]?|rating|percent|once|twice|times)\b",
    re.IGNORECASE,
)


def check_quality(request: Request, urgency: str, today: date) -> Quality:
    """Check a request against the rules for its urgency.

    `request` maps field names to values: `children` (each with `age` or `date_of_birth`, `sex`),
    `needed_by_on`, `legal_status`, `suitability` (kind to code), `needs` (`code`, `severity`, `evidence`),
    `outcomes` (`words`, `measure`, `by_on`), `essential`, `preferred_places`, `unsafe_places` (`words`,
    `radius_miles`), `living_companions`, `pets`, `language`, `ethnicity`, `likely_weeks`,
    `ceiling_pence_week`, `ceiling_reason` and the texts of `TEXT_FIELDS`. A missing key is an empty answer;
    nothing raises on odd values.
    """
    findings: list[Finding] = []
    weight = met = 0
    for rule in RULES:
        if urgency not in rule.urgencies:
            continue
        faults = list(rule.faults(request, today))
        findings += [Finding(field, rule.severity, words) for field, words in faults]
        weight += rule.weight
        met += 0 if faults else rule.weight
    score = (200 * met + weight) // (2 * weight) if weight else 100  # the one rounding: half up
    return Quality(score, tuple(sorted(findings, key=lambda one: one.severity != Severity.MUST)))


def is_placeholder(text: str) -> bool:
    """Whether a text stands in for an answer: "TBC", "as above", "see assessment", "n/a"."""
    return _PLACEHOLDER.fullmatch(text) is not None


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""


def _rows(request: Request, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = request.get(name)
    if not isinstance(rows, (list, tuple)):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, Mapping)]


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _is_empty(value: object) -> bool:
    return (
        value is None or value == "" or (isinstance(value, (list, tuple, set, frozenset, dict)) and not value)
    )


def _children(request: Request, today: date) -> Iterable[Fault]:
    if not _rows(request, "children"):
        yield "children", "Say who the request is for."
    for index, child in _rows(request, "children"):
        if _age(child, today) is None:
            yield f"children.{index}.date_of_birth", "Give the date of birth: homes are registered by age."
        if _is_empty(child.get("sex")):
            yield f"children.{index}.sex", "Give the child's sex: some homes take only girls or only boys."


def _age(child: Mapping[str, Any], today: date) -> int | None:
    born = _day(child.get("date_of_birth"))
    if born is not None and born <= today:
        return age_on(born, today)
    age = child.get("age")
    return age if isinstance(age, int) else None


def _legal_status(request: Request, today: date) -> Iterable[Fault]:
    if not _text(request, "legal_status"):
        yield (
            "legal_status",
            (
                "A child has no legal status in the register yet. It decides who must agree to the placement: "
                "have it recorded as soon as the child comes into care, and it shows here."
            ),
        )


def _needed_by(request: Request, today: date) -> Iterable[Fault]:
    needed_by = _day(request.get("needed_by_on"))
    if needed_by is None:
        yield "needed_by_on", "Say by when the placement is needed: the search and its clock depend on it."
    elif needed_by < today:
        yield "needed_by_on", "The day by which it is needed has passed. Give a day from today on."


def _reason(request: Request, today: date) -> Iterable[Fault]:
    if len(_text(request, "reason").split()) < 5:
        yield "reason", "Say in a sentence why the child needs a placement now: providers ask this first."


def _suitability(request: Request, today: date) -> Iterable[Fault]:
    suitability = request.get("suitability") or {}
    values = list(suitability.values()) if isinstance(suitability, Mapping) else []
    if not any(value in WANTED for value in values):
        yield "suitability", "Say which kind of home is preferred or suitable: it decides who is asked."


def _legal_kind(request: Request, today: date) -> Iterable[Fault]:
    suitability = request.get("suitability") or {}
    ages = [_age(child, today) for _, child in _rows(request, "children")]
    wanted = suitability.get(HomeKind.SUPPORTED) if isinstance(suitability, Mapping) else None
    if wanted in WANTED and any(a is not None and a < 16 for a in ages):
        yield "suitability", "A child under 16 may not live in supported accommodation."
    # Children Act 1989, section 25: a child is locked up only where one of its criteria is met.
    secure = suitability.get(HomeKind.SECURE) if isinstance(suitability, Mapping) else None
    if secure in WANTED and len(_text(request, "secure").split()) < FEWEST_WORDS_OF_CRITERIA:
        yield "secure", "Say which criterion of section 25 is met, and the plan for coming back: a secure home needs both."


def _some_needs(request: Request, today: date) -> Iterable[Fault]:
    if not _rows(request, "needs"):
        yield "needs", "Name at least one need or risk: without it no home can be matched."


def _evidence(request: Request, today: date) -> Iterable[Fault]:
    for index, need in _rows(request, "needs"):
        severity = need.get("severity")
        wanted = FEWEST_WORDS_OF_EVIDENCE.get(severity, 3) if isinstance(severity, int) else 3
        if len(_text(need, "evidence").split()) < wanted:
            kind = NeedKind.words_for(str(need.get("code", "")))
            level = SEVERITY_WORDS.get(severity, "Some").lower() if isinstance(severity, int) else "some"
            yield (
                f"needs.{index}.evidence",
                f"{kind} ({level}): say what happened, how often and what helps, in at least {wanted} words."
                " A provider cannot judge a risk from its name.",
            )


def _high_needs_evidence(request: Request, today: date) -> Iterable[Fault]:
    for index, need in _rows(request, "needs"):
        if need.get("severity") == 3 and not _text(need, "evidence"):
            kind = NeedKind.words_for(str(need.get("code", "")))
            yield (
                f"needs.{index}.evidence",
                f"{kind} (high): say what happened, so that the home can keep everyone safe.",
            )


def _repeated_evidence(request: Request, today: date) -> Iterable[Fault]:
    texts = [_text(need, "evidence").casefold() for _, need in _rows(request, "needs")]
    repeated = {text for text, count in Counter(texts).items() if text and count > 1}
    if repeated:
        yield "needs", "The same evidence is given for several needs: say what belongs to each."


def _outcomes(request: Request, today: date) -> Iterable[Fault]:
    if not _rows(request, "outcomes"):
        yield "outcomes", "Write at least one outcome: the contract and every review are measured against it."
    for index, outcome in _rows(request, "outcomes"):
        if len(_text(outcome, "words").split()) < 4:
            yield f"outcomes.{index}.words", "Say in a sentence what should be different for the child."


def _measures(request: Request, today: date) -> Iterable[Fault]:
    for index, outcome in _rows(request, "outcomes"):
        told = f"{_text(outcome, 'words')} {_text(outcome, 'measure')}"
        if not _MEASURE.search(told) or is_placeholder(_text(outcome, "measure")):
            yield (
                f"outcomes.{index}.measure",
                "Say how a review will see that it is reached: how often, how many, by when.",
            )


def _essential(request: Request, today: date) -> Iterable[Fault]:
    essential = request.get("essential")
    count = len(essential) if isinstance(essential, (list, tuple, set, frozenset)) else 0
    if count > MOST_ESSENTIAL:
        yield (
            "essential",
            f"{count} essential criteria leave almost no homes. Keep at most {MOST_ESSENTIAL};"
            " make the others desirable.",
        )


def _unsafe_places(request: Request, today: date) -> Iterable[Fault]:
    for index, place in _rows(request, "unsafe_places"):
        radius = place.get("radius_miles")
        if not isinstance(radius, (int, float)) or radius <= 0:
            yield (
                f"unsafe_places.{index}.radius_miles",
                "Give the miles around the unsafe place: without them no home can be left out.",
            )


def _wide_unsafe_places(request: Request, today: date) -> Iterable[Fault]:
    for index, place in _rows(request, "unsafe_places"):
        radius = place.get("radius_miles")
        if isinstance(radius, (int, float)) and radius > WIDEST_UNSAFE_MILES:
            yield (
                f"unsafe_places.{index}.radius_miles",
                f"{radius:g} miles rules out most homes: is it meant?",
            )


def _places(request: Request, today: date) -> Iterable[Fault]:
    if _is_empty(request.get("preferred_places")):
        yield "preferred_places", "Name the place to stay near: home, school or family."


def _texts(*names: str) -> Callable[[Request, date], Iterable[Fault]]:
    """A rule that each of these texts is answered."""

    def faults(request: Request, today: date) -> Iterable[Fault]:
        for name in names:
            if not _text(request, name):
                yield name, f"Say {TEXT_FIELDS[name]}."

    return faults


def _placeholders(request: Request, today: date) -> Iterable[Fault]:
    told = [(name, _text(request, name)) for name in TEXT_FIELDS if name != "siblings_plan"]
    told += [(f"needs.{i}.evidence", _text(need, "evidence")) for i, need in _rows(request, "needs")]
    told += [(f"outcomes.{i}.words", _text(row, "words")) for i, row in _rows(request, "outcomes")]
    for field, text in told:
        if text and is_placeholder(text):
            yield field, f"“{text}” is not an answer yet. Say what is known, and who will find out the rest."


def _siblings_plan(request: Request, today: date) -> Iterable[Fault]:
    if len(_rows(request, "children")) > 1 and not _text(request, "siblings_plan"):
        yield "siblings_plan", "Say whether the brothers and sisters must stay together, and why."


def _companions(request: Request, today: date) -> Iterable[Fault]:
    if request.get("living_companions") not in tuple(LivingCompanions):
        yield "living_companions", "Say who the child can live alongside: it leaves homes in or out."
    if request.get("pets") not in tuple(Pets):
        yield "pets", "Say whether the child can live with pets."


def _identity(request: Request, today: date) -> Iterable[Fault]:
    if not _text(request, "language"):
        yield "language", "Give the languages that the child speaks."
    if not _text(request, "ethnicity"):
        yield "ethnicity", "Give the child's ethnicity, so that culture can be looked after."


def _length(request: Request, today: date) -> Iterable[Fault]:
    weeks = request.get("likely_weeks")
    if not isinstance(weeks, int) or weeks <= 0:
        yield "likely_weeks", "Say how long the placement is likely to last: the whole cost depends on it."


def _ceiling(request: Request, today: date) -> Iterable[Fault]:
    if request.get("ceiling_pence_week") is not None and not _text(request, "ceiling_reason"):
        yield "ceiling_reason", "Say why there is a ceiling price: it leaves homes out."


EVERY = frozenset(Urgency)
NOT_TODAY = frozenset({Urgency.UNDER_5_DAYS, Urgency.OVER_5_DAYS})
TODAY = frozenset({Urgency.TODAY})
PLANNED = frozenset({Urgency.OVER_5_DAYS})

RULES: tuple[QualityRule, ...] = (
    QualityRule("The children", Severity.MUST, 10, EVERY, _children),
    QualityRule("Legal status", Severity.SHOULD, 5, EVERY, _legal_status),
    QualityRule("Needed by", Severity.MUST, 8, EVERY, _needed_by),
    QualityRule("Why now", Severity.MUST, 8, EVERY, _reason),
    QualityRule("A suitable kind of home", Severity.MUST, 8, EVERY, _suitability),
    QualityRule("A lawful kind of home", Severity.MUST, 5, EVERY, _legal_kind),
    QualityRule("Needs and risks", Severity.MUST, 8, EVERY, _some_needs),
    QualityRule("Evidence of high needs", Severity.MUST, 8, TODAY, _high_needs_evidence),
    QualityRule("Evidence of needs", Severity.MUST, 10, NOT_TODAY, _evidence),
    QualityRule("Radius of unsafe places", Severity.MUST, 5, EVERY, _unsafe_places),
    QualityRule("Answers, not placeholders", Severity.MUST, 5, NOT_TODAY, _placeholders),
    QualityRule("Outcomes", Severity.MUST, 8, NOT_TODAY, _outcomes),
    QualityRule("Brothers and sisters", Severity.MUST, 5, EVERY, _siblings_plan),
    QualityRule("Who lives alongside", Severity.MUST, 5, NOT_TODAY, _companions),
    QualityRule("Health", Severity.MUST, 5, NOT_TODAY, _texts("health")),
    QualityRule("Evidence for each need", Severity.SHOULD, 3, NOT_TODAY, _repeated_evidence),
    QualityRule("Measurable outcomes", Severity.SHOULD, 5, NOT_TODAY, _measures),
    QualityRule("Few essential criteria", Severity.SHOULD, 3, EVERY, _essential),
    QualityRule("Size of unsafe places", Severity.SHOULD, 2, EVERY, _wide_unsafe_places),
    QualityRule("Places to stay near", Severity.SHOULD, 3, NOT_TODAY, _places),
    QualityRule("Culture and language", Severity.SHOULD, 3, NOT_TODAY, _identity),
    QualityRule("The child", Severity.SHOULD, 4, PLANNED, _texts("about", "wishes")),
    QualityRule("School and family time", Severity.SHOULD, 4, PLANNED, _texts("school_plan", "family_time")),
    QualityRule("Likely length", Severity.SHOULD, 3, NOT_TODAY, _length),
    QualityRule("Reason for the ceiling", Severity.SHOULD, 2, EVERY, _ceiling),
)
