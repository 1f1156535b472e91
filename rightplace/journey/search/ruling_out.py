"""Ruling a home out of one search: it is left out with the reason, need not answer any more, and is not proposed either.

It is asked after all by widening the search to it, as any home that a rule left out and that may be asked.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.search.events import HomeRuledOut
from rightplace.journey.search.left_out import keep_reasons
from rightplace.journey.search.marking import TAKEN, Place, at_places, marked, reason_problems
from rightplace.journey.search.models import Candidate, Exclusion, Invitation, ProposalMark, Search
from rightplace.journey.search.reasons import RULED_OUT, ruled_out_words
from rightplace.journey.search.states import SEARCH


@action
def rule_out_home(
    *,
    by: Actor,
    now: datetime,
    search_id: int,
    version: int,
    candidate_id: int,
    reason_code: str,
    reason: str = "",
) -> Outcome[Search]:
    """Leave a home out of a running search for a reason of `RULED_OUT_REASONS`; another reason needs words.

    Who was asked and has not offered need not answer any more, and is told. A home that has made an offer is not ruled out:
    the offer is compared and answered.
    """
    search = Search.objects.filter(pk=search_id, authority_id=by.authority_id).first()
    row = Candidate.objects.filter(search_id=search_id, authority_id=by.authority_id, pk=candidate_id).first()
    if search is None or row is None:
        return refuse(Problem(MISSING, "There is no such search, or no such home in it."))
    if problems := [*reason_problems(reason_code, reason), *_problems(row)]:
        return refuse(problems)
    if problems := change_state(SEARCH, search, "rule_out_home", by=by, version=version):
        return refuse(problems)
    place, given = Place(row.household_id, row.setting_id), (reason_code, reason.strip()[:300])
    mark = marked(by, now, search.request_id, place, "barred", given)
    if mark is None:
        return refuse(TAKEN)
    _leave_out(row, mark)
    told = _need_not_answer(row, now)
    publish(
        HomeRuledOut(by=by, now=now, authority_id=search.authority_id, search_id=search.pk, provider_ids=told)
    )
    name = str(row.household or row.setting)
    audit(
        by=by, now=now, verb="rule_out_home", words=f"Ruled out of the search: {name}. {mark.reason_words}"[:300],
        subject="search", subject_id=search.pk, details={"candidate": row.pk, "reason_code": reason_code},
    )  # fmt: skip
    return Outcome(search)


def _problems(row: Candidate) -> list[Problem]:
    if not row.is_eligible:
        return [Problem("left_out", "This home is left out of the search already.")]
    if _invitation(row).filter(state="offered").exists():
        return [Problem("offered", "This home has made an offer: compare it, and say why it is not chosen.")]
    return []


def _invitation(row: Candidate) -> QuerySet[Invitation]:
    place = Place(row.household_id, row.setting_id)
    return Invitation.objects.filter(at_places([place]), search_id=row.search_id)


def _leave_out(row: Candidate, mark: ProposalMark) -> None:
    """It keeps its fit and its reasons; its places in the orders are left empty, as those of a home that a rule leaves out."""
    Candidate.objects.filter(pk=row.pk).update(is_eligible=False, rank=None, rank_without_cost=None)
    Exclusion.objects.create(
        authority_id=row.authority_id, candidate=row, code=RULED_OUT, words=ruled_out_words(mark.reason_words),
        may_waive=True,
    )  # fmt: skip
    keep_reasons(row.search)


def _need_not_answer(row: Candidate, now: datetime) -> tuple[int, ...]:
    """Close the home's invitation where it is not answered; which provider was still to answer, if any."""
    rows = _invitation(row).filter(state__in=("sent", "seen"))
    told = tuple(rows.filter(provider__isnull=False).values_list("provider_id", flat=True))
    rows.update(state="closed", closes_at=now, version=F("version") + 1)
    return told
