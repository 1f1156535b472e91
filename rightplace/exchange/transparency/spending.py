"""Each item of spend over £500 that was paid in a time: to whom, when, how much, for what, under which code.

Local Government Transparency Code 2015, paragraphs 28 and 29: individual invoices and payments over £500, published
quarterly, with date, department, beneficiary, purpose, amount, VAT that cannot be recovered, and category. An own foster
carer is a person: the beneficiary is withheld (UK GDPR), the amount stays. No contract, invoice or child is named, because
one contract is one child's.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from rightplace.exchange.sheets import Sheet, Span, pounds
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.rules import rule
from rightplace.journey.ledger.models import PaymentItem
from rightplace.journey.payments.coding import CODED_HOMES

COLUMNS = (
    "Authority", "Organisation code", "Payment reference", "Payment date", "Department", "Beneficiary", "Purpose",
    "Cost centre", "Subjective", "Net amount", "Irrecoverable VAT",
)  # fmt: skip
WITHHELD = "REDACTED PERSONAL DATA"
DEPARTMENT = "Children’s services"
USUAL_PENCE = 50_000
PAID = ("sent", "paid")
CARERS = "Fees and allowances of foster carers"
PURPOSES: Mapping[str, str] = {
    **{kind: f"Placements of children looked after: {words}" for kind, words in CODED_HOMES.items()},
    "service": "Services for children in need and looked after",
    "": "Placements of children looked after",
}


def sheet(authority: Authority, span: Span) -> Sheet:
    """The items over the threshold that were sent to the bank in the time, in order of their day."""
    over = threshold_pence(span)
    rows = tuple(_row(authority, one) for one in _items(authority, span, over) if _net(one) > over)
    note = f"Items over £{over // 100:,} as they were sent to the bank. Foster carers are people: their names are withheld."
    return Sheet("spend-over-500", "Spend over £500", COLUMNS, rows, note)


def threshold_pence(span: Span) -> int:
    """From which amount on an item is published, as it rules on the last day of the time."""
    found = rule("transparency_spend_over", span.last)
    return int(found.value) if found else USUAL_PENCE


def _items(authority: Authority, span: Span, over: int) -> QuerySet[PaymentItem]:
    rows = PaymentItem.objects.filter(
        authority=authority, is_live=True, pence__gt=over, payment__state__in=PAID,
        payment__sent_on__gte=span.first, payment__sent_on__lt=span.end,
    )  # fmt: skip
    return rows.select_related(
        "payment__provider", "payable__cost_code", "payable__contract__placement__setting"
    ).order_by("payment__sent_on", "payment_id", "pk")


def _row(authority: Authority, item: PaymentItem) -> tuple[str, ...]:
    payment, payable = item.payment, item.payable
    code = payable.cost_code
    return (
        authority.name,
        authority.gss_code,
        payment.reference,
        payment.sent_on.isoformat() if payment.sent_on else "",
        DEPARTMENT,
        payment.provider.name if payment.provider else WITHHELD,
        _purpose(item),
        code.cost_centre if code else "",
        code.subjective if code else "",
        pounds(_net(item)),
        # Social care of children is exempt or, where it is charged, recovered: none is borne (VATA 1994, section 33).
        pounds(0),
    )


def _net(item: PaymentItem) -> int:
    return item.pence - item.payable.vat_pence


def _purpose(item: PaymentItem) -> str:
    if item.payment.provider_id is None:
        return CARERS
    contract = item.payable.contract
    if contract is not None and contract.package_id is not None:
        return PURPOSES["service"]
    setting = contract.setting if contract else None
    return PURPOSES.get(setting.kind if setting else "", PURPOSES[""])
