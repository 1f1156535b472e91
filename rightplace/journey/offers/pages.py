"""An offer as its makers read it: frozen values only, since the portal's templates hold no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from rightplace.core.matching.vocabulary import Urgency
from rightplace.core.periods import Period
from rightplace.core.pricing import WholeCost
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.journey.offers.checks import Topic, missing_facts, needs_carer, topics
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.offers.models import Offer, OfferEvidence, OfferLine
from rightplace.journey.offers.prices import cost_of, price_lines, stay_of
from rightplace.journey.offers.sealing import is_open, own_offers
from rightplace.journey.offers.states import OFFER


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer in its makers' list."""

    id: int
    reference: str
    referral: str
    home: str
    authority: str
    state: str
    state_words: str
    starts_on: date | None
    closes_at: datetime
    submitted_at: datetime | None
    made_by: str
    is_on_behalf: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """A need, outcome or criterion as shown, with the answer so far."""

    topic: Topic
    is_met: bool | None
    how: str


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """A file that supports the offer; its content is read by its own address."""

    id: int
    file_id: int
    name: str
    size: int
    words: str


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Everything of one offer, for the people who make it."""

    row: OfferRow
    version: int
    invitation_id: int
    is_own: bool
    is_open: bool
    is_emergency: bool
    needs_carer: bool
    open_until: date | None
    home_words: str
    home_postcode_district: str
    carer_reference: str
    support_words: str
    education_words: str
    others_at_home: str
    lines: tuple[LineGiven, ...]
    answers: tuple[TopicAnswer, ...]
    evidence: tuple[EvidenceShown, ...]
    needed_by: date | None
    children: int
    stay: Period | None
    cost: WholeCost | None
    missing: tuple[Problem, ...]
    verbs: frozenset[str]
    withdraw_reason: str


def offers_made(actor: Actor, *, states: tuple[str, ...] = (), text: str = "") -> QuerySet[Offer]:
    """The offers this actor makes, the newest first; each is shown as `offer_row`."""
    rows = own_offers(actor).select_related("setting", "household", "invitation", "authority")
    if states:
        rows = rows.filter(state__in=states)
    if text := text.strip():
        rows = rows.filter(invitation__reference__icontains=text)
    return rows.order_by("-made_at", "-id")


def offer_row(offer: Offer) -> OfferRow:
    """An offer as a row of values."""
    place = offer.setting.name if offer.setting else offer.household.carers if offer.household else ""
    return OfferRow(
        id=offer.pk,
        reference=offer.reference,
        referral=offer.invitation.reference,
        home=place,
        authority=offer.authority.name,
        state=offer.state,
        state_words=OFFER.states[offer.state],
        starts_on=offer.starts_on,
        closes_at=offer.invitation.closes_at,
        submitted_at=offer.submitted_at,
        made_by=offer.made_by,
        is_on_behalf=offer.is_on_behalf,
        feedback=offer.feedback,
    )


def offer_page(actor: Actor, offer_id: int, *, now: datetime) -> OfferPage | None:
    """One offer with all its parts; None where it is not this actor's."""
    rows = offers_made(actor).select_related("named_carer")
    offer = rows.prefetch_related("lines", "answers", evidence_without_content()).filter(pk=offer_id).first()
    return None if offer is None else _page(offer, actor, now)


def _page(offer: Offer, actor: Actor, now: datetime) -> OfferPage:
    shown, may_change = offer.invitation.shown, is_open(offer.invitation, now)
    children = max(len(shown.get("children") or ()), 1)
    stay = stay_of(offer.starts_on, shown.get("likely_weeks")) if offer.starts_on else None
    lines = price_lines(offer)
    return OfferPage(
        row=offer_row(offer),
        version=offer.version,
        invitation_id=offer.invitation_id,
        is_own=offer.household_id is not None,
        is_open=may_change,
        is_emergency=shown.get("urgency") == Urgency.TODAY,
        needs_carer=needs_carer(offer),
        open_until=offer.open_until,
        home_words=offer.home_words,
        home_postcode_district=offer.home_postcode_district,
        carer_reference=offer.named_carer.reference if offer.named_carer else "",
        support_words=offer.support_words,
        education_words=offer.education_words,
        others_at_home=offer.others_at_home,
        lines=tuple(_line(row) for row in offer.lines.all()),
        answers=_answers(offer),
        evidence=tuple(
            EvidenceShown(row.pk, row.file_id, row.file.name, row.file.size, row.words)
            for row in offer.evidence.all()
        ),
        needed_by=_day(shown.get("needed_by")),
        children=children,
        stay=stay,
        cost=cost_of(lines, stay, children) if stay and lines else None,
        missing=tuple(missing_facts(offer, timezone.localdate(now))) if offer.state == "draft" else (),
        verbs=_verbs(offer, actor, may_change),
        withdraw_reason=offer.withdraw_reason,
    )


def _verbs(offer: Offer, actor: Actor, may_change: bool) -> frozenset[str]:
    """The verbs whose buttons are shown; all but withdrawing end with the search."""
    verbs = {step.verb for step in OFFER.open_to(state=offer.state, role=actor.role)}
    return frozenset(verbs if may_change else verbs & {"withdraw_offer"})


def _line(row: OfferLine) -> LineGiven:
    return LineGiven(
        kind=row.kind,
        unit=row.unit,
        amount_pence=row.amount_pence,
        quantity=row.quantity,
        basis_points=row.basis_points,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        words=row.words,
    )


def _answers(offer: Offer) -> tuple[TopicAnswer, ...]:
    given = {(one.about, one.topic): one for one in offer.answers.all()}
    found = []
    for one in topics(offer.invitation):
        answer = given.get((one.about, one.key))
        found.append(TopicAnswer(one, answer.is_met if answer else None, answer.words if answer else ""))
    return tuple(found)


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def evidence_without_content() -> Prefetch[str, QuerySet[OfferEvidence, OfferEvidence], str]:
    """The evidence of offers, its files without their contents."""
    rows = OfferEvidence.objects.select_related("file").defer("file__content").order_by("id")
    return Prefetch("evidence", rows)
