"""Complaints with their statutory stages and clocks, and compliments.

The Children Act 1989 Representations Procedure (England) Regulations 2006: stage 1 within 10 working days, or 20 where it is
extended with a reason; stage 2 within 25, or 65; a review panel within 30. The numbers are dated data.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.clocks import within_working_days
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.models import Complaint, ComplaintStage
from rightplace.journey.reviews.states import COMPLAINT, HEARERS, NOTICERS
from rightplace.journey.reviews.words import FROM_WHOM, OUTCOMES

GONE = Problem(MISSING, "This complaint is not there, or is not yours.")
STAGES = {"stage_1": 1, "stage_2": 2, "stage_3": 3}


@action
def record_complaint(
    *, by: Actor, now: datetime, is_compliment: bool, placement_id: int | None = None, from_whom: str, from_name: str = "",
    words: str, wanted: str = "", received_on: date,
) -> Outcome[Complaint]:  # fmt: skip
    """Record a complaint, whose first stage begins on the day it was received, or a compliment."""
    placement = placements(by).filter(pk=placement_id).first() if placement_id else None
    if placement_id and placement is None:
        return refuse(Problem(MISSING, "This placement is not there, or is not yours."))
    problems = []
    if by.role not in NOTICERS or not by.authority_id:
        problems.append(Problem("not_yours", "Your role may not record complaints."))
    if from_whom not in FROM_WHOM:
        problems.append(Problem("from_whom", "Choose who it comes from.", "from_whom"))
    if not words.strip():
        problems.append(Problem("words", "Enter what was said.", "words"))
    if received_on > timezone.localdate(now) or received_on.year < 2000:
        problems.append(
            Problem("received_on", "Enter the day on which it came, today or before.", "received_on")
        )
    if problems:
        return refuse(problems)
    facts = {"from_whom": from_whom, "from_name": from_name.strip()[:120], "wanted": wanted.strip()[:500]}
    begin = keep_compliment if is_compliment else begin_complaint
    row = begin(by, placement, words, received_on, **facts)
    _record(
        by,
        now,
        row,
        "record_complaint",
        f"{'Compliment' if is_compliment else 'Complaint'} {row.reference} recorded",
    )
    return Outcome(row)


def begin_complaint(by: Actor, placement: Any, words: str, on: date, **facts: Any) -> Complaint:
    """A complaint at its first stage; the caller records it."""
    due = within_working_days("complaint_stage_1_within", on)
    row = Complaint.objects.create(
        authority_id=by.authority_id, **_about(placement), words=words.strip(), received_on=on, due_on=due,
        **({"from_whom": "worker"} | facts),
    )  # fmt: skip
    ComplaintStage.objects.create(
        authority_id=by.authority_id, complaint=row, stage=1, began_on=on, due_on=due
    )
    return row


def keep_compliment(by: Actor, placement: Any, words: str, on: date, **facts: Any) -> Complaint:
    """A compliment; the caller records it."""
    return Complaint.objects.create(
        authority_id=by.authority_id, is_compliment=True, state="kept", **_about(placement), words=words.strip(),
        received_on=on, **({"from_whom": "worker"} | facts),
    )  # fmt: skip


def _about(placement: Any) -> dict[str, Any]:
    if placement is None:
        return {}
    return {"placement": placement, "provider_id": placement.provider_id, "setting_id": placement.setting_id}


@action
def extend_complaint(
    *, by: Actor, now: datetime, complaint_id: int, version: int, reason: str
) -> Outcome[Complaint]:
    """Take the longer time that the regulations allow for this stage, with a reason that is told to whoever complained."""
    row = _own(by, complaint_id)
    if row is None:
        return refuse(GONE)
    stage = row.stages.order_by("-stage").first()
    if stage is None or stage.extended_because:
        return refuse(Problem("taken", "This stage was extended already."))
    if not reason.strip() or len(reason) > 300:
        return refuse(Problem("reason", "Say why it takes longer, within 300 characters.", "reason"))
    due = within_working_days(f"complaint_stage_{stage.stage}_extended", stage.began_on)
    if problems := change_state(COMPLAINT, row, "extend_complaint", by=by, version=version, due_on=due):
        return refuse(problems)
    ComplaintStage.objects.filter(pk=stage.pk).update(due_on=due, extended_because=reason.strip())
    _record(by, now, row, "extend_complaint", f"{row.reference}: stage {stage.stage} until {due:%-d %B %Y}")
    return Outcome(row)


@action
def answer_complaint(
    *, by: Actor, now: datetime, complaint_id: int, version: int, outcome: str, words: str
) -> Outcome[Complaint]:
    """Answer a complaint at its stage: upheld, partly, not, or withdrawn, in words that were sent."""
    row = _own(by, complaint_id)
    if row is None:
        return refuse(GONE)
    problems = [] if outcome in OUTCOMES else [Problem("outcome", "Choose how it ended.", "outcome")]
    if not words.strip():
        problems.append(Problem("words", "Enter the answer.", "words"))
    today = timezone.localdate(now)
    if problems := problems or change_state(
        COMPLAINT,
        row,
        "answer_complaint",
        by=by,
        version=version,
        outcome=outcome,
        answered_on=today,
        answer=words.strip(),
    ):
        return refuse(problems)
    row.stages.filter(ended_on__isnull=True).update(ended_on=today, words=words.strip())
    _record(by, now, row, "answer_complaint", f"{row.reference} answered: {OUTCOMES[outcome].lower()}")
    return Outcome(row)


@action
def take_complaint_further(
    *, by: Actor, now: datetime, complaint_id: int, version: int, reason: str
) -> Outcome[Complaint]:
    """Take a complaint to its next stage, as whoever complained asked; from stage 3 there is none."""
    row = _own(by, complaint_id)
    if row is None:
        return refuse(GONE)
    last = row.stages.order_by("-stage").first()
    if last is None or last.stage >= 3:
        return refuse(Problem("wrong_state", "After the panel the complaint goes to the Ombudsman."))
    if not reason.strip():
        return refuse(Problem("reason", "Say what was asked for.", "reason"))
    today = timezone.localdate(now)
    due, verb = (
        within_working_days(f"complaint_stage_{last.stage + 1}_within", today),
        f"take_to_stage_{last.stage + 1}",
    )
    if problems := change_state(
        COMPLAINT, row, verb, by=by, version=version, due_on=due, outcome="", answered_on=None, answer=""
    ):
        return refuse(problems)
    row.stages.filter(ended_on__isnull=True).update(ended_on=today, words=reason.strip())
    ComplaintStage.objects.create(
        authority_id=row.authority_id, complaint=row, stage=last.stage + 1, began_on=today, due_on=due
    )
    _record(by, now, row, "take_complaint_further", f"{row.reference}: stage {last.stage + 1}")
    return Outcome(row)


def _own(by: Actor, complaint_id: int) -> Complaint | None:
    if by.role not in HEARERS:
        return None
    return Complaint.objects.filter(pk=complaint_id, authority_id=by.authority_id).first()


def _record(by: Actor, now: datetime, row: Complaint, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="complaint", subject_id=row.pk,
        child_id=row.placement.child_id if row.placement else None,
    )  # fmt: skip
