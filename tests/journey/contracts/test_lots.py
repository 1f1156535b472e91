"""The ceiling of a framework's lot: taken from there, not typed, and held over all prices of a placement together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rightplace.core.pricing import Ceiling, Per
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts import actions
from rightplace.journey.contracts.lots import lots_for
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.rules import Rules, as_json, rules_from
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments.models import ScheduleLine
from rightplace.register.frameworks.models import LotMember
from tests import make
from tests.cast import Cast
from tests.desks.test_contracts import words
from tests.journey.payments.test_schedule import FROM, vary
from tests.visit import signed_in

MOST = 450_000
LINES = (
    LineGiven("core_fee", "week", 440_000),
    LineGiven("support", "hour", 2_000, Decimal(10)),
)


def edited(cast: Cast, row: Contract, rules: Rules) -> list[str]:
    """The codes of why a draft's rules were not kept."""
    row.refresh_from_db()
    with acting_as(cast.bola):
        outcome = actions.edit_draft(
            by=cast.bola,
            now=make.LATER,
            contract_id=row.pk,
            version=row.version,
            changes={"rules": as_json(rules)},
        )
    return [problem.code for problem in outcome.problems]


def test_the_lots_of_the_provider_for_such_a_home_are_offered_with_their_ceiling(
    cast: Cast, drafted: Contract
) -> None:
    member = LotMember.objects.get(provider=drafted.provider_id)
    found = lots_for(cast.bola, drafted.pk)
    assert [(lot.member_id, lot.pence) for lot in found] == [(member.pk, member.ceiling_pence_week)]
    assert lots_for(cast.priya, drafted.pk) == ()
    LotMember.objects.update(ends_on=drafted.starts_on)
    assert lots_for(cast.bola, drafted.pk) == ()


def test_a_ceiling_is_the_lots_own_and_none_is_typed_beside_it(cast: Cast, drafted: Contract) -> None:
    lot = lots_for(cast.bola, drafted.pk)[0]
    typed = Ceiling(date(2026, 1, 1), Per.WEEK, 1, is_together=True)
    assert edited(cast, drafted, Rules(ceilings=(typed,))) == ["ceiling_typed"]
    lower = replace(lot.as_ceiling(), amount_pence=lot.pence - 1)
    assert edited(cast, drafted, Rules(ceilings=(lower,))) == ["not_the_lots"]
    assert edited(cast, drafted, Rules(ceilings=(lot.as_ceiling(),))) == []
    held = rules_from(ContractVersion.objects.get(contract=drafted).rules)
    assert held.ceilings == (lot.as_ceiling(),)


def test_where_the_provider_stands_on_no_lot_a_ceiling_may_be_typed(cast: Cast, drafted: Contract) -> None:
    LotMember.objects.update(ends_on=date(2020, 1, 1))
    assert (
        edited(cast, drafted, Rules(ceilings=(Ceiling(date(2026, 1, 1), Per.WEEK, 10**7, ("core_fee",)),)))
        == []
    )


def test_the_prices_of_a_placement_together_come_to_the_ceiling_and_no_more(
    cast: Cast, drafted: Contract
) -> None:
    LotMember.objects.filter(provider=drafted.provider_id).update(ceiling_pence_week=MOST)
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    lot = lots_for(cast.bola, row.pk)[0]
    row = vary(cast, row, LINES, rules=Rules(ceilings=(lot.as_ceiling(),)))
    rows = ScheduleLine.objects.filter(
        contract=row, state="due", period__startswith__gte=FROM.replace(day=28)
    )
    for month in {line.month for line in rows}:
        whole = [line for line in rows if line.month == month]
        nights = (whole[0].period.upper - whole[0].period.lower).days
        assert abs(sum(line.pence for line in whole) - round(nights * MOST / 7)) <= 1
    LotMember.objects.update(ceiling_pence_week=MOST - 1)
    row.refresh_from_db()
    again = actions.vary_contract(
        by=cast.bola, now=make.LATER, contract_id=row.pk, version=row.version, in_force_from=FROM, reason="Less.",
        lines=(LineGiven("core_fee", "week", 400_000),),
    )  # fmt: skip
    assert again.is_done, "what was signed stands on, although the lot has changed"
    support = rows.filter(kind="support").first()
    assert support.pence < 10 * 2_000 * 5
    assert "for all prices together" in row.versions.get(number=2).text


def test_a_ceiling_by_the_month_holds_no_price_by_the_week(cast: Cast, drafted: Contract) -> None:
    LotMember.objects.update(ends_on=date(2020, 1, 1))
    monthly = Ceiling(date(2026, 1, 1), Per.MONTH, 10**6)
    assert edited(cast, drafted, Rules(ceilings=(monthly,))) == ["ceiling_of_other_unit"]


def test_the_page_offers_the_lot_to_choose(cast: Cast, drafted: Contract) -> None:
    page = signed_in(cast.bola).get(f"/contracts/{drafted.pk}/edit/")
    assert page.status_code == 200
    assert "at most £7,500.00 a week in all" in words(page)
