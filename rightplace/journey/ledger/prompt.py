"""Paying on time: within 30 days of a valid invoice's receipt, by payee; and the interest that lateness costs.

Source: Procurement Act 2023, section 68 (for contracts of before 24 February 2025 regulation 113 of the Public Contracts
Regulations 2015): 30 days from the day on which the invoice was received and is valid and undisputed. What was disputed
counts from the day on which the dispute was settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from rightplace.core.late_payment import LateTerms, late_payment
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.rules import rule, rules
from rightplace.journey.ledger.models import PaymentItem
from rightplace.journey.ledger.payees import Payee, names_of, payee_of

WITHIN = "invoice_paid_within"
FIXED_SUMS = (
    (0, "late_payment_fixed_sum"),
    (100_000, "late_payment_fixed_sum_from_1000_pounds"),
    (1_000_000, "late_payment_fixed_sum_from_10000_pounds"),
)
"""From which debt on, in pence, which sum of section 5A of the Act."""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What was paid of one invoice: when its days began, when it was due by law, and when it was paid."""

    payee: Payee
    invoice: str
    began_on: date
    due_on: date
    paid_on: date
    pence: int
    interest_pence: int
    fixed_pence: int

    @property
    def is_late(self) -> bool:
        """Whether it was paid after the day."""
        return self.paid_on > self.due_on


@dataclass(frozen=True, slots=True)
class Promptness:
    """How promptly one payee was paid."""

    payee: Payee
    name: str
    invoices: int
    on_time: int
    pence: int
    late_pence: int
    days: int
    interest_pence: int

    @property
    def share(self) -> float:
        """The share of payments on time, from 0 to 1."""
        return self.on_time / self.invoices if self.invoices else 1.0

    @property
    def mean_days(self) -> float:
        """Days from receipt to payment on average."""
        return self.days / self.invoices if self.invoices else 0.0


READ = (
    "pence", "payment__sent_on", "payment__provider", "payment__household", "payable__made_at", "payable__reason",
    "payable__invoice__received_at", "payable__invoice__number",
)  # fmt: skip
"""What is read of each payment: a year of a large authority has tens of thousands."""


def paid_rows(actor: Actor, since: date, until: date) -> list[PaidRow]:
    """What was paid from a day up to another (not included), one row for each invoice and payment."""
    rows = PaymentItem.objects.filter(
        authority_id=actor.authority_id, is_live=True, pence__gt=0, payment__state__in=["sent", "paid"],
        payment__sent_on__gte=since, payment__sent_on__lt=until,
    ).select_related("payment", "payable__invoice").only(*READ)  # fmt: skip
    debts: dict[tuple[int, int, date], list[PaymentItem]] = defaultdict(list)
    for row in rows.order_by("payment__sent_on", "pk"):
        debts[row.payment_id, row.payable.invoice_id, _began(row)].append(row)
    terms = late_terms()
    return [_paid(items, began, terms) for (_, _, began), items in debts.items()]


def _began(row: PaymentItem) -> date:
    """The day on which the days began: the invoice came in, or its dispute was settled."""
    payable = row.payable
    return timezone.localdate(payable.made_at if payable.reason == "settled" else payable.invoice.received_at)


def _paid(items: list[PaymentItem], began: date, terms: LateTerms) -> PaidRow:
    """What was paid of one invoice by one payment: one debt, so one fixed sum."""
    first, pence = items[0], sum(item.pence for item in items)
    due_on = began + timedelta(days=days_allowed(began))
    paid_on = first.payment.sent_on or due_on
    interest, fixed = late_payment(pence, due_on, paid_on, terms)
    number = first.payable.invoice.number
    return PaidRow(payee_of(first.payment), number, began, due_on, paid_on, pence, interest, fixed)


def days_allowed(on: date) -> int:
    """In how many days a public body pays a valid invoice received on a day."""
    held = rule(WITHIN, on)
    return int(held.value) if held else 30


def late_terms() -> LateTerms:
    """The rates and sums of the Act as they have stood, by date."""
    held = rules()
    return LateTerms(
        over=tuple((row.starts_on, row.value) for row in held["late_payment_over_reference_rate"]),
        reference=tuple((row.starts_on, row.value) for row in held["late_payment_reference_rate"]),
        sums=tuple((pence, int(held[name][-1].value)) for pence, name in FIXED_SUMS),
    )


def by_payee(rows: Iterable[PaidRow], authority_id: int) -> list[Promptness]:
    """How promptly each payee was paid, the least prompt first."""
    grouped: dict[Payee, list[PaidRow]] = defaultdict(list)
    for row in rows:
        grouped[row.payee].append(row)
    names = names_of(grouped, authority_id)
    found = [_promptness(payee, names[payee], paid) for payee, paid in grouped.items()]
    return sorted(found, key=lambda one: (one.share, -one.late_pence, one.name))


def _promptness(payee: Payee, name: str, rows: list[PaidRow]) -> Promptness:
    late = [row for row in rows if row.is_late]
    return Promptness(
        payee, name, len(rows), len(rows) - len(late), sum(row.pence for row in rows), sum(row.pence for row in late),
        sum((row.paid_on - row.began_on).days for row in rows), sum(row.interest_pence + row.fixed_pence for row in late),
    )  # fmt: skip
