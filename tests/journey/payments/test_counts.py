"""Steps that are counted: more brothers and sisters together, more children with a provider, and the price follows."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, Step, dated_charges
from rightplace.journey.contracts.counting import by_day
from rightplace.journey.contracts.drafting import TermLine
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.rules import USUAL, Rules
from rightplace.journey.contracts.terms import Happened, Terms, agreement_from, step_reached
from rightplace.journey.payments.actions import follow_counts_changed
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from rightplace.journey.placements.models import Placement
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import FROM, vary

START = date(2026, 5, 4)
STAY = Period(START, START + timedelta(days=70))
FEE = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 400_000)
OFF = PriceLine(
    PriceKind.DISCOUNT, PriceUnit.PERCENT, step_group="volume", steps=(("2", 500), ("3 or more", 1_000))
)
LINES = (
    TermLine("core_fee", "week", 400_000),
    TermLine(
        "discount", "percent", words="Volume", step_group="volume", steps=(("2", 500), ("3 or more", 1_000))
    ),
)


def totals(rules: Rules = USUAL, **counts: tuple[tuple[date, int], ...]) -> int:
    terms = Terms(START, (FEE, OFF), rules)
    rows = dated_charges(agreement_from([terms], STAY, Happened(counts=counts)))
    return sum(row.pence for row in rows)


def test_a_discount_by_volume_is_on_the_step_that_the_count_reaches_from_its_day() -> None:
    """Ten weeks of £4,000: 5% off from the third week (two children), 10% from the sixth (four)."""
    weeks = [START + timedelta(weeks=week) for week in range(10)]
    found = totals(volume=((START, 1), (weeks[2], 2), (weeks[5], 4)))
    assert found == 10 * 400_000 - 3 * 20_000 - 5 * 40_000
    assert totals(volume=((START, 1),)) == 10 * 400_000
    assert totals() == 10 * 400_000
    assert totals(siblings=((START, 5),)) == 10 * 400_000


def test_a_step_that_the_rules_state_goes_before_what_is_counted() -> None:
    stated = Rules(steps=(Step("volume", "2", START),))
    assert totals(stated, volume=((START, 9),)) == 10 * (400_000 - 20_000)


def test_the_highest_step_that_a_count_reaches() -> None:
    steps = (("2", 500), ("3 or more", 900), ("5+", 1_200), ("many", 1))
    assert [step_reached(steps, count) for count in range(1, 7)] == [
        "",
        "2",
        "3 or more",
        "3 or more",
        "5+",
        "5+",
    ]


def test_stays_are_counted_from_the_days_on_which_they_move() -> None:
    days = [START + timedelta(days=at) for at in range(10)]
    stays = [(days[0], None), (days[2], days[5]), (days[5], days[8])]
    assert by_day(stays) == ((days[0], 1), (days[2], 2), (days[8], 1))


def test_the_schedule_follows_when_another_child_comes_to_the_provider_and_when_one_leaves(
    cast: Cast, drafted: Contract
) -> None:
    row = vary(cast, make.placement_started(cast, make.contract_in_force(cast, drafted)), LINES)
    first = row.placement
    rows = ScheduleLine.objects.filter(contract=row, state="due", contract_line__words="Volume")
    assert not rows.exists()
    other = Placement.objects.create(
        authority_id=first.authority_id, child=cast.jude, provider_id=first.provider_id, setting_id=first.setting_id,
        state="started", period=(FROM + timedelta(days=10), None), place_code="K2", source="test",
    )  # fmt: skip
    follow_counts_changed(by=cast.bola, now=make.LATER, placement_id=other.pk)
    assert rows.exists()
    assert min(line.period.lower for line in rows) == FROM + timedelta(days=10)
    assert sum(line.pence for line in rows) < 0
    assert check_schedules().wrong == ()
    Placement.objects.filter(pk=other.pk).update(
        period=(FROM + timedelta(days=10), FROM + timedelta(days=17)), state="ended"
    )
    follow_counts_changed(by=cast.bola, now=make.LATER, placement_id=other.pk)
    assert sum(line.pence for line in rows.all()) == -20_000
    assert check_schedules().wrong == ()
