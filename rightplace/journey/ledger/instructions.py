"""What a run tells the bank and the finance system: each payment with its account, and each item with its codes.

From the rows alone, in the order of their numbers, so that a file made again is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils import timezone

from rightplace.core.money import round_half_up
from rightplace.journey.ledger.models import Payment, PaymentItem, PaymentRun
from rightplace.journey.ledger.payees import names_of, payee_of


@dataclass(frozen=True, slots=True)
class PaidTo:
    """One payment: to which account, how much, and what stands on the statement."""

    reference: str
    name: str
    sort_code: str
    account: str
    pence: int


@dataclass(frozen=True, slots=True)
class PaidItem:
    """What a payment is for: the invoice, contract and nights, under which codes, net and VAT."""

    payment: str
    payee_key: str
    payee: str
    invoice: str
    contract: str
    child_initials: str
    starts_on: date
    ends_on: date
    cost_centre: str
    subjective: str
    section_251_line: str
    net_pence: int
    vat_pence: int

    @property
    def pence(self) -> int:
        """With VAT."""
        return self.net_pence + self.vat_pence

    @property
    def last_day(self) -> date:
        """The last night, or the day itself."""
        return max(self.starts_on, self.ends_on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class RunInstructions:
    """A run as other systems are told of it."""

    run_id: int
    reference: str
    user_number: str
    from_name: str
    from_sort_code: str
    from_account: str
    made_on: date
    pay_on: date
    payments: tuple[PaidTo, ...]
    items: tuple[PaidItem, ...]

    @property
    def pence(self) -> int:
        """What it pays in all."""
        return sum(one.pence for one in self.payments)


def instructions_of(run: PaymentRun) -> RunInstructions:
    """What a run tells others: its payments that were not taken out, with their items. Made on the day of its approval."""
    payments = list(run.payments.exclude(state="taken_out").select_related("account").order_by("pk"))
    own = run.paid_from
    return RunInstructions(
        run_id=run.pk, reference=run.reference, user_number=own.service_user_number, from_name=own.name,
        from_sort_code=own.sort_code, from_account=own.account_number,
        made_on=timezone.localdate(run.decided_at or run.proposed_at), pay_on=run.pay_on,
        payments=tuple(
            PaidTo(one.reference, one.account.name, one.account.sort_code, one.account.account_number, one.pence)
            for one in payments
        ),
        items=tuple(paid_items(payments, run.authority_id)),
    )  # fmt: skip


def paid_items(payments: list[Payment], authority_id: int) -> list[PaidItem]:
    """What payments are for, in the order of their rows."""
    names = names_of([payee_of(one) for one in payments], authority_id)
    rows = PaymentItem.objects.filter(payment__in=payments).select_related(
        "payment", "payable__invoice", "payable__invoice_line", "payable__contract", "payable__cost_code"
    )
    return [_item(row, names[payee_of(row.payment)]) for row in rows.order_by("payment_id", "pk")]


def _item(row: PaymentItem, payee: str) -> PaidItem:
    payable, code = row.payable, row.payable.cost_code
    line, contract = payable.invoice_line, payable.contract
    vat = vat_part(row.pence, payable.net_pence, payable.vat_pence)
    return PaidItem(
        payment=row.payment.reference, payee_key=payee_of(row.payment).key, payee=payee, invoice=payable.invoice.number,
        contract=contract.reference if contract else "", child_initials=contract.child_initials if contract else "",
        starts_on=line.starts_on, ends_on=line.ends_on, cost_centre=code.cost_centre if code else "",
        subjective=code.subjective if code else "", section_251_line=code.section_251_line if code else "",
        net_pence=row.pence - vat, vat_pence=vat,
    )  # fmt: skip


def vat_part(part: int, net_pence: int, vat_pence: int) -> int:
    """How much of a part of a payable is VAT: as in the whole, rounded half up to a penny.

    >>> vat_part(-600, -1000, -200)
    -100
    """
    return round_half_up(Fraction(part * vat_pence, net_pence + vat_pence)) if net_pence + vat_pence else 0
