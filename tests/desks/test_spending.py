"""The pages of published spending: totals with their picture, payees to be confirmed, imports and taking them back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rightplace.exchange.published_payments.models import PublishedPayment
from rightplace.register.providers.models import Payee
from tests.cast import Cast
from tests.visit import send, signed_in

SPENDING = "/commissioning/spending/"
FILE = b"Council,Supplier,Date,Amount\nLeeds,OAKHOUSE CARE LIMITED,01/05/2020,100.00\nLeeds,Harbor Fosterin Co,02/05/2021,50.00\n"


@pytest.fixture
def cora(cast: Cast) -> Client:
    """Cora's browser."""
    return signed_in(cast.cora)


def imported(client: Client, content: bytes = FILE) -> str:
    """The page of the import."""
    upload = {"payments-file": SimpleUploadedFile("may.csv", content), "payments-council": ""}
    done = send(client, "/commissioning/imports/payments/", **upload)
    assert done.status_code == 303, done.content.decode()[-3000:]
    return done["Location"]


def test_empty_pages_say_so(cora: Client) -> None:
    assert "No published payments" in cora.get(SPENDING).content.decode()
    assert "No published payments" in cora.get(f"{SPENDING}payees/").content.decode()


def test_an_import_is_shown_by_provider_and_payee_and_taken_back(cora: Client) -> None:
    run = imported(cora)
    page = cora.get(SPENDING).content.decode()
    assert "Oakhouse Care Ltd" in page and "£100.00" in page and "2020-21" in page
    assert "£100.00" not in cora.get(f"{SPENDING}?year=2021-22").content.decode()
    assert "Harbor" in cora.get(f"{SPENDING}payees/?q=harbor").content.decode()
    assert "Oakhouse" in cora.get(f"{SPENDING}?kind=residential&download=csv").content.decode()
    assert "Take this import back" in cora.get(run).content.decode()
    assert send(cora, f"{run}take-back/").status_code == 303
    assert PublishedPayment.objects.count() == 0
    assert "Take this import back" not in cora.get(run).content.decode()


def test_a_person_says_which_provider_a_payee_is(cora: Client, cast: Cast) -> None:
    imported(cora)
    row = Payee.objects.get(name__startswith="Harbor")
    url = f"{SPENDING}payees/{row.pk}/"
    assert "Harbour Fostering" in cora.get(url).content.decode()
    unknown = send(cora, f"{url}confirm/", version=row.version, provider="Nobody at all")
    assert unknown.status_code == 422 and "No provider on the register" in unknown.content.decode()
    assert send(cora, f"{url}confirm/", version=row.version, provider_id=cast.harbour.pk).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.provider) == ("confirmed", cast.harbour)
    assert send(cora, f"{url}refuse/", version=1).status_code == 409
    assert send(cora, f"{url}refuse/", version=row.version).status_code == 303
    assert (
        send(cora, f"{url}confirm/", version=row.version + 1, provider="harbour fostering").status_code == 303
    )


def test_a_file_that_cannot_be_read_is_told_at_the_form(cora: Client) -> None:
    upload = {"payments-file": SimpleUploadedFile("may.csv", b"a,b\n1,2\n")}
    refused = send(cora, "/commissioning/imports/payments/", **upload)
    assert refused.status_code == 422 and "No row of headings" in refused.content.decode()


def test_finance_has_its_own_pages(cast: Cast) -> None:
    assert signed_in(cast.fin).get(SPENDING).status_code == 403
