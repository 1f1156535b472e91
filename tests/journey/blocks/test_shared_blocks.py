"""Shared blocks: whose turn it is, no bed twice, months settled to the penny and signed by each authority."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from rightplace.core.blocks import Member
from rightplace.core.periods import Period
from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks import handing, keeping, nominating, queries, settling
from rightplace.journey.blocks.beds import free_beds, order_now, used_in
from rightplace.journey.blocks.models import BlockShare, BlockStay, SharedBlock
from tests.cast import Cast, person
from tests.keeping_beds import FIRST, Kept, agreed, at, charged, filled, handed, kept, left, settled, signed

MAY = date(2025, 5, 1)


@pytest.fixture
def held(cast: Cast) -> Kept:
    return kept(cast)


def codes(outcome: Outcome[object]) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_a_block_is_written_down_with_whole_shares_of_one_consortium(cast: Cast) -> None:
    stranger = Authority.objects.create(name="Elsewhere", gss_code="E09999999")
    half = Fraction(1, 2)
    wrong = {
        "no_lead": (Member(cast.sutton.pk, Fraction(1)),),
        "not_members": (Member(cast.croydon.pk, half), Member(stranger.pk, half)),
        "not_whole": (Member(cast.croydon.pk, half),),
    }
    for code, members in wrong.items():
        given = agreed(cast, members=members)
        assert code in codes(keeping.agree_block(by=cast.cora, now=at(FIRST), given=given))
    given = agreed(cast, name=" ", urn="nowhere", beds=0, ends_on=FIRST, unit="year", turn_rule="by_price")
    refused = codes(keeping.agree_block(by=cast.cora, now=at(FIRST), given=given))
    assert refused == ["empty", "unknown", "beds", "dates", "price", "unknown"]
    assert codes(keeping.agree_block(by=cast.bola, now=at(FIRST), given=agreed(cast))) == ["not_yours"]


def test_the_next_bed_goes_to_who_is_furthest_below_its_share_and_nobody_jumps(held: Kept) -> None:
    filled(held, FIRST, who=held.sutton)
    assert order_now(held.fresh(), MAY)[0] == held.croydon
    asked = nominating.ask_for_bed(
        by=held.cast.brenda, now=at(MAY), block_id=held.block.pk, needed_on=MAY
    ).done()
    take = {"nomination_id": asked.pk, "version": asked.version, "starts_on": MAY}
    assert codes(nominating.take_bed(by=held.cast.brenda, now=at(MAY), **take)) == ["not_your_turn"]
    early = {"block_id": held.block.pk, "version": held.fresh().version, "words": "No answer"}
    assert codes(nominating.pass_turn(by=held.cast.brenda, now=at(MAY), **early)) == ["not_your_turn"]
    nominating.pass_turn(by=held.cast.bola, now=at(MAY), **early).done()
    assert nominating.take_bed(by=held.cast.brenda, now=at(MAY), **take).is_done
    assert free_beds(held.fresh(), MAY) == [3]


def test_the_lead_passes_a_turn_on_only_when_its_hours_are_over(held: Kept) -> None:
    filled(held, FIRST, who=held.croydon)
    row = held.fresh()
    assert order_now(row, MAY)[0] == held.sutton
    nominating.ask_for_bed(by=held.cast.bola, now=at(MAY), block_id=row.pk, needed_on=MAY).done()
    facts = {"by": held.cast.bola, "block_id": row.pk, "version": row.version, "words": "No answer."}
    assert codes(nominating.pass_turn(now=at(MAY) + timedelta(hours=47), **facts)) == ["too_early"]
    assert nominating.pass_turn(now=at(MAY) + timedelta(hours=48), **facts).is_done
    assert order_now(held.fresh(), MAY)[0] == held.croydon


def test_no_bed_is_had_twice_whatever_the_code_does(held: Kept) -> None:
    stay = filled(held, FIRST)
    BlockStay.objects.filter(pk=stay.pk).update(version=F("version"))
    with pytest.raises(IntegrityError, match="no_bed_of_a_block_twice"), transaction.atomic():
        handed_stay = handed(held, held.sutton, FIRST, MAY, 100)
        BlockStay.objects.filter(pk=handed_stay.pk).update(bed=stay.bed)


def test_an_empty_bed_is_handed_over_at_an_agreed_price_and_only_accepted_it_counts(held: Kept) -> None:
    facts = {
        "block_id": held.block.pk,
        "to_id": held.sutton,
        "starts_on": FIRST,
        "ends_on": MAY,
        "reason": "Empty.",
    }
    offer = handing.hand_over(by=held.cast.bola, now=at(FIRST), night_pence=90_000, **facts).done()
    april = Period(FIRST, MAY)
    assert used_in(held.fresh(), april).handed == ()
    mine = {"handover_id": offer.pk, "version": offer.version, "now": at(FIRST)}
    assert codes(handing.accept_handover(by=held.cast.bola, **mine)) == ["missing"]
    handing.accept_handover(by=held.cast.brenda, **mine).done()
    assert [(one.nights, one.pence) for one in used_in(held.fresh(), april).handed] == [(30, 2_700_000)]
    for _ in range(2):
        handed(held, held.sutton, FIRST, MAY, 1)
    assert codes(handing.hand_over(by=held.cast.bola, now=at(FIRST), night_pence=1, **facts)) == ["full"]


def test_a_month_is_settled_to_the_penny_signed_by_each_and_recharged_once(held: Kept) -> None:
    filled(held, FIRST, who=held.croydon)
    filled(held, date(2025, 4, 11), who=held.sutton)
    made = settled(held, FIRST)
    assert made.cost_pence == 9_000_000 and made.bed_nights == 90
    assert {share.authority_id: share.pence for share in made.shares.all()} == {
        held.croydon: 3_000_000 + 2_400_000, held.sutton: 2_000_000 + 1_600_000,
    }  # fmt: skip
    share = made.shares.get(authority_id=held.sutton)
    mine = {"now": made.made_at, "share_id": share.pk, "version": share.version}
    assert codes(settling.sign_statement(by=held.cast.cora, **mine)) == ["missing"]
    assert codes(settling.sign_statement(by=held.cast.brenda, **mine)) == ["not_yours"]
    own = made.shares.get(authority_id=held.croydon)
    facts = {"now": made.made_at, "share_id": own.pk, "version": own.version}
    assert codes(settling.sign_statement(by=held.cast.fin, **facts)) == ["own_request"]
    assert charged(held) == 0
    assert signed(held, made).state == "agreed"
    assert charged(held) == 3_600_000
    assert codes(
        settling.settle_month(by=held.cast.fin, now=at(MAY), block_id=held.block.pk, month=FIRST)
    ) == ["taken"]


def test_a_disputed_month_is_withdrawn_set_right_and_worked_out_again(held: Kept) -> None:
    stay = filled(held, FIRST, who=held.croydon)
    made = settled(held, FIRST)
    share = made.shares.get(authority_id=held.sutton)
    facts = {
        "now": made.made_at,
        "share_id": share.pk,
        "version": share.version,
        "words": "He left on the 15th.",
    }
    settling.dispute_statement(by=held.signers[held.sutton], **facts).done()
    day = {"now": made.made_at, "stay_id": stay.pk, "version": stay.version, "left_on": date(2025, 4, 15)}
    assert codes(nominating.leave_bed(by=held.cast.bola, **day)) == ["settled"]
    again = {
        "now": made.made_at,
        "settlement_id": made.pk,
        "version": made.version,
        "reason": "He left earlier.",
    }
    settling.withdraw_settlement(by=held.cast.fin, **again).done()
    nominating.leave_bed(by=held.cast.bola, **day).done()
    assert settled(held, FIRST).shares.get(authority_id=held.croydon).nights == 14


def test_months_are_settled_in_order_by_the_lead_when_they_are_over(held: Kept) -> None:
    facts = {"block_id": held.block.pk, "month": MAY}
    assert codes(settling.settle_month(by=held.cast.fin, now=at(MAY), **facts)) == ["too_early", "order"]
    sue = held.signers[held.sutton]
    facts["month"] = FIRST
    assert codes(settling.settle_month(by=sue, now=at(MAY), **facts)) == ["not_yours"]
    assert codes(
        settling.settle_month(by=held.cast.fin, now=at(MAY), **(facts | {"month": date(2024, 1, 1)}))
    ) == ["dates"]


def test_a_new_price_holds_from_its_day_and_never_in_a_settled_month(held: Kept) -> None:
    row = held.fresh()
    facts = {"block_id": row.pk, "amount_pence": 2_800_000, "unit": "week", "reason": "Pay award."}
    change = {"by": held.cast.cora, "now": at(FIRST), **facts}
    assert keeping.change_price(version=row.version, starts_on=date(2025, 4, 15), **change).is_done
    assert settled(held, FIRST).cost_pence == 14 * 300_000 + 16 * 400_000
    row = held.fresh()
    late = keeping.change_price(version=row.version, starts_on=date(2025, 4, 20), **change)
    assert codes(late) == ["settled"]


def test_the_database_refuses_parts_that_are_not_the_cost(held: Kept) -> None:
    made = settled(held, FIRST)
    with pytest.raises(IntegrityError, match="are not its cost"), transaction.atomic():
        BlockShare.objects.filter(settlement=made, authority_id=held.sutton).update(
            used_pence=F("used_pence") + 1, pence=F("pence") + 1
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_who_is_no_part_of_a_block_sees_nothing_of_it(held: Kept) -> None:
    other = Authority.objects.create(
        name="Merton", gss_code="E09000024", consortium=held.cast.croydon.consortium
    )
    stranger = person("Mona Black", roles.COMMISSIONER, authority=other)
    settled(held, FIRST)
    with acting_as(stranger):
        assert not SharedBlock.objects.exists() and not BlockShare.objects.exists()
        assert queries.block(stranger, held.block.pk) is None
    with acting_as(held.cast.brenda):
        assert queries.block(held.cast.brenda, held.block.pk) is not None
    with acting_as(held.cast.conrad):
        assert [one.pk for one in queries.blocks(held.cast.conrad)] == [held.block.pk]
    facts = {"block_id": held.block.pk, "to_id": other.pk, "starts_on": MAY, "ends_on": date(2025, 6, 1)}
    handing.hand_over(by=held.cast.bola, now=at(MAY), night_pence=1, reason="Empty.", **facts).done()
    with acting_as(stranger):
        assert queries.block(stranger, held.block.pk) is not None
        assert not queries.settlements(stranger).exists()


def test_a_block_ends_when_its_beds_are_empty_and_costs_nothing_after(held: Kept) -> None:
    stay = filled(held, FIRST)
    row = held.fresh()
    facts = {"by": held.cast.cora, "now": at(MAY), "block_id": row.pk, "ends_on": date(2025, 4, 21)}
    assert codes(keeping.end_block(version=row.version, **facts)) == ["beds"]
    left(held, stay, date(2025, 4, 20))
    assert keeping.end_block(version=row.version, **facts).is_done
    assert settled(held, FIRST).cost_pence == 20 * 300_000
