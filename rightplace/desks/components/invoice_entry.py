"""An invoice as it is typed, by a provider in the portal or by finance for one that sent it on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.rows import RowFormSet, row_formset
from rightplace.journey.invoices.given import UNITS, LineGiven

MOST_ROWS = 60
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")
SHORT = forms.TextInput(attrs={"class": "govuk-input--width-10"})
NARROW = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"})
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class HeadForm(forms.Form):
    """The head of an invoice, with the document itself."""

    number = forms.CharField(label="Your invoice number", max_length=40, widget=SHORT)
    invoiced_on = DateInPartsField(label="Date of the invoice")
    file = UploadField(
        label="The document itself", required=False, endings=ENDINGS, max_bytes=5 * 2**20,
        help_text="A PDF, PNG or JPEG of at most 5 MB.",
    )  # fmt: skip


class LineForm(forms.Form):
    """One line of an invoice."""

    # Read by the field template: most of a line may be left empty, so each label need not say so.
    hide_optional = True
    contract = forms.CharField(label="Contract", required=False, max_length=40, widget=SHORT)
    child = forms.CharField(label="Your reference", required=False, max_length=60, widget=SHORT)
    starts_on = forms.DateField(label="First night", widget=DAY, input_formats=DAYS)
    last_night = forms.DateField(label="Last night", widget=DAY, input_formats=DAYS)
    quantity = forms.DecimalField(
        label="How many", required=False, min_value=0, max_digits=9, decimal_places=2, widget=NARROW
    )
    unit = forms.ChoiceField(label="Of", required=False, choices=list(UNITS.items()))
    net = MoneyField(label="Without VAT", min_pence=-(10**10), max_pence=10**10)
    vat = MoneyField(label="VAT", required=False, min_pence=-(10**10), max_pence=10**10)
    words = forms.CharField(label="For", required=False, max_length=200)
    contract_line = forms.IntegerField(required=False, widget=forms.HiddenInput)


LineRows: type[RowFormSet] = row_formset(LineForm, "line", least=1, most=MOST_ROWS)


def initial_of(line: LineGiven) -> dict[str, Any]:
    """A line as its form shows it."""
    return {
        "contract": line.contract_reference, "child": line.child_reference, "starts_on": line.starts_on,
        "last_night": line.ends_on - timedelta(days=1), "quantity": line.quantity or None, "unit": line.unit,
        "net": line.net_pence, "vat": line.vat_pence, "words": line.words, "contract_line": line.contract_line_id,
    }  # fmt: skip


def filled_in(lines: Sequence[LineGiven], rows: type[RowFormSet] = LineRows) -> RowFormSet:
    """Rows filled in with what is due; an empty one where nothing is."""
    return rows(initial=[initial_of(line) for line in lines[:MOST_ROWS]] or None, prefix="lines")


def lines_given(rows: Sequence[Mapping[str, Any]]) -> tuple[LineGiven, ...]:
    """The lines as typed."""
    return tuple(
        LineGiven(
            starts_on=row["starts_on"], ends_on=row["last_night"] + timedelta(days=1), net_pence=row["net"],
            vat_pence=row["vat"] or 0, contract_reference=row["contract"], child_reference=row["child"], words=row["words"],
            quantity=row["quantity"] or Decimal(0), unit=row["unit"], contract_line_id=row["contract_line"],
        )
        for row in rows
    )  # fmt: skip
