"""A signed month put right: what was signed stays, the later statement adds up, and only the difference is charged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.journey.blocks import correcting, nominating, settling
from rightplace.journey.blocks.models import BlockSettlement, BlockStay
from rightplace.journey.blocks.provider_view import own_block_of, own_blocks
from tests.cast import Cast
from tests.keeping_beds import FIRST, Kept, charged, filled, kept, settled, signed

MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)


@pytest.fixture
def held(cast: Cast) -> Kept:
    return kept(cast)


def codes(outcome: Outcome[object]) -> list[str]:
    return [problem.code for problem in outcome.problems]


def opened(held: Kept, made: BlockSettlement) -> BlockSettlement:
    facts = {"now": made.made_at + timedelta(days=60), "reason": "He left on the 15th of April."}
    correcting.open_correction(by=held.cast.fin, settlement_id=made.pk, version=made.version, **facts).done()
    made.refresh_from_db()
    return made


def nights(held: Kept, stay: BlockStay, until: date, **more: object) -> Outcome[BlockStay]:
    stay.refresh_from_db()
    facts = {
        "stay_id": stay.pk,
        "version": stay.version,
        "starts_on": FIRST,
        "ends_on": until,
        "reason": "As told.",
    }
    return correcting.correct_nights(by=held.cast.bola, now=held.block.made_at, **(facts | more))


def test_only_the_difference_of_a_corrected_month_is_charged_and_what_was_signed_stays(cast: Cast) -> None:
    held = kept(cast, risk_rule="by_share")
    filled(held, FIRST, who=held.croydon)
    stay = filled(held, FIRST, who=held.sutton)
    april, may = (signed(held, settled(held, month)) for month in (FIRST, MAY))
    before = charged(held)
    assert codes(nights(held, stay, date(2025, 4, 15))) == ["settled"]
    opened(held, april)
    may.refresh_from_db()
    assert (april.state, may.state) == ("correcting", "correcting")
    nights(held, stay, date(2025, 4, 15)).done()
    again = settled(held, FIRST)
    assert again.corrects == april
    assert again.cost_pence == april.cost_pence == sum(one.pence for one in again.shares.all())
    assert charged(held) == before
    for made in (signed(held, again), signed(held, settled(held, MAY))):
        made.corrects.refresh_from_db()
        assert (made.state, made.corrects.state) == ("agreed", "corrected")
    borne = {key: sum(one.pence for made in BlockSettlement.objects.filter(state="agreed")
                      for one in made.shares.all() if one.authority_id == key)
             for key in (held.croydon, held.sutton)}  # fmt: skip
    assert charged(held) == borne[held.sutton] != before
    assert april.shares.filter(state="signed").count() == 2


def test_a_correction_is_the_leads_and_is_opened_from_the_month_on(held: Kept) -> None:
    april, may = signed(held, settled(held, FIRST)), settled(held, MAY)
    facts = {"now": may.made_at, "settlement_id": april.pk, "version": april.version, "reason": "Wrong."}
    assert codes(correcting.open_correction(by=held.signers[held.sutton], **facts)) == ["missing"]
    assert codes(correcting.open_correction(by=held.cast.bola, **facts)) == ["order"]
    withdrawn = {"settlement_id": may.pk, "version": may.version, "reason": "First April."}
    settling.withdraw_settlement(by=held.cast.fin, now=may.made_at, **withdrawn).done()
    assert codes(correcting.open_correction(by=held.cast.fin, **{**facts, "reason": " "})) == ["empty"]
    assert codes(correcting.open_correction(by=held.cast.bola, **facts)) == ["not_yours"]
    assert correcting.open_correction(by=held.cast.fin, **facts).is_done
    early = {"now": may.made_at, "block_id": held.block.pk, "month": MAY}
    assert codes(settling.settle_month(by=held.cast.fin, **early)) == ["order"]


def test_nights_are_set_right_only_where_the_bed_was_free(held: Kept) -> None:
    first = filled(held, FIRST)
    nominating.leave_bed(
        by=held.brokers[first.authority_id], now=held.block.made_at, stay_id=first.pk, version=first.version, left_on=MAY
    ).done()  # fmt: skip
    second = filled(held, MAY)
    assert second.bed == first.bed
    assert codes(nights(held, first, JUNE)) == ["full"]
    assert codes(nights(held, first, FIRST)) == ["dates"]
    assert nights(held, first, date(2025, 4, 20)).done().period.upper == date(2025, 4, 20)


def test_a_provider_sees_the_beds_kept_in_its_own_homes_and_no_others(held: Kept) -> None:
    filled(held, FIRST, who=held.croydon)
    signed(held, settled(held, FIRST))
    with acting_as(held.cast.priya):
        row = own_blocks(held.cast.priya, MAY)[0]
        assert (row.beds, row.free, row.stays[0].authority) == (3, 2, "Croydon")
        assert [(one.words, one.cost_pence, one.is_signed) for one in row.months] == [
            ("April 2025", 9_000_000, True)
        ]
    with acting_as(held.cast.quinn):
        assert own_blocks(held.cast.quinn, MAY) == []
        assert own_block_of(held.cast.quinn, held.block.pk, MAY) is None
