"""The verbs of a provider that answers a tender: words to each criterion and one price, sealed until the tender closes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.register.buying.given import PriceGiven
from rightplace.register.buying.models import Answered, AnswerWords
from rightplace.register.buying.queries import tenders_open_to
from rightplace.register.buying.standing import GONE, record
from rightplace.register.buying.states import ANSWERED


@action
def begin_answer(*, by: Actor, now: datetime, tender_id: int) -> Outcome[Answered]:
    """Begin to answer an open tender, or go on with what was begun."""
    tender = tenders_open_to(by, now).filter(pk=tender_id).first()
    if by.role != PROVIDER or tender is None:
        return refuse(GONE)
    row, is_new = Answered.objects.get_or_create(
        tender=tender, provider_id=by.provider_id or 0, defaults={"consortium_id": tender.consortium_id}
    )
    record(
        by,
        now,
        "begin_answer",
        f"Answer to {tender.reference} {'begun' if is_new else 'opened'}",
        tender.audited_as,
    )
    return Outcome(row)


@action
def save_answer(
    *, by: Actor, now: datetime, answered_id: int, version: int, words: Mapping[int, str], price: PriceGiven
) -> Outcome[Answered]:
    """Keep the words to each criterion and the price; nothing is read by anyone else."""
    row = _own(by, answered_id, now)
    if row is None:
        return refuse(GONE)
    known = {one.pk for one in row.tender.criteria.all() if not one.is_cost}
    if not set(words) <= known:
        return refuse(Problem("criterion", "There is no such criterion."))
    changes = {
        "weekly_pence": price.weekly_pence, "travel_pence_week": price.travel_pence_week, "once_pence": price.once_pence,
    }  # fmt: skip
    if problems := change_state(ANSWERED, row, "save_answer", by=by, version=version, **changes):
        return refuse(problems)
    for criterion, text in words.items():
        AnswerWords.objects.update_or_create(
            answered=row, criterion_id=criterion,
            defaults={
                "consortium_id": row.consortium_id, "provider_id": row.provider_id, "tender_id": row.tender_id,
                "words": text.strip(),
            },
        )  # fmt: skip
    record(by, now, "save_answer", f"Answer to {row.tender.reference} kept", row.audited_as)
    return Outcome(row)


@action
def submit_answer(*, by: Actor, now: datetime, answered_id: int, version: int) -> Outcome[Answered]:
    """Submit it: every criterion answered, a price given. It can be taken back until the tender closes."""
    row = _own(by, answered_id, now)
    if row is None:
        return refuse(GONE)
    said = {one.criterion_id for one in row.answers.all() if one.words}
    problems = [
        Problem("unanswered", f"Answer “{one.name}”.", f"words_{one.pk}")
        for one in row.tender.criteria.all()
        if not one.is_cost and one.pk not in said
    ]
    if not row.weekly_pence or row.weekly_pence <= 0:
        problems.append(Problem("price", "Enter the price of a place a week.", "weekly_pence"))
    if problems:
        return refuse(problems)
    changes = {"submitted_at": now, "submitted_by": by.name}
    if stale := change_state(ANSWERED, row, "submit_answer", by=by, version=version, **changes):
        return refuse(stale)
    record(by, now, "submit_answer", f"Answer to {row.tender.reference} submitted", row.audited_as)
    return Outcome(row)


@action
def take_back_answer(*, by: Actor, now: datetime, answered_id: int, version: int) -> Outcome[Answered]:
    """Take it back to change it, while the tender is open."""
    row = _own(by, answered_id, now)
    if row is None:
        return refuse(GONE)
    if problems := change_state(ANSWERED, row, "take_back_answer", by=by, version=version, submitted_at=None):
        return refuse(problems)
    record(by, now, "take_back_answer", f"Answer to {row.tender.reference} taken back", row.audited_as)
    return Outcome(row)


def _own(by: Actor, answered_id: int, now: datetime) -> Answered | None:
    """A provider's own answer to a tender that is still open."""
    rows = Answered.objects.select_related("tender").filter(pk=answered_id, provider_id=by.provider_id or 0)
    still: list[int] = list(tenders_open_to(by, now).values_list("pk", flat=True))
    return rows.filter(tender_id__in=still).first()
