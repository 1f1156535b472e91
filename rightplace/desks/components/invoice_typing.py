"""The page on which an invoice is typed, in the portal and at finance: shown filled in, shown again, or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rightplace.desks.components.invoice_entry import MOST_ROWS, HeadForm, LineRows, filled_in, lines_given
from rightplace.desks.components.rows import RowFormSet, any_rows_pressed, as_typed, rows_after_press
from rightplace.desks.layout.answers import add_problems, see_other, status_of
from rightplace.foundation.actions import Outcome
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Invoice

Document = tuple[str, bytes] | None
Send = Callable[[Mapping[str, Any], InvoiceGiven, Document], Outcome[Invoice]]


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """Where an invoice is typed: template, what the other side is called in it, the page of what was sent, words, forms."""

    template: str
    side: str
    sent_page: str
    sent_words: str
    head: type[HeadForm] = HeadForm
    rows: type[RowFormSet] = LineRows

    def filled(
        self, request: HttpRequest, name: str, due: Sequence[LineGiven], month: date, **initial: Any
    ) -> HttpResponse:
        """The page with what is due in a month, and how many lines found no room."""
        said = "" if due else f"Nothing of {month:%B %Y} is left to be invoiced. You can still enter lines."
        more, rows = max(len(due) - MOST_ROWS, 0), filled_in(due, self.rows)
        return self._shown(request, self.head(initial=initial), rows, name, 200, more=more, said=said)

    def taken(self, request: HttpRequest, name: str, send: Send) -> HttpResponse:
        """What was typed: sent, or shown again with every fault."""
        if any_rows_pressed(request.POST):
            pressed = rows_after_press(self.rows, request.POST, "lines")
            return self._shown(request, as_typed(self.head, request.POST), pressed, name, 200)
        form, rows = self.head(request.POST, request.FILES), self.rows(request.POST, prefix="lines")
        if not (form.is_valid() and rows.is_valid()):
            return self._shown(request, form, rows, name, 422)
        facts, file = form.cleaned_data, form.cleaned_data["file"]
        given = InvoiceGiven(facts["number"], facts["invoiced_on"], lines_given(rows.filled))
        outcome = send(facts, given, (file.name or "", file.read()) if file else None)
        if outcome.is_done:
            messages.success(request, self.sent_words)
            return see_other(reverse(self.sent_page, args=[outcome.done().pk]))
        add_problems(form, outcome.problems)
        return self._shown(request, form, rows, name, status_of(outcome.problems))

    def _shown(
        self,
        request: HttpRequest,
        form: forms.Form,
        rows: Any,
        name: str,
        status: int,
        more: int = 0,
        said: str = "",
    ) -> HttpResponse:
        known = {"form": form, "rows": rows, self.side: name, "more": more, "said": said, "most": MOST_ROWS}
        return render(request, self.template, known, status=status)
