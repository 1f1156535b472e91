"""A request in words: summary lists part by part, its life as a timeline, and who does what next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from rightplace.core.matching.vocabulary import (
    SEVERITY_WORDS,
    Adaptation,
    AdditionalSupport,
    CommunicationRequirement,
    CulturalNeeds,
    HomeKind,
    LivingCompanions,
    NeedKind,
    Pets,
    PlacePurpose,
    Suitability,
    Term,
    Urgency,
)
from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.words import count, day, pounds
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.reference.codes import meaning
from rightplace.journey.requests.child_files import age_of
from rightplace.journey.requests.entries import OUTCOME_AREAS
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.journey.requests.queries import RequestFile
from rightplace.journey.requests.reading import suitability_of
from rightplace.journey.search.kind_musts import kind_musts

YES_NO = {True: "Yes", False: "No", None: ""}
NEXT: dict[str, str] = {
    "draft": "The social worker fills in the request and sends it to the brokers.",
    "submitted": "A broker checks the request, then passes it or returns it with comments.",
    "returned": "The social worker answers the comments and sends it again. The clock stands until then.",
    "ready": "A broker opens the search.",
    "searching": "Carers and providers answer. Offers can be read when the search closes.",
    "offers_in": "The team manager compares the offers, chooses one and says why.",
    "chosen": "Whoever may approve the cost gives or refuses permission to place.",
    "permitted": "The start of the placement is confirmed, and the contract is signed.",
    "placed": "Nothing more is to be done here: the placement has started.",
    "withdrawn": "Nothing more is to be done here.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a request in words; `slug` is the step where it is changed."""

    slug: str
    title: str
    rows: tuple[SummaryRow, ...]


Row = tuple[str, object]


def lines(items: Iterable[object]) -> object:
    """Each item on a line of its own; empty when there is none."""
    listed = [(item,) for item in items]
    return format_html_join(mark_safe("<br>"), "{}", listed) if listed else ""


def terms(kind: type[Term], codes: Iterable[str]) -> object:
    """Codes in words, a line each."""
    return lines(kind.words_for(code) for code in codes)


def parts_of(file: RequestFile, change: Callable[[str], str] = lambda slug: "") -> list[Part]:
    """Every part of the request; `change` gives the address where a part is changed, or nothing."""
    made = []
    for slug, title, rows in PARTS:
        url = change(slug)
        shown = (
            SummaryRow(key, "Not said yet" if value in ("", None) else value, url)
            for key, value in rows(file)
        )
        made.append(Part(slug, title, tuple(shown)))
    return made


def _why(file: RequestFile) -> Iterator[Row]:
    row = file.row
    yield "Why now", row.why_now
    yield "Needed by", day(row.needed_by)
    is_known = row.needed_by is not None or row.is_emergency
    yield "Urgency", Urgency.words_for(file.urgency) if is_known else ""
    yield "Emergency", YES_NO[row.is_emergency]
    if row.replaces_placement_id:
        yield "Replaces", f"Placement P-{row.replaces_placement_id:06d}, which broke down"
    yield "What the child is like", row.about


def _children(file: RequestFile) -> Iterator[Row]:
    today = timezone.localdate()
    for child in file.children:
        status = file.read.legal_statuses.get(child.pk, "")
        legal = f"legal status {status}: {meaning('LS', status)}" if status else "no legal status recorded"
        yield str(child), f"Aged {age_of(child, today)}, {legal}"
    if len(file.children) > 1:
        yield "Stay together", " ".join([YES_NO[file.row.siblings_together], file.row.siblings_words]).strip()
    wishes = {wish.sibling_id: wish for wish in file.row.sibling_wishes.all()}
    for child in file.read.outside_siblings:
        wish = wishes.get(child.pk)
        words = f"{wish.wish.capitalize()}. {wish.reason}".strip() if wish else "No wish"
        yield f"Brother or sister: {child}", words


def _needs(file: RequestFile) -> Iterator[Row]:
    for asked in file.read.asked:
        whose = f"{asked.child}: " if len(file.read.asked) > 1 else ""
        for need in asked.needs.all():
            severity = SEVERITY_WORDS[need.severity].lower()
            yield f"{whose}{NeedKind.words_for(need.kind)} ({severity})", need.evidence
        if not asked.needs.all():
            yield f"{whose}Needs", ""
        yield f"{whose}Strengths", asked.strengths
        yield f"{whose}Wishes", asked.child_view


def _home(file: RequestFile) -> Iterator[Row]:
    row = file.row
    yield "Foster home", Suitability.words_for(row.foster_suitability)
    yield "Children’s home", Suitability.words_for(row.residential_suitability)
    yield "Supported accommodation", Suitability.words_for(row.supported_suitability)
    if row.is_secure_needed:
        yield "Secure children’s home", lines(["Needed", row.secure_words])
    companions = LivingCompanions.words_for(row.living_companions)
    yield "Lives alongside", lines(one for one in (companions, row.living_companions_words) if one)
    yield "Pets", Pets.words_for(row.pets)
    adapted = [YES_NO[row.home_adaptation], *(Adaptation.words_for(one) for one in row.adaptations)]
    yield "Adaptations", lines(one for one in (*adapted, row.home_adaptation_words) if one)
    support = [AdditionalSupport.words_for(one) for one in row.additional_support]
    yield "Support", lines(one for one in (*support, row.additional_support_words) if one)
    yield "Deprivation of liberty order", YES_NO[row.deprivation_of_liberty]


def _identity(file: RequestFile) -> Iterator[Row]:
    row = file.row
    yield "Languages", row.language
    yield "Faith", row.faith
    culture = CulturalNeeds.words_for(row.cultural_needs)
    yield "Culture and identity", lines(one for one in (culture, row.culture_words) if one)
    yield "Ways of communicating", terms(CommunicationRequirement, row.communication_requirements)
    yield "Health", row.health_words
    yield "Family time", row.contact_words
    yield "Stay at the present school", YES_NO[row.keep_school]
    yield "School", row.school_words


def _places(file: RequestFile) -> Iterator[Row]:
    for place in file.row.places.all():
        miles = count(place.miles, "mile")
        where = " ".join(one for one in (place.label, f"({place.postcode})") if one)
        if place.is_unsafe:
            yield "Not safe", lines([f"Within {miles} of {where}", place.reason])
        else:
            yield PlacePurpose.words_for(place.kind), f"Within {miles} of {where}"
    if not file.row.places.all():
        yield "Places", ""


def _criteria(file: RequestFile) -> Iterator[Row]:
    rows = list(file.row.criteria.all())
    yield "Essential", lines(one.words for one in rows if one.is_essential) or "None"
    yield "Desirable", lines(one.words for one in rows if not one.is_essential) or "None"
    yield from _kind_musts(file)


def _kind_musts(file: RequestFile) -> Iterator[Row]:
    """What every offer of a kind of home has to meet, but for kinds that do not suit."""
    today = timezone.localdate()
    ages = [age_of(child, today) for child in file.children]
    suits = suitability_of(file.row)
    for kind, musts in kind_musts(file.row.authority_id, today, ages).items():
        if musts and suits.get(kind, Suitability.UNSUITABLE) != Suitability.UNSUITABLE:
            yield f"Every offer: {HomeKind.words_for(kind).lower()}", lines(one["words"] for one in musts)


def _outcomes(file: RequestFile) -> Iterator[Row]:
    for outcome in file.row.outcomes.all():
        measure = [f"Seen by: {outcome.measure}"] if outcome.measure else []
        yield OUTCOME_AREAS.get(outcome.area, "Outcome"), lines([outcome.words, *measure])
    if not file.row.outcomes.all():
        yield "Outcomes", ""


def _cost(file: RequestFile) -> Iterator[Row]:
    row = file.row
    yield "Likely length", count(row.likely_weeks, "week") if row.likely_weeks else ""
    yield "Ceiling", f"{pounds(row.ceiling_pence_week)} a week" if row.ceiling_pence_week else "None"
    yield "Why a ceiling", row.ceiling_reason or ("" if row.ceiling_pence_week else "No ceiling")


PARTS: tuple[tuple[str, str, Callable[[RequestFile], Iterator[Row]]], ...] = (
    ("why", "Why and when", _why),
    ("children", "Children, brothers and sisters", _children),
    ("needs", "Needs and risks", _needs),
    ("home", "Kind of home", _home),
    ("identity", "Identity, health and school", _identity),
    ("places", "Places", _places),
    ("criteria", "Essential and desirable", _criteria),
    ("outcomes", "Outcomes", _outcomes),
    ("cost", "Length and cost", _cost),
)

LIFE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Request", "submitted_at", ("draft", "returned")),
    ("Quality check", "checked_at", ("submitted",)),
    ("Search", "", ("ready", "searching")),
    ("Choice of an offer", "", ("offers_in",)),
    ("Permission to place", "", ("chosen",)),
    ("Start of the placement", "closed_at", ("permitted",)),
)
"""The stretches of the journey: title, the column that says when it was done, and the states in which it is under way."""


def journey_of(row: PlacementRequest, dates: Mapping[str, date | datetime | None]) -> list[Happening]:
    """The journey from request to placement: what is done and when, where it stands, what is still to come."""
    if row.state == "withdrawn":
        return [
            *_written(row),
            Happening("Withdrawn", row.closed_at, detail=row.close_reason, state="problem"),
        ]
    here = next((place for place, (_, _, states) in enumerate(LIFE) if row.state in states), len(LIFE))
    shown = []
    for place, (title, column, _) in enumerate(LIFE):
        state = "done" if place < here else "current" if place == here else "todo"
        if state == "current" and row.state == "returned":
            state = "problem"
        at = (getattr(row, column) if column else dates.get(title)) if state == "done" else None
        shown.append(Happening(title, at, state=state))
    return shown


def _written(row: PlacementRequest) -> list[Happening]:
    return [Happening("Request started", row.created_at)]


def history_of(entries: Iterable[AuditEntry]) -> list[Happening]:
    """What was done to a request, newest first, as the trail tells it; saves in a row by one person are one line."""
    shown: list[Happening] = []
    for entry in entries:
        if (
            shown
            and entry.verb.startswith("save_")
            and shown[-1].title == entry.words
            and shown[-1].by == entry.actor_name
        ):
            shown.pop()
        shown.append(Happening(entry.words, entry.at, entry.actor_name))
    return shown[::-1]


def asked_words(asked: RequestChild) -> str:
    """A child of a request in a few words."""
    return f"{asked.child}, {age_of(asked.child, timezone.localdate())}"
