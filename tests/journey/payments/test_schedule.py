"""Payment schedules: they add up to the whole cost to the penny, and a change alters nothing dated before it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rightplace.core.periods import financial_year
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.terms import stay_cost
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments import actions, queries
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.queries import ScheduleFilters
from rightplace.journey.placements import actions as placements
from tests import make
from tests.cast import Cast

LATER = make.LATER
FROM = make.NEEDED_BY + timedelta(days=60)
DEARER = (LineGiven("core_fee", "week", 450_000),)


def due(row: Contract) -> dict[tuple[Any, ...], int]:
    """What is due for a contract: price line and nights to pence."""
    lines = ScheduleLine.objects.filter(contract=row, state="due")
    return {(line.contract_line_id, line.period.lower, line.period.upper): line.pence for line in lines}


def before(row: Contract, day: date) -> dict[tuple[Any, ...], int]:
    """What is due for nights before a day."""
    return {key: pence for key, pence in due(row).items() if key[2] <= day}


def agreed_pence(row: Contract) -> int:
    """What the contract comes to as it stands."""
    stands = standing(Contract.objects.get(pk=row.pk))
    assert stands is not None
    return stay_cost(stands.terms, stands.stay).total_pence


def vary(cast: Cast, row: Contract, lines: tuple[LineGiven, ...] = DEARER, **more: Any) -> Contract:
    """A variation made and signed by both sides."""
    row.refresh_from_db()
    facts = {"in_force_from": FROM, "reason": "Needs have changed.", "lines": lines, **more}
    contracts.vary_contract(by=cast.bola, now=LATER, contract_id=row.pk, version=row.version, **facts).done()
    make.variation_permitted(cast, row)
    make.contract_signed_by(cast.cora, row)
    return make.contract_signed_by(cast.priya, row)


def end(cast: Cast, row: Contract, on: date) -> Any:
    """The placement ended on a day."""
    placement = row.placement
    placement.refresh_from_db()
    who = {"by": cast.bola, "now": LATER + timedelta(days=400), "placement_id": placement.pk}
    return placements.end_placement(**who, version=placement.version, ended_on=on, end_reason="E4A").done()


def test_nothing_is_due_before_both_have_signed(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    make.contract_signed_by(cast.bola, row)
    assert due(row) == {}


def test_the_lines_of_a_contract_in_force_add_up_to_its_whole_cost(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    assert sum(due(row).values()) == agreed_pence(row) == row.placement.permission.whole_cost_pence


def test_each_line_is_of_one_month_and_one_financial_year_and_due_when_it_is_over(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_in_force(cast, drafted)
    for line in ScheduleLine.objects.filter(contract=row):
        last = line.period.upper - timedelta(days=1)
        assert (line.period.lower.year, line.period.lower.month) == (last.year, last.month)
        assert line.financial_year == financial_year(line.period.lower) == financial_year(last)
        assert line.due_on == line.period.upper


def test_making_it_again_changes_nothing(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    keys = set(ScheduleLine.objects.values_list("pk", "state"))
    made = actions.make_schedule(by=cast.fin, now=LATER, contract_id=row.pk).done()
    assert (made.lines_added, made.lines_superseded, made.change_pence) == (0, 0, 0)
    assert set(ScheduleLine.objects.values_list("pk", "state")) == keys


def test_a_variation_alters_nothing_before_its_day_and_the_rest_adds_up(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_in_force(cast, drafted)
    held = before(row, FROM)
    vary(cast, row)
    assert before(row, FROM).items() >= held.items()
    assert sum(due(row).values()) == agreed_pence(row)
    assert ScheduleLine.objects.filter(contract=row, state="superseded", superseded_at=LATER).exists()


def test_two_variations_and_another_end_add_up(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    vary(cast, row)
    vary(cast, row, (LineGiven("core_fee", "month", 1_800_000),), in_force_from=FROM + timedelta(days=100))
    vary(cast, row, ends_on=row.ends_on + timedelta(days=200), in_force_from=FROM + timedelta(days=100))
    assert sum(due(row).values()) == agreed_pence(row)


def test_an_unsigned_variation_changes_nothing(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    held = due(row)
    facts = {"in_force_from": FROM, "reason": "More support.", "lines": DEARER}
    contracts.vary_contract(by=cast.bola, now=LATER, contract_id=row.pk, version=row.version, **facts).done()
    make.variation_permitted(cast, row)
    make.contract_signed_by(cast.priya, row)
    assert due(row) == held


def test_a_start_on_another_day_moves_the_first_line(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    day = make.NEEDED_BY + timedelta(days=3)
    make.placement_started(cast, row, on=day)
    assert min(key[1] for key in due(row)) == day
    assert sum(due(row).values()) == agreed_pence(row)


def test_an_end_stops_what_is_due_on_its_day_and_undoing_it_brings_all_back(
    cast: Cast, drafted: Contract
) -> None:
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    whole, day = due(row), make.NEEDED_BY + timedelta(days=45)
    held = before(row, day)
    placement = end(cast, row, day)
    assert max(key[2] for key in due(row)) == day
    assert before(row, day).items() >= held.items()
    assert sum(due(row).values()) == agreed_pence(row)
    placements.undo_end(
        by=cast.bola, now=LATER + timedelta(days=401), placement_id=placement.pk, version=placement.version
    ).done()
    assert due(row) == whole


def test_a_stay_longer_than_expected_is_paid_to_its_last_night(cast: Cast, drafted: Contract) -> None:
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    day = row.ends_on + timedelta(days=10)
    end(cast, row, day)
    assert max(key[2] for key in due(row)) == day


def test_the_database_refuses_the_same_nights_of_a_line_twice(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    line = ScheduleLine.objects.filter(contract=row)[0]
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


# Who sees what


def seen(actor: Actor) -> int:
    """How many lines somebody sees, in their own scope."""
    with acting_as(actor):
        return queries.schedule(actor).count()


def test_finance_sees_all_lines_and_each_provider_its_own(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    lines = len(due(row))
    assert (seen(cast.fin), seen(cast.priya), seen(cast.quinn), seen(cast.brenda)) == (lines, lines, 0, 0)


def test_totals_by_month_year_and_provider_agree(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    whole = sum(due(row).values())
    assert queries.schedule_total(cast.fin).pence == whole
    assert sum(total.pence for total in queries.due_by_month(cast.fin)) == whole
    assert sum(total.pence for total in queries.year_totals(cast.fin)) == whole
    assert [(total.name, total.pence) for total in queries.provider_totals(cast.fin)] == [
        ("Oakhouse Care Ltd", whole)
    ]


def test_filters_by_month_and_year_agree_with_the_totals(cast: Cast, drafted: Contract) -> None:
    make.contract_in_force(cast, drafted)
    for total in queries.due_by_month(cast.fin):
        assert queries.schedule_total(cast.fin, ScheduleFilters(month=total.month)).pence == total.pence
    for year in queries.year_totals(cast.fin):
        assert queries.schedule_total(cast.fin, ScheduleFilters(financial_year=year.key)).pence == year.pence


def test_a_schedule_that_changed_says_by_how_much(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    first = agreed_pence(row)
    actor = cast.fin
    assert [
        (c.is_new, c.change_pence) for c in queries.schedule_changes(actor, LATER - timedelta(days=1))
    ] == [(True, first)]
    make.placement_started(cast, row, on=make.NEEDED_BY + timedelta(days=7))
    newest = queries.schedule_changes(actor, LATER + timedelta(days=1))[0]
    assert (newest.is_new, newest.change_pence) == (False, agreed_pence(row) - first)


@pytest.mark.parametrize("name", ["bola", "sadia", "moses", "priya", "cora"])
def test_only_finance_makes_a_schedule_again(cast: Cast, drafted: Contract, name: str) -> None:
    outcome = actions.make_schedule(by=getattr(cast, name), now=LATER, contract_id=drafted.pk)
    assert [problem.code for problem in outcome.problems] == ["not_yours"]
