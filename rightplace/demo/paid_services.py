"""Services that a provider is paid for in the demonstration: contract, schedule, sessions, invoices, a payment. Synthetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.demo.ledger import Three, sent_run
from rightplace.demo.services import carried_on, somebody_asks
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import ContractLine
from rightplace.journey.invoices import proposing
from rightplace.journey.invoices.actions import send_invoice
from rightplace.journey.invoices.deciding import release_invoice
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.ledger import runs, sending
from rightplace.journey.ledger.models import Payment
from rightplace.journey.packages.actions import OfferGiven
from rightplace.journey.packages.models import Package
from rightplace.journey.payments.deliveries import record_delivery
from rightplace.register.services.actions import ServiceGiven, list_service

BEGUN_AGO = 150
INVOICED_AGO = 40
# Service, kind, ages to look among, unit, pence, quantity a week.
BOUGHT = (
    ("Steady Days", "care_package", (8, 10, 12), "hour", 2_650, "12"),
    ("Clear Start", "substance_misuse", (15, 16, 17), "session", 7_800, "1"),
)


def pay_for_services(office: Office, three: Three) -> None:
    """Two services of a provider in the portal: one by the hour, one as sessions are held; a month of both invoiced and paid."""
    by = _paid_already(office)
    rows = [row for given in BOUGHT if by is not None and (row := _running(office, by, *given)) is not None]
    if by is None or not rows:
        return
    _hold_sessions(office, by, rows)
    month = (office.ago(INVOICED_AGO).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    for number, on in enumerate((month, (month - timedelta(days=1)).replace(day=1))):
        _invoiced(office, three, by, rows, on, is_released=number == 1)
    run = runs.propose_run(by=three.proposer, now=office.now, due_by=office.today, pay_on=office.today).value
    if run is not None:
        who: dict[str, Any] = {"now": office.now, "run_id": run.pk, "version": run.version}
        run = sent_run(three, runs.approve_run(by=three.approver, **who).done(), office.now)
        sending.confirm_run_paid(by=three.proposer, now=office.now, run_id=run.pk, version=run.version).done()


def _paid_already(office: Office) -> Actor | None:
    """A provider in the portal whose account is known, as it was paid before."""
    rows = Payment.objects.filter(authority_id=office.authority_id, state="paid", provider__isnull=False)
    keys = rows.order_by("provider_id").values_list("provider_id", flat=True).distinct()
    return next((office.cast.by_provider[key] for key in keys if key in office.cast.by_provider), None)


def _running(
    office: Office, by: Actor, name: str, kind: str, ages: tuple[int, ...], unit: str, pence: int, many: str
) -> Package | None:
    given = ServiceGiven(name=name, kind_code=kind, about="Made up for the demonstration.", places=4)
    service = list_service(by=by, now=office.now, given=given).done()
    begun = office.ago(BEGUN_AGO)
    asked = (somebody_asks(office.cast, office.authority_id, kind, age, begun, Decimal(many)) for age in ages)
    row = next((one for one in asked if one is not None), None)
    if row is not None:
        offer = OfferGiven(service_id=service.pk, unit=unit, amount_pence=pence, quantity=Decimal(many), words="As asked for.",
                           starts_on=timezone.localdate(begun), met=(True,) * 9)  # fmt: skip
        carried_on(office.cast, row, begun, offer, "running", office.now)
    return row


def _hold_sessions(office: Office, by: Actor, rows: list[Package]) -> None:
    """A session each week since it began, told by the provider as it was held."""
    lines = ContractLine.objects.filter(contract_version__contract__package__in=rows, unit="session")
    for line in lines:
        for week in range(BEGUN_AGO // 7):
            on = office.ago(BEGUN_AGO - 7 * week).date()
            record_delivery(by=by, now=office.now, line_id=line.pk, on=on, quantity=Decimal(1)).done()


def _invoiced(
    office: Office, three: Three, by: Actor, rows: list[Package], month: date, *, is_released: bool
) -> None:
    due = proposing.not_invoiced(office.authority_id, month).filter(contract__package__in=rows)
    lines = proposing.lines_from(list(due.select_related("contract")))
    if not lines:
        return
    given = InvoiceGiven(f"SERV-{month:%y%m}", _next_month(month), tuple(lines))
    at: datetime = office.ago(INVOICED_AGO)
    invoice = send_invoice(by=by, now=at, authority_id=office.authority_id, given=given).done()
    if is_released:
        invoice.refresh_from_db()
        release_invoice(by=three.releaser, now=at, invoice_id=invoice.pk, version=invoice.version)


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
