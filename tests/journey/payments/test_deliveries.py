"""Sessions and miles: charged as delivered, never more in a week than was agreed; hours: charged as agreed, recorded as given."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments import deliveries
from rightplace.journey.payments.models import Delivery, ScheduleLine
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import vary
from tests.journey.payments.test_settling import NOW, START, running

__all__ = ["running"]

THERAPY = LineGiven("therapy", "session", 6_000, quantity=Decimal(2), words="Play therapy")


def therapy(row: Contract) -> ContractLine:
    """The line for sessions that rules."""
    return ContractLine.objects.filter(contract_version__contract=row, unit="session").order_by("-pk")[0]


def charged(row: Contract) -> int:
    """What sessions come to."""
    lines = ScheduleLine.objects.filter(contract=row, state="due", kind="therapy")
    return sum(lines.values_list("pence", flat=True))


def test_sessions_are_charged_as_held_up_to_the_most_in_a_week(cast: Cast, running: Contract) -> None:
    vary(cast, running, (*make.PRICE, THERAPY), in_force_from=START)
    line, monday = therapy(running), START + timedelta(days=(7 - START.weekday()) % 7)
    assert charged(running) == 0
    given = {"by": cast.bola, "now": NOW, "line_id": line.pk}
    for day, held in ((0, "1"), (1, "0.5")):
        deliveries.record_delivery(**given, on=monday + timedelta(days=day), quantity=Decimal(held)).done()
    assert charged(running) == 9_000
    over = deliveries.record_delivery(**given, on=monday + timedelta(days=6), quantity=Decimal("0.51"))
    assert [problem.code for problem in over.problems] == ["above_agreed"]
    again = deliveries.record_delivery(**given, on=monday, quantity=Decimal("0.1"))
    assert [problem.code for problem in again.problems] == ["taken"]
    early = deliveries.record_delivery(**given, on=START - timedelta(days=1), quantity=Decimal(1))
    assert [problem.code for problem in early.problems] == ["outside_agreement"]
    row = Delivery.objects.order_by("pk")[0]
    deliveries.take_back_delivery(by=cast.bola, now=NOW, delivery_id=row.pk).done()
    assert charged(running) == 3_000


def test_a_variation_goes_on_with_the_line_of_the_same_name(cast: Cast, running: Contract) -> None:
    vary(cast, running, (*make.PRICE, THERAPY), in_force_from=START)
    day = START + timedelta(days=30)
    deliveries.record_delivery(
        by=cast.bola, now=NOW, line_id=therapy(running).pk, on=day, quantity=Decimal(1)
    ).done()
    dearer = LineGiven("therapy", "session", 7_000, quantity=Decimal(2), words="Play therapy")
    vary(cast, running, (*make.PRICE, dearer), in_force_from=START + timedelta(days=20))
    assert charged(running) == 7_000


def test_a_provider_records_its_own_sessions(cast: Cast, running: Contract) -> None:
    vary(cast, running, (*make.PRICE, THERAPY), in_force_from=START)
    given = {"now": NOW, "line_id": therapy(running).pk, "on": START, "quantity": Decimal(1)}
    with acting_as(cast.quinn):
        assert not deliveries.record_delivery(by=cast.quinn, **given).is_done
    with acting_as(cast.priya):
        deliveries.record_delivery(by=cast.priya, **given).done()
    assert charged(running) == 6_000


def test_hours_given_are_recorded_and_change_no_charge(cast: Cast, running: Contract) -> None:
    line = deliveries.delivered_lines(cast.bola, running.pk).filter(unit="hour")[0]
    due = ScheduleLine.objects.filter(contract=running, state="due").order_by("pk").values_list("pk", "pence")
    before, given = list(due), {"by": cast.bola, "now": NOW, "line_id": line.pk}
    for day, hours in ((0, "5.5"), (1, "24")):
        on = START + timedelta(days=day)
        row = deliveries.record_delivery(**given, on=on, quantity=Decimal(hours)).done()
    over = deliveries.record_delivery(**given, on=START + timedelta(days=2), quantity=Decimal("24.5"))
    assert [problem.code for problem in over.problems] == ["hours_too_many"]
    assert list(due.all()) == before
    deliveries.take_back_delivery(by=cast.bola, now=NOW, delivery_id=row.pk).done()
    assert list(due.all()) == before
