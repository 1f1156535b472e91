"""The month of a block: worked out from its nights, signed by each authority, and recharged by the lead to the others."""

from __future__ import annotations

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils import timezone

from rightplace.core.blocks import Settled, settle
from rightplace.core.money import pounds
from rightplace.core.periods import Period
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks.beds import Used, month_of, used_in
from rightplace.journey.blocks.correcting import correction_of, follow_signed_again
from rightplace.journey.blocks.events import BlockEvent
from rightplace.journey.blocks.keeping import GONE as NO_BLOCK
from rightplace.journey.blocks.keeping import NOT_LEAD, own_block, whose_of
from rightplace.journey.blocks.models import BlockSettlement, BlockShare, SharedBlock
from rightplace.journey.blocks.states import BLOCK_SHARE, OPEN_AGAIN, SETTLEMENT, SETTLERS
from rightplace.journey.funding.charging import OtherCharge, charge_authority

GONE = Problem(MISSING, "This settlement is not there, or is not yours.")


@action
def settle_month(*, by: Actor, now: datetime, block_id: int, month: date) -> Outcome[BlockSettlement]:
    """Work a month out that is over: what each authority bears, with the statement that each signs.

    Months are settled one after the other, from the first; what was settled is locked until it is withdrawn.
    """
    row = own_block(by, block_id)
    if row is None:
        return refuse(NO_BLOCK)
    nights = month_of(row, month)
    if problems := _problems(by, row, nights, month.replace(day=1), timezone.localdate(now)):
        return refuse(problems)
    used = used_in(row, nights or Period(row.starts_on, row.starts_on))
    members = [one.as_member() for one in row.members.all()]
    divided = settle(used.cost_pence, used.bed_nights, members, used.by_member, used.handed, row.risk_rule)
    made = _write(by, now, row, used, divided)
    _record(by, now, row, "settle_month", f"{made} of {row} worked out: {pounds(made.cost_pence)}")
    told = tuple(part.key for part in divided.parts if part.key != by.authority_id)
    _publish(by, now, made, f"The statement of {row} for {made} waits for your signature", told)
    return Outcome(made)


def _problems(by: Actor, row: SharedBlock, nights: Period | None, month: date, today: date) -> list[Problem]:
    found = [] if by.authority_id == row.authority_id and by.role in SETTLERS else [NOT_LEAD]
    if nights is None or nights.is_empty:
        return [*found, Problem("dates", "The block has no nights in that month.", "month")]
    if nights.closed_end > today:
        found.append(Problem("too_early", "A month is settled when it is over.", "month"))
    held = row.settlements.exclude(state__in=OPEN_AGAIN)
    if held.filter(month=month).exists():
        found.append(
            Problem("taken", "That month has been settled. Withdraw it to work it out again.", "month")
        )
    if held.filter(month__lt=month).count() < _months(row.starts_on, month):
        found.append(Problem("order", "Settle the months before it first.", "month"))
    return found


def _months(first: date, month: date) -> int:
    return (month.year - first.year) * 12 + month.month - first.month


def _write(by: Actor, now: datetime, row: SharedBlock, used: Used, divided: Settled) -> BlockSettlement:
    made = BlockSettlement.objects.create(
        block=row, month=used.nights.start.replace(day=1), period=DateRange(used.nights.start, used.nights.end),
        cost_pence=used.cost_pence, bed_nights=used.bed_nights, risk_pence=divided.risk_pence, made_by_id=by.person_id,
        made_at=now, corrects=correction_of(row, used.nights.start.replace(day=1)), **whose_of(row),
    )  # fmt: skip
    BlockShare.objects.bulk_create(
        BlockShare(
            settlement=made, nights=part.nights, used_pence=part.used_pence, handed_nights=part.handed_nights,
            handed_pence=part.handed_pence, risk_pence=part.risk_pence, pence=part.pence,
            **whose_of(row, authority_id=part.key),
        )
        for part in divided.parts
    )  # fmt: skip
    return made


@action
def sign_statement(*, by: Actor, now: datetime, share_id: int, version: int) -> Outcome[BlockShare]:
    """Sign for one's authority; not who worked the month out. With the last signature it is recharged by the lead."""
    share = _own_share(by, share_id)
    if share is None:
        return refuse(GONE)
    made = share.settlement
    problems = [] if made.state == "sent" else [Problem("wrong_state", "This month is not open to sign.")]
    if by.user_id == made.made_by_id:
        problems.append(Problem("own_request", "Somebody else signs than who worked the month out."))
    facts = {"signed_by_id": by.person_id, "signed_at": now}
    if problems := problems or change_state(
        BLOCK_SHARE, share, "sign_statement", by=by, version=version, **facts
    ):
        return refuse(problems)
    if not made.shares.exclude(state="signed").exists():
        _agreed(by, now, made)
    _record(by, now, made.block, "sign_statement", f"{made} of {made.block} signed")
    return Outcome(share)


def _agreed(by: Actor, now: datetime, made: BlockSettlement) -> None:
    """Everyone has signed: the lead charges each other authority what it bears."""
    rows = BlockSettlement.objects.filter(pk=made.pk, state="sent")
    if not rows.update(state="agreed", version=F("version") + 1):
        return
    borne = follow_signed_again(made)
    words, source = f"{made.block.name}, {made.block.reference}", f"block:{made.block_id}:{made.month:%Y-%m}"
    if made.corrects_id is not None:
        words, source = f"{words}: {made.month:%B %Y} corrected", f"{source}:{made.pk}"
    with as_system():
        others = Authority.objects.filter(pk__in=[key for key, pence in borne.items() if pence])
        for other in others.exclude(pk=made.authority_id).order_by("pk"):
            nights = Period(made.period.lower, made.period.upper)
            charge = OtherCharge(source=source, words=words, nights=nights, pence=borne[other.pk])
            charge_authority(made.authority_id, other, charge, now=now)
    told = f"The statement of {made.block} for {made} is signed by all: what the others bear stands on their next recharge"
    _publish(by, now, made, told, (made.authority_id,))


@action
def dispute_statement(
    *, by: Actor, now: datetime, share_id: int, version: int, words: str
) -> Outcome[BlockShare]:
    """Say what is wrong; the lead withdraws the month, sets the nights right and works it out again."""
    share = _own_share(by, share_id)
    if share is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("empty", "Say what is wrong.", "words"))
    facts = {"words": words.strip()[:500]}
    if problems := change_state(BLOCK_SHARE, share, "dispute_statement", by=by, version=version, **facts):
        return refuse(problems)
    made = share.settlement
    _record(by, now, made.block, "dispute_statement", f"{made} of {made.block} disputed")
    _publish(by, now, made, f"The statement of {made.block} for {made} is disputed", (made.authority_id,))
    return Outcome(share)


@action
def withdraw_settlement(
    *, by: Actor, now: datetime, settlement_id: int, version: int, reason: str
) -> Outcome[BlockSettlement]:
    """Take a month back that not all have signed, the latest only: its nights may be set right."""
    made = (
        BlockSettlement.objects.select_related("block")
        .filter(pk=settlement_id, authority_id=by.authority_id)
        .first()
    )
    if made is None or own_block(by, made.block_id) is None:
        return refuse(GONE)
    later = BlockSettlement.objects.filter(block_id=made.block_id, month__gt=made.month).exclude(
        state__in=OPEN_AGAIN
    )
    problems = [Problem("order", "Withdraw the later months first.")] if later.exists() else []
    if not reason.strip():
        problems.append(Problem("empty", "Say why.", "reason"))
    facts = {"reason": reason.strip()[:300]}
    if problems := problems or change_state(
        SETTLEMENT, made, "withdraw_settlement", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, made.block, "withdraw_settlement", f"{made} of {made.block} withdrawn")
    return Outcome(made)


def _own_share(by: Actor, share_id: int) -> BlockShare | None:
    rows = BlockShare.objects.select_related("settlement__block").filter(
        pk=share_id, authority_id=by.authority_id
    )
    found = rows.first()
    return found if found and own_block(by, found.settlement.block_id) else None


def _publish(by: Actor, now: datetime, made: BlockSettlement, words: str, told: tuple[int, ...]) -> None:
    others = tuple(key for key in told if key != by.authority_id)
    link = f"/blocks/settlements/{made.pk}/"
    publish(
        BlockEvent(
            by=by, now=now, authority_id=made.authority_id, block_id=made.block_id, words=words, link=link,
            told_ids=others, role=FINANCE_OFFICER,
        )
    )  # fmt: skip


def _record(by: Actor, now: datetime, row: SharedBlock, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="block", subject_id=row.pk)
