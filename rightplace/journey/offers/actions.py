"""What may be done with offers: made by the provider's people, by the fostering team for own carers, or by a broker on behalf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.journey.offers.checks import (
    closed,
    line_problems,
    missing_facts,
    save_problems,
    shown_topics,
    topics,
)
from rightplace.journey.offers.events import OfferSubmitted, OfferTakenBack, OfferWithdrawn
from rightplace.journey.offers.evidence import add_evidence, remove_evidence
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer, OfferAnswer, OfferLine
from rightplace.journey.offers.recording import record
from rightplace.journey.offers.sealing import own_invitations, own_offers, withdrawable_offers
from rightplace.journey.offers.states import OFFER
from rightplace.journey.search.models import Invitation
from rightplace.register.providers.models import NamedCarer

__all__ = [
    "add_evidence", "follow_choice_made", "follow_choice_undone", "follow_placed", "follow_searched_again",
    "line_problems", "remove_evidence", "reopen_offer", "save_offer", "shown_topics", "start_offer", "submit_offer",
    "withdraw_offer",
]  # fmt: skip

GONE = Problem(MISSING, "This offer is not there, or is not yours.")


@action
def start_offer(*, by: Actor, now: datetime, invitation_id: int) -> Outcome[Offer]:
    """Begin an offer to an invitation, or go on with the one begun: one open offer to each invitation.

    A broker may do it on a provider's behalf, which is recorded. Nothing can be offered after the closing time.
    """
    invitation = own_invitations(by).filter(pk=invitation_id).first()
    if invitation is None:
        return refuse(Problem(MISSING, "This referral is not there, or is not yours."))
    if problems := OFFER.problems("save_offer", state="draft", role=by.role) or closed(invitation, now):
        return refuse(problems)
    offer = _new_offer(by, now, invitation)
    if offer is None:
        begun = own_offers(by).filter(invitation=invitation).exclude(state="withdrawn").first()
        words = "An offer to this referral has been begun by somebody else, and stays sealed until closing."
        return Outcome(begun) if begun is not None else refuse(Problem("taken", words))
    record(by, now, offer, "start_offer", f"Offer {offer.reference} begun to referral {invitation.reference}")
    return Outcome(offer)


def _new_offer(by: Actor, now: datetime, invitation: Invitation) -> Offer | None:
    """A fresh draft; None when one is there already, also when two people begin at once."""
    is_broker = by.role == roles.BROKER
    if Offer.objects.filter(invitation=invitation).exclude(state="withdrawn").exists():
        return None
    try:
        with transaction.atomic():
            return Offer.objects.create(
                authority_id=invitation.authority_id,
                provider_id=invitation.provider_id,
                search_id=invitation.search_id,
                invitation=invitation,
                household_id=invitation.household_id,
                setting_id=invitation.setting_id,
                made_at=now,
                made_by=by.name,
                is_on_behalf=is_broker,
                typed_by_id=by.user_id if is_broker else None,
                starts_on=_needed_by(invitation),
            )
    except IntegrityError:  # the constraint one_open_offer_to_an_invitation
        return None


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
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation", "setting").first()
    if offer is None:
        return refuse(GONE)
    given = tuple(lines) if lines is not None else None
    said, facts = tuple(answers or ()), dict(changes or {})
    weeks = offer.invitation.shown.get("likely_weeks")
    problems = save_problems(facts, given or (), said, offer.starts_on, weeks) or closed(
        offer.invitation, now
    )
    problems = problems or change_state(OFFER, offer, "save_offer", by=by, version=version, **facts)
    if problems:
        return refuse(problems)
    if given is not None:
        _write_lines(offer, given)
    _write_answers(offer, said)
    if carer_reference is not None:
        _name_carer(offer, carer_reference.strip())
    record(by, now, offer, "save_offer", f"Offer {offer.reference} saved")
    return Outcome(offer)


@action
def submit_offer(*, by: Actor, now: datetime, offer_id: int, version: int) -> Outcome[Offer]:
    """Submit an offer: a start date, at least one price line, a named home or carer, an answer to every essential criterion
    and need. It stays sealed until the search closes."""
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation", "setting").first()
    if offer is None:
        return refuse(GONE)
    if problems := closed(offer.invitation, now) or missing_facts(offer, timezone.localdate(now)):
        return refuse(problems)
    if problems := change_state(OFFER, offer, "submit_offer", by=by, version=version, submitted_at=now):
        return refuse(problems)
    record(by, now, offer, "submit_offer", f"Offer {offer.reference} submitted")
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
    if problems := closed(offer.invitation, now) or change_state(
        OFFER, offer, "reopen_offer", by=by, version=version, submitted_at=None
    ):
        return refuse(problems)
    record(by, now, offer, "reopen_offer", f"Offer {offer.reference} taken back to change")
    publish(
        OfferTakenBack(
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
def withdraw_offer(*, by: Actor, now: datetime, offer_id: int, version: int, reason: str) -> Outcome[Offer]:
    """Withdraw an offer at any time before it is accepted, with the reason."""
    offer = withdrawable_offers(by).filter(pk=offer_id).first()
    if offer is None:
        return refuse(GONE)
    if not reason.strip() or len(reason.strip()) > 300:
        return refuse(
            Problem("reason", "Say why the offer is withdrawn, in at most 300 characters.", "reason")
        )
    was_chosen = offer.state == "chosen"
    if problems := change_state(
        OFFER, offer, "withdraw_offer", by=by, version=version, withdraw_reason=reason.strip()
    ):
        return refuse(problems)
    record(by, now, offer, "withdraw_offer", f"Offer {offer.reference} withdrawn: {offer.withdraw_reason}")
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


def follow_searched_again(search_id: int) -> None:
    """The search was opened again: every offer that had been set aside, or whose child did not come, stands again."""
    for offer in Offer.objects.filter(search_id=search_id, state__in=["not_chosen", "accepted"]):
        system = system_actor(authority_id=offer.authority_id)
        change_state(OFFER, offer, "mark_unchosen", by=system, feedback="")


def _follow(offer_id: int, verb: str) -> list[Problem]:
    offer = Offer.objects.get(pk=offer_id)
    return change_state(OFFER, offer, verb, by=system_actor(authority_id=offer.authority_id))


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
    words = {(one.about, one.key): one.words for one in topics(offer.invitation)}
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
