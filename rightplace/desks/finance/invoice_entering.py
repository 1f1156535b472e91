"""Entering an invoice that a provider sent on paper or by e-mail: filled in from the schedule, with the document itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.invoice_entry import MOST_ROWS, HeadForm, LineForm
from rightplace.desks.components.invoice_parts import month_from, months_before
from rightplace.desks.components.invoice_typing import Document, InvoicePage, Send
from rightplace.desks.components.rows import row_formset
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.queries import providers_in_use
from rightplace.journey.invoices import actions, proposing
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.invoices.models import Invoice


class WhoseForm(forms.Form):
    """Whose invoice it is, and for which month it is filled in."""

    provider = forms.ChoiceField(label="From")
    month = forms.ChoiceField(
        label="Nights in", help_text="The lines are filled in with what is due and not invoiced yet."
    )

    def __init__(self, *args: Any, providers: dict[str, str], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["provider"].choices = list(providers.items())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["month"].choices = months_before(today)  # type: ignore[attr-defined]  # a ChoiceField


class PaperForm(HeadForm):
    """The head of a paper invoice, with the day on which it came."""

    number = forms.CharField(
        label="Invoice number", max_length=40, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        help_text="As it stands on the invoice. Each number is taken once.",
    )  # fmt: skip
    received_on = DateInPartsField(
        label="Received on", help_text="The days within which it must be paid run from here."
    )
    field_order = ("number", "invoiced_on", "received_on", "file")


class PaperLineForm(LineForm):
    """One line of a paper invoice."""

    child = forms.CharField(
        label="Provider’s reference", required=False, max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip


PAPER = InvoicePage(
    "finance/invoice_enter.html",
    "provider",
    "finance_invoice",
    "The invoice is entered and was checked. A colleague releases it: not who entered it.",
    PaperForm,
    row_formset(PaperLineForm, "line", least=1, most=MOST_ROWS),
)


def providers_of(actor: Actor) -> dict[str, str]:
    """The providers with contracts, by number; own carers send no invoice."""
    return {str(key): name for key, name in providers_in_use(actor) if key}


def enter(request: HttpRequest) -> HttpResponse:
    """Enter an invoice for a provider: first whose it is and for which month, then its lines."""
    actor, today = actor_of(request), timezone.localdate()
    providers = providers_of(actor)
    key = request.GET.get("provider", "")
    if not key:
        latest = f"{month_from('', today):%Y-%m}"
        form = WhoseForm(providers=providers, today=today, initial={"month": latest})
        known = {"form": form, "has_providers": bool(providers)}
        status = 422 if request.method == "POST" else 200
        return render(request, "finance/invoice_whose.html", known, status=status)
    name = found(providers.get(key))
    if request.method == "POST":
        return PAPER.taken(request, name, _sent(actor, int(key)))
    month = month_from(request.GET.get("month", ""), today)
    due = proposing.due_to(actor, month, int(key))
    return PAPER.filled(request, name, due, month, invoiced_on=today, received_on=today)


def _sent(actor: Actor, provider_id: int) -> Send:
    def send(facts: Mapping[str, Any], given: InvoiceGiven, document: Document) -> Outcome[Invoice]:
        return actions.send_invoice(
            by=actor, now=timezone.now(), authority_id=actor.authority_id, provider_id=provider_id, channel="paper",
            given=given, document=document, received_on=facts["received_on"],
        )  # fmt: skip

    return send
