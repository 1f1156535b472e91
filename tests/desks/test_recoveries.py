"""Recovery invoices through HTTP: raised at the finance desk, read in the portal, paid and written off by two."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.journey.ledger.models import Recovery
from tests.cast import Cast, person
from tests.desks.test_contracts import words
from tests.paying import broken, make_till, released
from tests.visit import send, signed_in


def test_the_rest_of_an_overpayment_is_invoiced_chased_paid_in_part_and_written_off(cast: Cast) -> None:
    till = make_till(cast)
    released(till, till.oakhouse, -50_000, now=timezone.now() - timedelta(days=40))
    client = signed_in(till.proposer)
    assert "£500.00" in words(client.get("/finance/recoveries/"))
    asked = {"payee_key": till.oakhouse.key, "reason": "No child lives there any more."}
    assert send(client, "/finance/recoveries/raise/", **asked).status_code == 303
    row = Recovery.objects.get()
    page = f"/finance/recoveries/{row.pk}/"
    assert "Take back" in words(client.get(page))
    assert client.get(f"{page}invoice.pdf").content.startswith(b"%PDF")
    portal = signed_in(cast.priya)
    assert row.reference in words(portal.get("/portal/recoveries/"))
    assert portal.get(f"/portal/recoveries/{row.pk}/invoice.pdf").content.startswith(b"%PDF")
    assert signed_in(cast.quinn).get(f"/portal/recoveries/{row.pk}/invoice.pdf").status_code == 404
    today = timezone.localdate()
    day = {"received_on_day": today.day, "received_on_month": today.month, "received_on_year": today.year}
    paid = {"pence": "200.00", "reference": "BGC 1", **{key: str(value) for key, value in day.items()}}
    assert send(client, f"{page}do/record_receipt/", row.version, **paid).status_code == 303
    row.refresh_from_db()
    assert send(client, f"{page}do/ask_write_off/", row.version, reason="In liquidation.").status_code == 303
    row.refresh_from_db()
    assert send(client, f"{page}do/confirm_write_off/", row.version, words="Yes").status_code == 422
    second = signed_in(till.approver)
    assert "Write off" in words(second.get(page))
    assert send(second, f"{page}do/confirm_write_off/", row.version, words="Agreed.").status_code == 303
    assert "£300.00" in words(client.get(page)) and broken() == []
    other = signed_in(person("Sue Finn", FINANCE_OFFICER, authority=cast.sutton))
    assert other.get(page).status_code == 404
