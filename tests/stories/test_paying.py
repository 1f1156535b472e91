"""Paying whole, through HTTP and by role: an invoice, a dispute, a payment run, the remittance, the close of the month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import Invoice, Payable, Query
from rightplace.journey.ledger.models import BankAccount, MonthClose, PaymentRun
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import Cast
from tests.paying import Till, broken, make_till
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], None]
JANUARY = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 4, 10, 0, tzinfo=UTC)
TOO_MUCH = 12_345


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for the whole product."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def december(contract: Contract) -> int:
    """What the schedule has for the nights of December, in pence."""
    lines = ScheduleLine.objects.filter(contract=contract, state="due", period__startswith=date(2026, 12, 1))
    return sum(line.pence for line in lines)


def test_from_the_invoice_to_the_remittance_and_the_close_of_the_month(cast: Cast, clock: Clock) -> None:
    contract = make.contract_in_force(cast)
    till = make_till(cast, with_accounts=False)
    clock(JANUARY)
    invoice = invoiced(cast, contract)
    disputed(cast, invoice)
    answered(cast, invoice)
    clock(FEBRUARY)
    accounts(till, contract)
    run = paid(till)
    assert run.total_pence == december(contract)
    remitted(cast, run)
    closed(till)
    assert broken() == []
    assert check_chains().is_whole


def invoiced(cast: Cast, contract: Contract) -> Invoice:
    """The provider's invoice for December, filled in from the schedule; the first line asks for more than was agreed."""
    enter = f"/portal/invoices/enter/?authority={cast.croydon.pk}&month=2026-12"
    priya = Visitor(cast.priya).opens("/portal/invoices/start/").sees("December 2026").opens(enter)
    due = ScheduleLine.objects.filter(contract=contract, period__startswith=date(2026, 12, 1)).order_by("id")
    asked = (due[0].pence + TOO_MUCH) / 100
    priya.presses(
        "Send the invoice",
        number="OAK-77",
        **day("invoiced_on", date(2027, 1, 2)),
        lines__0__net=f"{asked:.2f}",
    )
    priya.sees("OAK-77", "Your invoice is sent")
    return Invoice.objects.get(number="OAK-77")


def disputed(cast: Cast, invoice: Invoice) -> None:
    """Finance sees what was found beside what was expected, disputes it, and releases the rest."""
    fin = Visitor(cast.fin).opens("/finance/").sees("Invoices to check")
    fin.opens(f"/finance/invoices/{invoice.pk}/").sees("Expected", pounds(TOO_MUCH))
    line = invoice.lines.exclude(findings=None).get()
    why = "The rate is above the one in the contract."
    fin.presses("Decide", lines=str(line.pk), how="dispute", words=why).sees("Your decision is kept")
    fin.presses("Release for payment").sees("released")
    assert (
        sum(one.net_pence for one in Payable.objects.filter(invoice=invoice)) == invoice.net_pence - TOO_MUCH
    )


def answered(cast: Cast, invoice: Invoice) -> None:
    """The provider answers the query; it ends with a credit note that is waited for."""
    query = Query.objects.get(invoice=invoice)
    priya = Visitor(cast.priya).opens(f"/portal/queries/{query.pk}/").sees("above the one in the contract")
    priya.presses("Send the answer", words="You are right. We will send a credit note.")
    fin = Visitor(cast.fin).opens(f"/finance/queries/{query.pk}/").sees("We will send a credit note")
    fin.opens(f"/finance/queries/{query.pk}/do/resolve_query/")
    fin.presses("Resolve", outcome="credit", words="Agreed with the provider.")
    fin.opens("/finance/credit-notes/").sees("OAK-77")


def accounts(till: Till, contract: Contract) -> None:
    """New bank details count for nothing before a second person has called back."""
    faye, frank = Visitor(till.proposer), Visitor(till.approver)
    typed = {
        "name": "An account",
        "sort_code": "20-00-00",
        "account_number": "12345678",
        "asked_how": "Letter.",
    }
    faye.opens("/finance/bank-accounts/of/own/")
    faye.presses("Write down the details", **typed, service_user_number="123456")
    faye.opens(f"/finance/bank-accounts/of/p{contract.provider_id}/")
    faye.presses("Write down the details", **typed)
    for account in BankAccount.objects.filter(state="proposed"):
        frank.opens(f"/finance/bank-accounts/{account.pk}/").follows("Confirm after a call back")
        frank.presses("Confirm after a call back", call_back_words="Called Mr Hale on the number in last year’s contract.")
    assert BankAccount.objects.filter(state="confirmed").count() == 2


def paid(till: Till) -> PaymentRun:
    """One proposes, a second approves, the files are made and sent, the bank pays."""
    faye, frank = Visitor(till.proposer), Visitor(till.approver)
    today = FEBRUARY.date()
    faye.opens("/finance/runs/propose/")
    faye.presses("Propose the run", **day("due_by", today), **day("pay_on", today))
    run = PaymentRun.objects.get()
    page = f"/finance/runs/{run.pk}/"
    frank.opens(page).presses("Approve")
    faye.opens(page).presses("Make the files").follows("BACS")
    assert b"VOL1" in faye.response.content  # type: ignore[union-attr]  # it was opened
    faye.opens(page).presses("Mark as sent to the bank").presses("Confirm that it was paid").sees("Paid")
    run.refresh_from_db()
    return run


def remitted(cast: Cast, run: PaymentRun) -> None:
    """The provider reads what it was paid for."""
    payment = run.payments.get()
    priya = Visitor(cast.priya).opens("/portal/remittances/").sees(pounds(run.total_pence))
    priya.opens(f"/portal/remittances/{payment.pk}/").sees("OAK-77")


def closed(till: Till) -> None:
    """One prepares the month, a second closes it."""
    for code in ("2026-11", "2026-12"):
        faye = (
            Visitor(till.proposer)
            .opens(f"/finance/months/prepare/?month={code}")
            .presses("Prepare", month=code)
        )
        close = MonthClose.objects.latest("pk")
        faye.opens(f"/finance/months/{close.pk}/").sees("a second person closes it")
        Visitor(till.approver).opens(f"/finance/months/{close.pk}/").presses("Close the month").sees("Closed")
