"""A service for a child to the penny that is paid, through HTTP: due, invoiced in the portal, checked, released."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import Invoice, Payable
from rightplace.journey.payments.models import ScheduleLine
from tests.cast import Cast
from tests.journey.contracts.test_of_services import BEGUN, agreed
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
NEXT_MONTH = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)


def test_a_care_package_is_due_invoiced_checked_and_released_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = agreed(cast, "hour", 2_500, "14", weeks=26)
    contract = Contract.objects.get(package=row)
    monkeypatch.setattr(timezone, "now", lambda: NEXT_MONTH)
    december = ScheduleLine.objects.get(contract=contract, month=date(2026, 12, 1))
    until = BEGUN + timedelta(weeks=26)
    page = (
        Visitor(cast.bola)
        .opens(f"/packages/{row.pk}/")
        .sees("What is due", f"{until:%-d %b %Y}", pounds(december.pence))
    )
    page.follows(f"Contract {contract.reference}").sees("Care package for a child with disabilities for")
    Visitor(cast.fin).opens(f"/finance/contracts/{contract.pk}/").sees(pounds(december.pence))
    entered = f"/portal/invoices/enter/?authority={cast.croydon.pk}&month=2026-12"
    priya = Visitor(cast.priya).opens(f"/portal/contracts/{contract.pk}/").sees("as agreed under")
    priya.opens(entered).presses(
        "Send the invoice", number="OAK-9", invoiced_on_day=2, invoiced_on_month=1, invoiced_on_year=2027
    ).sees("Your invoice is sent")
    invoice = Invoice.objects.get(number="OAK-9")
    assert [line.contract_id for line in invoice.lines.all()] == [contract.pk]
    assert not invoice.lines.exclude(findings=None).exists()
    fin = Visitor(cast.fin).opens(f"/finance/invoices/{invoice.pk}/")
    fin.presses("Release for payment").sees("released")
    assert Payable.objects.get(contract=contract).net_pence == december.pence
    priya.opens(entered).does_not_see(contract.reference)
    assert check_chains().is_whole


def test_the_contract_of_a_service_offers_nothing_that_cannot_be_done(cast: Cast) -> None:
    row = agreed(cast, "session", 7_500, "2", kind="substance_misuse")
    contract = Contract.objects.get(package=row)
    bola = Visitor(cast.bola).opens(f"/contracts/{contract.pk}/").sees("Contract of a service", "Agreed")
    bola.does_not_see("Make a variation", "Record notice", "Cancel this contract", "Signed on paper")
    bola.opens(f"/contracts/{contract.pk}/vary/", expect=422).sees("Change the service")
    bola.opens(f"/contracts/{contract.pk}/notice/").presses(
        "Record notice", expect=422, given_on_day=1, given_on_month=11, given_on_year=2026
    )
    bola.opens(f"/contracts/{contract.pk}/").follows("The service, where prices are changed").sees(row.reference)
    priya = Visitor(cast.priya).opens(f"/portal/contracts/{contract.pk}/").follows("Sessions and days delivered")
    priya.does_not_see("Record an absence").follows("Record what was delivered")
    priya.presses("Record", quantity="2", on_day=20, on_month=10, on_year=2026).sees("What was delivered")
    assert ScheduleLine.objects.filter(contract=contract, state="due").exists()


def test_a_service_is_shared_with_a_partner_by_the_same_joint_funding(cast: Cast) -> None:
    contract = Contract.objects.get(package=agreed(cast, "week", 40_000, "1"))
    fin = Visitor(cast.fin).opens(f"/finance/contracts/{contract.pk}/").follows("Joint funding of this service")
    fin.sees("Oak Days")
