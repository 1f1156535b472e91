"""The pages of contracts, at the authority's desks and in the portal, through HTTP."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import uuid4

import pypdf
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rightplace.journey.contracts.models import Contract
from tests import make
from tests.cast import Cast
from tests.contract_world import cast, db, drafted, world
from tests.visit import signed_in

__all__ = ["cast", "db", "drafted", "world"]

PORTAL_NAME = "Amber Fairweather"


def press(client: Client, url: str, **entries: object) -> HttpResponse:
    """Send a form once."""
    return client.post(url, {"once": uuid4().hex, **entries})


def words(response: HttpResponse) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign(client: Client, row: Contract, name: str, address: str) -> HttpResponse:
    """Sign the text as it stands."""
    row.refresh_from_db()
    text = row.versions.filter(taken_back_at=None).last().text_sha256
    entries = {"version": row.version, "signed_name": name, "has_read": "on", "text_sha256": text}
    return press(client, f"/{address}/{row.pk}/sign/", **entries)


def test_a_contract_goes_from_draft_to_both_signatures_by_its_pages(cast: Cast, drafted: Contract) -> None:
    broker, provider = signed_in(cast.bola), signed_in(cast.priya)
    page = f"/contracts/{drafted.pk}/"
    assert "The text is made when the contract is issued" in words(broker.get(page))
    assert press(broker, f"{page}issue/", version=drafted.version).status_code == 303
    assert "Type" not in words(broker.get("/contracts/"))
    assert sign(broker, drafted, "bola adeyemi", "contracts").status_code == 303
    shown = provider.get(f"/portal/contracts/{drafted.pk}/")
    assert PORTAL_NAME in words(shown)
    assert sign(provider, drafted, "Priya Nair", "portal/contracts").status_code == 303
    drafted.refresh_from_db()
    assert drafted.state == "in_force"
    assert "In force" in words(provider.get("/portal/contracts/"))


def test_the_hash_on_the_page_is_the_one_on_the_pdf(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    client = signed_in(cast.priya)
    digest = row.versions.get().text_sha256
    assert digest in client.get(f"/portal/contracts/{row.pk}/").content.decode()
    answer = client.get(f"/portal/contracts/{row.pk}/version-1.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert digest in text
    assert "BolaAdeyemi" in text
    assert "PriyaNair" in text


def test_the_page_says_word_for_word_what_is_signed(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    shown = words(signed_in(cast.bola).get(f"/contracts/{row.pk}/")).replace("&#x27;", "'")
    for line in row.versions.get().text.split("\n"):
        for part in re.split(r"\s{2,}|: ", line.strip("- ")):
            assert " ".join(part.split()) in shown


def test_lists_show_initials_only(cast: Cast, drafted: Contract) -> None:
    make.contract_in_force(cast, drafted)
    for actor, url in (
        (cast.bola, "/contracts/"),
        (cast.priya, "/portal/contracts/"),
        (cast.priya, "/portal/payments/"),
    ):
        for more in ("", "?download=csv"):
            page = signed_in(actor).get(url + more).content.decode()
            assert "AF" in page
            assert "Amber" not in page
            assert "Fairweather" not in page


@pytest.mark.parametrize("entries", [{"has_read": ""}, {"signed_name": ""}, {"signed_name": "Somebody Else"}])
def test_without_tick_or_own_name_the_page_comes_back_and_says_why(
    cast: Cast, drafted: Contract, entries: dict[str, str]
) -> None:
    row = make.contract_issued(cast, drafted)
    text = row.versions.get().text_sha256
    given = {
        "version": row.version,
        "signed_name": "Priya Nair",
        "has_read": "on",
        "text_sha256": text,
        **entries,
    }
    answer = press(
        signed_in(cast.priya), f"/portal/contracts/{row.pk}/sign/", **{k: v for k, v in given.items() if v}
    )
    assert answer.status_code == 422
    assert "There is a problem" in words(answer)


def test_a_page_that_is_out_of_date_answers_409(cast: Cast, drafted: Contract) -> None:
    seen = drafted.version
    client = signed_in(cast.cora)
    assert press(signed_in(cast.bola), f"/contracts/{drafted.pk}/issue/", version=seen).status_code == 303
    assert press(client, f"/contracts/{drafted.pk}/issue/", version=seen).status_code == 409
    drafted.refresh_from_db()
    stale = {"version": drafted.version - 1, "signed_name": "Cora Bell", "has_read": "on"}
    text = drafted.versions.get().text_sha256
    assert press(client, f"/contracts/{drafted.pk}/sign/", **stale, text_sha256=text).status_code == 409
    good = {**stale, "version": drafted.version, "text_sha256": "0" * 64}
    assert press(client, f"/contracts/{drafted.pk}/sign/", **good).status_code == 409


def test_a_draft_is_changed_by_its_form(cast: Cast, drafted: Contract) -> None:
    client = signed_in(cast.bola)
    url = f"/contracts/{drafted.pk}/edit/"
    assert "Save the draft" in words(client.get(url))
    first = make.NEEDED_BY + timedelta(days=30)
    rows = {
        "outcomes-TOTAL_FORMS": 1,
        "outcomes-INITIAL_FORMS": 0,
        "outcomes-0-words": "Sleeps well <script>alert(1)</script>",
    }
    entries = {"services": "Care & kindness", "notice_days": 14, "review_every_weeks": 13, **rows}
    date_parts = {
        "first_review_on_day": first.day,
        "first_review_on_month": first.month,
        "first_review_on_year": first.year,
    }
    assert press(client, url, version=drafted.version, **entries, **date_parts).status_code == 303
    page = client.get(f"/contracts/{drafted.pk}/").content.decode()
    assert "Care &amp; kindness" in page
    assert "<script>alert" not in page
    bad = press(client, url, version=drafted.version + 1, **{**entries, "notice_days": 0}, **date_parts)
    assert bad.status_code == 422


def test_a_variation_is_made_by_its_form_and_shown_side_by_side(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    client = signed_in(cast.bola)
    url = f"/contracts/{row.pk}/vary/"
    assert "4250.00" in client.get(url).content.decode()
    day = make.NEEDED_BY + timedelta(days=60)
    entries = {
        "version": row.version, "reason": "More support.", "in_force_from_day": day.day, "in_force_from_month": day.month,
        "in_force_from_year": day.year, "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-kind": "core_fee",
        "lines-0-unit": "week", "lines-0-amount_pence": "4,500.00",
    }  # fmt: skip
    assert press(client, url, **entries).status_code == 303
    shown = words(client.get(f"/contracts/{row.pk}/"))
    assert "£4,250.00 a week £4,500.00 a week" in shown
    assert "The whole cost of the stay rises by" in shown
    assert "it waits for permission" in shown
    assert "falls away" in shown
    assert "Bedroom set-up" not in shown.split("What this variation changes")[1].split("Croydon ·")[0]
    assert "£4,250.00 a week" in words(client.get(f"/contracts/{row.pk}/?version=1"))


def test_a_variation_without_a_reason_comes_back_with_what_was_typed(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    entries = {
        "version": row.version,
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-amount_pence": "=1+1",
    }
    answer = press(signed_in(cast.bola), f"/contracts/{row.pk}/vary/", **entries)
    assert answer.status_code == 422
    assert "=1+1" in answer.content.decode()


def test_another_row_can_be_added_before_anything_is_saved(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    entries = {"version": row.version, "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "add": "lines"}
    answer = press(signed_in(cast.bola), f"/contracts/{row.pk}/vary/", **entries)
    assert answer.status_code == 200
    assert "lines-1-kind" in answer.content.decode()


# Who may not


@pytest.mark.parametrize("name", ["fin", "ana", "priya", "conrad"])
def test_who_has_no_business_with_contracts_is_refused_at_the_door(
    cast: Cast, drafted: Contract, name: str
) -> None:
    client = signed_in(getattr(cast, name))
    for url in ("/contracts/", f"/contracts/{drafted.pk}/", f"/contracts/{drafted.pk}/version-1.pdf"):
        assert client.get(url).status_code == 403


def test_what_is_not_yours_is_not_there(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    for url in ("", "edit/", "vary/", "version-1.pdf"):
        assert signed_in(cast.brenda).get(f"/contracts/{row.pk}/{url}").status_code == 404
    for url in ("", "version-1.pdf"):
        assert signed_in(cast.quinn).get(f"/portal/contracts/{row.pk}/{url}").status_code == 404
    assert (
        press(signed_in(cast.brenda), f"/contracts/{row.pk}/cancel/", version=row.version).status_code == 404
    )


def test_a_draft_is_not_there_for_the_provider(cast: Cast, drafted: Contract) -> None:
    client = signed_in(cast.priya)
    assert client.get(f"/portal/contracts/{drafted.pk}/").status_code == 404
    assert "IPC-" not in client.get("/portal/contracts/").content.decode()


@pytest.mark.parametrize("name", ["sadia", "moses", "pearl", "dev", "fern"])
def test_case_staff_read_but_do_not_change(cast: Cast, drafted: Contract, name: str) -> None:
    client = signed_in(getattr(cast, name))
    assert client.get(f"/contracts/{drafted.pk}/").status_code == 200
    assert press(client, f"/contracts/{drafted.pk}/issue/", version=drafted.version).status_code == 403


# How much it asks of the database


def asked(client: Client, url: str) -> int:
    """How many statements a page takes, once it is warm."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert client.get(url).status_code == 200
    return len(statements)


def test_lists_take_as_many_statements_for_three_contracts_as_for_one(cast: Cast, drafted: Contract) -> None:
    make.contract_in_force(cast, drafted)
    pages = (
        (cast.bola, "/contracts/"),
        (cast.priya, "/portal/contracts/"),
        (cast.priya, "/portal/payments/"),
        (cast.fin, "/finance/"),
        (cast.fin, "/finance/schedule/"),
        (cast.fin, "/finance/contracts/"),
        (cast.fin, f"/finance/contracts/{drafted.pk}/"),
    )
    clients = [(signed_in(actor), url) for actor, url in pages]
    before = [asked(client, url) for client, url in clients]
    make.contract_in_force(cast, children=(cast.jude, cast.kiran), home=cast.adams)
    make.contract_in_force(cast, children=(cast.jude,), home=cast.beech_house)
    assert [asked(client, url) for client, url in clients] == before
    # The home of finance counts schedules, invoices and payment runs.
    assert max(before) <= 32
