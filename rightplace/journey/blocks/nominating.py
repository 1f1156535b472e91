"""Who comes into a bed of a block: asked for, taken in turn, passed, left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import BROKER
from rightplace.foundation.actions import Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.blocks.beds import free_beds, order_now
from rightplace.journey.blocks.events import BlockEvent
from rightplace.journey.blocks.keeping import GONE, is_settled, own_block, today_of, whose_of
from rightplace.journey.blocks.models import BlockNomination, BlockStay, BlockTurn, SharedBlock
from rightplace.journey.blocks.states import BLOCK, NOMINATION, NOMINATORS

NOT_MEMBER = Problem("not_yours", "Only an authority that keeps beds of this block asks for one.")
NO_TURN = Problem("not_your_turn", "It is another authority’s turn for the next bed. It takes it, or passes.")
FULL = Problem("full", "No bed of the block is free on that day and after it.", "starts_on")
SETTLED = Problem("settled", "That month has been settled: a later day only.", "starts_on")
LONGEST_AHEAD = timedelta(days=180)


@action
def ask_for_bed(
    *, by: Actor, now: datetime, block_id: int, needed_on: date, words: str = ""
) -> Outcome[BlockNomination]:
    """Ask for a bed of the block: the others see which authority asks and from when, never for whom."""
    row = own_block(by, block_id)
    if row is None:
        return refuse(GONE)
    problems = member_problems(by, row)
    if not row.starts_on <= needed_on < row.ends_on or needed_on > today_of(now) + LONGEST_AHEAD:
        problems.append(
            Problem("dates", "Choose a day within the block, at most six months ahead.", "needed_on")
        )
    if problems:
        return refuse(problems)
    asked = BlockNomination.objects.create(
        block=row, needed_on=needed_on, words=words.strip()[:300], asked_by_id=by.person_id, asked_at=now,
        **whose_of(row, authority_id=by.authority_id),
    )  # fmt: skip
    record(by, now, row, "ask_for_bed", f"A bed of {row} asked for from {needed_on:%-d %B %Y}")
    first = order_now(row, today_of(now))[0]
    publish_to(
        by,
        now,
        row,
        f"A bed of {row} is asked for: it is your turn to take the next one or to pass",
        (first,),
    )
    return Outcome(asked)


@action
def take_bed(
    *, by: Actor, now: datetime, nomination_id: int, version: int, starts_on: date
) -> Outcome[BlockStay]:
    """Fill a free bed in one's turn; the member then stands behind the others."""
    asked = BlockNomination.objects.filter(pk=nomination_id, authority_id=by.authority_id).first()
    row = own_block(by, asked.block_id) if asked else None
    if asked is None or row is None:
        return refuse(GONE)
    bed = next(iter(free_beds(row, starts_on)), 0)
    problems = _day_problems(row, starts_on)
    if not bed:
        problems.append(FULL)
    if order_now(row, today_of(now))[0] != by.authority_id:
        problems.append(NO_TURN)
    if problems := problems or change_state(NOMINATION, asked, "take_bed", by=by, version=version):
        return refuse(problems)
    stay = BlockStay.objects.create(
        block=row, bed=bed, period=DateRange(starts_on, row.ends_on), nomination=asked,
        **whose_of(row, authority_id=by.authority_id),
    )  # fmt: skip
    _turn(row, by.authority_id, "took", f"Bed {bed} from {starts_on:%-d %B %Y}", now)
    record(by, now, row, "take_bed", f"Bed {bed} of {row} taken from {starts_on:%-d %B %Y}")
    return Outcome(stay)


@action
def withdraw_nomination(
    *, by: Actor, now: datetime, nomination_id: int, version: int
) -> Outcome[BlockNomination]:
    """Ask no longer."""
    asked = BlockNomination.objects.filter(pk=nomination_id, authority_id=by.authority_id).first()
    row = own_block(by, asked.block_id) if asked else None
    if asked is None or row is None:
        return refuse(GONE)
    if problems := change_state(NOMINATION, asked, "withdraw_nomination", by=by, version=version):
        return refuse(problems)
    record(by, now, row, "withdraw_nomination", f"A bed of {row} is no longer asked for")
    return Outcome(asked)


@action
def pass_turn(*, by: Actor, now: datetime, block_id: int, version: int, words: str) -> Outcome[SharedBlock]:
    """Pass the turn on: by whose turn it is; or by the lead, once the hours agreed are over without an answer."""
    row = own_block(by, block_id)
    if row is None:
        return refuse(GONE)
    first = order_now(row, today_of(now))[0]
    is_own = first == by.authority_id
    problems = [] if is_own or by.authority_id == row.authority_id else [NO_TURN]
    if not problems and not is_own and now < _turn_ends_at(row):
        problems.append(
            Problem("too_early", f"It has {row.turn_hours} hours from the moment its turn began.", "words")
        )
    if not words.strip():
        problems.append(Problem("empty", "Say why.", "words"))
    if problems := problems or change_state(BLOCK, row, "pass_turn", by=by, version=version):
        return refuse(problems)
    kind = "passed" if is_own else "lapsed"
    _turn(row, first, kind, words.strip(), now)
    record(by, now, row, "pass_turn", f"Turn in {row} {kind}")
    row.refresh_from_db()
    fresh = own_block(by, row.pk) or row
    publish_to(
        by, now, row, f"It is your turn for the next bed of {row}", (order_now(fresh, today_of(now))[0],)
    )
    return Outcome(row)


def _turn_ends_at(row: SharedBlock) -> datetime:
    """When the lead may pass on: the hours agreed after the last turn, or after somebody first asked for a bed."""
    turns = [turn.at for turn in row.turns.all()]
    asked = [one.asked_at for one in row.nominations.filter(state="asked")]
    return max([row.made_at, *turns[-1:], *asked[:1]]) + timedelta(hours=row.turn_hours)


@action
def leave_bed(*, by: Actor, now: datetime, stay_id: int, version: int, left_on: date) -> Outcome[BlockStay]:
    """The child left: the bed is free from that day. The day of leaving is not a night of the stay."""
    stay = BlockStay.objects.filter(pk=stay_id, authority_id=by.authority_id).first()
    row = own_block(by, stay.block_id) if stay else None
    if stay is None or row is None:
        return refuse(GONE)
    problems = [] if by.role in NOMINATORS else [NOT_MEMBER]
    if not stay.period.lower < left_on <= (stay.period.upper or row.ends_on):
        problems.append(
            Problem("dates", "Enter the day it left: after it came, within the block.", "left_on")
        )
    elif is_settled(row, left_on):
        problems.append(Problem("settled", "That month has been settled: a later day only.", "left_on"))
    if problems := problems or change_row(
        stay, version=version, period=DateRange(stay.period.lower, left_on)
    ):
        return refuse(problems)
    record(by, now, row, "leave_bed", f"Bed {stay.bed} of {row} free from {left_on:%-d %B %Y}")
    first = order_now(row, today_of(now))[0]
    publish_to(by, now, row, f"A bed of {row} is free: it is your turn", (first,))
    return Outcome(stay)


def member_problems(by: Actor, row: SharedBlock) -> list[Problem]:
    """Why this actor asks for no bed and hands none over: no member, or the block has ended."""
    is_ours = by.role in NOMINATORS and any(one.authority_id == by.authority_id for one in row.members.all())
    found = [] if is_ours else [NOT_MEMBER]
    if row.state != "running":
        found.append(Problem("wrong_state", "The block has ended."))
    return found


def _day_problems(row: SharedBlock, starts_on: date) -> list[Problem]:
    if not row.starts_on <= starts_on < row.ends_on:
        return [Problem("dates", "Choose a day within the block.", "starts_on")]
    return [SETTLED] if is_settled(row, starts_on) else []


def _turn(row: SharedBlock, authority_id: int, kind: str, words: str, now: datetime) -> None:
    BlockTurn.objects.create(
        block=row, kind=kind, words=words[:300], at=now, **whose_of(row, authority_id=authority_id)
    )


def publish_to(by: Actor, now: datetime, row: SharedBlock, words: str, told: tuple[int, ...]) -> None:
    """Tell the brokers of these authorities, but for the one that did it."""
    others = tuple(key for key in told if key != by.authority_id)
    link = f"/blocks/{row.pk}/"
    publish(
        BlockEvent(
            by=by, now=now, authority_id=row.authority_id, block_id=row.pk, words=words, link=link, told_ids=others,
            role=BROKER,
        )
    )  # fmt: skip


def record(by: Actor, now: datetime, row: SharedBlock, verb: str, words: str) -> None:
    """The one entry in the audit trail."""
    audit(by=by, now=now, verb=verb, words=words, subject="block", subject_id=row.pk)
