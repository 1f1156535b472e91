"""Electronic invoices and credit notes: UBL 2.1 as EN 16931 and Peppol BIS Billing 3 use it.

Read with a parser that takes no document type, no entities and nothing from outside. Amounts must be in pounds; the totals
that the file states must be what its lines come to. Terms in brackets are those of EN 16931 (BT-1 is the number).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from rightplace.core.money import round_half_up
from rightplace.core.problems import Problem
from rightplace.exchange.uploads import MEGABYTE
from rightplace.journey.invoices.given import MOST_LINES, InvoiceGiven, LineGiven

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": (1, "InvoiceLine", "InvoicedQuantity"),
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": (
        -1,
        "CreditNoteLine",
        "CreditedQuantity",
    ),
}
CREDIT_TYPES = {"381", "396"}
UNIT_CODES = {
    "DAY": "night", "WEE": "week", "MON": "month", "HUR": "hour", "SMI": "mile", "C62": "one_off",
    "EA": "one_off", "ONE": "one_off",
}  # fmt: skip
MOST_BYTES = 5 * MEGABYTE
MOST_TAGS = 200_000
"""More than twice what an invoice of the most lines needs; a file of nothing but tags costs time and no sense."""
HUNDREDTH = Decimal("0.01")


class _Wrong(Exception):
    """Something in the file that stops it, in a sentence."""


def looks_like_xml(content: bytes) -> bool:
    """Whether a file begins as XML does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def read_ubl(content: bytes) -> InvoiceGiven | Problem:
    """The invoice or credit note in an XML file, or why it cannot be taken in."""
    if len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS:
        return Problem("too_large", "The file is larger than 5 MB, or has too many parts. Split the invoice.")
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        words = "The file declares a document type or entities, which no electronic invoice needs. It was not read."
        return Problem("unsafe", words)
    except (ParseError, ValueError, LookupError):
        return Problem("broken", "The file is not well-formed XML. Export it again.")
    if root.tag not in ROOTS:
        return Problem(
            "wrong_type", "This is no UBL invoice or credit note (EN 16931, Peppol BIS Billing 3)."
        )
    try:
        return _invoice(root)
    except _Wrong as wrong:
        return Problem("wrong", str(wrong))


def _invoice(root: Any) -> InvoiceGiven:
    sign, line_name, _ = ROOTS[root.tag]
    if _text(root, f"{CBC}InvoiceTypeCode") in CREDIT_TYPES:
        sign = -1
    _only_pounds(root)
    rows = root.findall(f"{CAC}{line_name}")
    if len(rows) > MOST_LINES:
        raise _Wrong(
            f"The invoice has {len(rows):,} lines. At most {MOST_LINES:,} can be taken in: split it."
        )
    whole = root.find(f"{CAC}InvoicePeriod")
    contract = _text(root, f"{CAC}ContractDocumentReference/{CBC}ID")
    lines = [_line(row, sign, whole, contract, root.tag) for row in rows]
    lines += [_allowance(row, sign, whole, lines) for row in root.findall(f"{CAC}AllowanceCharge")]
    lines = _with_stated_vat(lines, _vat_total(root), sign)
    net = _pence(_text(root, f"{CAC}LegalMonetaryTotal/{CBC}TaxExclusiveAmount"), "total without VAT")
    return InvoiceGiven(
        number=_text(root, f"{CBC}ID"),
        invoiced_on=_day(_text(root, f"{CBC}IssueDate"), "date of the invoice"),
        lines=tuple(lines),
        net_pence=sign * net,
        vat_pence=sign * _vat_total(root),
        currency=_text(root, f"{CBC}DocumentCurrencyCode") or "GBP",
    )


def _only_pounds(root: Any) -> None:
    others = {each.get("currencyID") for each in root.iter() if each.get("currencyID")} - {"GBP"}
    stated = _text(root, f"{CBC}DocumentCurrencyCode")
    if others or stated not in ("", "GBP"):
        raise _Wrong(
            f"The invoice is in {', '.join(sorted(others)) or stated}. Only pounds sterling (GBP) can be taken in."
        )


def _line(row: Any, sign: int, whole: Any, contract: str, root: str) -> LineGiven:
    """A line (BG-25): its period, or that of the invoice; its references for contract and child."""
    name = f"line {_text(row, f'{CBC}ID') or '?'}"
    net = _pence(_text(row, f"{CBC}LineExtensionAmount"), f"amount of {name}")
    starts_on, ends_on = _period(row.find(f"{CAC}InvoicePeriod"), whole, name)
    percent = _decimal(
        _text(row, f"{CAC}Item/{CAC}ClassifiedTaxCategory/{CBC}Percent") or "0", f"VAT rate of {name}"
    )
    quantity, unit, rate = _quantity(row, root, name)
    texts = (_text(row, f"{CAC}Item/{CBC}Name"), _text(row, f"{CAC}Item/{CBC}Description"))
    return LineGiven(
        starts_on, ends_on, sign * net, sign * round_half_up(Fraction(net) * Fraction(percent) / 100),
        _text(row, f"{CBC}AccountingCost") or _text(row, f"{CAC}OrderLineReference/{CBC}LineID") or contract,
        _text(row, f"{CAC}DocumentReference/{CBC}ID") or _text(row, f"{CAC}Item/{CAC}SellersItemIdentification/{CBC}ID"),
        ": ".join(text for text in texts if text)[:200], quantity, unit, rate,
    )  # fmt: skip


def _quantity(row: Any, root: str, name: str) -> tuple[Decimal, str, int]:
    """Quantity, unit and rate, where they are stated to hundredths; a credit note's may be below zero as its amount is."""
    element = row.find(f"{CBC}{ROOTS[root][2]}")
    quantity = (
        abs(_decimal(element.text or "0", f"quantity of {name}")) if element is not None else Decimal(0)
    )
    unit = UNIT_CODES.get(element.get("unitCode", "") if element is not None else "", "")
    if element is not None and (element.text or "").strip().startswith("-") and ROOTS[root][0] > 0:
        raise _Wrong(f"The quantity of {name} is below zero. Send a credit note instead.")
    price = _text(row, f"{CAC}Price/{CBC}PriceAmount")
    base = _decimal(_text(row, f"{CAC}Price/{CBC}BaseQuantity") or "1", f"price of {name}")
    if quantity != quantity.quantize(HUNDREDTH) or not price or base <= 0:
        return (quantity if quantity == quantity.quantize(HUNDREDTH) else Decimal(0)), unit, 0
    rate = Fraction(_decimal(price, f"price of {name}")) * 100 / Fraction(base)
    return quantity, unit, int(rate) if rate.denominator == 1 else 0


def _allowance(row: Any, sign: int, whole: Any, lines: list[LineGiven]) -> LineGiven:
    """An allowance or charge on the whole document (BG-20, BG-21) as a line of its own."""
    is_charge = _text(row, f"{CBC}ChargeIndicator").lower() == "true"
    net = _pence(_text(row, f"{CBC}Amount"), "allowance or charge") * (1 if is_charge else -1)
    percent = _decimal(_text(row, f"{CAC}TaxCategory/{CBC}Percent") or "0", "VAT of the allowance or charge")
    usual = next(iter(lines), None)
    starts_on, ends_on = (
        (usual.starts_on, usual.ends_on)
        if whole is None and usual
        else _period(whole, None, "the allowance or charge")
    )
    words = _text(row, f"{CBC}AllowanceChargeReason") or ("Charge" if is_charge else "Allowance")
    vat = round_half_up(Fraction(net) * Fraction(percent) / 100)
    reference = usual.contract_reference if usual else ""
    return LineGiven(starts_on, ends_on, sign * net, sign * vat, reference, words=words[:200])


def _vat_total(root: Any) -> int:
    text = next((one for one in _texts(root, f"{CAC}TaxTotal/{CBC}TaxAmount")), "0")
    return _pence(text, "VAT")


def _with_stated_vat(lines: list[LineGiven], stated: int, sign: int) -> list[LineGiven]:
    """VAT is rounded once for each rate in the file, here for each line: so many pennies go on the largest line."""
    off = sign * stated - sum(line.vat_pence for line in lines)
    taxed = [place for place, line in enumerate(lines) if line.vat_pence]
    if not off or not taxed or abs(off) > len(taxed):
        return lines
    largest = max(taxed, key=lambda place: abs(lines[place].vat_pence))
    one = lines[largest]
    return [*lines[:largest], replace(one, vat_pence=one.vat_pence + off), *lines[largest + 1 :]]


def _period(own: Any, whole: Any, name: str) -> tuple[date, date]:
    """First night and the day after the last: the end of a period (BT-135) is a day of it."""
    for period in (own, whole):
        if period is not None and (start := _text(period, f"{CBC}StartDate")):
            first = _day(start, f"start of {name}")
            last = _day(_text(period, f"{CBC}EndDate") or start, f"end of {name}")
            return first, last + timedelta(days=1)
    raise _Wrong(f"There are no dates for {name}: give it a period, or the whole invoice one.")


def _texts(element: Any, path: str) -> Iterator[str]:
    return ((each.text or "").strip() for each in element.findall(path))


def _text(element: Any, path: str) -> str:
    return next(_texts(element, path), "")


def _decimal(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or abs(value) > 10**12:
        raise _Wrong(f"The {what} is not a number: “{text[:30]}”.")
    return value


def _pence(text: str, what: str) -> int:
    value = _decimal(text or "none", what) * 100
    if value != value.to_integral_value():
        raise _Wrong(f"The {what} has parts of a penny: “{text[:30]}”.")
    return int(value)


def _day(text: str, what: str) -> date:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise _Wrong(f"The {what} is not a date: “{text[:30]}”.") from None
    if not date(2000, 1, 1) <= found <= date(2100, 1, 1):
        raise _Wrong(f"The {what} is not within this century: “{text[:30]}”.")
    return found
