"""What those who were asked may read: frozen values made from their invitation's snapshot, and nothing else.

The portal's pages use only these. A provider's people do not read requests, children or searches at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, overload

from django.db.models import QuerySet

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
    Sex,
    Suitability,
    Urgency,
)
from rightplace.foundation.access.actor import Actor
from rightplace.journey.search.answering import answerable
from rightplace.journey.search.models import Invitation, Question
from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.journey.search.states import INVITATION


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral in a list: what it is called, in short for whom, for which home, how it stands."""

    id: int
    reference: str
    summary: str
    needs: str
    district: str
    needed_by: date | None
    urgency: str
    home: str
    authority: str
    state: str
    state_words: str
    sent_at: datetime
    closes_at: datetime
    version: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """A need or risk as shown: words, severity 1 to 3 in words, evidence."""

    key: str
    words: str
    severity: int
    severity_words: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """An outcome or a criterion as shown."""

    key: str
    words: str
    note: str = ""
    is_essential: bool = False


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact in words, as a row of a list of keys and values."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question and its answer, without who asked, unless it was you."""

    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_yours: bool


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral as one who was asked sees it."""

    row: ReferralRow
    setting_id: int | None
    household_id: int | None
    children: tuple[ShownFact, ...]
    facts: tuple[ShownFact, ...]
    texts: tuple[ShownFact, ...]
    needs: tuple[ShownNeed, ...]
    outcomes: tuple[ShownTopic, ...]
    kind_musts: tuple[ShownTopic, ...]
    essential: tuple[ShownTopic, ...]
    desirable: tuple[ShownTopic, ...]
    questions: tuple[QuestionShown, ...]
    seen_at: datetime | None
    reminded_at: datetime | None
    decline_reasons: tuple[str, ...]
    decline_words: str
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShownReferral:
    """What a snapshot says, in words: the parts of a referral that the portal shows and a broker sees beforehand."""

    children: tuple[ShownFact, ...]
    facts: tuple[ShownFact, ...]
    texts: tuple[ShownFact, ...]
    needs: tuple[ShownNeed, ...]
    outcomes: tuple[ShownTopic, ...]
    essential: tuple[ShownTopic, ...]
    desirable: tuple[ShownTopic, ...]


def shown_referral(shown: Mapping[str, Any]) -> ShownReferral:
    """A snapshot put into words, exactly as a provider reads it."""
    criteria = shown.get("criteria") or []
    outcomes = shown.get("outcomes") or []
    return ShownReferral(
        children=tuple(_child(number, child) for number, child in enumerate(shown.get("children") or [], 1)),
        facts=tuple(_facts(shown)),
        texts=tuple(_texts(shown)),
        needs=tuple(_need(need) for need in _worst_first(shown)),
        outcomes=tuple(ShownTopic(one["key"], one["words"], one.get("measure", "")) for one in outcomes),
        essential=tuple(
            ShownTopic(c["key"], c["words"], is_essential=True) for c in criteria if c.get("is_essential")
        ),
        desirable=tuple(ShownTopic(c["key"], c["words"]) for c in criteria if not c.get("is_essential")),
    )


class Mapped(Sequence[ReferralRow]):
    """A query set seen as rows of values: counted and sliced by the database, made into values when read."""

    def __init__(self, rows: QuerySet[Invitation], now: datetime) -> None:
        self.rows, self.now = rows, now

    def __len__(self) -> int:
        return self.rows.count()

    def count(self, value: Any = None) -> int:
        """How many there are (as pages want it)."""
        return len(self)

    @overload
    def __getitem__(self, index: int) -> ReferralRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReferralRow]: ...
    def __getitem__(self, index: int | slice) -> ReferralRow | list[ReferralRow]:
        if isinstance(index, slice):
            return [referral_row(row, self.now) for row in self.rows[index]]
        return referral_row(self.rows[index], self.now)

    def __iter__(self) -> Iterator[ReferralRow]:
        return (referral_row(row, self.now) for row in self.rows)


ORDERS = {
    "closes_at": ("closes_at", "id"),
    "-closes_at": ("-closes_at", "-id"),
    "sent_at": ("sent_at", "id"),
    "-sent_at": ("-sent_at", "-id"),
    "reference": ("reference", "id"),
    "-reference": ("-reference", "-id"),
}
WAITING = ("sent", "seen")


def invitations_of(
    actor: Actor, *, now: datetime, states: Sequence[str] = (), text: str = "", order: str = "closes_at"
) -> Mapped:
    """The referrals this actor was asked about: a provider's, or those of the authority's own households."""
    rows = _asked(actor)
    if states:
        rows = rows.filter(state__in=states)
    if text := text.strip():
        rows = rows.filter(reference__icontains=text)
    return Mapped(rows.order_by(*ORDERS.get(order, ORDERS["closes_at"])), now)


def invitations_waiting(actor: Actor, *, now: datetime) -> Mapped:
    """The referrals that wait for an answer, the next to close first."""
    return Mapped(_asked(actor).filter(state__in=WAITING, closes_at__gt=now).order_by("closes_at", "id"), now)


def invitation_page(actor: Actor, invitation_id: int, *, now: datetime) -> ReferralPage | None:
    """One referral as the one who was asked may read it; None when it was not asked of this actor."""
    row = _asked(actor).filter(pk=invitation_id).first()
    return None if row is None else _page(row, actor, now)


def _asked(actor: Actor) -> QuerySet[Invitation]:
    return answerable(actor).select_related("setting", "household", "authority")


def referral_row(row: Invitation, now: datetime) -> ReferralRow:
    """An invitation as a row of a list."""
    shown = row.shown
    return ReferralRow(
        id=row.pk,
        reference=row.reference,
        summary=summary_of(shown),
        needs=", ".join(need["words"] for need in _worst_first(shown)[:3]),
        district=str(shown.get("home_district") or ""),
        needed_by=_day(shown.get("needed_by_on")),
        urgency=Urgency.words_for(shown.get("urgency") or ""),
        home=_home_of(row),
        authority=row.authority.name,
        state=row.state,
        state_words=INVITATION.states[row.state],
        sent_at=row.sent_at,
        closes_at=row.closes_at,
        version=row.version,
        is_open=row.state != "closed" and row.closes_at > now,
    )


def _home_of(row: Invitation) -> str:
    if row.setting is not None:
        return row.setting.name
    return row.household.carers if row.household is not None else ""


def summary_of(shown: Mapping[str, Any]) -> str:
    """For whom, in a few words: “Girl, 14” or “2 children, 6 and 9”."""
    children = shown.get("children") or []
    ages = [child["age"] for child in children if child.get("age") is not None]
    if len(children) > 1:
        return f"{len(children)} children, {' and '.join(str(age) for age in sorted(ages))}"
    sex = {"M": "Boy", "F": "Girl"}.get(children[0].get("sex", ""), "Child") if children else "Child"
    return f"{sex}, {ages[0]}" if ages else sex


def _worst_first(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    return sorted(shown.get("needs") or [], key=lambda need: -int(need.get("severity") or 1))


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _page(row: Invitation, actor: Actor, now: datetime) -> ReferralPage:
    shown, short = row.shown, referral_row(row, now)
    criteria = shown.get("criteria") or []
    return ReferralPage(
        row=short,
        setting_id=row.setting_id,
        household_id=row.household_id,
        children=tuple(_child(number, child) for number, child in enumerate(shown.get("children") or [], 1)),
        facts=tuple(_facts(shown)),
        texts=tuple(_texts(shown)),
        needs=tuple(_need(need) for need in _worst_first(shown)),
        outcomes=tuple(
            ShownTopic(o["key"], o["words"], o.get("measure", "")) for o in shown.get("outcomes") or []
        ),
        kind_musts=tuple(
            ShownTopic(
                one["key"], one["words"], f"Every offer has to meet this: {one['kind']}", is_essential=True
            )
            for one in shown.get("kind_musts") or ()
        ),
        essential=tuple(
            ShownTopic(c["key"], c["words"], is_essential=True) for c in criteria if c.get("is_essential")
        ),
        desirable=tuple(ShownTopic(c["key"], c["words"]) for c in criteria if not c.get("is_essential")),
        questions=questions_shown(row),
        seen_at=row.seen_at,
        reminded_at=row.reminded_at,
        decline_reasons=tuple(DECLINE_REASONS.get(code, code) for code in row.decline_reasons),
        decline_words=row.decline_words,
        verbs=frozenset(t.verb for t in INVITATION.open_to(state=row.state, role=actor.role))
        if short.is_open
        else frozenset(),
    )


def questions_shown(row: Invitation) -> tuple[QuestionShown, ...]:
    """Questions and answers of the search, for everyone who was asked in it."""
    rows = Question.objects.filter(search_id=row.search_id).order_by("asked_at", "id")
    return tuple(
        QuestionShown(q.words, q.asked_at, q.answer, q.answered_at, q.invitation_id == row.pk)
        for q in rows
        # A question may name a home or a child by mistake: others read it once the broker has answered.
        if q.answered_at is not None or q.invitation_id == row.pk
    )


def _need(need: Mapping[str, Any]) -> ShownNeed:
    severity = int(need.get("severity") or 1)
    words = need.get("words") or NeedKind.words_for(need.get("code", ""))
    return ShownNeed(
        need.get("key", ""), words, severity, SEVERITY_WORDS[severity], need.get("evidence") or ""
    )


def _child(number: int, child: Mapping[str, Any]) -> ShownFact:
    parts = [
        Sex.words_for(child.get("sex", "U")),
        f"aged {child['age']}" if child.get("age") is not None else "",
    ]
    parts += [str(child.get(name) or "") for name in ("language", "faith", "ethnicity")]
    return ShownFact(f"Child {number}", ", ".join(part for part in parts if part))


def _facts(shown: Mapping[str, Any]) -> Iterator[ShownFact]:
    kinds = shown.get("suitability") or {}
    for key, value in (
        ("Home area", shown.get("home_district")),
        ("School area", shown.get("school_district")),
        ("Places to live near", "; ".join(_near(place) for place in shown.get("preferred_places") or [])),
        ("Likely length", f"{shown['likely_weeks']} weeks" if shown.get("likely_weeks") else ""),
        (
            "Kinds of home",
            "; ".join(
                f"{HomeKind.words_for(k)}: {Suitability.words_for(v).lower()}" for k, v in kinds.items()
            ),
        ),
        ("Who may live alongside", LivingCompanions.words_for(shown.get("living_companions") or "")),
        ("Pets", Pets.words_for(shown.get("pets") or "")),
        ("Adaptations", _listed(Adaptation, shown.get("adaptations"))),
        ("Ways to communicate", _listed(CommunicationRequirement, shown.get("communication"))),
        ("More support", _listed(AdditionalSupport, shown.get("additional_support"))),
        ("Cultural needs", CulturalNeeds.words_for(shown.get("cultural_needs") or "")),
        ("Language", shown.get("language")),
        ("Faith", shown.get("faith")),
        (
            "Brothers and sisters elsewhere",
            str(shown["siblings_count"]) if shown.get("siblings_count") else "",
        ),
        ("Deprivation of liberty order", _YES_NO[shown.get("deprivation_of_liberty")]),
    ):
        if value:
            yield ShownFact(key, str(value))


_YES_NO = {True: "Yes", False: "No", None: ""}


def _near(place: Mapping[str, Any]) -> str:
    miles = f", within {place['max_miles']} miles" if place.get("max_miles") else ""
    return f"{PlacePurpose.words_for(place.get('purpose', ''))} ({place.get('district', 'area not known')}{miles})"


def _listed(terms: Any, codes: Sequence[str] | None) -> str:
    return ", ".join(terms.words_for(code) for code in codes or ())


_TEXTS = (
    ("about", "What the child is like"),
    ("wishes", "The child’s wishes"),
    ("reason", "Why a placement is needed"),
    ("secure", "Criteria for a secure home, and the way back"),
    ("health", "Health"),
    ("school_plan", "School"),
    ("family_time", "Family time"),
    ("siblings_plan", "Brothers and sisters"),
    ("culture", "Culture"),
    ("companions_words", "More about who may live alongside"),
    ("adaptation_words", "More about adaptations"),
    ("support_words", "More about support"),
)


def _texts(shown: Mapping[str, Any]) -> Iterator[ShownFact]:
    return (ShownFact(words, str(shown[name])) for name, words in _TEXTS if shown.get(name))
