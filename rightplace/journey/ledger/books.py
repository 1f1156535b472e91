"""What is booked when: released, paid, returned, accrued at a month's close, and turned round in the month after.

| what happened | debit | credit |
| --- | --- | --- |
| released for payment | expenditure, VAT | creditors |
| released below zero | recoverable | expenditure, VAT |
| paid by a run | creditors | bank, recoverable |
| returned by the bank | bank, recoverable | creditors |
| accrued | expenditure | accruals |
| reversed | accruals | expenditure |
| recovery invoice raised | debtors | recoverable |
| received on it | bank | debtors |
| written off | written off | debtors |
| taken back | recoverable | debtors |
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger.accounts import (
    ACCRUALS,
    BANK,
    CREDITORS,
    DEBTORS,
    EXPENDITURE,
    RECOVERABLE,
    SOURCES,
    VAT,
    WRITTEN_OFF,
)
from rightplace.journey.ledger.booking import Entry, Side, book, next_month, open_day, today_of
from rightplace.journey.ledger.models import (
    CloseFigure,
    MonthClose,
    Payment,
    PaymentRun,
    Recovery,
    RecoveryReceipt,
)
from rightplace.journey.ledger.payees import payee_of


def book_released(payable: Payable, *, now: datetime, made_by_id: int | None) -> int:
    """Book what was released: the cost and its VAT, owed to the payee; below zero, owed by the payee."""
    payee, gross = payee_of(payable), payable.net_pence + payable.vat_pence
    what: dict[str, Any] = {"payee": payee, "payable_id": payable.pk, "contract_id": payable.contract_id}
    coded: dict[str, Any] = {**what, "cost_code_id": payable.cost_code_id}
    entry = Entry(
        key=f"payable:{payable.pk}", source="released", source_id=payable.pk,
        words=f"Invoice {payable.invoice.number} released for payment",
        sides=(
            Side(account=EXPENDITURE, pence=payable.net_pence, **coded),
            Side(account=VAT, pence=payable.vat_pence, **coded),
            Side(account=CREDITORS if gross > 0 else RECOVERABLE, pence=-gross, **what),
        ),
    )  # fmt: skip
    on = open_day(payable.authority_id, today_of(now))
    return book(authority_id=payable.authority_id, on=on, now=now, entries=[entry], made_by_id=made_by_id)


def book_payments(run: PaymentRun, *, now: datetime, made_by_id: int) -> int:
    """Book every payment of a run that was sent: the creditors are paid from the bank."""
    on = open_day(run.authority_id, today_of(now))
    payments = run.payments.filter(state="sent").prefetch_related("items")
    entries = [_payment_entry(one, "paid", 1, f"{one.reference} of {run}") for one in payments]
    return book(authority_id=run.authority_id, on=on, now=now, entries=entries, made_by_id=made_by_id)


def book_return(payment: Payment, *, now: datetime, made_by_id: int) -> int:
    """Book a payment that came back: the bank has it, and the payee is owed it again."""
    on = open_day(payment.authority_id, today_of(now))
    entry = _payment_entry(payment, "returned", -1, f"{payment.reference} returned by the bank")
    return book(authority_id=payment.authority_id, on=on, now=now, entries=[entry], made_by_id=made_by_id)


def _payment_entry(payment: Payment, source: str, sign: int, words: str) -> Entry:
    payee = payee_of(payment)
    sides = [
        Side(
            account=CREDITORS if item.pence > 0 else RECOVERABLE, pence=sign * item.pence, payee=payee,
            payable_id=item.payable_id,
        )
        for item in payment.items.all()
    ]  # fmt: skip
    sides.append(Side(account=BANK, pence=-sign * payment.pence, payee=payee))
    return Entry(key=f"{source}:{payment.pk}", source=source, source_id=payment.pk, words=words, sides=sides)


def last_day(month: date) -> date:
    """The last day of the month that begins on this day."""
    return next_month(month) - timedelta(days=1)


def book_accruals(close: MonthClose, *, now: datetime, made_by_id: int | None) -> int:
    """Book the nights that nobody has billed into their month, and out again in the next one that is open."""
    figures = list(close.figures.select_related("contract"))
    first, after = last_day(close.month), open_day(close.authority_id, next_month(close.month))
    where: dict[str, Any] = {"authority_id": close.authority_id, "now": now, "made_by_id": made_by_id}
    made = book(on=first, entries=_accruals(close, figures, "accrued", 1), **where)
    return made + book(on=after, entries=_accruals(close, figures, "reversed", -1), **where)


def unbook_accruals(close: MonthClose, *, now: datetime, made_by_id: int | None) -> int:
    """Take accruals back when a month is opened again: both entries turned round, each in its own month while it is open."""
    figures = list(close.figures.select_related("contract"))
    where: dict[str, Any] = {"authority_id": close.authority_id, "now": now, "made_by_id": made_by_id}
    first = open_day(close.authority_id, last_day(close.month))
    after = open_day(close.authority_id, next_month(close.month))
    made = book(on=first, entries=_accruals(close, figures, "reversed", -1, again=True), **where)
    entries = _accruals(close, figures, "accrued", 1, again=True)
    return made + book(on=after, entries=entries, **where)


def _accruals(
    close: MonthClose, figures: Iterable[CloseFigure], source: str, sign: int, *, again: bool = False
) -> list[Entry]:
    """One entry for each contract and cost code; `again` marks those that take earlier ones back."""
    what = "taken back" if again else source
    return [
        Entry(
            key=f"{source}:{close.pk}:{one.pk}{':back' if again else ''}", source=source, source_id=close.pk,
            words=f"{one.contract.reference}, nights of {close.month:%B %Y} that nobody has billed, {what}",
            sides=(
                Side(
                    account=EXPENDITURE, pence=sign * unbilled(one), payee=payee_of(one), contract_id=one.contract_id,
                    cost_code_id=one.cost_code_id,
                ),
                Side(account=ACCRUALS, pence=-sign * unbilled(one), payee=payee_of(one), contract_id=one.contract_id),
            ),
        )
        for one in figures
    ]  # fmt: skip


def unbilled(figure: CloseFigure) -> int:
    """The nights that nobody has billed: not due to be billed yet, and missed."""
    return figure.accrued_pence + figure.missed_pence


def book_recovery(row: Recovery, *, now: datetime, made_by_id: int) -> int:
    """Book a recovery invoice: what was to be set off is a debt now."""
    return _book_debt(row, "raised", DEBTORS, RECOVERABLE, row.pence, now, made_by_id)


def book_recovery_taken_back(row: Recovery, *, now: datetime, made_by_id: int) -> int:
    """Book an invoice that was taken back: it is to be set off again."""
    return _book_debt(row, "taken_back", RECOVERABLE, DEBTORS, row.pence, now, made_by_id)


def book_receipt(receipt: RecoveryReceipt, *, now: datetime, made_by_id: int) -> int:
    """Book what came in on an invoice."""
    key = f"received:{receipt.pk}"
    return _book_debt(receipt.recovery, "received", BANK, DEBTORS, receipt.pence, now, made_by_id, key=key)


def book_write_off(row: Recovery, *, now: datetime, made_by_id: int) -> int:
    """Book what is given up of an invoice as a loss."""
    return _book_debt(row, "written_off", WRITTEN_OFF, DEBTORS, row.written_off_pence, now, made_by_id)


def _book_debt(
    row: Recovery,
    source: str,
    debit: str,
    credit: str,
    pence: int,
    now: datetime,
    made_by_id: int,
    *,
    key: str = "",
) -> int:
    payee = payee_of(row)
    entry = Entry(
        key=key or f"{source}:{row.pk}", source=source, source_id=row.pk, words=f"{row}: {SOURCES[source].lower()}",
        sides=(Side(account=debit, pence=pence, payee=payee), Side(account=credit, pence=-pence, payee=payee)),
    )  # fmt: skip
    on = open_day(row.authority_id, today_of(now))
    return book(authority_id=row.authority_id, on=on, now=now, entries=[entry], made_by_id=made_by_id)
