"""Widening a search: a broker sets aside a rule that may be set aside, with a reason, and asks who was left out by it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.requests.queries import referral_of
from rightplace.journey.search.events import MarketOpened, OwnCarersAsked, ProviderInvited
from rightplace.journey.search.inviting import Asked, ask_again, asked_besides, invite
from rightplace.journey.search.left_out import keep_reasons
from rightplace.journey.search.marking import Place, rule_in
from rightplace.journey.search.models import Candidate, Exclusion, Search
from rightplace.journey.search.reasons import RULE_NAMES
from rightplace.journey.search.shown import shown_of
from rightplace.journey.search.states import SEARCH
from rightplace.journey.search.weighing import explain


@action
def widen_search(
    *, by: Actor, now: datetime, search_id: int, version: int, candidate_id: int, reason: str
) -> Outcome[Search]:
    """Ask a home that a rule left out, where every rule against it may be set aside; never law or safety."""
    rows = Candidate.objects.filter(search_id=search_id, authority_id=by.authority_id, pk=candidate_id)
    return _widen(by, now, (search_id, version), rows, reason, verb="widen_search")


@action
def widen_rule(
    *, by: Actor, now: datetime, search_id: int, version: int, code: str, reason: str
) -> Outcome[Search]:
    """Set one rule aside: ask every home that this rule alone left out, in one go."""
    others = (
        Exclusion.objects.filter(candidate__search_id=search_id).exclude(code=code).values("candidate_id")
    )
    rows = Candidate.objects.filter(search_id=search_id, authority_id=by.authority_id, is_eligible=False)
    rows = rows.filter(exclusions__code=code).exclude(pk__in=others).distinct()
    return _widen(
        by, now, (search_id, version), rows, reason, verb="widen_rule", about=RULE_NAMES.get(code, code)
    )


def _widen(
    by: Actor,
    now: datetime,
    seen: tuple[int, int],
    rows: QuerySet[Candidate],
    reason: str,
    *,
    verb: str,
    about: str = "",
) -> Outcome[Search]:
    search = Search.objects.filter(pk=seen[0], authority_id=by.authority_id).first()
    if search is None:
        return refuse(Problem(MISSING, "There is no such search."))
    found = list(rows.prefetch_related("exclusions").select_related("household", "setting"))
    if problems := _widening_problems(found, reason):
        return refuse(problems)
    if problems := change_state(SEARCH, search, "widen_search", by=by, version=seen[1]):
        return refuse(problems)
    _make_eligible(search, found, by, reason)
    places = [Place(one.household_id, one.setting_id) for one in found]
    rule_in(by, now, search.request_id, places)
    chosen, is_market = [one.pk for one in found], search.state == "market"
    asked = invite(search, shown_of(search.request_id), now, own=True, market=is_market, only=chosen)
    _tell(by, now, search, asked_besides(asked, ask_again(search, places, now)))
    named = about or " and ".join(str(one.household or one.setting) for one in found)
    words = f"Search widened to {len(found)} more ({named}): {reason.strip()}"
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="search",
        subject_id=search.pk,
        details={"candidates": chosen},
    )
    return Outcome(search)


def _widening_problems(found: list[Candidate], reason: str) -> list[Problem]:
    problems = []
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why the search is widened.", "reason"))
    if not found or any(one.is_eligible for one in found):
        problems.append(Problem("nothing_left_out", "Nothing is left out that could be asked by this."))
    barred = {e.words for one in found for e in one.exclusions.all() if not e.may_waive}
    return problems + [
        Problem("not_waivable", f"This cannot be set aside: {words}") for words in sorted(barred)
    ]


def _make_eligible(search: Search, found: list[Candidate], by: Actor, reason: str) -> None:
    ranks = (
        Candidate.objects.filter(search=search, rank__isnull=False)
        .order_by("-rank")
        .values_list("rank", flat=True)
    )
    for number, one in enumerate(
        sorted(found, key=lambda c: (-(c.score or 0), c.pk)), (ranks.first() or 0) + 1
    ):
        one.is_eligible, one.rank = True, number
        one.widened_by_id, one.widened_reason = by.user_id, reason.strip()[:300]
    explain(search, referral_of(search.request_id), found)
    columns = ["is_eligible", "rank", "widened_by", "widened_reason", "explanation"]
    Candidate.objects.bulk_update(found, columns, batch_size=200)
    keep_reasons(search)


def _tell(by: Actor, now: datetime, search: Search, asked: Asked) -> None:
    about, search_id = search.authority_id, search.pk
    if asked.households:
        number, reference = asked.households, asked.reference
        publish(
            OwnCarersAsked(
                by=by,
                now=now,
                authority_id=about,
                search_id=search_id,
                households=number,
                reference=reference,
            )
        )
    if len(asked.provider_ids) == 1:
        first = next(one for one in asked.invitations if one.provider_id)
        ids = {"invitation_id": first.pk, "provider_id": asked.provider_ids[0]}
        publish(ProviderInvited(by=by, now=now, authority_id=about, search_id=search_id, **ids))
    elif asked.provider_ids:
        publish(
            MarketOpened(
                by=by, now=now, authority_id=about, search_id=search_id, provider_ids=asked.provider_ids
            )
        )
