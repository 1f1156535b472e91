"""What was settled stays: a later change adds a difference with its reason, and all together come to what is wanted."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from rightplace.core.pricing import AwayRule
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.rules import Rules
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments import absences
from rightplace.journey.payments.models import Absence, ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from rightplace.journey.payments.settling import settle
from rightplace.journey.placements import actions as placements
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import end, vary

START = make.NEEDED_BY
HALF_AWAY = Rules(away=(AwayRule("", ((3, 5_000), (20, 0))),))
DEARER = (LineGiven("core_fee", "week", 450_000),)
NOW = make.LATER + timedelta(days=400)


@pytest.fixture
def running(cast: Cast, drafted: Contract) -> Contract:
    """A contract in force whose child has come, under which nights away are paid in part."""
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    return vary(cast, row, make.PRICE, in_force_from=START, rules=HALF_AWAY)


def settled_until(row: Contract, day: date) -> dict[int, tuple[Any, ...]]:
    """Settle every line for nights before a day; what they say, by their numbers."""
    settle(ScheduleLine.objects.filter(contract=row, state="due", due_on__lte=day), NOW)
    return settled(row)


def settled(row: Contract) -> dict[int, tuple[Any, ...]]:
    """Everything that settled lines say."""
    rows = ScheduleLine.objects.filter(contract=row, settled_at__isnull=False)
    return {
        line[0]: line
        for line in rows.values_list("pk", "contract_line_id", "period", "pence", "reason", "state")
    }


def differences(row: Contract) -> list[tuple[date, int, str]]:
    """The lines of difference: month, pence, reason."""
    rows = ScheduleLine.objects.filter(contract=row, state="due", is_difference=True).order_by("month")
    return list(rows.values_list("month", "pence", "reason"))


def away(cast: Cast, row: Contract, first: int, last: int | None, reason: str = "hospital") -> Absence:
    """An absence from one night of the stay to another, recorded long afterwards."""
    return absences.record_absence(
        by=cast.bola, now=NOW, contract_id=row.pk, reason=reason, left_on=START + timedelta(days=first),
        back_on=START + timedelta(days=last) if last else None,
    ).done()  # fmt: skip


def test_an_absence_in_a_settled_month_adds_a_difference_and_edits_nothing(
    cast: Cast, running: Contract
) -> None:
    held = settled_until(running, START + timedelta(days=90))
    away(cast, running, 10, 20)
    assert settled(running) == held
    found = differences(running)
    nights = {(START + timedelta(days=n)).replace(day=1) for n in range(10, 20)}
    assert {month for month, _, _ in found} <= nights
    assert sum(pence for _, pence, _ in found) < 0
    assert all(reason.startswith("Absence recorded, in hospital, from ") for _, _, reason in found)
    assert check_schedules().wrong == ()


def test_an_absence_taken_back_takes_its_difference_back(cast: Cast, running: Contract) -> None:
    settled_until(running, START + timedelta(days=90))
    row = away(cast, running, 10, 20)
    absences.take_back_absence(by=cast.bola, now=NOW, absence_id=row.pk, version=row.version).done()
    assert differences(running) == []
    assert check_schedules().wrong == ()


def test_a_settled_difference_is_set_right_by_another(cast: Cast, running: Contract) -> None:
    settled_until(running, START + timedelta(days=90))
    row = away(cast, running, 10, 20)
    settle(ScheduleLine.objects.filter(contract=running, is_difference=True, state="due"), NOW)
    absences.take_back_absence(by=cast.bola, now=NOW, absence_id=row.pk, version=row.version).done()
    found = differences(running)
    assert len(found) > 1
    assert sum(pence for _, pence, _ in found) == 0
    assert check_schedules().wrong == ()


def test_a_dearer_variation_from_a_settled_month_charges_the_new_line_and_reverses_the_old(
    cast: Cast, running: Contract
) -> None:
    held = settled_until(running, START + timedelta(days=120))
    vary(cast, running, DEARER, in_force_from=START + timedelta(days=45))
    assert settled(running) == held
    assert sum(pence for _, pence, _ in differences(running)) < 0
    assert check_schedules().wrong == ()


def test_an_end_before_settled_nights_takes_them_back(cast: Cast, running: Contract) -> None:
    settled_until(running, START + timedelta(days=120))
    end(cast, running, START + timedelta(days=50))
    assert sum(pence for _, pence, _ in differences(running)) < 0
    assert {reason[:14] for _, _, reason in differences(running)} == {"The child left"}
    assert check_schedules().wrong == ()


def test_the_database_lets_nobody_edit_or_supersede_a_settled_line(cast: Cast, running: Contract) -> None:
    key = next(iter(settled_until(running, START + timedelta(days=90))))
    row = ScheduleLine.objects.filter(pk=key)
    for change in ({"pence": 1}, {"state": "superseded"}, {"settled_at": None}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            row.update(**change)


def test_a_difference_without_a_reason_is_refused_by_the_database(cast: Cast, running: Contract) -> None:
    line = ScheduleLine.objects.filter(contract=running)[0]
    line.pk, line.is_difference = None, True
    with pytest.raises(IntegrityError, match="a_difference_says_why"), transaction.atomic():
        line.save()


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_settled_lines_and_differences_come_to_what_is_wanted(
    cast: Cast, running: Contract, seed: int
) -> None:
    """Over a leap day, both changes of the clock and the year's end, with chance deeds and chance settling between."""
    chance = random.Random(seed)
    held: dict[int, tuple[Any, ...]] = {}
    for _ in range(7):
        _chance_deed(cast, running, chance)
        assert settled(running).items() >= held.items()
        assert check_schedules().wrong == ()
        held = settled_until(running, START + timedelta(days=chance.randrange(30, 330)))
    assert (
        ScheduleLine.objects.filter(contract=running, is_difference=True, settled_at__isnull=False).exists()
        or seed
    )


def _chance_deed(cast: Cast, row: Contract, chance: random.Random) -> None:
    deed = chance.choice((_leave_for_some_nights, _take_an_absence_back, _vary, _end_and_undo))
    deed(cast, row, chance)


def _leave_for_some_nights(cast: Cast, row: Contract, chance: random.Random) -> None:
    first = chance.randrange(0, 200)
    absences.record_absence(
        by=cast.bola, now=NOW, contract_id=row.pk, reason=chance.choice(["hospital", "missing", "family"]),
        left_on=START + timedelta(days=first), back_on=START + timedelta(days=first + chance.randrange(1, 40)),
    )  # fmt: skip  # one that overlaps another is refused, and nothing changes


def _take_an_absence_back(cast: Cast, row: Contract, chance: random.Random) -> None:
    for found in absences.absences(cast.bola, row.pk)[:1]:
        absences.take_back_absence(by=cast.bola, now=NOW, absence_id=found.pk, version=found.version).done()


def _vary(cast: Cast, row: Contract, chance: random.Random) -> None:
    lines = (
        LineGiven("core_fee", chance.choice(["week", "night", "month"]), chance.randrange(10_000, 500_000)),
    )
    vary(cast, row, lines, in_force_from=START + timedelta(days=chance.randrange(0, 300)), rules=HALF_AWAY)


def _end_and_undo(cast: Cast, row: Contract, chance: random.Random) -> None:
    placement = end(cast, row, START + timedelta(days=chance.randrange(20, 300)))
    assert check_schedules().wrong == ()
    placements.undo_end(
        by=cast.bola, now=NOW + timedelta(days=1), placement_id=placement.pk, version=placement.version
    ).done()
