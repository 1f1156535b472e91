"""An empty bed of a block handed to another authority at an agreed price a night: offered, accepted, declined, withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks.beds import free_between
from rightplace.journey.blocks.keeping import GONE, is_settled, own_block, whose_of
from rightplace.journey.blocks.models import BlockHandover, BlockStay, SharedBlock
from rightplace.journey.blocks.nominating import NOT_MEMBER, SETTLED, member_problems, publish_to, record
from rightplace.journey.blocks.states import HANDOVER


@action
def hand_over(
    *,
    by: Actor,
    now: datetime,
    block_id: int,
    to_id: int,
    starts_on: date,
    ends_on: date,
    night_pence: int,
    reason: str,
) -> Outcome[BlockHandover]:
    """Offer an empty bed to another authority of the consortium, or to a member beyond its turn, at a price a night."""
    row = own_block(by, block_id)
    if row is None:
        return refuse(GONE)
    to = Authority.objects.filter(pk=to_id, consortium_id=row.consortium_id or 0).first()
    problems = member_problems(by, row)
    if to is None:
        problems.append(Problem("unknown", "Choose an authority of the consortium.", "to_id"))
    problems += _nights_problems(row, starts_on, ends_on)
    if night_pence < 0:
        problems.append(Problem("negative", "A price is not below zero.", "night_pence"))
    if not reason.strip():
        problems.append(Problem("empty", "Say why it is handed over.", "reason"))
    if problems:
        return refuse(problems)
    _let_see(row, to_id)
    made = BlockHandover.objects.create(
        block=row, starts_on=starts_on, ends_on=ends_on, night_pence=night_pence, reason=reason.strip()[:300],
        offered_by_id=by.person_id, offered_at=now, **whose_of(row, authority_id=to_id),
    )  # fmt: skip
    record(
        by, now, row, "hand_over", f"An empty bed of {row} offered to {to} at {pounds(night_pence)} a night"
    )
    publish_to(
        by, now, row, f"An empty bed of {row} is offered to you at {pounds(night_pence)} a night", (to_id,)
    )
    return Outcome(made)


def _nights_problems(row: SharedBlock, starts_on: date, ends_on: date) -> list[Problem]:
    if not row.starts_on <= starts_on < ends_on <= row.ends_on:
        return [Problem("dates", "Choose nights within the block.", "starts_on")]
    if is_settled(row, starts_on):
        return [SETTLED]
    if not free_between(row, starts_on, ends_on):
        return [Problem("full", "No bed is free for all of these nights.", "starts_on")]
    return []


def _let_see(row: SharedBlock, authority_id: int) -> None:
    """Who is offered a bed is part of the block from now on, and sees it."""
    if authority_id not in row.seen_by:
        row.seen_by = sorted({*row.seen_by, authority_id})
        row.save(update_fields=["seen_by"])
        for held in (row.prices, row.members, row.stays, row.turns):
            held.update(seen_by=row.seen_by)


@action
def accept_handover(*, by: Actor, now: datetime, handover_id: int, version: int) -> Outcome[BlockStay]:
    """Take an empty bed at the price offered: its nights are this authority's, and it pays that price for each."""
    made = BlockHandover.objects.filter(pk=handover_id, authority_id=by.authority_id).first()
    row = own_block(by, made.block_id) if made else None
    if made is None or row is None:
        return refuse(GONE)
    bed = next(iter(free_between(row, made.starts_on, made.ends_on)), 0)
    problems = [] if bed else [Problem("full", "The bed has been filled since it was offered.")]
    if is_settled(row, made.starts_on):
        problems.append(SETTLED)
    facts = {"decided_by_id": by.person_id}
    if problems := problems or change_state(
        HANDOVER, made, "accept_handover", by=by, version=version, **facts
    ):
        return refuse(problems)
    stay = BlockStay.objects.create(
        block=row, bed=bed, period=DateRange(made.starts_on, made.ends_on), handover=made, night_pence=made.night_pence,
        **whose_of(row, authority_id=by.authority_id),
    )  # fmt: skip
    record(
        by,
        now,
        row,
        "accept_handover",
        f"Bed {bed} of {row} taken over at {pounds(made.night_pence)} a night",
    )
    others = tuple(one.authority_id for one in row.members.all() if one.authority_id != by.authority_id)
    publish_to(by, now, row, f"An empty bed of {row} was taken over", others)
    return Outcome(stay)


@action
def decline_handover(*, by: Actor, now: datetime, handover_id: int, version: int) -> Outcome[BlockHandover]:
    """Do not take an empty bed that was offered."""
    return _end_handover(by, now, handover_id, version, "decline_handover")


@action
def withdraw_handover(*, by: Actor, now: datetime, handover_id: int, version: int) -> Outcome[BlockHandover]:
    """Take an offer of an empty bed back; by a member, not by whom it was offered to."""
    return _end_handover(by, now, handover_id, version, "withdraw_handover")


def _end_handover(
    by: Actor, now: datetime, handover_id: int, version: int, verb: str
) -> Outcome[BlockHandover]:
    made = BlockHandover.objects.filter(pk=handover_id).first()
    row = own_block(by, made.block_id) if made else None
    if made is None or row is None:
        return refuse(GONE)
    is_to = made.authority_id == by.authority_id
    is_ours = (
        is_to if verb == "decline_handover" else row.members.filter(authority_id=by.authority_id).exists()
    )
    problems = [] if is_ours else [NOT_MEMBER]
    facts = {"decided_by_id": by.person_id}
    if problems := problems or change_state(HANDOVER, made, verb, by=by, version=version, **facts):
        return refuse(problems)
    record(by, now, row, verb, f"{made} of {row}: {HANDOVER.states[made.state].lower()}")
    return Outcome(made)
