"""What may be done with offers: made by the provider's people, by the fostering team for own carers, or by a broker on behalf."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from rightplace.core.periods import Period
from rightplace.core.pricing import price_problems
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.offers.events import OfferSubmitted, OfferWithdrawn
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer, OfferAnswer, OfferEvidence, OfferLine
from rightplace.journey.offers.states import OFFER
from rightplace.journey.search.models import Invitation
from rightplace.register.providers.models import NamedCarer

GONE = Problem(MISSING, "This offer is not there, or is not yours.")
OPEN_INVITATION = frozenset({"sent", "seen", "declined", "offered"})
CHANGEABLE = frozenset(
    {
        "starts_on",
        "open_until",
        "home_words",
        "home_postcode_district",
        "support_words",
        "education_words",
        "others_at_home",
    }
)
EVIDENCE_TYPES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}
EVIDENCE_BYTES = 5 * 1024 * 1024
FULL_TEXT = 4000


def own_offers(by: Actor) -> models.QuerySet[Offer]:
    """The offers this actor may work on: a provider's own; the authority's for its brokers and fostering team."""
    if by.provider_id is not None:
        return Offer.objects.filter(provider_id=by.provider_id)
    return Offer.objects.filter(authority_id=by.authority_id)


def own_invitations(by: Actor) -> models.QuerySet[Invitation]:
    """The invitations this actor may answer."""
    if by.provider_id is not None:
        return Invitation.objects.filter(provider_id=by.provider_id)
    rows = Invitation.objects.filter(authority_id=by.authority_id)
    return rows.filter(household__isnull=False) if by.role == roles.FOSTERING_OFFICER else rows


@action
def start_offer(*, by: Actor, now: datetime, invitation_id: int) -> Outcome[Offer]:
    """Begin an offer to an invitation, or go on with the one begun: one open offer to each invitation.

    A broker may do it on a provider's behalf, which is recorded. Nothing can be offered after the closing time.
    """
    invitation = own_invitations(by).filter(pk=invitation_id).first()
    if invitation is None:
        return refuse(Problem(MISSING, "This referral is not there, or is not yours."))
    if problems := OFFER.problems("save_offer", state="draft", role=by.role) or _closed(invitation, now):
        return refuse(problems)
    begun = Offer.objects.filter(invitation=invitation).exclude(state="withdrawn").first()
    if begun is not None:
        return Outcome(begun)
    offer = Offer.objects.create(
        authority_id=invitation.authority_id,
        provider_id=invitation.provider_id,
        search_id=invitation.search_id,
        invitation=invitation,
        household_id=invitation.household_id,
        setting_id=invitation.setting_id,
        made_at=now,
        made_by=by.name,
        is_on_behalf=by.role == roles.BROKER,
        starts_on=_needed_by(invitation),
    )
    _record(
        by, now, offer, "start_offer", f"Offer {offer.reference} begun to referral {invitation.reference}"
    )
    return Outcome(offer)


def _needed_by(invitation: Invitation) -> date | None:
    text = invitation.shown.get("needed_by")
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


@action
def save_offer(
    *,
    by: Actor,
    now: datetime,
    offer_id: int,
    version: int,
    changes: Mapping[str, Any] | None = None,
    lines: Iterable[LineGiven] | None = None,
    answers: Iterable[AnswerGiven] | None = None,
    carer_reference: str | None = None,
) -> Outcome[Offer]:
    """Keep a draft: facts, price lines (replacing all) and answers, as far as they are given. Nothing is asked in full yet."""
    offer = own_offers(by).filter(pk=offer_id).first()
    if offer is None:
        return refuse(GONE)
    given = tuple(lines) if lines is not None else None
    facts = dict(changes or {})
    problems = (
        _unknown(facts)
        + _too_long(facts, answers or ())
        + (line_problems(given, facts.get("starts_on") or offer.starts_on) if given else [])
    )
    problems = (
        problems
        or _closed(offer.invitation, now)
        or change_state(OFFER, offer, "save_offer", by=by, version=version, **facts)
    )
    if problems:
        return refuse(problems)
    if given is not None:
        _write_lines(offer, given)
    if answers is not None:
        _write_answers(offer, tuple(answers))
    if carer_reference is not None:
        _name_carer(offer, carer_reference.strip())
    _record(by, now, offer, "save_offer", f"Offer {offer.reference} saved")
    return Outcome(offer)


def line_problems(lines: Iterable[LineGiven], starts_on: date | None) -> list[Problem]:
    """What is wrong with the price lines, as core.pricing sees it; priced over the first year."""
    start = starts_on or date(2000, 1, 1)
    return price_problems(
        [line.as_price_line() for line in lines],
        Period(start, start.replace(year=start.year + 1, day=min(start.day, 28))),
    )


@action
def add_evidence(
    *, by: Actor, now: datetime, offer_id: int, version: int, name: str, content: bytes, words: str = ""
) -> Outcome[OfferEvidence]:
    """Add a file that supports the offer: PDF, PNG or JPEG by its content, at most 5 MB."""
    offer = own_offers(by).filter(pk=offer_id).first()
    if offer is None:
        return refuse(GONE)
    media_type = next((kind for kind, start in EVIDENCE_TYPES.items() if content.startswith(start)), "")
    if problems := _file_problems(content, media_type) or change_state(
        OFFER, offer, "save_offer", by=by, version=version
    ):
        return refuse(problems)
    whose = {"authority_id": offer.authority_id, "provider_id": offer.provider_id}
    file = StoredFile.objects.create(
        name=name[-200:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=now,
        made_by=by.name,
        **whose,
    )
    evidence = OfferEvidence.objects.create(offer=offer, file=file, words=words[:200], **whose)
    _record(by, now, offer, "add_evidence", f"Evidence added to offer {offer.reference}")
    return Outcome(evidence)


def _file_problems(content: bytes, media_type: str) -> list[Problem]:
    if len(content) > EVIDENCE_BYTES:
        return [
            Problem("too_large", "The file is larger than 5 MB. Make it smaller, or send part of it.", "file")
        ]
    return [] if media_type else [Problem("wrong_type", "The file must be a PDF, PNG or JPEG.", "file")]


@action
def submit_offer(*, by: Actor, now: datetime, offer_id: int, version: int) -> Outcome[Offer]:
    """Submit an offer: a start date, at least one price line, a named home or carer, an answer to every essential criterion
    and need. It stays sealed until the search closes."""
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation", "setting").first()
    if offer is None:
        return refuse(GONE)
    if problems := _closed(offer.invitation, now) or missing_facts(offer, timezone.localdate(now)):
        return refuse(problems)
    if problems := change_state(OFFER, offer, "submit_offer", by=by, version=version, submitted_at=now):
        return refuse(problems)
    _record(by, now, offer, "submit_offer", f"Offer {offer.reference} submitted")
    publish(
        OfferSubmitted(
            by=by,
            now=now,
            authority_id=offer.authority_id,
            offer_id=offer.pk,
            invitation_id=offer.invitation_id,
            search_id=offer.search_id,
        )
    )
    return Outcome(offer)


@action
def reopen_offer(*, by: Actor, now: datetime, offer_id: int, version: int) -> Outcome[Offer]:
    """Take a submitted offer back to change it, while the search is open."""
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation").first()
    if offer is None:
        return refuse(GONE)
    if problems := _closed(offer.invitation, now) or change_state(
        OFFER, offer, "reopen_offer", by=by, version=version, submitted_at=None
    ):
        return refuse(problems)
    _record(by, now, offer, "reopen_offer", f"Offer {offer.reference} taken back to change")
    return Outcome(offer)


@action
def withdraw_offer(*, by: Actor, now: datetime, offer_id: int, version: int, reason: str) -> Outcome[Offer]:
    """Withdraw an offer at any time before it is accepted, with the reason."""
    offer = own_offers(by).filter(pk=offer_id).first()
    if offer is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why the offer is withdrawn.", "reason"))
    was_chosen = offer.state == "chosen"
    if problems := change_state(
        OFFER, offer, "withdraw_offer", by=by, version=version, withdraw_reason=reason.strip()[:300]
    ):
        return refuse(problems)
    _record(by, now, offer, "withdraw_offer", f"Offer {offer.reference} withdrawn: {offer.withdraw_reason}")
    publish(
        OfferWithdrawn(
            by=by,
            now=now,
            authority_id=offer.authority_id,
            offer_id=offer.pk,
            invitation_id=offer.invitation_id,
            search_id=offer.search_id,
            was_chosen=was_chosen,
        )
    )
    return Outcome(offer)


def follow_choice_made(offer_id: int) -> list[Problem]:
    """The offer was chosen."""
    return _follow(offer_id, "mark_chosen")


def follow_choice_undone(offer_id: int) -> list[Problem]:
    """The choice was undone: the offer stands as submitted again, unless it was withdrawn."""
    return _follow(offer_id, "mark_unchosen")


def follow_placed(offer_id: int, feedback: Mapping[int, str]) -> None:
    """Permission was given: the chosen offer is accepted, the others are told why they were not chosen."""
    _follow(offer_id, "mark_accepted")
    offer = Offer.objects.get(pk=offer_id)
    for other in Offer.objects.filter(search_id=offer.search_id, state="submitted"):
        change_state(
            OFFER,
            other,
            "mark_not_chosen",
            by=system_actor(authority_id=other.authority_id),
            feedback=feedback.get(other.pk, ""),
        )


def _follow(offer_id: int, verb: str) -> list[Problem]:
    offer = Offer.objects.get(pk=offer_id)
    return change_state(OFFER, offer, verb, by=system_actor(authority_id=offer.authority_id))


def missing_facts(offer: Offer, today: date) -> list[Problem]:
    """Everything that an offer still lacks before it can be submitted."""
    problems: list[Problem] = []
    if offer.starts_on is None or offer.starts_on < today:
        problems.append(Problem("starts_on", "Give a start date, today or later.", "starts_on"))
    if not any(line.kind == "core_fee" for line in offer.lines.all()):
        problems.append(Problem("no_price", "Give at least a core fee; zero is not a price.", "lines"))
    if offer.setting is not None and offer.setting.kind == "foster" and offer.named_carer_id is None:
        problems.append(
            Problem("no_carer", "Name the foster carer by your own reference.", "carer_reference")
        )
    if not offer.support_words.strip():
        problems.append(Problem("no_support", "Say how the child will be supported.", "support_words"))
    return problems + _unanswered(offer)


def _unanswered(offer: Offer) -> list[Problem]:
    answered = {(a.about, a.topic): a for a in offer.answers.all()}
    problems = []
    for about, topic, words, is_asked in shown_topics(offer.invitation):
        answer = answered.get((about, topic))
        if about == "criterion" and is_asked and (answer is None or answer.is_met is None):
            problems.append(Problem("unanswered", f"Say whether you meet: {words}", f"{about}:{topic}"))
        if about == "need" and is_asked and (answer is None or not answer.words.strip()):
            problems.append(
                Problem("unanswered", f"Say how you will meet the need: {words}", f"{about}:{topic}")
            )
    return problems


def shown_topics(invitation: Invitation) -> list[tuple[str, str, str, bool]]:
    """The needs, outcomes and criteria as shown: about, key, words, and whether an answer must be given."""
    shown = invitation.shown
    rows = [("need", n["key"], n["words"], True) for n in shown.get("needs", ())]
    rows += [("outcome", o["key"], o["words"], False) for o in shown.get("outcomes", ())]
    rows += [
        ("criterion", c["key"], c["words"], bool(c.get("is_essential"))) for c in shown.get("criteria", ())
    ]
    return rows


def _closed(invitation: Invitation, now: datetime) -> list[Problem]:
    if invitation.state not in OPEN_INVITATION or now >= invitation.closes_at:
        return [Problem("wrong_state", "The search has closed, so offers can no longer be made or changed.")]
    return []


def _unknown(facts: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("unknown", f"An offer has no “{name}”.", name) for name in facts if name not in CHANGEABLE
    ]


def _too_long(facts: Mapping[str, Any], answers: Iterable[AnswerGiven]) -> list[Problem]:
    texts = [(name, str(value)) for name, value in facts.items()] + [
        (f"{a.about}:{a.topic}", a.words) for a in answers
    ]
    return [
        Problem("too_long", f"Shorten this to {FULL_TEXT} characters.", name)
        for name, text in texts
        if len(text) > FULL_TEXT
    ]


def _write_lines(offer: Offer, lines: tuple[LineGiven, ...]) -> None:
    OfferLine.objects.filter(offer=offer).delete()
    OfferLine.objects.bulk_create(
        OfferLine(
            authority_id=offer.authority_id,
            provider_id=offer.provider_id,
            offer=offer,
            kind=g.kind,
            unit=g.unit,
            amount_pence=g.amount_pence,
            quantity=g.quantity,
            basis_points=g.basis_points,
            starts_on=g.starts_on,
            ends_on=g.ends_on,
            words=g.words[:200],
        )
        for g in lines
    )


def _write_answers(offer: Offer, answers: tuple[AnswerGiven, ...]) -> None:
    words = {(about, topic): text for about, topic, text, _ in shown_topics(offer.invitation)}
    known = [a for a in answers if (a.about, a.topic) in words]
    OfferAnswer.objects.bulk_create(
        [
            OfferAnswer(
                authority_id=offer.authority_id,
                provider_id=offer.provider_id,
                offer=offer,
                about=a.about,
                topic=a.topic,
                topic_words=words[a.about, a.topic][:500],
                is_met=a.is_met,
                words=a.words,
            )
            for a in known
        ],
        update_conflicts=True,
        unique_fields=["offer", "about", "topic"],
        update_fields=["is_met", "words", "topic_words"],
    )


def _name_carer(offer: Offer, reference: str) -> None:
    """An agency names its carer by a reference of its own; the reference is kept for later placements."""
    if not reference or offer.setting_id is None:
        carer = None
    else:
        carer, _ = NamedCarer.objects.get_or_create(setting_id=offer.setting_id, reference=reference[:40])
    Offer.objects.filter(pk=offer.pk).update(named_carer=carer)
    offer.named_carer = carer


def _record(by: Actor, now: datetime, offer: Offer, verb: str, words: str) -> None:
    behalf = " on the provider's behalf" if offer.provider_id and by.role == roles.BROKER else ""
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words + behalf,
        subject="offer",
        subject_id=offer.pk,
        authority_id=offer.authority_id,
        provider_id=offer.provider_id,
    )
