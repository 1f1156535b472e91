"""Services that a provider is paid for in the demonstration: contract, schedule, sessions, invoices, a payment. Synthetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rightplace.core.services.items import Item
from rightplace.demo.asking import Office
from rightplace.demo.ledger import Three, sent_run
from rightplace.demo.services import carried_on, somebody_asks
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import ContractLine
from rightplace.journey.invoices import proposing
from rightplace.journey.invoices.actions import send_invoice
from rightplace.journey.invoices.deciding import release_invoice
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.ledger import runs, sending
from rightplace.journey.ledger.models import Payment
from rightplace.journey.packages.actions import OfferGiven
from rightplace.journey.packages.models import Milestone, Package
from rightplace.journey.packages.queries import terms_of
from rightplace.journey.packages.running import meet_milestone
from rightplace.journey.payments.deliveries import record_delivery
from rightplace.register.services.actions import ServiceGiven, list_service

BEGUN_AGO = 150
INVOICED_AGO = 40
# Service, kind, ages to look among, unit, pence, quantity a week.
BOUGHT = (
    ("Steady Days", "care_package", (8, 10, 12), "hour", 2_650, "12"),
    ("Clear Start", "substance_misuse", (15, 16, 17), "session", 7_800, "1"),
)
# By kind, what is paid for beside it: words, unit, pence, quantity, from so many weeks on.
BESIDE = {
    "care_package": (
        ("An overnight once a month", "month", 31_000, "1", 4),
        ("Miles to the day centre", "mile", 45, "40", 0),
    )
}
# What is recorded as it is provided, week by week: by unit how many.
RECORDED = {"session": Decimal(1), "mile": Decimal(26), "hour": Decimal(12)}
REVIEWED_AGO = 20
NEEDED_NOW, MILES_NEEDED_NOW = Decimal(14), Decimal(30)


def pay_for_services(office: Office, three: Three) -> None:
    """Two services of a provider in the portal: of several items, and as sessions are held; a month of both invoiced and paid."""
    by = _paid_already(office)
    rows = [row for given in BOUGHT if by is not None and (row := _running(office, by, *given)) is not None]
    if by is None or not rows:
        return
    _record_use(office, by, rows)
    _review(office, rows[0])
    month = (office.day(INVOICED_AGO).replace(day=1) - timedelta(days=1)).replace(day=1)
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
        begins = timezone.localdate(begun)
        offer = OfferGiven(service_id=service.pk, unit=unit, amount_pence=pence, quantity=Decimal(many), words="As asked for.",
                           starts_on=begins, met=(True,) * 9, items=_beside(kind, begins))  # fmt: skip
        carried_on(office.cast, row, begun, offer, "running", office.now)
    return row


def _beside(kind: str, begins: date) -> tuple[Item, ...]:
    return tuple(
        Item(words=words, unit=unit, amount_pence=pence, quantity=Decimal(many), starts_on=begins + timedelta(weeks=weeks))
        for words, unit, pence, many, weeks in BESIDE.get(kind, ())
    )  # fmt: skip


def _record_use(office: Office, by: Actor, rows: list[Package]) -> None:
    """Sessions, miles and hours of each week since it began, told by the provider as they were provided."""
    lines = ContractLine.objects.filter(contract_version__contract__package__in=rows, unit__in=RECORDED)
    begins = office.day(BEGUN_AGO)
    for line in lines:
        for week in range(BEGUN_AGO // 7):
            on = begins + timedelta(weeks=week)
            record_delivery(
                by=by, now=office.now, line_id=line.pk, on=on, quantity=RECORDED[line.unit]
            ).done()


def _review(office: Office, row: Package) -> None:
    """A review that found more hours needed than are agreed, and fewer miles."""
    due = Milestone.objects.filter(package=row, is_again=True, done_on=None).order_by("due_on").first()
    if due is None:
        return
    row.refresh_from_db()
    by = office.cast.of(office.authority_id, roles.SOCIAL_WORKER)
    miles = {
        words: MILES_NEEDED_NOW for words, unit, *_ in BESIDE.get(row.kind_code, ()) if unit == "mile"
    }
    found = dict.fromkeys(terms_of(row).questions, "Written for the demonstration.")
    meet_milestone(
        by=by, now=office.now, milestone_id=due.pk, version=row.version, done_on=office.day(REVIEWED_AGO),
        found_words=found, units_needed=NEEDED_NOW, item_needs=miles,
    ).done()  # fmt: skip


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
