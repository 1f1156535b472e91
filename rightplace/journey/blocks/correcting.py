"""Putting a month right that all have signed: its nights open again, it is worked out anew, and the difference alone is charged.

What was signed stays on record as it is; the later statement names it, and each authority signs that one too.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.journey.blocks.beds import free_between
from rightplace.journey.blocks.keeping import NOT_LEAD, is_settled, own_block
from rightplace.journey.blocks.models import BlockSettlement, BlockStay, SharedBlock
from rightplace.journey.blocks.states import NOMINATORS, SETTLEMENT, SETTLERS

GONE = Problem(MISSING, "This month is not there, or is not yours to correct.")
NO_STAY = Problem(MISSING, "These nights are not there, or are not yours.")
UNSIGNED = Problem("order", "A later month waits for signatures: withdraw it first.")


@action
def open_correction(
    *, by: Actor, now: datetime, settlement_id: int, version: int, reason: str
) -> Outcome[BlockSettlement]:
    """Open a month that all signed, because something in it was wrong; the signed months after it open with it.

    Nights run on from month to month, so each of these is worked out and signed again in its order. By the lead alone.
    """
    made = BlockSettlement.objects.filter(pk=settlement_id, authority_id=by.authority_id).first()
    row = own_block(by, made.block_id) if made else None
    if made is None or row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say what was wrong.", "reason"))
    later = row.settlements.filter(month__gt=made.month)
    if later.filter(state="sent").exists():
        return refuse(UNSIGNED)
    words = reason.strip()[:300]
    if problems := change_state(SETTLEMENT, made, "open_correction", by=by, version=version, reason=words):
        return refuse(problems)
    for one in later.filter(state="agreed").order_by("month"):
        require(change_state(SETTLEMENT, one, "open_correction", by=by, reason=words))
    told = f"{made} of {row} opened to be corrected: {words}"
    audit(by=by, now=now, verb="open_correction", words=told, subject="block", subject_id=row.pk)
    return Outcome(made)


@action
def correct_nights(
    *, by: Actor, now: datetime, stay_id: int, version: int, starts_on: date, ends_on: date, reason: str
) -> Outcome[BlockStay]:
    """Set the first night and the end of a stay right, in months that hold no statement (or one being corrected)."""
    stay = BlockStay.objects.filter(pk=stay_id).first()
    row = own_block(by, stay.block_id) if stay else None
    if stay is None or row is None:
        return refuse(NO_STAY)
    if problems := _night_problems(by, row, stay, starts_on, ends_on, reason):
        return refuse(problems)
    if problems := change_row(stay, version=version, period=DateRange(starts_on, ends_on)):
        return refuse(problems)
    words = f"Nights of bed {stay.bed} of {row}: {starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}. {reason.strip()[:300]}"
    audit(by=by, now=now, verb="correct_nights", words=words, subject="block", subject_id=row.pk)
    return Outcome(stay)


def _night_problems(
    by: Actor, row: SharedBlock, stay: BlockStay, starts_on: date, ends_on: date, reason: str
) -> list[Problem]:
    is_ours = by.role in (*NOMINATORS, *SETTLERS) and by.authority_id in (row.authority_id, stay.authority_id)
    found = [] if is_ours else [NOT_LEAD]
    if not reason.strip():
        found.append(Problem("empty", "Say what was wrong.", "reason"))
    if not row.starts_on <= starts_on < ends_on <= row.ends_on:
        return [*found, Problem("dates", "Choose nights within the block.", "starts_on")]
    if is_settled(row, min(day for day in _changed(stay, starts_on, ends_on))):
        words = "That month has been settled: open it to be corrected first."
        found.append(Problem("settled", words, "starts_on"))
    others = free_between(row, starts_on, ends_on, but=stay.pk)
    if stay.bed not in others:
        found.append(Problem("full", "Somebody else had the bed on one of these nights.", "starts_on"))
    return found


def _changed(stay: BlockStay, starts_on: date, ends_on: date) -> list[date]:
    """The days from which something changes; the end where nothing does."""
    pairs = ((stay.period.lower, starts_on), (stay.period.upper or ends_on, ends_on))
    return [min(pair) for pair in pairs if pair[0] != pair[1]] or [ends_on]


def correction_of(row: SharedBlock, month: date) -> BlockSettlement | None:
    """The signed statement of a month that is being corrected; None where none is."""
    return row.settlements.filter(month=month, state="correcting").first()


def follow_signed_again(made: BlockSettlement) -> dict[int, int]:
    """The later statement is signed by all: the earlier one is corrected. By authority, what it bears more (or less) now."""
    shares = {one.authority_id: one.pence for one in made.shares.all()}
    before = made.corrects
    if before is None:
        return shares
    with as_system():
        require(
            change_state(
                SETTLEMENT, before, "mark_corrected", by=system_actor(authority_id=made.authority_id)
            )
        )
        earlier = {one.authority_id: one.pence for one in before.shares.all()}
    return {key: shares.get(key, 0) - earlier.get(key, 0) for key in {*shares, *earlier}}
