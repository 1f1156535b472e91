"""Invoice files read: columns of any names, electronic invoices, and everything bad refused with a reason."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from rightplace.core.problems import Problem
from rightplace.exchange.invoices.reading import InvoiceFile, read_sheet
from rightplace.exchange.invoices.ubl import read_ubl
from rightplace.journey.invoices.given import InvoiceGiven

TODAY = date(2027, 1, 4)
HEAD = "Inv no,Period from,Period to,Contract,YP ref,Nights,Nightly rate,Amount,VAT\n"


def read(text: str, **more: object) -> InvoiceFile:
    found = read_sheet(text.encode(), today=TODAY, **more)
    assert isinstance(found, InvoiceFile)
    return found


def test_columns_are_read_by_meaning_and_lines_gathered_by_their_number() -> None:
    text = (
        HEAD
        + "A1,01/12/2026,31/12/2026,IPC-000001,Oak 7,31,100.00,3100.00,\nA2,1 December 2026,2 December 2026,,Oak 8,2,100,200,0\n"
    )
    first, second = read(text).invoices
    (line,) = first.lines
    assert (first.number, line.starts_on, line.ends_on, line.net_pence) == (
        "A1",
        date(2026, 12, 1),
        date(2027, 1, 1),
        310_000,
    )
    assert (line.quantity, line.unit, line.rate_pence, line.child_reference) == (31, "night", 10_000, "Oak 7")
    assert (second.number, second.lines[0].ends_on) == ("A2", date(2026, 12, 3))


def test_a_mapping_decides_what_a_column_means_and_a_number_may_be_given_for_the_whole_file() -> None:
    text = "Von,Bis,Betrag\n01/12/2026,31/12/2026,10.00\n"
    assert isinstance(read_sheet(text.encode(), today=TODAY), Problem)
    found = read(text, mapping={"Von": "starts_on", "Bis": "last_night", "Betrag": "net"}, number="N-1")
    assert [one.number for one in found.invoices] == ["N-1"]


def test_a_row_of_totals_is_left_out_and_said_so() -> None:
    found = read(HEAD + "A1,01/12/2026,31/12/2026,,,31,,3100.00,\n,,,,,,,3100.00,\n")
    assert [len(one.lines) for one in found.invoices] == [1]
    assert [one.is_bad for one in found.findings] == [False]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A1,=1+1,31/12/2026,,,31,,3100.00,", "starts_on"),
        ("A1,01/12/2026,31/12/2026,,,-31,,3100.00,", "quantity"),
        ("A1,01/12/2026,31/12/2026,,,31,,=SUM(A1),", "net"),
        ("A1,01/12/2026,31/12/2026,,,31,,3100.001,", "net"),
        ("A1,01/12/2026,31/12/2026,,,1e9,,3100.00,", "quantity"),
        ("A1,01/12/2026,31/12/2126,,,31,,3100.00,", "starts_on"),
        (",01/12/2026,31/12/2026,X,,31,,3100.00,", "number"),
    ],
)
def test_what_cannot_be_read_keeps_the_file_out_with_its_line_and_reason(row: str, column: str) -> None:
    found = read(HEAD + row + "\n")
    assert not found.is_good
    assert column in [one.column for one in found.findings if one.is_bad and one.line == 2]


def test_formulas_in_words_stay_words() -> None:
    text = "Invoice number,From,To,Amount,Description\nA1,01/12/2026,31/12/2026,5,=cmd|' /C calc'!A0\n"
    assert read(text).invoices[0].lines[0].words.startswith("=cmd")


def test_a_workbook_is_read_as_a_csv_file_is() -> None:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Invoice", "First night", "Last night", "Net"])
    sheet.write_row(1, 0, ["A1", "01/12/2026", "31/12/2026", 3100])
    book.close()
    found = read_sheet(kept.getvalue(), today=TODAY)
    assert isinstance(found, InvoiceFile)
    assert found.invoices[0].lines_net_pence == 310_000


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 250_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb(), "too_large"),
        (gzip.compress(b"a,b\n" * 30_000_000), "too_large"),
        (b"%PDF-1.7", "wrong_type"),
        (b"  ", "empty"),
    ],
    ids=["zip bomb", "gzip bomb", "PDF", "nothing"],
)
def test_bombs_and_what_is_no_table_are_refused_quickly(content: bytes, code: str) -> None:
    began = time.process_time()
    found = read_sheet(content, today=TODAY)
    assert isinstance(found, Problem)
    assert found.code == code
    assert time.process_time() - began < 2


def test_a_million_lines_are_refused_with_the_limit() -> None:
    found = read_sheet((HEAD + "A1,01/12/2026,31/12/2026,,,31,,1,\n" * 200_000).encode(), today=TODAY)
    assert isinstance(found, Problem)
    assert found.code == "too_large"


SPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def ubl(
    *,
    root: str = "Invoice",
    currency: str = "GBP",
    total: str = "3100.00",
    quantity: str = "31",
    head: str = "",
) -> bytes:
    line, unit = (
        ("InvoiceLine", "InvoicedQuantity") if root == "Invoice" else ("CreditNoteLine", "CreditedQuantity")
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<{root} {SPACES.format(root=root)}>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>PEP-9</cbc:ID><cbc:IssueDate>2027-01-02</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  <cac:InvoicePeriod><cbc:StartDate>2026-12-01</cbc:StartDate><cbc:EndDate>2026-12-31</cbc:EndDate></cac:InvoicePeriod>
  <cac:ContractDocumentReference><cbc:ID>IPC-000001</cbc:ID></cac:ContractDocumentReference>
  <cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">620.00</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxExclusiveAmount currencyID="{currency}">{total}</cbc:TaxExclusiveAmount></cac:LegalMonetaryTotal>
  <cac:{line}><cbc:ID>1</cbc:ID><cbc:{unit} unitCode="DAY">{quantity}</cbc:{unit}>
    <cbc:LineExtensionAmount currencyID="{currency}">3100.00</cbc:LineExtensionAmount>
    <cac:DocumentReference><cbc:ID>Oak 7</cbc:ID></cac:DocumentReference>
    <cac:Item><cbc:Name>Core fee</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:Percent>20</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="{currency}">100.00</cbc:PriceAmount></cac:Price>
  </cac:{line}>
</{root}>""".encode()


def test_a_peppol_invoice_is_read_with_its_references_period_and_vat() -> None:
    found = read_ubl(ubl())
    assert isinstance(found, InvoiceGiven)
    (line,) = found.lines
    assert (found.number, found.invoiced_on, found.net_pence, found.vat_pence) == (
        "PEP-9",
        date(2027, 1, 2),
        310_000,
        62_000,
    )
    assert (line.contract_reference, line.child_reference, line.words) == ("IPC-000001", "Oak 7", "Core fee")
    assert (line.starts_on, line.ends_on, line.vat_pence) == (date(2026, 12, 1), date(2027, 1, 1), 62_000)
    assert (line.quantity, line.unit, line.rate_pence) == (31, "night", 10_000)


def test_a_credit_note_is_below_zero() -> None:
    found = read_ubl(ubl(root="CreditNote"))
    assert isinstance(found, InvoiceGiven)
    assert (found.net_pence, found.lines[0].net_pence, found.lines[0].quantity) == (-310_000, -310_000, 31)


ENTITY = '<!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ubl(head=ENTITY), "unsafe"), (ubl(head=LAUGHS), "unsafe"), (ubl(head="<!DOCTYPE Invoice>"), "unsafe"),
        (ubl()[:-20], "broken"), (b"<html></html>", "wrong_type"), (ubl(currency="EUR"), "wrong"),
        (ubl(quantity="-31"), "wrong"), (ubl(quantity="lots"), "wrong"), (b"<a>" * 10_000, "broken"),
        (b"<a>" * 300_000, "too_large"),
        (b" " * 6_000_000, "too_large"),
    ],
)  # fmt: skip
def test_unsafe_broken_and_foreign_xml_is_refused_within_50_ms(content: bytes, code: str) -> None:
    began = time.process_time()
    found = read_ubl(content)
    assert isinstance(found, Problem)
    assert found.code == code
    assert time.process_time() - began < 0.05
