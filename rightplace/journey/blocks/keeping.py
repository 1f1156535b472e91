"""What may be done with a block itself: agreed, its price changed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.blocks import RISK_RULES, TURN_RULES, Member, member_problems
from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks.models import UNITS, BlockMember, BlockPrice, SharedBlock
from rightplace.journey.blocks.queries import PARTS
from rightplace.journey.blocks.states import BLOCK, KEEPERS, OPEN_AGAIN
from rightplace.register.providers.models import Setting

GONE = Problem(MISSING, "This block is not there, or is not yours.")
NOT_LEAD = Problem("not_yours", "Only the authority that leads the block does this.")
MOST_BEDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockGiven:
    """A block as it is agreed: the home by its number on the register, and the members in the order agreed."""

    name: str
    urn: str
    beds: int
    starts_on: date
    ends_on: date
    amount_pence: int
    unit: str
    turn_rule: str
    risk_rule: str
    members: Sequence[Member]
    turn_hours: int = 48


@action
def agree_block(*, by: Actor, now: datetime, given: BlockGiven) -> Outcome[SharedBlock]:
    """Write down a block as it was agreed; the actor's authority leads it: it pays the home, and recharges the others."""
    setting = Setting.objects.filter(urn=given.urn.strip()).select_related("provider").first()
    lead = Authority.objects.get(pk=by.authority_id) if by.authority_id else None
    if lead is None or by.role not in KEEPERS:
        return refuse(Problem("not_yours", "Only a commissioner writes down a block."))
    problems = _problems(given, setting, lead)
    if problems or setting is None:
        return refuse(problems)
    ids = [one.key for one in given.members]
    whose: dict[str, Any] = {"consortium_id": lead.consortium_id, "seen_by": sorted({lead.pk, *ids})}
    row = SharedBlock.objects.create(
        authority=lead, name=given.name.strip()[:120], setting=setting, beds=given.beds, starts_on=given.starts_on,
        ends_on=given.ends_on, turn_rule=given.turn_rule, risk_rule=given.risk_rule, turn_hours=given.turn_hours,
        made_by_id=by.person_id, made_at=now, **whose,
    )  # fmt: skip
    BlockPrice.objects.create(
        authority=lead, block=row, starts_on=given.starts_on, amount_pence=given.amount_pence, unit=given.unit,
        made_at=now, **whose,
    )  # fmt: skip
    BlockMember.objects.bulk_create(
        BlockMember(
            authority_id=one.key, block=row, place=place, top=one.share.numerator, bottom=one.share.denominator, **whose
        )
        for place, one in enumerate(given.members, 1)
    )  # fmt: skip
    _record(by, now, row, "agree_block", f"{row.reference} {row.name}: {row.beds} beds, {len(ids)} members")
    return Outcome(row)


def _problems(given: BlockGiven, setting: Setting | None, lead: Authority) -> list[Problem]:
    found = []
    if not given.name.strip():
        found.append(Problem("empty", "Give the block a name.", "name"))
    if setting is None:
        found.append(Problem("unknown", "No home has this number on the register.", "urn"))
    elif setting.places and given.beds > setting.places:
        found.append(Problem("places", f"The home is registered for {setting.places} places.", "beds"))
    if not 1 <= given.beds <= MOST_BEDS:
        found.append(Problem("beds", f"Enter how many beds: 1 to {MOST_BEDS}.", "beds"))
    if given.ends_on <= given.starts_on:
        found.append(Problem("dates", "The block ends after it starts.", "ends_on"))
    if given.unit not in UNITS or given.amount_pence < 0:
        found.append(
            Problem("price", "Enter what all beds cost together, and for which time.", "amount_pence")
        )
    if given.turn_rule not in TURN_RULES or given.risk_rule not in RISK_RULES:
        found.append(Problem("unknown", "Choose a rule for turns and one for empty nights.", "turn_rule"))
    return [*found, *member_problems(given.members, "members"), *_who(given, lead)]


def _who(given: BlockGiven, lead: Authority) -> list[Problem]:
    """The lead is a member, and the others are of its consortium."""
    keys = {one.key for one in given.members}
    if lead.pk not in keys:
        return [Problem("no_lead", "The authority that leads the block keeps beds of it.", "members")]
    others = Authority.objects.filter(pk__in=keys - {lead.pk}, consortium_id=lead.consortium_id or 0)
    if (lead.consortium_id is None and len(keys) > 1) or others.count() < len(keys) - 1:
        return [Problem("not_members", "Members of a shared block are of the same consortium.", "members")]
    return []


@action
def change_price(
    *,
    by: Actor,
    now: datetime,
    block_id: int,
    version: int,
    starts_on: date,
    amount_pence: int,
    unit: str,
    reason: str,
) -> Outcome[SharedBlock]:
    """Agree a new price for all beds from a day on; months that were settled stay as they were signed."""
    row = own_block(by, block_id)
    if row is None:
        return refuse(GONE)
    found = [] if row.authority_id == by.authority_id else [NOT_LEAD]
    if not row.starts_on < starts_on < row.ends_on:
        found.append(Problem("dates", "Choose a day within the block, after its first.", "starts_on"))
    elif is_settled(row, starts_on):
        found.append(Problem("settled", "That month has been settled: the price stays.", "starts_on"))
    elif row.prices.filter(starts_on=starts_on).exists():
        found.append(Problem("taken", "Another price was agreed from that day.", "starts_on"))
    if unit not in UNITS or amount_pence < 0:
        found.append(Problem("price", "Enter what all beds cost together.", "amount_pence"))
    if not reason.strip():
        found.append(Problem("empty", "Say why the price changes.", "reason"))
    if problems := found or change_state(BLOCK, row, "change_price", by=by, version=version):
        return refuse(problems)
    price = BlockPrice.objects.create(
        block=row, starts_on=starts_on, amount_pence=amount_pence, unit=unit, reason=reason.strip()[:300], made_at=now,
        **whose_of(row),
    )  # fmt: skip
    _record(
        by,
        now,
        row,
        "change_price",
        f"{row}: {pounds(price.amount_pence)} {UNITS[unit]} from {starts_on:%-d %B %Y}",
    )
    return Outcome(row)


@action
def end_block(
    *, by: Actor, now: datetime, block_id: int, version: int, ends_on: date
) -> Outcome[SharedBlock]:
    """End a block on a day by when every bed is empty: from then on it costs nothing."""
    row = own_block(by, block_id)
    if row is None:
        return refuse(GONE)
    found = [] if row.authority_id == by.authority_id else [NOT_LEAD]
    if not row.starts_on < ends_on <= row.ends_on:
        found.append(Problem("dates", "It ends after it started, and not later than agreed.", "ends_on"))
    elif any(stay.period.upper is None or stay.period.upper > ends_on for stay in row.stays.all()):
        found.append(Problem("beds", "Somebody has a bed on or after that day.", "ends_on"))
    elif is_settled(row, ends_on):
        found.append(Problem("settled", "That month has been settled.", "ends_on"))
    if problems := found or change_state(BLOCK, row, "end_block", by=by, version=version, ends_on=ends_on):
        return refuse(problems)
    _record(by, now, row, "end_block", f"{row} ends on {ends_on:%-d %B %Y}")
    return Outcome(row)


def own_block(by: Actor, block_id: int) -> SharedBlock | None:
    """A block of which the actor's authority is part, held until the transaction ends: one deed at a time."""
    held = SharedBlock.objects.select_for_update().filter(pk=block_id, seen_by__contains=[by.authority_id])
    if held.first() is None:
        return None
    return SharedBlock.objects.select_related("setting__provider").prefetch_related(*PARTS).get(pk=block_id)


def touch(row: SharedBlock, version: int) -> list[Problem]:
    """Refuse where somebody else has changed the block since it was seen; else its version goes on."""
    return change_row(row, version=version)


def is_settled(row: SharedBlock, day: date) -> bool:
    """Whether the month of a day, or a later one, has been worked out and holds: neither withdrawn nor being corrected."""
    return row.settlements.exclude(state__in=OPEN_AGAIN).filter(month__gte=day.replace(day=1)).exists()


def whose_of(row: SharedBlock, **more: Any) -> dict[str, Any]:
    """The columns that say whose a row of this block is; the lead's unless said otherwise."""
    return {
        "authority_id": row.authority_id, "consortium_id": row.consortium_id, "seen_by": row.seen_by, **more,
    }  # fmt: skip


def _record(by: Actor, now: datetime, row: SharedBlock, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="block", subject_id=row.pk)


def today_of(now: datetime) -> date:
    """The day of a moment."""
    return timezone.localdate(now)
