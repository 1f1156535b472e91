"""The verbs of an uplift round: a provider asks once for all members, both sides answer, the lead agrees for all or refuses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.money import percentage
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER, PROVIDER
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.taking import TakenFile
from rightplace.foundation.organisations.models import Consortium
from rightplace.register.buying.events import UpliftAgreed, UpliftMoved
from rightplace.register.buying.evidence import keep_document
from rightplace.register.buying.models import ProviderLead, UpliftRequest, UpliftStep
from rightplace.register.buying.standing import GONE, consortium, record
from rightplace.register.buying.states import UPLIFT
from rightplace.register.buying.weighing import base_of, least_limit, review_rules

MOST_BASIS_POINTS = 5_000


@action
def ask_uplift(
    *, by: Actor, now: datetime, consortium_id: int, asked_basis_points: int, from_on: date, reason: str,
    taken: TakenFile | None = None,
) -> Outcome[UpliftRequest]:  # fmt: skip
    """A provider asks all members of a consortium for a rise from a day, with its reasons and evidence; one at a time."""
    if (
        by.role != PROVIDER
        or by.provider_id is None
        or not Consortium.objects.filter(pk=consortium_id).exists()
    ):
        return refuse(GONE)
    if problems := _ask_problems(by, now, consortium_id, asked_basis_points, from_on, reason):
        return refuse(problems)
    document = keep_document(by, now, taken) if taken else None
    base = base_of(consortium_id, by.provider_id, timezone.localdate(now))
    lead = ProviderLead.objects.filter(consortium_id=consortium_id, provider_id=by.provider_id or 0).first()
    row = UpliftRequest.objects.create(
        consortium_id=consortium_id, provider_id=by.provider_id, lead_id=lead.lead_id if lead else None,
        asked_basis_points=asked_basis_points, from_on=from_on, reason=reason.strip(), document=document, asked_at=now,
        asked_by=by.name, base_weekly_pence=base.weekly_pence, base_prices=base.prices,
    )  # fmt: skip
    record(by, now, "ask_uplift", f"Uplift of {percentage(asked_basis_points)} asked", row.audited_as)
    _tell(
        by,
        now,
        row,
        f"{row.provider} asks for an uplift of {percentage(asked_basis_points)}",
        to_provider=False,
    )
    return Outcome(row)


def _ask_problems(
    by: Actor, now: datetime, consortium_id: int, points: int, from_on: date, reason: str
) -> list[Problem]:
    problems = []
    if not 0 < points <= MOST_BASIS_POINTS:
        problems.append(Problem("percent", "Enter a per cent above 0 and up to 50.", "percent"))
    if from_on <= timezone.localdate(now):
        problems.append(Problem("past", "An uplift begins on a day to come.", "from_on"))
    if not reason.strip():
        problems.append(Problem("no_reason", "Say what has become dearer, and by how much.", "reason"))
    waits = UpliftRequest.objects.filter(consortium_id=consortium_id, provider_id=by.provider_id or 0)
    if waits.filter(state__in=["asked", "negotiating"]).exists():
        problems.append(Problem("waits", "You have asked already. It is being looked at."))
    return problems


def own_uplift(by: Actor, uplift_id: int) -> UpliftRequest | None:
    """A request of the actor's provider, or to the actor's consortium."""
    rows = UpliftRequest.objects.select_related("provider", "lead").filter(pk=uplift_id)
    if by.provider_id is not None:
        return rows.filter(provider_id=by.provider_id).first()
    return rows.filter(consortium_id=consortium(by)).first()


def decides(by: Actor, row: UpliftRequest) -> bool:
    """Whether somebody agrees for all: the lead authority's commissioner; where none leads, the consortium's officer."""
    if row.lead_id is None:
        return by.role == CONSORTIUM_OFFICER
    return row.lead_id == by.authority_id


def _lead_problems(by: Actor, row: UpliftRequest) -> list[Problem]:
    if decides(by, row):
        return []
    who = f"{row.lead} leads" if row.lead else "No authority leads"
    return [Problem("not_the_lead", f"{who} for this provider: only the lead agrees, for all members.")]


@action
def answer_uplift(
    *, by: Actor, now: datetime, uplift_id: int, version: int, words: str, basis_points: int | None = None
) -> Outcome[UpliftRequest]:
    """One step of the negotiation: words, and perhaps a per cent that this side would take."""
    row = own_uplift(by, uplift_id)
    if row is None:
        return refuse(GONE)
    is_provider = by.provider_id is not None
    problems = [] if is_provider else _lead_problems(by, row)
    if not words.strip():
        problems.append(Problem("words", "Say what you answer.", "words"))
    if basis_points is not None and not 0 <= basis_points <= row.asked_basis_points:
        problems.append(
            Problem("percent", f"Name at most the {percentage(row.asked_basis_points)} asked.", "percent")
        )
    if problems:
        return refuse(problems)
    if stale := change_state(UPLIFT, row, "answer_uplift", by=by, version=version):
        return refuse(stale)
    UpliftStep.objects.create(
        consortium_id=row.consortium_id, provider_id=row.provider_id, uplift=row, words=words.strip(), at=now, by=by.name,
        side="provider" if is_provider else "authority", basis_points=basis_points,
    )  # fmt: skip
    record(by, now, "answer_uplift", "An uplift was answered", row.audited_as, provider_id=row.provider_id)
    _tell(by, now, row, f"{row.provider}: the uplift was answered", to_provider=not is_provider)
    return Outcome(row)


@action
def agree_uplift(
    *, by: Actor, now: datetime, uplift_id: int, version: int, basis_points: int, from_on: date, reason: str
) -> Outcome[UpliftRequest]:
    """The lead authority agrees a per cent from a day, for all members: it flows into every member's contracts.

    Never more than was asked, nor than the price review rules of the provider's frameworks allow.
    """
    row = own_uplift(by, uplift_id)
    if row is None:
        return refuse(GONE)
    problems = _lead_problems(by, row)
    if not 0 < basis_points <= row.asked_basis_points:
        words = f"Agree to more than nothing and at most the {percentage(row.asked_basis_points)} asked."
        problems.append(Problem("percent", words, "percent"))
    problems += _rule_problems(row, basis_points, from_on)
    if from_on < row.from_on:
        problems.append(Problem("from", "It cannot begin before the day that was asked for.", "from_on"))
    if from_on <= timezone.localdate(now):
        problems.append(
            Problem("past", "It begins on a day to come, so that contracts can be varied.", "from_on")
        )
    problems += _reason_problems(reason)
    if problems:
        return refuse(problems)
    changes: dict[str, Any] = {"agreed_basis_points": basis_points, "agreed_from": from_on}
    if stale := _decide(by, now, row, "agree_uplift", version, reason, **changes):
        return refuse(stale)
    words = f"Uplift of {percentage(basis_points)} from {from_on:%d %B %Y} agreed for all members"
    record(by, now, "agree_uplift", words, row.audited_as, provider_id=row.provider_id)
    _tell(by, now, row, words, to_provider=True)
    publish(
        UpliftAgreed(
            by=by, now=now, authority_id=by.authority_id, uplift_id=row.pk, consortium_id=row.consortium_id,
            provider_id=row.provider_id, basis_points=basis_points, from_on=from_on,
        )
    )  # fmt: skip
    return Outcome(row)


@action
def refuse_uplift(
    *, by: Actor, now: datetime, uplift_id: int, version: int, reason: str
) -> Outcome[UpliftRequest]:
    """The lead authority refuses, with reasons, for all members."""
    row = own_uplift(by, uplift_id)
    if row is None:
        return refuse(GONE)
    if problems := [*_lead_problems(by, row), *_reason_problems(reason)]:
        return refuse(problems)
    if stale := _decide(by, now, row, "refuse_uplift", version, reason):
        return refuse(stale)
    record(by, now, "refuse_uplift", "An uplift was refused", row.audited_as, provider_id=row.provider_id)
    _tell(by, now, row, "Your uplift was refused: read why", to_provider=True)
    return Outcome(row)


@action
def withdraw_uplift(*, by: Actor, now: datetime, uplift_id: int, version: int) -> Outcome[UpliftRequest]:
    """The provider no longer asks for it."""
    row = own_uplift(by, uplift_id)
    if row is None:
        return refuse(GONE)
    if problems := change_state(UPLIFT, row, "withdraw_uplift", by=by, version=version):
        return refuse(problems)
    record(by, now, "withdraw_uplift", "A request for an uplift was withdrawn", row.audited_as)
    _tell(by, now, row, f"{row.provider} no longer asks for an uplift", to_provider=False)
    return Outcome(row)


def _rule_problems(row: UpliftRequest, basis_points: int, from_on: date) -> list[Problem]:
    """No more than the price review rule of any framework on which the provider stands allows."""
    rule = least_limit(review_rules(row.consortium_id, row.provider_id, from_on))
    if rule is None or basis_points <= (rule.most_basis_points or 0):
        return []
    words = f"{rule.framework} allows at most {percentage(rule.most_basis_points or 0)} a year. Change its terms first."
    return [Problem("above_the_rule", words, "percent")]


def _reason_problems(reason: str) -> list[Problem]:
    return [] if reason.strip() else [Problem("no_reason", "Say why: the provider is told.", "reason")]


def _decide(
    by: Actor, now: datetime, row: UpliftRequest, verb: str, version: int, reason: str, **changes: Any
) -> list[Problem]:
    facts = {"decided_at": now, "decided_by_id": by.user_id, "decision_reason": reason.strip(), **changes}
    return change_state(UPLIFT, row, verb, by=by, version=version, **facts)


def _tell(by: Actor, now: datetime, row: UpliftRequest, words: str, *, to_provider: bool) -> None:
    publish(
        UpliftMoved(
            by=by, now=now, authority_id=row.lead_id or by.authority_id, uplift_id=row.pk,
            consortium_id=row.consortium_id, provider_id=row.provider_id, to_provider=to_provider, words=words,
        )
    )  # fmt: skip
