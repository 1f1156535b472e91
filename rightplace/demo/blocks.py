"""Shared blocks of the demonstration: a five-place centre and a four-bed home, filled in turn and settled. All synthetic."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from rightplace.core.blocks import Member
from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks import handing, keeping, nominating, settling
from rightplace.journey.blocks.beds import order_now
from rightplace.journey.blocks.models import SharedBlock
from rightplace.register.providers.models import Setting

MONTHS = 7
SPARE = 30_000
"""What a night of an empty bed is handed over for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A block: its name, beds, price a week of all beds, rules, shares in tenths, and which beds are filled when (days on)."""

    name: str
    beds: int
    pence: int
    turn_rule: str
    risk_rule: str
    tenths: tuple[int, int, int]
    stays: tuple[tuple[int, int | None], ...]


CENTRE = Plan(
    "Riverside short-stay centre", 5, 2_450_000, "below_share", "by_share", (5, 3, 2),
    ((0, None), (4, 120), (9, None), (20, 150), (35, None), (128, None)),
)  # fmt: skip
HOME = Plan(
    "Four-bed home for complex needs", 4, 2_380_000, "in_turn", "by_unused", (4, 3, 3),
    ((0, None), (12, 96), (30, None), (110, 170)),
)  # fmt: skip


def keep_blocks(cast: Cast, moment: datetime) -> None:
    """Both blocks, the first led by one authority and the second by another."""
    who = cast.authorities[:3]
    homes = Setting.objects.filter(kind="residential", status="active", closed_on=None)
    used: set[int] = set()
    for plan, members in ((CENTRE, who), (HOME, [*who[1:], who[0]])):
        home = homes.filter(places=plan.beds).exclude(pk__in=used).order_by("pk").first()
        if home is not None and len(members) == len(plan.tenths):
            used.add(home.pk)
            _keep(cast, moment, plan, members, home)


def _keep(cast: Cast, moment: datetime, plan: Plan, members: list[Authority], home: Setting) -> None:
    lead, first = members[0], _month(timezone.localdate(moment), -MONTHS)
    given = keeping.BlockGiven(
        name=plan.name, urn=home.urn, beds=plan.beds, starts_on=first, ends_on=first.replace(year=first.year + 3),
        amount_pence=plan.pence, unit="week", turn_rule=plan.turn_rule, risk_rule=plan.risk_rule,
        members=tuple(Member(one.pk, Fraction(tenths, 10)) for one, tenths in zip(members, plan.tenths, strict=True)),
    )  # fmt: skip
    by = cast.of(lead.pk, roles.COMMISSIONER)
    block = keeping.agree_block(by=by, now=_at(first), given=given).done()
    _fill(cast, block, plan, timezone.localdate(moment))
    _hand(cast, block, members, first)
    for back in range(MONTHS, 0, -1):
        _settle(cast, block, members, _month(timezone.localdate(moment), -back), is_last=back == 1)
    _waiting(cast, block, members, moment)


def _fill(cast: Cast, block: SharedBlock, plan: Plan, today: date) -> None:
    """Beds taken by whose turn it is, and given back."""
    for start, end in plan.stays:
        day = block.starts_on + timedelta(days=start)
        if day >= today:
            continue
        by = cast.of(order_now(SharedBlock.objects.get(pk=block.pk), day)[0], roles.BROKER)
        asked = nominating.ask_for_bed(by=by, now=_at(day), block_id=block.pk, needed_on=day).done()
        facts: dict[str, Any] = {"nomination_id": asked.pk, "version": asked.version, "starts_on": day}
        stay = nominating.take_bed(by=by, now=_at(day), **facts).done()
        left_on = block.starts_on + timedelta(days=end) if end else None
        if left_on and left_on < today:
            nominating.leave_bed(
                by=by, now=_at(left_on), stay_id=stay.pk, version=stay.version, left_on=left_on
            ).done()


def _hand(cast: Cast, block: SharedBlock, members: list[Authority], first: date) -> None:
    """An empty bed of the second month, taken over by the last member."""
    start, to = _month(first, 1), members[-1].pk
    outcome = handing.hand_over(
        by=cast.of(members[0].pk, roles.BROKER), now=_at(start), block_id=block.pk, to_id=to, starts_on=start,
        ends_on=start + timedelta(days=21), night_pence=SPARE, reason="The bed stands empty for three weeks (synthetic).",
    )  # fmt: skip
    if outcome.value is not None:
        made = outcome.value
        by = cast.of(to, roles.BROKER)
        handing.accept_handover(by=by, now=_at(start), handover_id=made.pk, version=made.version).done()


def _settle(cast: Cast, block: SharedBlock, members: list[Authority], month: date, *, is_last: bool) -> None:
    """A month worked out by the lead's finance; the last one waits for the others' signatures."""
    now = _at(_month(month, 1)) + timedelta(days=2)
    by = cast.of(members[0].pk, roles.FINANCE_OFFICER)
    made = settling.settle_month(by=by, now=now, block_id=block.pk, month=month).done()
    for share in made.shares.all():
        if is_last and share.authority_id != members[0].pk:
            continue
        facts: dict[str, Any] = {
            "share_id": share.pk,
            "version": share.version,
            "now": now + timedelta(days=3),
        }
        settling.sign_statement(by=cast.of(share.authority_id, roles.COMMISSIONER), **facts).done()


def _waiting(cast: Cast, block: SharedBlock, members: list[Authority], moment: datetime) -> None:
    """A bed asked for, and an empty one offered to a member for the coming weeks."""
    today = timezone.localdate(moment)
    asker = cast.of(members[1].pk, roles.BROKER)
    nominating.ask_for_bed(
        by=asker, now=moment, block_id=block.pk, needed_on=today + timedelta(days=5),
        words="A young person of 14 who needs a calm house (synthetic).",
    ).done()  # fmt: skip
    handing.hand_over(
        by=cast.of(members[0].pk, roles.BROKER), now=moment, block_id=block.pk, to_id=members[-1].pk,
        starts_on=today + timedelta(days=3), ends_on=today + timedelta(days=24), night_pence=SPARE,
        reason="Nobody of ours needs it before next month (synthetic).",
    )  # fmt: skip


def _month(day: date, months: int) -> date:
    """The first of the month so many months after a day."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
