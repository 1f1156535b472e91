"""Contracts of services: what is agreed for a child is due once, by its unit, from its day on, and follows every change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import Agreement, agreed_line, as_expected, cost_of_agreement
from rightplace.core.services.kinds import UNIT_WORDS
from rightplace.core.services.packages import price_line, weekly_pence
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.invoices.deciding import had_a_hand
from rightplace.journey.packages import actions, running
from rightplace.journey.packages.actions import OfferGiven, PackageGiven
from rightplace.journey.packages.models import Package
from rightplace.journey.packages.running import ChangeGiven
from rightplace.journey.payments.deliveries import record_delivery
from rightplace.journey.payments.models import ScheduleLine
from rightplace.register.services.actions import ServiceGiven, list_service
from rightplace.register.services.queries import kind_on
from tests import make
from tests.cast import Cast

NOW = make.LATER
TODAY = NOW.date()
BEGUN = TODAY - timedelta(days=28)
Agree = Callable[..., Package]


@pytest.fixture
def agree(cast: Cast) -> Agree:
    return lambda *price, **more: agreed(cast, *price, **more)


def agreed(
    cast: Cast, unit: str, pence: int, quantity: str, *, kind: str = "care_package", of: Actor | None = None, weeks: int = 12
) -> Package:  # fmt: skip
    """A service of Oakhouse asked for, offered, chosen and permitted from four weeks ago, and begun then."""
    worked = PackageGiven(
        child_id=cast.amber.pk, kind_code=kind, needed_by=BEGUN, likely_weeks=weeks, answers=("Yes.",) * 9
    )
    begun_at = NOW - timedelta(days=28)
    row = actions.ask_for_package(by=cast.sadia, now=begun_at, given=_fitted(worked, cast, kind)).done()
    service = list_service(
        by=of or cast.priya, now=begun_at, given=ServiceGiven(name="Oak Days", kind_code=kind)
    ).done()
    offer = OfferGiven(
        service_id=service.pk,
        unit=unit,
        amount_pence=pence,
        quantity=Decimal(quantity),
        starts_on=BEGUN,
        met=(True,) * 9,
    )
    made = actions.record_service_offer(
        by=cast.bola, now=begun_at, package_id=row.pk, version=row.version, given=offer
    ).done()
    row = actions.choose_service_offer(
        by=cast.sadia,
        now=begun_at,
        package_id=row.pk,
        version=row.version + 1,
        offer_id=made.pk,
        reason="It fits.",
    ).done()
    row = actions.permit_package(
        by=cast.moses, now=begun_at, package_id=row.pk, version=row.version, words="Yes."
    ).done()
    return running.start_package(
        by=cast.bola, now=NOW, package_id=row.pk, version=row.version, starts_on=BEGUN, checked=(True,) * 9
    ).done()


def _fitted(worked: PackageGiven, cast: Cast, kind: str) -> PackageGiven:
    terms = kind_on(cast.croydon.pk, kind, TODAY)
    assert terms is not None
    return replace(worked, answers=("Yes.",) * len(terms.form_parts))


def due(row: Package) -> int:
    return sum(
        ScheduleLine.objects.filter(contract__package=row, state="due").values_list("pence", flat=True)
    )


def changed(by: Actor, row: Package, unit: str, pence: int, quantity: str, weeks: int = 0) -> list[str]:
    row.refresh_from_db()
    given = ChangeGiven(
        starts_on=TODAY,
        unit=unit,
        amount_pence=pence,
        quantity=Decimal(quantity),
        reason="Reviewed.",
        likely_weeks=weeks,
    )
    outcome = running.change_package(by=by, now=NOW, package_id=row.pk, version=row.version, given=given)
    return [one.code for one in outcome.problems]


@pytest.mark.django_db
def test_hours_a_week_are_due_for_the_weeks_that_were_permitted_month_by_month(agree: Agree) -> None:
    row = agree("hour", 2_500, "14")
    assert due(row) == 12 * 14 * 2_500
    lines = ScheduleLine.objects.filter(contract__package=row, state="due")
    assert all(line.period.upper <= BEGUN + timedelta(weeks=12) for line in lines)
    assert len({line.month for line in lines}) == len(lines) >= 3
    assert {line.contract.state for line in lines} == {"in_force"}


@pytest.mark.django_db
def test_sessions_are_due_as_they_are_held_and_no_more_than_were_permitted(cast: Cast, agree: Agree) -> None:
    row = agree("session", 7_500, "2", kind="substance_misuse")
    assert due(row) == 0
    line = ContractLine.objects.get(contract_version__contract__package=row)
    for days, many in ((0, "1"), (1, "1"), (8, "2")):
        record_delivery(
            by=cast.priya, now=NOW, line_id=line.pk, on=BEGUN + timedelta(days=days), quantity=Decimal(many)
        ).done()
    assert due(row) == 4 * 7_500


@pytest.mark.django_db
def test_a_cheaper_change_moves_what_is_due_and_a_dearer_one_is_for_whoever_may_permit_it(
    cast: Cast, agree: Agree
) -> None:
    row = agree("hour", 2_500, "14")
    assert changed(cast.bola, row, "hour", 2_600, "14") == ["dearer"]
    assert changed(cast.bola, row, "hour", 2_500, "10", weeks=20) == ["dearer"]
    assert changed(cast.bola, row, "hour", 2_500, "10") == []
    assert due(row) == 4 * 14 * 2_500 + 8 * 10 * 2_500
    row = agree("hour", 2_500, "14", kind="family_support")
    assert changed(cast.moses, row, "hour", 2_600, "14", weeks=16) == []
    assert due(row) == 4 * 14 * 2_500 + 12 * 14 * 2_600


@pytest.mark.django_db
def test_an_end_takes_away_what_is_due_after_it_and_settled_lines_stay(cast: Cast, agree: Agree) -> None:
    row = agree("week", 40_000, "1")
    first = ScheduleLine.objects.filter(contract__package=row).earliest("period")
    ScheduleLine.objects.filter(pk=first.pk).update(settled_at=NOW)
    ended_on = BEGUN + timedelta(days=14)
    row.refresh_from_db()
    running.end_package(
        by=cast.bola, now=NOW, package_id=row.pk, version=row.version, ended_on=ended_on, words="Done."
    ).done()
    assert due(row) == 80_000
    assert ScheduleLine.objects.filter(pk=first.pk, state="due").exists()
    assert Contract.objects.get(package=row).state == "ended"


@pytest.mark.django_db
def test_whoever_asked_chose_or_permitted_a_service_releases_nothing_of_it(cast: Cast, agree: Agree) -> None:
    contract = Contract.objects.get(package=agree("week", 40_000, "1"))
    hands = {
        name: had_a_hand(getattr(cast, name).user_id, [contract.pk]) for name in ("sadia", "moses", "fin")
    }
    assert hands == {"sadia": True, "moses": True, "fin": False}


@pytest.mark.django_db
def test_a_service_without_a_provider_on_the_register_has_nobody_to_pay(cast: Cast, agree: Agree) -> None:
    row = agree("week", 40_000, "1", of=cast.cora)
    assert not Contract.objects.filter(package=row).exists()


@given(
    st.sampled_from(sorted(UNIT_WORDS)), st.integers(0, 500_000), st.integers(1, 2_000), st.integers(1, 30)
)
def test_what_contracts_charge_for_whole_weeks_is_what_the_package_said(
    unit: str, pence: int, hundredths: int, weeks: int
) -> None:
    quantity = Decimal(hundredths) / 100
    stay = Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(weeks=weeks))
    agreement = as_expected(Agreement(1, stay, (agreed_line(1, price_line(unit, pence, quantity)),)))
    charged = cost_of_agreement(agreement).total_pence
    said = weekly_pence(unit, pence, quantity, stay.start) * weeks
    if unit not in ("one_off", "month", "four_weeks"):
        assert abs(charged - said) <= 2 * weeks + 2
