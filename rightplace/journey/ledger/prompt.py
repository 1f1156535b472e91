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
from functools import cache

from django.db.models import Case, F, Min, Sum, When
from django.db.models.functions import TruncDate

from rightplace.core.late_payment import LateTerms, late_payment
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.rules import rule, rules
from rightplace.journey.ledger.models import PaymentItem
from rightplace.journey.ledger.payees import Payee, names_of

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


BEGAN = TruncDate(
    Case(
        When(payable__reason="settled", then=F("payable__made_at")),
        default=F("payable__invoice__received_at"),
    )
)
"""The day on which the days began: the invoice came in, or its dispute was settled."""


def paid_rows(actor: Actor, since: date, until: date) -> list[PaidRow]:
    """What was paid from a day up to another (not included), one row for each invoice and payment: one debt, one fixed sum.

    The database adds up the items: a year of a large authority has tens of thousands.
    """
    items = PaymentItem.objects.filter(
        authority_id=actor.authority_id, is_live=True, pence__gt=0, payment__state__in=["sent", "paid"],
        payment__sent_on__gte=since, payment__sent_on__lt=until,
    )  # fmt: skip
    debts = items.annotate(began=BEGAN).values_list(
        "payment_id", "payment__provider_id", "payment__household_id", "payment__sent_on",
        "payable__invoice_id", "payable__invoice__number", "began",
    )  # fmt: skip
    rows = debts.annotate(paid=Sum("pence"), first=Min("pk")).order_by("payment__sent_on", "first")
    terms, allowed = late_terms(), cache(days_allowed)
    return [
        _paid(Payee(provider, household), number, began, allowed(began), sent_on, pence, terms)
        for _, provider, household, sent_on, _, number, began, pence, _ in rows
    ]


def _paid(
    payee: Payee, invoice: str, began: date, allowed: int, paid_on: date, pence: int, terms: LateTerms
) -> PaidRow:
    due_on = began + timedelta(days=allowed)
    return PaidRow(
        payee, invoice, began, due_on, paid_on, pence, *late_payment(pence, due_on, paid_on, terms)
    )


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
