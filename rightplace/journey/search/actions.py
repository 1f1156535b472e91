"""The verbs of a search: the broker's. Those of who was asked (open, ask, decline) stand in `answering`, offered here too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.core.strategy import StrategyCode
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import BROKER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import referral_of
from rightplace.journey.search.answering import (
    ask_question,
    decline_households,
    decline_invitation,
    follow_offer_submitted,
    follow_offer_withdrawn,
    see_invitation,
    undo_decline,
)
from rightplace.journey.search.events import (
    ClosingChanged,
    InvitedReminded,
    MarketOpened,
    OwnCarersAsked,
    QuestionAnswered,
    SearchClosed,
    SearchOpened,
    SearchStopped,
)
from rightplace.journey.search.inviting import Asked, invite
from rightplace.journey.search.left_out import keep_reasons
from rightplace.journey.search.marking import at_ruled_out
from rightplace.journey.search.models import Candidate, Invitation, Question, Search
from rightplace.journey.search.planning import Plan, closing_problems, plan_for, plan_problems
from rightplace.journey.search.shown import identifying_in, shown_of
from rightplace.journey.search.states import INVITATION, SEARCH
from rightplace.journey.search.weighing import weigh_all
from rightplace.journey.search.widening import widen_rule, widen_search

__all__ = [
    "answer_question", "ask_question", "change_closing", "close_search", "decline_households", "decline_invitation",
    "follow_offer_submitted", "follow_offer_withdrawn", "follow_own_all_declined", "follow_request_withdrawn", "open_market",
    "open_search", "remind_invited", "reopen_search", "see_invitation", "stop_search", "undo_decline",
    "widen_rule", "widen_search",
]  # fmt: skip

OPEN = ("own_carers", "market")
UNANSWERED = ("sent", "seen")
NO_SEARCH = Problem(MISSING, "There is no such search.")
SEARCHABLE = "ready"


@action
def open_search(
    *,
    by: Actor,
    now: datetime,
    request_id: int,
    strategy: str,
    override_reason: str = "",
    own_until: datetime | None = None,
    closes_at: datetime | None = None,
) -> Outcome[Search]:
    """Weigh every home and ask: own carers first, or everyone at once. Looking needs no permission, only a checked request.

    A strategy other than the suggested one needs a reason. With own carers first but none eligible, everyone is asked.
    """
    row = PlacementRequest.objects.filter(pk=request_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such request."))
    if problems := _opening_problems(by, row):
        return refuse(problems)
    plan = plan_for(referral_of(request_id), now, strategy, own_until, closes_at)
    if problems := plan_problems(plan, override_reason, now):
        return refuse(problems)
    search = _begin(by, now, row, plan, override_reason)
    publish(
        SearchOpened(by=by, now=now, authority_id=search.authority_id, search_id=search.pk, request_id=row.pk)
    )
    asked = _ask(by, now, search, own=True, market=search.state == "market")
    words = f"Search opened for {row.reference}: {_asked_words(asked)}"
    _audit(
        by,
        now,
        search,
        "open_search",
        words,
        details={"strategy": plan.strategy, "suggested": plan.suggested},
    )
    return Outcome(search)


def _opening_problems(by: Actor, row: PlacementRequest) -> list[Problem]:
    if by.role != BROKER:
        return [Problem("not_yours", "Your role may not do this: open a search.")]
    if row.state != SEARCHABLE:
        return [
            Problem(
                "wrong_state",
                "A search can be opened once the request has passed its quality check, and only once.",
            )
        ]
    return []


def _begin(by: Actor, now: datetime, row: PlacementRequest, plan: Plan, override_reason: str) -> Search:
    assert by.user_id is not None
    search = Search.objects.create(
        authority_id=row.authority_id, request=row, broker_id=by.user_id, state=SEARCH.initial, opened_at=now,
        suggested_strategy=plan.suggested, strategy=plan.strategy, override_reason=override_reason.strip(),
        own_until=plan.own_until, closes_at=plan.closes_at,
    )  # fmt: skip
    candidates = weigh_all(search, referral_of(row.pk), timezone.localdate(now))
    has_own = any(one.is_eligible and one.household_id for one in candidates)
    if plan.strategy == StrategyCode.ALL_AT_ONCE or not has_own:
        _to_market(search, by=system_actor(authority_id=search.authority_id), now=now)
    return search


def _to_market(search: Search, *, by: Actor, now: datetime, version: int | None = None) -> list[Problem]:
    return change_state(
        SEARCH, search, "open_market", by=by, version=version, market_opened_at=now, own_until=None
    )


def _ask(by: Actor, now: datetime, search: Search, *, own: bool, market: bool) -> Asked:
    asked = invite(search, shown_of(search.request_id), now, own=own, market=market)
    where: dict[str, Any] = {
        "by": by,
        "now": now,
        "authority_id": search.authority_id,
        "search_id": search.pk,
    }
    if asked.households:
        publish(OwnCarersAsked(**where, households=asked.households, reference=asked.reference))
    if market:
        publish(MarketOpened(**where, provider_ids=asked.provider_ids))
    return asked


def _asked_words(asked: Asked) -> str:
    return f"{asked.households} own households and {len(asked.invitations) - asked.households} homes asked"


@action
def open_market(*, by: Actor, now: datetime, search_id: int, version: int) -> Outcome[Search]:
    """Ask all eligible providers now, all at the same time, never one by one."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    if problems := _to_market(search, by=by, now=now, version=version):
        return refuse(problems)
    asked = _ask(by, now, search, own=True, market=True)
    _audit(by, now, search, "open_market", f"All eligible providers asked: {_asked_words(asked)}")
    return Outcome(search)


@action
def remind_invited(*, by: Actor, now: datetime, search_id: int, version: int) -> Outcome[int]:
    """Remind everyone who has not answered yet; the value says how many."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    waiting = Invitation.objects.filter(search=search, state__in=UNANSWERED)
    households, providers = _households_and_providers(waiting)
    number = waiting.count()
    if not number:
        return refuse(Problem("nobody", "Everyone who was asked has answered."))
    if problems := change_state(SEARCH, search, "remind_invited", by=by, version=version):
        return refuse(problems)
    waiting.update(reminded_at=now)
    publish(
        InvitedReminded(
            by=by,
            now=now,
            authority_id=search.authority_id,
            search_id=search.pk,
            provider_ids=providers,
            households=households,
        )
    )
    _audit(by, now, search, "remind_invited", f"{number} reminded who had not answered")
    return Outcome(number)


def _households_and_providers(rows: object) -> tuple[int, tuple[int, ...]]:
    found = list(rows.values_list("provider_id", flat=True))  # type: ignore[attr-defined]  # chosen by the caller
    return found.count(None), tuple(sorted({one for one in found if one is not None}))


@action
def change_closing(
    *, by: Actor, now: datetime, search_id: int, version: int, closes_at: datetime
) -> Outcome[Search]:
    """Change the closing time, for all who were asked alike."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    if problems := closing_problems(closes_at, now):
        return refuse(problems)
    if search.own_until and closes_at <= search.own_until:
        return refuse(
            Problem(
                "own_window", "The closing time must be after the time for own carers alone.", "closes_at"
            )
        )
    if problems := change_state(
        SEARCH, search, "change_closing", by=by, version=version, closes_at=closes_at
    ):
        return refuse(problems)
    rows = Invitation.objects.filter(search=search).exclude(state="closed")
    rows.update(closes_at=closes_at, version=F("version") + 1)
    _, providers = _households_and_providers(rows.exclude(state="declined"))
    publish(
        ClosingChanged(
            by=by, now=now, authority_id=search.authority_id, search_id=search.pk, provider_ids=providers
        )
    )
    _audit(by, now, search, "change_closing", f"Closing time changed to {closes_at:%-d %B %Y, %H:%M}")
    return Outcome(search)


@action
def close_search(*, by: Actor, now: datetime, search_id: int, version: int) -> Outcome[Search]:
    """Close the search: nobody can answer any more, and offers are unsealed for comparison."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    if problems := change_state(
        SEARCH, search, "close_search", by=by, version=version, closed_at=now, own_until=None
    ):
        return refuse(problems)
    _close_invitations(search, now, UNANSWERED)
    Invitation.objects.filter(search=search, closes_at__gt=now).update(closes_at=now)
    publish(
        SearchClosed(
            by=by,
            now=now,
            authority_id=search.authority_id,
            search_id=search.pk,
            request_id=search.request_id,
        )
    )
    _audit(by, now, search, "close_search", "Search closed; offers can be compared")
    return Outcome(search)


def _close_invitations(search: Search, now: datetime, states: Iterable[str]) -> None:
    allowed = INVITATION.transition("close_invitation").sources & frozenset(states)
    Invitation.objects.filter(search=search, state__in=allowed).update(
        state="closed", closes_at=now, version=F("version") + 1
    )


@action
def reopen_search(
    *, by: Actor, now: datetime, search_id: int, version: int, closes_at: datetime
) -> Outcome[Search]:
    """Search again: homes are weighed afresh, those who had not answered are asked again, and new ones besides."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    if problems := closing_problems(closes_at, now):
        return refuse(problems)
    changes = {"closes_at": closes_at, "closed_at": None, "market_opened_at": search.market_opened_at or now}
    if problems := change_state(SEARCH, search, "reopen_search", by=by, version=version, **changes):
        return refuse(problems)
    _weigh_again(search, now)
    rows = Invitation.objects.filter(search=search)
    asked_again = rows.filter(state="closed").exclude(at_ruled_out(search.request_id))
    asked_again.update(state="sent", reminded_at=None, version=F("version") + 1)
    rows.exclude(state="closed").update(closes_at=closes_at)
    where: dict[str, Any] = {
        "by": by,
        "now": now,
        "authority_id": search.authority_id,
        "search_id": search.pk,
    }
    publish(SearchOpened(**where, request_id=search.request_id, is_again=True))
    asked = _ask(by, now, search, own=True, market=True)
    _, providers = _households_and_providers(rows.filter(state__in=UNANSWERED))
    publish(ClosingChanged(**where, provider_ids=tuple(sorted(set(providers) - set(asked.provider_ids)))))
    _audit(
        by,
        now,
        search,
        "reopen_search",
        f"Search opened again until {closes_at:%-d %B %Y, %H:%M}: {_asked_words(asked)}",
    )
    return Outcome(search)


def _weigh_again(search: Search, now: datetime) -> None:
    """Weigh with today's facts; what the broker had widened stays widened."""
    widened = {
        (one.household_id, one.setting_id): one
        for one in Candidate.objects.filter(search=search).exclude(widened_reason="")
    }
    Candidate.objects.filter(search=search).delete()
    fresh = weigh_all(search, referral_of(search.request_id), timezone.localdate(now))
    kept = [one for one in fresh if (one.household_id, one.setting_id) in widened and not one.is_eligible]
    for one in kept:
        before = widened[one.household_id, one.setting_id]
        one.is_eligible, one.rank = True, before.rank
        one.widened_by_id, one.widened_reason = before.widened_by_id, before.widened_reason
    Candidate.objects.bulk_update(
        kept, ["is_eligible", "rank", "widened_by", "widened_reason"], batch_size=200
    )
    keep_reasons(search)


@action
def stop_search(*, by: Actor, now: datetime, search_id: int, version: int, reason: str) -> Outcome[Search]:
    """Stop the search for a reason; everyone who was asked is told that nothing is needed any more."""
    search = _search(by, search_id)
    if search is None:
        return refuse(NO_SEARCH)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why the search is stopped.", "reason"))
    if problems := _stop(by, now, search, reason, version):
        return refuse(problems)
    _audit(by, now, search, "stop_search", f"Search stopped: {reason.strip()}")
    return Outcome(search)


def _stop(by: Actor, now: datetime, search: Search, reason: str, version: int | None) -> list[Problem]:
    if problems := change_state(
        SEARCH,
        search,
        "stop_search",
        by=by,
        version=version,
        closed_at=now,
        own_until=None,
        stop_reason=reason.strip()[:300],
    ):
        return problems
    _, providers = _households_and_providers(
        Invitation.objects.filter(search=search).exclude(state__in=("declined", "closed"))
    )
    _close_invitations(search, now, ("sent", "seen", "declined", "offered"))
    publish(
        SearchStopped(
            by=by,
            now=now,
            authority_id=search.authority_id,
            search_id=search.pk,
            request_id=search.request_id,
            provider_ids=providers,
        )
    )
    return []


@action
def answer_question(
    *, by: Actor, now: datetime, question_id: int, version: int, answer: str
) -> Outcome[Question]:
    """Answer a question: everyone who was asked reads question and answer, so neither may identify the child."""
    row = (
        Question.objects.select_related("search").filter(pk=question_id, authority_id=by.authority_id).first()
    )
    if row is None:
        return refuse(Problem(MISSING, "There is no such question."))
    problems = SEARCH.problems("answer_question", state=row.search.state, role=by.role) or _answer_problems(
        row, answer
    )
    if problems:
        return refuse(problems)
    if problems := change_row(
        row, version=version, answer=answer.strip(), answered_at=now, answered_by_id=by.user_id
    ):
        return refuse(problems)
    asked = Invitation.objects.filter(search_id=row.search_id).exclude(state__in=("declined", "closed"))
    publish(
        QuestionAnswered(
            by=by, now=now, authority_id=row.authority_id, search_id=row.search_id, question_id=row.pk,
            provider_ids=_households_and_providers(asked)[1],
        )
    )  # fmt: skip
    _audit(
        by,
        now,
        row.search,
        "answer_question",
        "Question answered for all who were asked",
        details={"question": row.pk},
    )
    return Outcome(row)


def _answer_problems(row: Question, answer: str) -> list[Problem]:
    if not answer.strip():
        return [Problem("no_answer", "Enter the answer.", "answer")]
    if len(answer) > 2000:
        return [Problem("too_long", "Keep the answer within 2,000 characters.", "answer")]
    if words := identifying_in(row.search.request_id, answer):
        listed = ", ".join(f"“{word}”" for word in words)
        return [
            Problem(
                "identifying",
                f"Everyone who was asked reads this. Take out what could identify the child: {listed}.",
                "answer",
            )
        ]
    return []


def follow_request_withdrawn(*, now: datetime, request_id: int, reason: str) -> None:
    """The request is no longer needed: stop its search, as part of the same deed."""
    search = Search.objects.filter(request_id=request_id).exclude(state="stopped").first()
    if search is not None:
        _stop(
            system_actor(authority_id=search.authority_id),
            now,
            search,
            reason or "The request was withdrawn.",
            None,
        )


def follow_own_all_declined(*, now: datetime, search_id: int) -> None:
    """When every own household has declined, waiting longer helps nobody: ask the providers at once."""
    search = Search.objects.filter(pk=search_id, state="own_carers").first()
    if search is None or Invitation.objects.filter(search=search).exclude(state="declined").exists():
        return
    open_market(
        by=system_actor(authority_id=search.authority_id),
        now=now,
        search_id=search.pk,
        version=search.version,
    )


def _search(by: Actor, search_id: int) -> Search | None:
    return Search.objects.filter(pk=search_id, authority_id=by.authority_id).first()


def _audit(
    by: Actor, now: datetime, search: Search, verb: str, words: str, details: dict[str, object] | None = None
) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="search",
        subject_id=search.pk,
        authority_id=search.authority_id,
        details=details,
    )
