"""The pages of the cost check: files given, how they are read shown and changed, the result looked at, loaded down, deleted."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rightplace.exchange.cost_check.layouts import SORTS
from rightplace.exchange.cost_check.models import CostCheck
from rightplace.exchange.cost_check.report import template_csv
from rightplace.foundation.files.models import StoredFile
from tests.cast import Cast
from tests.visit import send, signed_in

LIST = "/commissioning/cost-checks/"
CHOSEN = {
    "do": "check", "name": "Year 2025-26", "end_means": "last_night", "tolerance": "2",
    "starts_on_day": "1", "starts_on_month": "5", "starts_on_year": "2025",
    "last_night_day": "31", "last_night_month": "5", "last_night_year": "2025",
}  # fmt: skip


@pytest.fixture
def fin(cast: Cast) -> Client:
    """Fin's browser."""
    return signed_in(cast.fin)


def given(client: Client, **changed: bytes) -> str:
    """Give the template files (or others); the address at which they are read."""
    files = {code: changed.get(code, template_csv(sort)) for code, sort in SORTS.items()}
    uploads = {code: SimpleUploadedFile(f"{code}.csv", content) for code, content in files.items() if content}
    done = send(client, f"{LIST}new/", **uploads)
    assert done.status_code == 303, done.content.decode()[:2000]
    return done["Location"]


def test_three_files_are_given_looked_at_and_checked(fin: Client) -> None:
    url = given(fin)
    page = fin.get(url).content.decode()
    assert "How the files are read" in page and "Read again" in page and "contracts.csv" in page
    done = send(fin, url, **CHOSEN)
    assert done.status_code == 303
    check = CostCheck.objects.get()
    assert StoredFile.objects.count() == 0
    result = fin.get(done["Location"]).content.decode()
    assert (
        "Double payment" in result
        and "£18,600.00" in result
        and "Payment: each night is paid once." in result
    )
    assert (
        "Overcharged" not in fin.get(f"{LIST}{check.pk}/?kind=double_payment&download=csv").content.decode()
    )
    assert fin.get(f"{LIST}{check.pk}/result.xlsx").content.startswith(b"PK")
    assert fin.get(f"{LIST}{check.pk}/report.pdf").content.startswith(b"%PDF")
    assert "Year 2025-26" in fin.get(LIST).content.decode()
    assert send(fin, f"{LIST}{check.pk}/delete/").status_code == 303
    assert CostCheck.objects.count() == 0


def test_a_heading_that_is_not_known_is_chosen_on_the_page(fin: Client) -> None:
    payments = template_csv(SORTS["payments"]).replace(b"Net,", b"Quids,")
    url = given(fin, payments=payments)
    page = fin.get(url).content.decode()
    assert "No column for net amount was found" in page and "Quids" in page
    assert 'value="check"' not in page
    fields = {f"payments-{field.name}": field.headings[0] for field in SORTS["payments"].layout.fields}
    chosen = {**fields, "payments-net": "Quids"}
    assert 'value="check"' in send(fin, url, do="again", **chosen).content.decode()
    assert send(fin, url, **CHOSEN, **chosen).status_code == 303


def test_bad_rows_are_shown_and_left_out_only_when_told_so(fin: Client) -> None:
    payments = (
        template_csv(SORTS["payments"])
        + b"9,Oakhouse,IPC-000101,C-1001,soon,31/05/2025,,31,night,600,1,0,1,\r\n"
    )
    url = given(fin, payments=payments, placements=b"")
    assert "Not a date" in fin.get(url).content.decode()
    assert "soon" in fin.get(f"{url}left-out.csv").content.decode()
    refused = send(fin, url, **CHOSEN)
    assert refused.status_code == 422 and "rows cannot be read" in refused.content.decode()
    assert send(fin, url, **CHOSEN, keep_good="on").status_code == 303
    assert CostCheck.objects.get().rows_bad == 1


def test_a_file_that_is_no_table_is_told_by_name(fin: Client) -> None:
    files = {code: template_csv(sort) for code, sort in SORTS.items()} | {"payments": b"%PDF-1.4 not a table"}
    uploads = {code: SimpleUploadedFile(f"{code}.csv", content) for code, content in files.items()}
    refused = send(fin, f"{LIST}new/", **uploads)
    assert refused.status_code == 422
    assert "This is a PDF, not a table" in refused.content.decode()
    assert StoredFile.objects.count() == 0


def test_missing_files_and_wrong_dates_are_refused(fin: Client) -> None:
    assert send(fin, f"{LIST}new/").status_code == 422
    assert send(fin, given(fin), **{**CHOSEN, "last_night_month": "3"}).status_code == 422
    assert send(fin, given(fin), **{**CHOSEN, "name": ""}).status_code == 422


def test_template_files_are_handed_out(fin: Client) -> None:
    assert fin.get(f"{LIST}templates/payments.csv").content.startswith(b"\xef\xbb\xbfInvoice,")
    assert fin.get(f"{LIST}templates.xlsx").content.startswith(b"PK")
    assert fin.get(f"{LIST}templates/other.csv").status_code == 404


def test_other_roles_stay_out_and_another_authoritys_files_are_not_there(fin: Client, cast: Cast) -> None:
    url = given(fin)
    assert signed_in(cast.ana).get(LIST).status_code == 403
    StoredFile.objects.update(authority=cast.sutton)
    assert fin.get(url).status_code == 404
