"""What a provider types about invoices: for whom and which month, a file, an answer, its own references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from rightplace.core.calendar import add_months
from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.invoice_entry import ENDINGS, SHORT
from rightplace.journey.invoices.states import INVOICE, QUERY

LONG = forms.Textarea(attrs={"rows": 4})
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
