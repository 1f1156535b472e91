"""What tests of shared blocks share: beds kept by Croydon and Sutton, filled and settled by the real verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from rightplace.core.blocks import Member
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.blocks import handing, keeping, nominating, settling
from rightplace.journey.blocks.beds import order_now
from rightplace.journey.blocks.models import BlockSettlement, BlockStay, SharedBlock
from rightplace.journey.funding.models import RechargeLine
from rightplace.register.providers.models import Setting
from tests.cast import NOW, Cast, person

FIRST = date(2025, 4, 1)
WEEK = 2_100_000


@dataclass(frozen=True)
class Kept:
    """A block, who works in it for whom, and the cast they work in."""

    cast: Cast
    block: SharedBlock
    brokers: dict[int, Actor]
    signers: dict[int, Actor]

    @property
    def croydon(self) -> int:
        """The lead."""
        return self.cast.croydon.pk

    @property
    def sutton(self) -> int:
        """The other."""
        return self.cast.sutton.pk

    def fresh(self) -> SharedBlock:
        """The block as it is now."""
        return SharedBlock.objects.get(pk=self.block.pk)


def at(day: date) -> datetime:
    """Ten in the morning of a day."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def agreed(cast: Cast, **changes: object) -> keeping.BlockGiven:
    """Three beds at £21,000 a week for two years: Croydon three fifths, Sutton two."""
    facts = {
        "name": "Acorn five", "urn": cast.acorn_house.urn, "beds": 3, "starts_on": FIRST, "ends_on": date(2027, 4, 1),
        "amount_pence": WEEK, "unit": "week", "turn_rule": "below_share", "risk_rule": "by_unused",
        "members": (Member(cast.croydon.pk, Fraction(3, 5)), Member(cast.sutton.pk, Fraction(2, 5))),
    }  # fmt: skip
    return keeping.BlockGiven(**(facts | changes))  # type: ignore[arg-type]  # a table of facts


def kept(cast: Cast, **changes: object) -> Kept:
    """The block written down by Croydon's commissioner."""
    block = keeping.agree_block(by=cast.cora, now=at(FIRST), given=agreed(cast, **changes)).done()
    sue = person(f"Sue{cast.croydon.pk} Finn", roles.FINANCE_OFFICER, authority=cast.sutton)
    return Kept(
        cast, block, {cast.croydon.pk: cast.bola, cast.sutton.pk: cast.brenda},
        {cast.croydon.pk: cast.cora, cast.sutton.pk: sue},
    )  # fmt: skip


def filled(kept: Kept, day: date, *, who: int | None = None) -> BlockStay:
    """A bed taken on a day by whose turn it is; others pass until it is `who`'s."""
    first = order_now(kept.fresh(), day)[0]
    if who is not None and first != who:
        row = kept.fresh()
        facts = {"block_id": row.pk, "version": row.version, "words": "Nobody to place."}
        nominating.pass_turn(by=kept.brokers[first], now=at(day), **facts).done()
        first = order_now(kept.fresh(), day)[0]
    by = kept.brokers[first]
    asked = nominating.ask_for_bed(by=by, now=at(day), block_id=kept.block.pk, needed_on=day).done()
    return nominating.take_bed(
        by=by, now=at(day), nomination_id=asked.pk, version=asked.version, starts_on=day
    ).done()


def left(kept: Kept, stay: BlockStay, day: date) -> None:
    """A bed given back on a day."""
    stay.refresh_from_db()
    by = kept.brokers[stay.authority_id]
    nominating.leave_bed(by=by, now=at(day), stay_id=stay.pk, version=stay.version, left_on=day).done()


def handed(kept: Kept, to: int, start: date, end: date, night_pence: int) -> BlockStay:
    """An empty bed offered by Croydon and accepted."""
    made = handing.hand_over(
        by=kept.cast.bola, now=at(start), block_id=kept.block.pk, to_id=to, starts_on=start, ends_on=end,
        night_pence=night_pence, reason="It stands empty.",
    ).done()  # fmt: skip
    by = kept.brokers[to]
    return handing.accept_handover(by=by, now=at(start), handover_id=made.pk, version=made.version).done()


def settled(kept: Kept, month: date) -> BlockSettlement:
    """A month worked out by Croydon's finance."""
    after = at((month.replace(day=1) + timedelta(days=40)).replace(day=3))
    return settling.settle_month(by=kept.cast.fin, now=after, block_id=kept.block.pk, month=month).done()


def signed(kept: Kept, made: BlockSettlement) -> BlockSettlement:
    """The month signed by each authority."""
    for share in made.shares.all():
        facts = {"share_id": share.pk, "version": share.version, "now": made.made_at + timedelta(days=2)}
        settling.sign_statement(by=kept.signers[share.authority_id], **facts).done()
    made.refresh_from_db()
    return made


def charged(kept: Kept) -> int:
    """What the others were charged by the lead in all."""
    return sum(line.pence for line in RechargeLine.objects.filter(authority=kept.cast.croydon, kind="block"))


def beds_kept(cast: Cast, home: Setting) -> dict[str, int]:
    """For the two-sided world: a block of one authority alone in a home, with a row of each kind that an address names."""
    day, month = NOW.date(), date(2026, 9, 1)
    facts = {
        "urn": home.urn,
        "starts_on": month,
        "ends_on": date(2028, 9, 1),
        "members": (Member(cast.croydon.pk, Fraction(1)),),
    }
    block = keeping.agree_block(by=cast.cora, now=NOW, given=agreed(cast, **facts)).done()
    ids = {"by": cast.bola, "now": NOW, "block_id": block.pk}
    first, asked = (nominating.ask_for_bed(**ids, needed_on=day).done() for _ in range(2))
    stay = nominating.take_bed(
        by=cast.bola, now=NOW, nomination_id=first.pk, version=first.version, starts_on=day
    ).done()
    offer = handing.hand_over(
        **ids,
        to_id=cast.croydon.pk,
        starts_on=day,
        ends_on=date(2027, 1, 1),
        night_pence=100,
        reason="Empty.",
    ).done()
    made = settling.settle_month(by=cast.fin, now=NOW, block_id=block.pk, month=month).done()
    return {
        "block": block.pk, "nomination": asked.pk, "block_stay": stay.pk, "handover": offer.pk, "settlement": made.pk,
        "block_share": made.shares.get().pk,
    }  # fmt: skip
