"""Beds of a block: paid whether filled or not, shown with what a filled night costs, and free for who comes next."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, price_problems
from rightplace.journey.contracts.blocks import PAID_BY, blocks_of, paid_by_block
from rightplace.journey.contracts.models import Contract
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments.blocks import block_uses, filled_nights
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from tests import make
from tests.cast import Cast
from tests.desks.test_contracts import words
from tests.journey.payments.test_schedule import FROM, end, vary
from tests.visit import signed_in

BEDS = (LineGiven("block", "week", 300_000, Decimal(2)),)
UNTIL = FROM + timedelta(days=70)


def blocked(cast: Cast, drafted: Contract) -> Contract:
    """From `FROM` on two beds for ten weeks, in place of a fee for the child."""
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    return vary(cast, row, (LineGiven("block", "week", 300_000, Decimal(2), ends_on=UNTIL),))


def due(row: Contract) -> int:
    rows = ScheduleLine.objects.filter(contract=row, state="due", kind="block")
    return sum(line.pence for line in rows)


def test_a_block_is_paid_to_its_end_although_the_child_has_left(cast: Cast, drafted: Contract) -> None:
    row = blocked(cast, drafted)
    assert due(row) == 10 * 2 * 300_000
    end(cast, row, FROM + timedelta(days=7))
    assert due(row) == 10 * 2 * 300_000
    assert check_schedules().wrong == ()
    last = ScheduleLine.objects.filter(contract=row, state="due", kind="block").order_by("period").last()
    assert last.period.upper == UNTIL


def test_who_comes_into_a_bed_of_a_block_costs_nothing_further(cast: Cast, drafted: Contract) -> None:
    row = blocked(cast, drafted)
    placement = row.placement
    came = SimpleNamespace(
        pk=0, authority_id=row.authority_id, setting_id=placement.setting_id,
        period=SimpleNamespace(lower=FROM + timedelta(days=10), upper=None),
    )  # fmt: skip
    offered = [LineGiven("core_fee", "week", 420_000), LineGiven("support", "hour", 2_250, Decimal(5))]
    fee, support = paid_by_block(came, offered)
    assert (fee.amount_pence, fee.words) == (0, f"{PAID_BY} {row.reference}")
    assert support == offered[1]
    came.period.lower = UNTIL
    assert paid_by_block(came, offered) == offered
    came.period.lower, came.setting_id = FROM, None
    assert paid_by_block(came, offered) == offered


def test_beyond_the_beds_of_a_block_a_place_costs_what_it_costs(cast: Cast, drafted: Contract) -> None:
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    row = vary(cast, row, (LineGiven("block", "week", 300_000, Decimal(1), ends_on=UNTIL),))
    came = SimpleNamespace(
        pk=0, authority_id=row.authority_id, setting_id=row.placement.setting_id,
        period=SimpleNamespace(lower=FROM + timedelta(days=1), upper=None),
    )  # fmt: skip
    offered = [LineGiven("core_fee", "week", 420_000)]
    assert paid_by_block(came, offered) == offered
    end(cast, row, FROM + timedelta(days=1))
    assert paid_by_block(came, offered)[0].amount_pence == 0


def test_the_page_shows_how_far_it_is_filled_and_what_a_filled_night_costs(
    cast: Cast, drafted: Contract
) -> None:
    row = blocked(cast, drafted)
    assert [(block.contract_id, block.beds) for block in blocks_of(row.authority_id)] == [(row.pk, 2)]
    use = block_uses(cast.fin, FROM + timedelta(days=14))[0]
    assert (use.bed_nights, use.filled_nights, use.pence) == (28, 14, 2 * 2 * 300_000)
    assert use.pence_a_filled_night == round(2 * 2 * 300_000 / 14)
    assert use.share == 0.5
    assert block_uses(cast.priya, FROM) == []
    shown = words(signed_in(cast.fin).get("/finance/blocks/"))
    assert row.reference in shown


def test_bed_nights_are_counted_once_and_never_above_the_beds() -> None:
    nights = Period(date(2026, 5, 1), date(2026, 5, 11))
    stays = [
        (date(2026, 4, 1), date(2026, 5, 6)),
        (date(2026, 5, 4), None),
        (date(2026, 5, 5), date(2026, 5, 6)),
    ]
    assert filled_nights(nights, 2, stays) == 3 + 2 + 2 + 5
    assert filled_nights(nights, 1, stays) == 10
    assert filled_nights(nights, 3, []) == 0


def test_a_block_is_of_whole_beds_by_the_night_or_longer() -> None:
    line = PriceLine(PriceKind.BLOCK, PriceUnit.HOUR, 100, quantity=Decimal("1.5"))
    found = {problem.code for problem in price_problems([line], Period(FROM, UNTIL))}
    assert {"block_unit", "block_beds"} <= found
