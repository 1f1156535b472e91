"""Early warnings of contracts beyond their permission, placements only the case system knows, and owners who are late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from rightplace.foundation.notices.models import Notice
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions.models import Permission
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement
from rightplace.oversight.budgets import queries
from rightplace.oversight.budgets.actions import clear_difference, give_difference, open_year
from rightplace.oversight.budgets.models import BudgetYear, MonthDifference
from rightplace.oversight.budgets.reconciling import reconcile_month
from rightplace.oversight.budgets.reminding import remind_owners
from tests import make
from tests.cast import Cast
from tests.oversight.budgets.test_one_version_of_the_truth import DECEMBER, JANUARY, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast: Cast) -> Contract:
    return make.placement_started(cast, make.contract_in_force(cast))


@pytest.fixture
def year(cast: Cast) -> BudgetYear:
    return open_year(by=cast.fin, now=at(DECEMBER), financial_year="2026-27").done()


def warned(cast: Cast, year: BudgetYear, kind: str) -> dict[int | None, int]:
    return {one.contract_id: one.pence for one in queries.warnings(cast.fin, year) if one.kind == kind}


def permitted(row: Contract, **facts: object) -> None:
    Permission.objects.filter(pk=row.placed.permission_id).update(**facts)


def test_a_contract_beyond_what_was_permitted_is_warned_of_by_what_it_is_beyond(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    due = ScheduleLine.objects.filter(contract=contract, state="due").aggregate(all=Sum("pence"))["all"]
    permitted(contract, whole_cost_pence=due)
    assert not warned(cast, year, "beyond_approval"), "to the penny is within it"
    permitted(contract, whole_cost_pence=due - 12_345)
    assert warned(cast, year, "beyond_approval") == {contract.pk: 12_345}


def test_nights_paid_after_the_permission_ended_are_warned_of_with_what_they_cost(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    assert not warned(cast, year, "approval_over")
    permitted(contract, starts_on=date(2026, 11, 1), ends_on=JANUARY)
    lines = ScheduleLine.objects.filter(
        contract=contract, state="due", period__startswith__gte=JANUARY, month__lt=date(2027, 4, 1)
    )
    late = lines.aggregate(all=Sum("pence"))["all"]
    assert late > 0 and warned(cast, year, "approval_over") == {contract.pk: late}


def test_a_placement_that_only_the_case_system_knows_is_found_once_and_only_where_somebody_is_paid(
    cast: Cast, contract: Contract
) -> None:
    stay = Placement.objects.get(contract=contract)
    Placement.objects.filter(pk=stay.pk).update(import_run_id=7, provider_code="PR4")
    assert reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done() == 1, (
        "its contract pays for it"
    )
    assert MonthDifference.objects.get().kind == "not_billed"
    Contract.objects.filter(pk=contract.pk).update(state="draft")
    assert reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done() == 1
    row = MonthDifference.objects.get(kind="case_only")
    assert (row.placement_number, row.contract_id, row.owner_id) == (stay.pk, None, cast.fin.user_id)
    row.delete()
    Placement.objects.filter(pk=stay.pk).update(provider_code="PR1")
    assert reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done() == 0, (
        "own carers have no contract"
    )


def test_an_owner_is_reminded_once_in_two_weeks_until_it_is_cleared_up(
    cast: Cast, contract: Contract
) -> None:
    reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done()
    row = MonthDifference.objects.get()
    give_difference(
        by=cast.fin, now=at(JANUARY), difference_id=row.pk, version=1, owner_id=cast.bola.user_id
    ).done()
    notices = Notice.objects.filter(user_id=cast.bola.user_id, words__startswith="A difference waits")
    days = [at(JANUARY + timedelta(days=more)) for more in (13, 14, 15, 27, 28)]
    assert [remind_owners(day) for day in days] == [0, 1, 0, 0, 1]
    assert [one.link for one in notices] == [f"/finance/differences/{row.pk}/"] * 2
    clear = {"by": cast.bola, "now": days[-1], "difference_id": row.pk, "version": 2}
    clear_difference(**clear, words="It was billed.").done()
    assert remind_owners(at(JANUARY + timedelta(days=60))) == 0
