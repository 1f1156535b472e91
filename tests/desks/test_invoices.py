"""Invoices through HTTP: a provider sends one, finance decides and releases, a query goes there and back."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import keeping
from rightplace.journey.invoices.models import Invoice, Payable, Query
from tests.cast import Cast
from tests.desks.test_contracts import words
from tests.files import PDF
from tests.journey.invoices.invoice_world import NOW, cast, contract, db, december, one_line, sent, world
from tests.visit import send, signed_in

__all__ = ["cast", "contract", "db", "world"]


def faulty(cast: Cast, contract: Contract) -> Invoice:
    """December billed at 500 pounds too much."""
    pence = sum(line.net_pence for line in december(cast, contract)) + 50_000
    return sent(cast, contract, (one_line(pence, contract_reference=contract.reference),))


def test_a_provider_enters_an_invoice_as_it_is_filled_in_and_reads_the_state_of_each_line(
    cast, contract
) -> None:
    priya = signed_in(cast.priya)
    address = f"/portal/invoices/enter/?authority={cast.croydon.pk}&month=2026-12"
    page = priya.get(address)
    assert contract.reference in words(page) or contract.reference in page.content.decode()
    lines = december(cast, contract)
    given = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0, "number": "OAK-1", "invoiced_on_day": "1",
             "invoiced_on_month": "1", "invoiced_on_year": "2026"}  # fmt: skip
    for place, line in enumerate(lines):
        row = {
            "contract": contract.reference, "starts_on": f"{line.starts_on:%d/%m/%Y}", "last_night": "31/12/2026",
            "quantity": line.quantity, "unit": "night", "net": f"{line.net_pence / 100:.2f}", "vat": "", "words": "",
            "contract_line": line.contract_line_id,
        }  # fmt: skip
        given |= {f"lines-{place}-{name}": value for name, value in row.items()}
    answer = send(priya, address, **given)
    assert answer.status_code == 303
    shown = words(priya.get(answer["Location"]))
    assert shown.count("Accepted") == len(lines)
    assert "Being checked" in shown


def test_a_bad_form_comes_back_with_what_was_typed(cast, contract) -> None:
    address = f"/portal/invoices/enter/?authority={cast.croydon.pk}&month=2026-12"
    row = {"lines-0-starts_on": "31/02/2026", "lines-0-net": "abc", "lines-0-words": "Core fee, my words"}
    answer = send(
        signed_in(cast.priya), address, number="", **{"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0}, **row
    )
    assert answer.status_code == 422
    assert "Core fee, my words" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_finance_sees_billed_beside_expected_with_the_clause_and_the_money_then_disputes_and_releases(
    cast, contract
) -> None:
    invoice = faulty(cast, contract)
    fin, address = signed_in(cast.fin), f"/finance/invoices/{invoice.pk}/"
    shown = words(fin.get(address))
    for said in (
        "Overcharged: £500.00",
        "Price: the rate of the agreement on each night",
        "Expected",
        "To decide",
    ):
        assert said in shown
    line = invoice.lines.get()
    refused = send(fin, f"{address}decide/", invoice.version, how="dispute", lines=line.pk)
    assert refused.status_code == 422
    done = send(
        fin, f"{address}decide/", invoice.version, how="dispute", lines=line.pk, words="Above the contract."
    )
    assert done.status_code == 303
    stale = send(fin, f"{address}release/", invoice.version)
    assert stale.status_code == 409
    assert send(fin, f"{address}release/", invoice.version + 1).status_code == 303
    assert "Released in part" in words(fin.get(address))
    assert [one.net_pence for one in Payable.objects.all()] == [line.net_pence - 50_000]


def test_a_query_goes_to_the_provider_and_back_and_is_resolved(cast, contract) -> None:
    invoice = faulty(cast, contract)
    fin, priya = signed_in(cast.fin), signed_in(cast.priya)
    line = invoice.lines.get()
    send(
        fin,
        f"/finance/invoices/{invoice.pk}/decide/",
        invoice.version,
        how="dispute",
        lines=line.pk,
        words="Why so much?",
    )
    send(fin, f"/finance/invoices/{invoice.pk}/release/", invoice.version + 1)
    query = Query.objects.get()
    assert "Why so much?" in words(priya.get(f"/portal/queries/{query.pk}/"))
    assert (
        send(priya, f"/portal/queries/{query.pk}/answer/", query.version, words="A slip.").status_code == 303
    )
    assert "A slip." in words(fin.get(f"/finance/queries/{query.pk}/"))
    assert "£500" in words(fin.get("/finance/queries/"))
    entries = {"outcome": "credit", "words": "Please credit it."}
    assert (
        send(fin, f"/finance/queries/{query.pk}/do/resolve_query/", query.version + 1, **entries).status_code
        == 303
    )
    assert "OAK-1" in words(fin.get("/finance/credit-notes/"))


def test_lines_and_invoices_are_decided_and_released_together(cast, contract) -> None:
    invoice = faulty(cast, contract)
    fin = signed_in(cast.fin)
    assert "OAK-1, line 1" in words(fin.get("/finance/invoices/lines/"))
    csv = fin.get("/finance/invoices/lines/?download=csv").content.decode()
    assert "Choose" not in csv
    assert "500.0" in csv
    entries = {"how": "reduce", "words": "To the contract.", "lines": invoice.lines.get().pk}
    assert send(fin, "/finance/invoices/lines/decide/", **entries).status_code == 303
    invoice.refresh_from_db()
    assert "OAK-1" in words(fin.get("/finance/invoices/ready/"))
    chosen = {"invoices": f"{invoice.pk}-{invoice.version}"}
    assert send(fin, "/finance/invoices/ready/release/", **chosen).status_code == 303
    invoice.refresh_from_db()
    assert invoice.state == "released"


def test_what_was_not_invoiced_is_listed_and_asked_about_once(cast, contract) -> None:
    fin = signed_in(cast.fin)
    shown = words(fin.get("/finance/not-invoiced/?month=2026-12"))
    assert contract.reference in shown
    assert "31 nights that were agreed" in shown.replace("Nights 31", "31 nights")
    assert (
        send(fin, f"/finance/not-invoiced/contracts/{contract.pk}/ask/", month="2026-12").status_code == 303
    )
    assert (
        send(fin, f"/finance/not-invoiced/contracts/{contract.pk}/ask/", month="2026-12").status_code == 409
    )
    sent(cast, contract, december(cast, contract))
    assert "Everything agreed for December 2026" in words(fin.get("/finance/not-invoiced/?month=2026-12"))


def test_a_file_is_previewed_its_columns_said_and_taken_in(cast, contract) -> None:
    priya = signed_in(cast.priya)
    rows = [
        f"{line.starts_on:%d/%m/%Y},31/12/2026,{contract.reference},{line.net_pence / 100:.2f}"
        for line in december(cast, contract)
    ]
    file = SimpleUploadedFile("bill.csv", "\n".join(["From,To,Contract,Zahlung", *rows]).encode())
    answer = send(priya, "/portal/invoice-files/upload/", authority=cast.croydon.pk, file=file)
    assert answer.status_code == 303
    address = answer["Location"]
    assert "No column was found for: Amount without VAT" in words(priya.get(address))
    query = "?number=OAK-7&column-Zahlung=net"
    page = priya.get(address + query)
    assert "Send 1 invoice" in words(page)
    entries = {"number": "OAK-7", "column-Zahlung": "net", "sha256": page.context["sha256"]}
    assert send(priya, f"{address}confirm/", **entries).status_code == 303
    assert Invoice.objects.get().number == "OAK-7"
    assert send(priya, f"{address}confirm/", **entries).status_code == 409


def test_somebody_elses_invoice_query_and_file_are_not_there(cast, contract) -> None:
    invoice = faulty(cast, contract)
    fin, quinn = signed_in(cast.fin), signed_in(cast.quinn)
    line = invoice.lines.get()
    send(
        fin,
        f"/finance/invoices/{invoice.pk}/decide/",
        invoice.version,
        how="dispute",
        lines=line.pk,
        words="Why?",
    )
    key = Query.objects.get().pk
    for address in (
        f"/portal/invoices/{invoice.pk}/",
        f"/portal/queries/{key}/",
        f"/portal/invoices/{invoice.pk}/document/",
    ):
        assert quinn.get(address).status_code == 404
    assert send(quinn, f"/portal/queries/{key}/answer/", 1, words="Hello").status_code == 404
    assert quinn.get("/finance/invoices/").status_code == 403


def test_the_home_of_finance_says_what_waits_and_a_proposal_is_confirmed_in_the_portal(
    cast, contract
) -> None:
    faulty(cast, contract)
    fin, priya = signed_in(cast.fin), signed_in(cast.priya)
    shown = words(fin.get("/finance/"))
    assert "Invoices to check" in shown
    assert "Answers overdue" in shown
    Invoice.objects.update(state="withdrawn")
    month = f"{date.today().replace(day=1):%Y-%m}"
    assert month in fin.get("/finance/invoices/propose/").content.decode()
    assert send(fin, "/finance/invoices/propose/", month="2026-11", payee=cast.oakhouse.pk).status_code == 303
    invoice = Invoice.objects.exclude(state="withdrawn").get()
    assert send(priya, f"/portal/invoices/{invoice.pk}/confirm/", invoice.version).status_code == 303
    assert "Being checked" in words(priya.get(f"/portal/invoices/{invoice.pk}/"))


def test_the_tolerance_and_own_references_are_kept_by_their_own_people(cast, contract) -> None:
    fin, priya = signed_in(cast.fin), signed_in(cast.priya)
    today = date.today()
    entries = {
        "starts_on_day": today.day,
        "starts_on_month": today.month,
        "starts_on_year": today.year,
        "pence": "1.00",
    }
    assert send(fin, "/finance/tolerance/", **entries).status_code == 303
    assert "£1.00" in words(fin.get("/finance/tolerance/"))
    assert send(priya, "/portal/references/", contract=contract.pk, reference="Oak 7").status_code == 303
    assert "Oak 7" in words(priya.get("/portal/references/"))
    with acting_as(cast.quinn):
        assert keeping.save_own_reference(
            by=cast.quinn, now=NOW, contract_id=contract.pk, reference="H1"
        ).problems


def entered(lines: object, **facts: object) -> dict[str, object]:
    """A paper invoice as finance types it: with each line as it was filled in."""
    given = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0, "number": "PAPER-1"}
    for name, day in (("invoiced_on", date(2026, 11, 2)), ("received_on", date(2026, 11, 5))):
        given |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    for place, line in enumerate(lines):
        row = {
            "contract": line.contract_reference, "starts_on": f"{line.starts_on:%d/%m/%Y}",
            "last_night": f"{line.ends_on - timedelta(days=1):%d/%m/%Y}", "quantity": line.quantity, "unit": "night",
            "net": f"{line.net_pence / 100:.2f}", "contract_line": line.contract_line_id,
        }  # fmt: skip
        given |= {f"lines-{place}-{name}": value for name, value in row.items()}
    return given | facts


def test_finance_enters_a_paper_invoice_filled_in_from_the_schedule_with_its_document(cast, contract) -> None:
    fin, address = signed_in(cast.fin), f"/finance/invoices/enter/?provider={cast.oakhouse.pk}&month=2026-12"
    assert "Oakhouse" in words(fin.get("/finance/invoices/enter/"))
    assert contract.reference in fin.get(address).content.decode()
    lines = december(cast, contract)
    paper = SimpleUploadedFile("bill.pdf", PDF, "application/pdf")
    answer = send(fin, address, **entered(lines, file=paper))
    assert answer.status_code == 303
    invoice = Invoice.objects.get()
    assert (invoice.channel, invoice.provider_id, invoice.net_pence) == (
        "paper",
        cast.oakhouse.pk,
        sum(line.net_pence for line in lines),
    )
    assert invoice.file is not None
    assert invoice.due_on == date(2026, 12, 5)
    assert {line.state for line in invoice.lines.all()} == {"accepted"}
    assert fin.get(f"/finance/invoices/{invoice.pk}/document/").content.startswith(b"%PDF")
    refused = send(fin, f"/finance/invoices/{invoice.pk}/release/", invoice.version)
    assert refused.status_code == 422
    assert not Payable.objects.exists()


def test_a_paper_invoice_of_a_number_that_was_taken_or_from_nobody_known_is_refused(cast, contract) -> None:
    fin, lines = signed_in(cast.fin), december(cast, contract)
    address = f"/finance/invoices/enter/?provider={cast.oakhouse.pk}"
    assert send(fin, address, **entered(lines)).status_code == 303
    again = send(fin, address, **entered(lines))
    assert again.status_code in (409, 422)
    assert "was taken in before" in words(again)
    assert fin.get("/finance/invoices/enter/?provider=999999").status_code == 404
    late = send(fin, address, **entered(lines, number="PAPER-2", received_on_month="10"))
    assert late.status_code == 422
    assert "the day on which it came" in words(late)
