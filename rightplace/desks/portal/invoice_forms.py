"""What a provider types about invoices: for whom and which month, the lines, a file, an answer, its own references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from rightplace.core.calendar import add_months
from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.rows import RowFormSet, row_formset
from rightplace.journey.invoices.given import UNITS, LineGiven
from rightplace.journey.invoices.states import INVOICE, QUERY

MOST_ROWS = 60
LONG = forms.Textarea(attrs={"rows": 4})
SHORT = forms.TextInput(attrs={"class": "govuk-input--width-10"})
NARROW = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"})
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
DAYS = ["%d/%m/%Y", "%Y-%m-%d"]
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")
FILES = (".csv", ".xlsx", ".xls", ".ods", ".xml")
MOST_BYTES = 10 * 2**20


class InvoiceFilters(forms.Form):
    """Filters of a provider's invoices, kept in the address."""

    words = forms.CharField(label="Number or contract", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *INVOICE.states.items()])


class QueryFilters(forms.Form):
    """Filters of a provider's queries."""

    words = forms.CharField(label="Number or subject", required=False, max_length=80)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("open", "All that are open"), *QUERY.states.items()],
    )


class StartForm(forms.Form):
    """To whom an invoice goes, and for which month it is filled in."""

    authority = forms.ChoiceField(label="Invoice to")
    month = forms.ChoiceField(label="Nights in")

    def __init__(self, *args: Any, authorities: Sequence[tuple[int, str]], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        first = add_months(today.replace(day=1), 0)
        months = [add_months(first, -back) for back in range(12)]
        self.fields["authority"].choices = [(str(key), name) for key, name in authorities]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["month"].choices = [(f"{m:%Y-%m}", f"{m:%B %Y}") for m in months]  # type: ignore[attr-defined]  # a ChoiceField


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


class FileForm(forms.Form):
    """A file of invoices."""

    authority = forms.ChoiceField(label="Invoice to")
    file = UploadField(label="Spreadsheet or electronic invoice", endings=FILES, max_bytes=MOST_BYTES,
                       help_text="CSV, Excel or OpenDocument, or UBL (Peppol) XML; at most 10 MB.")  # fmt: skip

    def __init__(self, *args: Any, authorities: Sequence[tuple[int, str]], **more: Any) -> None:
        # Another form with an authority stands on the same page.
        more.setdefault("auto_id", "file_%s")
        super().__init__(*args, **more)
        self.fields["authority"].choices = [(str(key), name) for key, name in authorities]  # type: ignore[attr-defined]  # a ChoiceField


class ObjectForm(forms.Form):
    """What is wrong with a proposed invoice."""

    words = forms.CharField(label="What is wrong with it?", max_length=2_000, widget=LONG)


class AnswerForm(forms.Form):
    """An answer to a query."""

    words = forms.CharField(label="Your answer", max_length=4_000, widget=LONG)
    file = UploadField(label="A document", required=False, endings=ENDINGS, max_bytes=5 * 2**20)


class ReferenceForm(forms.Form):
    """What a provider calls a child on its invoices."""

    contract = forms.ChoiceField(label="Contract")
    reference = forms.CharField(
        label="Your own reference", max_length=60, widget=SHORT, help_text="Never the child’s name."
    )

    def __init__(self, *args: Any, contracts: Sequence[Mapping[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        found = [(str(row["id"]), f"{row['reference']}, {row['child']}") for row in contracts]
        self.fields["contract"].choices = found  # type: ignore[attr-defined]  # a ChoiceField


def initial_of(line: LineGiven) -> dict[str, Any]:
    """A line as its form shows it."""
    return {
        "contract": line.contract_reference, "child": line.child_reference, "starts_on": line.starts_on,
        "last_night": line.ends_on - timedelta(days=1), "quantity": line.quantity or None, "unit": line.unit,
        "net": line.net_pence, "vat": line.vat_pence, "words": line.words, "contract_line": line.contract_line_id,
    }  # fmt: skip


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
