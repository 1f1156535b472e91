"""What tests of paying share: three people of finance, payees with accounts, and payables released by one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import connection, transaction

from rightplace.exchange.payments_system.files import run_files
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.invoices.actions import write_invoice
from rightplace.journey.invoices.deciding import make_payable, publish_released
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Invoice, Payable
from rightplace.journey.ledger import banking, proof, runs, sending
from rightplace.journey.ledger.instructions import instructions_of
from rightplace.journey.ledger.models import PaymentRun
from rightplace.journey.ledger.payees import OWN, Payee
from tests.cast import Cast, person

# A Monday five weeks after the cast's day: what was received then is due.
PAYDAY = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Till:
    """Who does what: one releases, one proposes, one approves; and the cast they work in."""

    cast: Cast
    releaser: Actor
    proposer: Actor
    approver: Actor

    @property
    def oakhouse(self) -> Payee:
        """A provider."""
        return Payee(self.cast.oakhouse.pk)

    @property
    def harbour(self) -> Payee:
        """Another."""
        return Payee(self.cast.harbour.pk)

    @property
    def adams(self) -> Payee:
        """A household of own carers."""
        return Payee(None, self.cast.adams.pk)


def make_till(cast: Cast, *, with_accounts: bool = True) -> Till:
    """Three people of finance, and confirmed accounts of the authority and two payees."""
    faye = person("Faye Amadi", roles.FINANCE_OFFICER, authority=cast.croydon)
    frank = person("Frank Ivers", roles.FINANCE_OFFICER, authority=cast.croydon)
    till = Till(cast, cast.fin, faye, frank)
    if with_accounts:
        for number, payee in enumerate((OWN, till.oakhouse, till.harbour, till.adams), 1):
            account(till, payee, number=f"{number:08d}")
    return till


def given(number: str = "12345678", **more: str) -> banking.AccountGiven:
    facts = {"name": "Payee & Sons Ltd", "sort_code": "20-00-00", "asked_how": "Letter of 1 November", **more}
    return banking.AccountGiven(account_number=number, service_user_number="123456", **facts)


def account(
    till: Till, payee: Payee, *, number: str = "12345678", now: datetime = RECEIVED
) -> banking.BankAccount:
    """An account written down by one and confirmed by another."""
    row = banking.propose_account(by=till.proposer, now=now, payee=payee, given=given(number)).done()
    words = "Called Mr Hale on 020 8111 0000 from last year’s contract: it is theirs."
    return banking.confirm_account(
        by=till.approver, now=now, account_id=row.pk, version=row.version, call_back_words=words
    ).done()


def released(
    till: Till, payee: Payee, pence: int, *, vat: int = 0, by: Actor | None = None, now: datetime = RECEIVED
) -> Payable:
    """An amount of an invoice released for payment, and booked."""
    day = date(2026, 10, 1)
    asked = InvoiceGiven(
        f"INV-{next(_numbers)}", day, (LineGiven(day, day + timedelta(days=31), pence, vat),)
    )
    who = by or till.releaser
    invoice = write_invoice(
        by=till.cast.priya,
        now=now,
        authority_id=till.cast.croydon.pk,
        given=asked,
        channel="portal",
        **payee.columns,
    )
    assert isinstance(invoice, Invoice)
    made = make_payable(invoice.lines.get(), pence, vat, "released", by=who, now=now)
    assert made is not None
    publish_released(who, now, invoice, [made])
    return made


def proposed(till: Till, *, key: str = "", now: datetime = PAYDAY, **more: str) -> PaymentRun:
    """A run of all that is due."""
    today = now.date()
    return runs.propose_run(by=till.proposer, now=now, due_by=today, pay_on=today, key=key, **more).done()


def approved(till: Till, run: PaymentRun, *, now: datetime = PAYDAY) -> PaymentRun:
    """The run approved by the second person."""
    return runs.approve_run(by=till.approver, now=now, run_id=run.pk, version=run.version).done()


def filed(till: Till, run: PaymentRun, *, now: datetime = PAYDAY) -> PaymentRun:
    """The run with its files made."""
    files = run_files(instructions_of(run))
    return sending.make_run_files(
        by=till.proposer, now=now, run_id=run.pk, version=run.version, files=files
    ).done()


def sent(till: Till, run: PaymentRun, *, now: datetime = PAYDAY) -> PaymentRun:
    """The run given to the bank."""
    return sending.send_run(by=till.proposer, now=now, run_id=run.pk, version=run.version).done()


def paid(till: Till, run: PaymentRun, *, now: datetime = PAYDAY) -> PaymentRun:
    """The run confirmed as paid."""
    return sending.confirm_run_paid(by=till.proposer, now=now, run_id=run.pk, version=run.version).done()


def whole_run(till: Till, *, now: datetime = PAYDAY) -> PaymentRun:
    """A run from its proposal to the bank's report."""
    return paid(
        till,
        sent(till, filed(till, approved(till, proposed(till, now=now), now=now), now=now), now=now),
        now=now,
    )


def broken() -> list[str]:
    """What the proof of the books finds broken, deferred constraints checked as at a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return [f"{one.name}: {', '.join(one.broken)}" for one in proof.prove() if not one.is_ok]
