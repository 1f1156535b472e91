"""Paying through HTTP: a run from its proposal to the portal, by three people; accounts, months, the journal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.exchange.bacs.writing import read
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.journey.ledger.models import BankAccount, MonthClose, Payment, PaymentRun
from tests.cast import Cast, person
from tests.desks.test_contracts import words
from tests.paying import Till, broken, make_till, released
from tests.visit import send, signed_in


@pytest.fixture
def till(cast: Cast) -> Till:
    found = make_till(cast)
    for payee, pence in ((found.oakhouse, 123_456), (found.adams, 40_000), (found.harbour, -5_000)):
        released(found, payee, pence, now=timezone.now() - timedelta(days=40))
    return found


def entries(**more: str) -> dict[str, str]:
    """A form's dates as it asks for them: today."""
    today = timezone.localdate()
    parts = {"day": today.day, "month": today.month, "year": today.year}
    return {
        f"{name}_{part}": str(value) for name in ("due_by", "pay_on") for part, value in parts.items()
    } | more


def press(who: Actor, run: PaymentRun, step: str) -> int:
    run.refresh_from_db()
    return send(signed_in(who), f"/finance/runs/{run.pk}/{step}/", run.version).status_code


def test_a_run_goes_through_three_hands_to_the_bank_and_the_portal(till: Till) -> None:
    proposer = signed_in(till.proposer)
    page = words(proposer.get("/finance/runs/propose/"))
    assert "Oakhouse Care Ltd" in page and "£1,634.56" in page
    assert "More is to be recovered than is due" in page
    assert send(proposer, "/finance/runs/propose/", **entries()).status_code == 303
    run = PaymentRun.objects.get()
    assert "A second person" in words(proposer.get("/finance/runs/propose/"))
    assert press(till.proposer, run, "approve") == 422
    assert press(till.approver, run, "approve") == 303
    assert press(till.proposer, run, "files") == 303
    content = proposer.get(f"/finance/runs/{run.pk}/files/bacs/").content
    assert [one.pence for one in read(content).instructions] == [123_456, 40_000]
    assert press(till.proposer, run, "send") == 303
    assert press(till.proposer, run, "send") == 409
    assert press(till.proposer, run, "paid") == 303
    portal = signed_in(till.cast.priya)
    assert "£1,234.56" in words(portal.get("/portal/remittances/"))
    payment = Payment.objects.get(provider=till.cast.oakhouse)
    assert "INV-" in words(portal.get(f"/portal/remittances/{payment.pk}/"))
    assert portal.get(f"/portal/remittances/{payment.pk}/advice.pdf").content.startswith(b"%PDF")
    assert signed_in(till.cast.quinn).get(f"/portal/remittances/{payment.pk}/").status_code == 404
    assert broken() == []


def test_account_numbers_are_masked_but_on_their_own_page(till: Till) -> None:
    client = signed_in(till.releaser)
    assert "00000002" not in words(client.get("/finance/bank-accounts/"))
    row = BankAccount.objects.get(provider=till.cast.oakhouse)
    assert "00000002" in words(client.get(f"/finance/bank-accounts/{row.pk}/"))


def test_new_details_are_written_down_and_confirmed_by_another(till: Till) -> None:
    facts = {"name": "Oak", "sort_code": "20-00-00", "account_number": "87654321", "asked_how": "Letter"}
    url = f"/finance/bank-accounts/of/{till.oakhouse.key}/"
    assert send(signed_in(till.proposer), url, **facts).status_code == 303
    row = BankAccount.objects.get(state="proposed")
    decide = f"/finance/bank-accounts/{row.pk}/decide/confirm_account/"
    assert send(signed_in(till.proposer), decide, row.version, call_back_words="Called").status_code == 422
    assert send(signed_in(till.approver), decide, row.version, call_back_words="Called").status_code == 303
    assert (
        BankAccount.objects.get(state="confirmed", provider=till.cast.oakhouse).account_number == "87654321"
    )


@pytest.mark.parametrize(
    "address", ["runs", "bank-accounts", "journal", "months", "on-time", "payment-limits"]
)
def test_every_page_opens_for_finance_and_the_director_and_nobody_else(till: Till, address: str) -> None:
    for who in (till.proposer, till.cast.dev):
        assert signed_in(who).get(f"/finance/{address}/").status_code == 200
    assert signed_in(till.cast.sadia).get(f"/finance/{address}/").status_code == 403


def test_a_month_is_prepared_closed_and_shown(till: Till) -> None:
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    client = signed_in(till.proposer)
    MonthClose.objects.create(
        authority=till.cast.croydon,
        month=month,
        number=1,
        prepared_by_id=till.proposer.user_id,
        prepared_at=timezone.now(),
    )
    row = MonthClose.objects.get()
    assert "a second person closes it" in words(client.get(f"/finance/months/{row.pk}/"))
    assert send(signed_in(till.approver), f"/finance/months/{row.pk}/close/", row.version).status_code == 303
    assert re.search("Closed", words(client.get("/finance/months/")))


def test_another_authoritys_runs_are_not_there(till: Till) -> None:
    assert send(signed_in(till.proposer), "/finance/runs/propose/", **entries()).status_code == 303
    run = PaymentRun.objects.get()
    other = signed_in(person("Sue Finn", FINANCE_OFFICER, authority=till.cast.sutton))
    assert other.get(f"/finance/runs/{run.pk}/").status_code == 404
    assert other.get(f"/finance/payments/{run.payments.all()[0].pk}/").status_code == 404
    assert other.get(f"/finance/bank-accounts/{run.paid_from_id}/").status_code == 404
