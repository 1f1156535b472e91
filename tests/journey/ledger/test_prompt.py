"""Paying on time: from the receipt of a valid invoice, or the end of its dispute; late ones with what they cost by law."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.journey.invoices.deciding import make_payable, publish_released
from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger import prompt
from tests.paying import PAYDAY, RECEIVED, Till, released, whole_run

YEAR = (date(2026, 4, 1), date(2027, 4, 1))


def rows(till: Till) -> list[prompt.PaidRow]:
    return prompt.paid_rows(till.proposer, *YEAR)


def test_what_is_paid_on_the_thirtieth_day_is_on_time_and_the_next_day_late(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    due = RECEIVED + timedelta(days=30)
    whole_run(till, now=due)
    released(till, till.adams, 40_000)
    whole_run(till, now=due + timedelta(days=1))
    early, late = rows(till)
    assert (early.is_late, late.is_late) == (False, True)
    assert (early.interest_pence, early.fixed_pence) == (0, 0)
    assert (late.interest_pence, late.fixed_pence) == (
        13,
        4_000,
    )  # a day at 11.75% of £400; £40 for a debt below £1,000


def test_an_invoice_is_one_debt_however_many_lines_it_has(till: Till) -> None:
    first = released(till, till.oakhouse, 60_000)
    line = first.invoice_line
    line.pk, line.number = None, 2
    line.save()
    more = make_payable(line, 60_000, 0, "released", by=till.releaser, now=RECEIVED)
    assert isinstance(more, Payable)
    publish_released(till.releaser, RECEIVED, line.invoice, [more])
    whole_run(till)
    (row,) = rows(till)
    assert (row.pence, row.fixed_pence) == (120_000, 7_000)


def test_what_was_disputed_counts_from_the_end_of_the_dispute(till: Till) -> None:
    first = released(till, till.oakhouse, 60_000)
    settled = make_payable(first.invoice_line, 5_000, 0, "settled", by=till.releaser, now=PAYDAY)
    assert isinstance(settled, Payable)
    publish_released(till.releaser, PAYDAY, first.invoice, [settled])
    whole_run(till, now=PAYDAY)
    assert [(row.began_on, row.is_late) for row in rows(till)] == [
        (RECEIVED.date(), True),
        (PAYDAY.date(), False),
    ]
    (payee,) = prompt.by_payee(rows(till), till.cast.croydon.pk)
    assert (payee.invoices, payee.on_time, payee.late_pence) == (2, 1, 60_000)
