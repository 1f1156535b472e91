"""Paying in the demonstration: accounts, invoices of three months, runs at every state, a return, months to close. Synthetic."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.demo.asking import Office
from rightplace.exchange.payments_system.files import run_files
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.journey.invoices.actions import send_invoice
from rightplace.journey.invoices.deciding import release_invoice
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.ledger import banking, closing, runs, sending
from rightplace.journey.ledger.booking import next_month
from rightplace.journey.ledger.instructions import instructions_of
from rightplace.journey.ledger.models import PaymentRun
from rightplace.journey.ledger.payees import OWN, Payee
from rightplace.journey.payments.models import ScheduleLine

COLLEAGUES = (("Farida", "Quaye"), ("Felix", "Arden"))
PAYEES = 10
MOST_LINES = 12
CALL = "Called the number in last year’s contract; the account was read back to me (synthetic)."
LETTER = "Letter on headed paper of this spring (synthetic)."


@dataclass(frozen=True, slots=True)
class Three:
    """Who releases, who proposes, who approves."""

    releaser: Actor
    proposer: Actor
    approver: Actor


def pay(office: Office) -> Three:
    """Money on its way through every state, and something to do for each of the three."""
    three = _three(office)
    payees = _payees(office)
    _accounts(office, three, payees)
    _invoices(office, three, payees)
    _runs(office, three)
    return three


def _three(office: Office) -> Three:
    place = office.cast.authorities[0].name.lower().replace(" ", "")
    found = []
    for first, last in COLLEAGUES:
        email = f"{first}.{last}.{office.authority_id}@{place}.example.org".lower()
        user = User.objects.create_user(email, email, None, first_name=first, last_name=last)
        held = Membership.objects.create(
            user=user,
            role=roles.FINANCE_OFFICER,
            authority_id=office.authority_id,
            starts_on=office.day(700),
        )
        found.append(held.as_actor())
    return Three(office.who(roles.FINANCE_OFFICER, 0), *found)


def _payees(office: Office) -> list[int]:
    """Providers with the most to be paid who have somebody in the portal."""
    rows = ScheduleLine.objects.filter(
        authority_id=office.authority_id, state="due", due_on__lte=office.today
    )
    keys = rows.filter(due_on__gte=office.day(120)).order_by().values_list("provider_id", flat=True)
    counted: dict[int, int] = {}
    for key in keys:
        if key in office.cast.by_provider:
            counted[key] = counted.get(key, 0) + 1
    return sorted(counted, key=lambda key: (-counted[key], key))[:PAYEES]


def _accounts(office: Office, three: Three, payees: list[int]) -> None:
    """The authority's own account and those of payees: confirmed, one that waits for its call back, one not known yet."""
    wanted = [OWN, *(Payee(key) for key in payees[:-1])]
    for number, payee in enumerate(wanted, 1):
        given = banking.AccountGiven(
            "Children’s Services" if payee == OWN else f"Provider account {number}", "20-00-00", f"{70_000_000 + number * 1_117}",
            LETTER, "123456" if payee == OWN else "",
        )  # fmt: skip
        at = office.ago(150)
        row = banking.propose_account(by=three.proposer, now=at, payee=payee, given=given).done()
        if number < len(wanted):
            banking.confirm_account(
                by=three.approver, now=at, account_id=row.pk, version=row.version, call_back_words=CALL
            ).done()


def _invoices(office: Office, three: Three, payees: list[int]) -> None:
    """Three months before the last, invoiced as expected; some of the earlier ones are released late."""
    month = (office.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for _ in range(3):
        month = (month - timedelta(days=1)).replace(day=1)
        for place, key in enumerate(payees):
            invoice = _invoice(office, key, month, number=place + 1)
            is_late = place % 3 == 2 and next_month(month) < office.day(50)
            if invoice is not None:
                _release(three, invoice, _at(office, invoice.due_on + timedelta(days=3 if is_late else -20)))


def _invoice(office: Office, provider_id: int, month: date, number: int) -> Invoice | None:
    lines = ScheduleLine.objects.filter(
        authority_id=office.authority_id, provider_id=provider_id, state="due", pence__gt=0,
        period__contained_by=DateRange(month, next_month(month)),
    ).select_related("contract")  # fmt: skip
    asked = tuple(
        LineGiven(
            line.period.lower, line.period.upper, line.pence, contract_reference=line.contract.reference,
            contract_id=line.contract_id,
        )
        for line in lines.order_by("contract_id", "pk")[:MOST_LINES]
    )  # fmt: skip
    if not asked:
        return None
    given = InvoiceGiven(f"{month:%y%m}-{number:03d}", next_month(month), asked)
    by = office.cast.by_provider[provider_id]
    at = _at(office, next_month(month) + timedelta(days=3))
    outcome = send_invoice(by=by, now=at, authority_id=office.authority_id, given=given)
    return outcome.value


def _at(office: Office, day: date) -> datetime:
    """A working hour of a day, never after now."""
    return min(office.now, office.now + timedelta(days=(day - office.today).days))


def _release(three: Three, invoice: Invoice, at: datetime) -> None:
    """Released where nothing is left to decide; what the checks found stays for the people."""
    invoice.refresh_from_db()
    release_invoice(by=three.releaser, now=at, invoice_id=invoice.pk, version=invoice.version)


def _runs(office: Office, three: Three) -> None:
    """Runs of the past months paid, the last one with the bank; a payment that came back; new details to call back on."""
    days = [day for due in _due_days(office) for day in (due, due + timedelta(days=9)) if day <= office.today]
    made = [run for day in days if (run := _run(office, three, day)) is not None]
    for number, run in enumerate(made):
        at = _at(office, run.pay_on)
        run = sent_run(three, run, at)
        if number < len(made) - 1 and run.state == "sent":
            sending.confirm_run_paid(by=three.proposer, now=at, run_id=run.pk, version=run.version).done()
    if len(made) > 1:
        payment = made[1].payments.order_by("pence").filter(pence__gt=0)[0]
        sending.record_return(
            by=three.proposer, now=office.ago(20), payment_id=payment.pk, version=payment.version,
            returned_on=office.day(21), reason="Account closed",
        )  # fmt: skip
    waiting = banking.AccountGiven("Oak & Ash Homes Ltd", "20-00-00", "71234567", LETTER)
    held = next((run.payments.filter(provider__isnull=False).first() for run in made), None)
    if held is not None:
        banking.propose_account(
            by=three.releaser, now=office.ago(1), payee=Payee(held.provider_id), given=waiting
        )


def _due_days(office: Office) -> list[date]:
    """When the invoices of the three months are due, the earliest first."""
    month, found = (office.today.replace(day=1) - timedelta(days=1)).replace(day=1), []
    for _ in range(3):
        found.append(month + timedelta(days=33))
        month = (month - timedelta(days=1)).replace(day=1)
    return sorted(found)


def _run(office: Office, three: Three, day: date) -> PaymentRun | None:
    at = _at(office, day)
    run = runs.propose_run(by=three.proposer, now=at, due_by=day, pay_on=day).value
    if run is None:
        return None
    who: dict[str, Any] = {"now": at, "run_id": run.pk, "version": run.version}
    outcome = runs.approve_run(by=three.approver, **who)
    return (outcome if outcome.is_done else runs.approve_run(by=office.who(roles.DIRECTOR), **who)).done()


def sent_run(three: Three, run: PaymentRun, at: datetime) -> PaymentRun:
    """A run that was approved, its files made and sent to the bank."""
    files = run_files(instructions_of(run))
    run = sending.make_run_files(
        by=three.proposer, now=at, run_id=run.pk, version=run.version, files=files
    ).done()
    return sending.send_run(by=three.proposer, now=at, run_id=run.pk, version=run.version).done()


def wait_for_a_second(office: Office, three: Three) -> None:
    """A run of all that was released since waits for approval; the month before last is closed, the last one prepared."""
    ahead = office.today + timedelta(days=21)
    runs.propose_run(by=three.proposer, now=office.now, due_by=ahead, pay_on=ahead)
    last = (office.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    row = closing.prepare_month(by=three.proposer, now=office.ago(8), month=before).done()
    closing.close_month(by=three.approver, now=office.ago(7), close_id=row.pk, version=row.version).done()
    closing.prepare_month(by=three.proposer, now=office.now, month=last)
