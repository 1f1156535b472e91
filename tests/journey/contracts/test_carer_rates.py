"""Own carers: their contract takes its lines from the authority's rates, and follows them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.core.calendar import age_on
from rightplace.core.periods import Period
from rightplace.core.pricing import dated_charges
from rightplace.journey.contracts.carer_rates import rate_on
from rightplace.journey.contracts.keeping_rates import RateGiven, add_carer_rate
from rightplace.journey.contracts.models import CarerRate, Contract, ContractLine
from rightplace.journey.contracts.standing import terms_of
from rightplace.journey.contracts.terms import agreement_from
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from tests import make
from tests.cast import Cast

APRIL = date(2025, 4, 1)
SHEET = (
    RateGiven("allowance", APRIL, 17_500),
    RateGiven("allowance", APRIL, 23_000, age_from=11),
    RateGiven("allowance", APRIL, 27_000, age_from=16),
    RateGiven("fee", APRIL, 12_000, level=1),
    RateGiven("birthday", APRIL, 12_000),
    RateGiven("festival", APRIL, 15_000, in_month=12, in_day=25, words="Winter festival"),
    RateGiven("mileage", APRIL, 45),
    RateGiven("retainer", APRIL, basis_points=5_000, nights=14),
)


def sheet_kept(cast: Cast) -> None:
    """The rates of a year."""
    for rate in SHEET:
        add_carer_rate(by=cast.fin, now=make.LATER, rate=rate).done()


@pytest.mark.parametrize(("age", "level", "pence"), [(3, 0, 17_500), (11, 0, 23_000), (17, 2, 27_000)])
def test_the_rate_of_the_childs_own_band_rules(cast: Cast, age: int, level: int, pence: int) -> None:
    sheet_kept(cast)
    rate = rate_on(CarerRate.objects.all(), "allowance", age, level, APRIL)
    assert rate is not None
    assert rate.amount_pence == pence


def test_a_level_without_a_fee_is_paid_none(cast: Cast) -> None:
    sheet_kept(cast)
    rates = list(CarerRate.objects.all())
    assert rate_on(rates, "fee", 10, 2, APRIL) is None
    assert rate_on(rates, "fee", 10, 1, APRIL - timedelta(days=1)) is None


def test_who_was_born_on_a_leap_day_turns_older_in_march() -> None:
    assert age_on(date(2016, 2, 29), date(2027, 2, 28)) == 10
    assert age_on(date(2016, 2, 29), date(2027, 3, 1)) == 11


def own_contract_in_force(cast: Cast) -> Contract:
    """A contract with an own household, signed by both, under the rates of the sheet."""
    sheet_kept(cast)
    drafted = make.contract_drafted(cast, home=cast.adams, children=(cast.jude,))
    return make.contract_in_force(cast, drafted)


def test_an_own_carers_contract_is_drafted_by_rates_and_follows_a_new_sheet(cast: Cast) -> None:
    row = own_contract_in_force(cast)
    lines = {line.rate_kind: line for line in ContractLine.objects.filter(contract_version__contract=row)}
    assert {"allowance", "birthday", "festival", "mileage"} <= set(lines)
    assert check_schedules().wrong == ()
    before = sum(ScheduleLine.objects.filter(contract=row, state="due").values_list("pence", flat=True))
    child = row.placement.child
    band = 11 if age_on(child.born_on, row.starts_on) >= 11 else 0
    band = 16 if age_on(child.born_on, row.starts_on) >= 16 else band
    later = row.starts_on + timedelta(days=60)
    amount = lines["allowance"].amount_pence + 700
    add_carer_rate(
        by=cast.fin, now=make.LATER, rate=RateGiven("allowance", later, amount, age_from=band)
    ).done()
    after = sum(ScheduleLine.objects.filter(contract=row, state="due").values_list("pence", flat=True))
    assert after > before
    assert check_schedules().wrong == ()


def test_a_birthday_into_the_next_band_changes_the_allowance_on_its_day(cast: Cast) -> None:
    row = own_contract_in_force(cast)
    version = row.versions.get()
    version.rules = {
        **version.rules,
        "born_on": (row.starts_on.replace(year=row.starts_on.year - 11) + timedelta(days=14)).isoformat(),
    }
    agreement = agreement_from([terms_of(version)], Period(row.starts_on, row.starts_on + timedelta(days=28)))
    allowance = [line.pk for line in version.lines.all() if line.rate_kind == "allowance"]
    pence = sum(charge.pence for charge in dated_charges(agreement) if charge.line in allowance)
    assert pence == 2 * 17_500 + 2 * 23_000


def test_only_finance_keeps_rates_and_none_twice(cast: Cast) -> None:
    sheet_kept(cast)
    twice = add_carer_rate(by=cast.fin, now=make.LATER, rate=SHEET[0])
    assert [problem.code for problem in twice.problems] == ["taken"]
    other = add_carer_rate(by=cast.bola, now=make.LATER, rate=SHEET[0])
    assert [problem.code for problem in other.problems] == ["not_yours"]
    wrong = add_carer_rate(
        by=cast.fin, now=make.LATER, rate=RateGiven("festival", APRIL, 1, in_month=2, in_day=31)
    )
    assert [problem.code for problem in wrong.problems] == ["no_such_day"]
