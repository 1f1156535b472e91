"""The verbs of who was asked: a provider's people for their homes, a fostering officer for own households."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.search.events import InvitationDeclined, QuestionAsked
from rightplace.journey.search.models import Invitation, Question, Search
from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.journey.search.states import INVITATION, SEARCH

NO_REFERRAL = Problem(MISSING, "There is no such referral.")
CLOSED = Problem("wrong_state", "The search has closed, so this can no longer be done.")


def answerable(by: Actor) -> QuerySet[Invitation]:
    """The invitations this actor may answer: a provider's own; for an authority, those to its households.

    A broker may also note what a provider said by telephone, so sees all of the authority.
    """
    if by.provider_id is not None:
        return Invitation.objects.filter(provider_id=by.provider_id)
    rows = Invitation.objects.filter(authority_id=by.authority_id)
    return rows if by.role == "broker" else rows.filter(household__isnull=False)


@action
def see_invitation(*, by: Actor, now: datetime, invitation_id: int) -> Outcome[Invitation]:
    """Open a referral: from now on the broker sees that it was opened."""
    row = answerable(by).filter(pk=invitation_id).first()
    if row is None:
        return refuse(NO_REFERRAL)
    if problems := change_state(INVITATION, row, "see_invitation", by=by, seen_at=row.seen_at or now):
        return refuse(problems)
    _audit(by, now, row, "see_invitation", f"Referral {row.reference} opened")
    return Outcome(row)


@action
def ask_question(*, by: Actor, now: datetime, invitation_id: int, words: str) -> Outcome[Question]:
    """Ask the broker: question and answer are shown to all who were asked, without who asked."""
    row = answerable(by).filter(pk=invitation_id).first()
    if row is None:
        return refuse(NO_REFERRAL)
    if problems := INVITATION.problems("ask_question", state=row.state, role=by.role) or _time_problems(
        row, now
    ):
        return refuse(problems)
    if not words.strip():
        return refuse(Problem("no_question", "Enter your question.", "words"))
    if len(words) > 1000:
        return refuse(Problem("too_long", "Keep the question within 1,000 characters.", "words"))
    question = Question.objects.create(
        authority_id=row.authority_id,
        search_id=row.search_id,
        invitation=row,
        words=words.strip(),
        asked_at=now,
    )
    where: dict[str, Any] = {
        "by": by,
        "now": now,
        "authority_id": row.authority_id,
        "search_id": row.search_id,
    }
    publish(QuestionAsked(**where, question_id=question.pk, reference=row.reference))
    _audit(by, now, row, "ask_question", f"Question asked about referral {row.reference}")
    return Outcome(question)


@action
def decline_invitation(
    *, by: Actor, now: datetime, invitation_id: int, version: int, reasons: tuple[str, ...], words: str = ""
) -> Outcome[Invitation]:
    """Say no, with reasons that are counted: declines show where the market falls short."""
    row = answerable(by).filter(pk=invitation_id).first()
    if row is None:
        return refuse(NO_REFERRAL)
    if problems := _reason_problems(reasons, words) + _time_problems(row, now):
        return refuse(problems)
    changes = {"answered_at": now, "decline_reasons": sorted(set(reasons)), "decline_words": words.strip()}
    if problems := change_state(INVITATION, row, "decline_invitation", by=by, version=version, **changes):
        return refuse(problems)
    where: dict[str, Any] = {
        "by": by,
        "now": now,
        "authority_id": row.authority_id,
        "search_id": row.search_id,
    }
    publish(InvitationDeclined(**where, invitation_id=row.pk, reference=row.reference))
    listed = "; ".join(DECLINE_REASONS[code].lower() for code in row.decline_reasons)
    _audit(by, now, row, "decline_invitation", f"Referral {row.reference} declined: {listed}")
    return Outcome(row)


@action
def decline_households(
    *, by: Actor, now: datetime, invitation_id: int, reasons: tuple[str, ...], words: str = ""
) -> Outcome[int]:
    """Say that none of the own households that have not answered can help; the invitation names the search."""
    row = answerable(by).filter(pk=invitation_id, household__isnull=False).first()
    if row is None:
        return refuse(NO_REFERRAL)
    waiting = Invitation.objects.filter(
        search_id=row.search_id, household__isnull=False, state__in=("sent", "seen")
    )
    problems = INVITATION.problems("decline_invitation", state="seen", role=by.role) + _reason_problems(
        reasons, words
    )
    if problems := problems + _time_problems(row, now):
        return refuse(problems)
    changes = {
        "state": "declined",
        "answered_at": now,
        "decline_reasons": sorted(set(reasons)),
        "decline_words": words.strip(),
    }
    number = waiting.update(**changes, version=F("version") + 1)
    if not number:
        return refuse(Problem("nobody", "Every household has answered already."))
    where: dict[str, Any] = {
        "by": by,
        "now": now,
        "authority_id": row.authority_id,
        "search_id": row.search_id,
    }
    publish(InvitationDeclined(**where, invitation_id=row.pk, reference=row.reference))
    _audit(
        by, now, row, "decline_households", f"Referral {row.reference} declined for {number} own households"
    )
    return Outcome(number)


def _reason_problems(reasons: tuple[str, ...], words: str) -> list[Problem]:
    problems = []
    if not reasons or not set(reasons) <= set(DECLINE_REASONS):
        problems.append(Problem("no_reason", "Choose at least one reason.", "reasons"))
    if "other" in reasons and not words.strip():
        problems.append(Problem("no_words", "Say what the other reason is.", "words"))
    if len(words) > 500:
        problems.append(Problem("too_long", "Keep your words within 500 characters.", "words"))
    return problems


@action
def undo_decline(*, by: Actor, now: datetime, invitation_id: int, version: int) -> Outcome[Invitation]:
    """Take a decline back while the search is open: we can help after all."""
    row = answerable(by).filter(pk=invitation_id).first()
    if row is None:
        return refuse(NO_REFERRAL)
    if problems := _time_problems(row, now):
        return refuse(problems)
    changes: dict[str, Any] = {
        "answered_at": None,
        "decline_reasons": [],
        "decline_words": "",
        "seen_at": row.seen_at or now,
    }
    if problems := change_state(INVITATION, row, "undo_decline", by=by, version=version, **changes):
        return refuse(problems)
    _audit(by, now, row, "undo_decline", f"Decline of referral {row.reference} taken back")
    return Outcome(row)


def follow_offer_submitted(*, now: datetime, invitation_id: int) -> None:
    """An offer was submitted: the invitation is answered."""
    _mark(invitation_id, "mark_offered", answered_at=now, decline_reasons=[], decline_words="")


def follow_offer_withdrawn(*, now: datetime, invitation_id: int) -> None:
    """An offer was withdrawn or taken back to change: the invitation is open again."""
    _mark(invitation_id, "mark_withdrawn", answered_at=None)


def follow_offer_chosen(*, now: datetime, search_id: int) -> None:
    """An offer was chosen in an emergency while the search was open: it closes, so that nobody works in vain."""
    search = Search.objects.get(pk=search_id)
    if search.state not in SEARCH.transition("close_search").sources:
        return
    system = system_actor(authority_id=search.authority_id)
    change_state(SEARCH, search, "close_search", by=system, closed_at=now, own_until=None)
    rows = Invitation.objects.filter(search=search)
    rows.filter(state__in=("sent", "seen")).update(state="closed", version=F("version") + 1)
    rows.filter(closes_at__gt=now).update(closes_at=now)


def _mark(invitation_id: int, verb: str, **changes: Any) -> None:
    row = Invitation.objects.filter(pk=invitation_id).first()
    if row is not None and row.state in INVITATION.transition(verb).sources:
        change_state(INVITATION, row, verb, by=system_actor(authority_id=row.authority_id), **changes)


def _time_problems(row: Invitation, now: datetime) -> list[Problem]:
    return [CLOSED] if row.state == "closed" or row.closes_at <= now else []


def _audit(by: Actor, now: datetime, row: Invitation, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="invitation", subject_id=row.pk,
        authority_id=row.authority_id, provider_id=row.provider_id,
    )  # fmt: skip
