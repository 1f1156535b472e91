"""Closing a month: the figures add up to the penny and stay, accruals are booked and turned round, two people, a trace."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.actions import send_invoice
from rightplace.journey.invoices.deciding import release_invoice
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.ledger import closing, figures
from rightplace.journey.ledger.accounts import ACCRUALS
from rightplace.journey.ledger.figures import Billed, Month, weighed
from rightplace.journey.ledger.models import CloseFigure, JournalEntry, MonthClose, Posting
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import Cast, make_cast
from tests.paying import Till, broken, make_till, whole_run

JANUARY = date(2027, 1, 1)
FEBRUARY = datetime(2027, 2, 8, 10, 0, tzinfo=UTC)
MARCH = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
PARTS = ("expected", "invoiced", "missed", "disputed", "accrued", "above", "paid")


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, Till, Contract]]:
    """The cast with a contract in force since before January, undone when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        row = make.contract_in_force(cast)
        make.placement_started(cast, row)
        yield cast, make_till(cast), row
        transaction.set_rollback(True)


@pytest.fixture
def db(walked: tuple[Cast, Till, Contract]) -> Iterator[None]:
    """What a test does is undone, the walk stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def till(walked: tuple[Cast, Till, Contract], db: None) -> Till:
    return walked[1]


@pytest.fixture
def contract(walked: tuple[Cast, Till, Contract], db: None) -> Contract:
    return walked[2]


def lines_of(contract: Contract) -> list[ScheduleLine]:
    """What is expected for the nights of January, the dearest first."""
    return list(
        ScheduleLine.objects.filter(contract=contract, state="due", period__startswith=JANUARY).order_by(
            "-pence"
        )
    )


def expected_of(contract: Contract) -> int:
    return sum(line.pence for line in lines_of(contract))


def invoiced(till: Till, contract: Contract, *, most: int = 9) -> None:
    """January invoiced by the provider as it is expected, all its lines and released; or only the dearest one."""
    asked = InvoiceGiven(
        "JAN-1", date(2027, 2, 1),
        tuple(
            LineGiven(
                line.period.lower, line.period.upper, line.pence, contract_id=contract.pk,
                contract_reference=contract.reference,
            )
            for line in lines_of(contract)[:most]
        ),
    )  # fmt: skip
    row = send_invoice(
        by=till.cast.priya, now=FEBRUARY, authority_id=till.cast.croydon.pk, given=asked
    ).done()
    row.refresh_from_db()
    if most > 1:
        release_invoice(by=till.releaser, now=FEBRUARY, invoice_id=row.pk, version=row.version).done()


def prepared(till: Till, now: datetime = FEBRUARY) -> MonthClose:
    return closing.prepare_month(by=till.proposer, now=now, month=JANUARY).done()


def closed(till: Till, row: MonthClose, now: datetime = FEBRUARY) -> MonthClose:
    return closing.close_month(by=till.approver, now=now, close_id=row.pk, version=row.version).done()


def sums(row: MonthClose) -> dict[str, int]:
    return {part: sum(getattr(one, f"{part}_pence") for one in row.figures.all()) for part in PARTS}


def balance(account: str, until: date) -> int:
    rows = Posting.objects.filter(account=account, entry__on__lt=until)
    return rows.aggregate(all=Sum("pence"))["all"] or 0


def test_nights_that_nobody_billed_are_accrued_and_turned_round_in_the_next_month(
    till: Till, contract: Contract
) -> None:
    expected = expected_of(contract)
    row = closed(till, prepared(till))
    assert sums(row) == {**dict.fromkeys(PARTS, 0), "expected": expected, "accrued": expected}
    assert balance(ACCRUALS, date(2027, 2, 1)) == -expected
    assert balance(ACCRUALS, date(2027, 3, 1)) == 0
    assert broken() == []


def test_what_was_invoiced_and_paid_leaves_nothing_to_accrue(till: Till, contract: Contract) -> None:
    invoiced(till, contract)
    whole_run(till, now=MARCH)
    row = closed(till, prepared(till, MARCH), MARCH)
    expected = expected_of(contract)
    wanted = {**dict.fromkeys(PARTS, 0), "expected": expected, "invoiced": expected, "paid": expected}
    assert sums(row) == wanted
    assert not JournalEntry.objects.filter(source="accrued").exists()


def test_what_is_billed_and_not_agreed_yet_is_disputed_and_the_rest_accrued(
    till: Till, contract: Contract
) -> None:
    """The dearest line alone is less than the contract says for these nights, so somebody has to decide."""
    invoiced(till, contract, most=1)
    billed, expected = lines_of(contract)[0].pence, expected_of(contract)
    assert 0 < billed < expected
    found = sums(prepared(till))
    assert (found["disputed"], found["accrued"], found["invoiced"]) == (billed, expected - billed, 0)


def test_two_people_close_a_month_that_is_over(till: Till, contract: Contract) -> None:
    early = closing.prepare_month(
        by=till.proposer, now=datetime(2027, 1, 31, 9, 0, tzinfo=UTC), month=JANUARY
    )
    assert [one.code for one in early.problems] == ["dates"]
    row = prepared(till)
    own = closing.close_month(by=till.proposer, now=FEBRUARY, close_id=row.pk, version=row.version)
    assert [one.code for one in own.problems] == ["own_request"]
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthClose.objects.filter(pk=row.pk).update(
            state="closed", decided_by_id=till.proposer.user_id, decided_at=FEBRUARY
        )
    again = closing.prepare_month(by=till.proposer, now=FEBRUARY, month=JANUARY)
    assert [one.code for one in again.problems] == ["taken"]


def test_the_figures_of_a_closed_month_stay_as_everyone_saw_them(till: Till, contract: Contract) -> None:
    row = closed(till, prepared(till))
    before = sums(row)
    invoiced(till, contract)
    assert sums(row) == before
    for change in (lambda: row.figures.update(paid_pence=1), lambda: row.figures.all().delete()):
        with pytest.raises(DatabaseError, match="stay"), transaction.atomic():
            change()


def test_a_month_is_opened_again_with_a_reason_and_leaves_its_trace(till: Till, contract: Contract) -> None:
    row = closed(till, prepared(till))
    facts = {"by": till.cast.dev, "now": FEBRUARY, "close_id": row.pk, "version": row.version}
    assert [one.code for one in closing.reopen_month(**facts, reason=" ").problems] == ["empty"]
    closing.reopen_month(**facts, reason="An invoice of January came in.").done()
    assert balance(ACCRUALS, date(2027, 2, 1)) == balance(ACCRUALS, date(2027, 3, 1)) == 0
    invoiced(till, contract)
    second = closed(till, prepared(till))
    assert (second.number, sums(second)["accrued"]) == (2, 0)
    assert list(MonthClose.objects.order_by("number").values_list("state", "reason")) == [
        ("reopened", "An invoice of January came in."),
        ("closed", ""),
    ]
    assert broken() == []


def test_the_database_holds_that_the_month_adds_up(till: Till, contract: Contract) -> None:
    row = prepared(till)
    held = row.figures.all()[0]
    with pytest.raises(IntegrityError, match="the_month_adds_up"), transaction.atomic():
        CloseFigure.objects.create(
            authority=held.authority, close=row, contract=contract, expected_pence=2, invoiced_pence=1, missed_pence=0,
            disputed_pence=0, accrued_pence=0, above_pence=0, paid_pence=0,
        )  # fmt: skip


def test_the_example_holds() -> None:
    assert doctest.testmod(figures).failed == 0


PENCE = st.integers(0, 10**6)


@given(PENCE, PENCE, PENCE, PENCE)
def test_any_month_adds_up(expected: int, agreed: int, waiting: int, missed: int) -> None:
    one = weighed((1, None), Billed(expected, agreed, waiting, missed))
    assert one.expected == one.invoiced + one.missed + one.disputed + one.accrued - one.above
    assert min(one.missed, one.disputed, one.accrued, one.above) >= 0
    assert one.above == max(agreed - expected, 0)


@given(st.integers(-(10**6), 10**6), st.integers(0, 400), st.integers(1, 200))
def test_an_invoice_over_several_months_is_shared_out_to_the_penny(
    pence: int, start: int, nights: int
) -> None:
    first, last = (date.fromordinal(date(2026, 1, 1).toordinal() + day) for day in (start, start + nights))
    months = Period(first, last).by_month()
    parts = []
    for one in months:
        begin = one.start.replace(day=1)
        parts.append(Month(Period(begin, closing.next_month(begin))).part(first, last, pence))
    assert sum(parts) == pence
