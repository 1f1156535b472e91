"""Importing published spending on the page of imports, and taking an import back."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import UploadField
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.published_payments.loading import import_payments, take_back_payments

ENDINGS = (".csv", ".gz", ".xlsx", ".xls", ".ods")
LARGEST = 12 * 2**20


class PaymentsForm(forms.Form):
    """A file of published spending."""

    council = forms.CharField(
        label="Council, where no column says so",
        required=False,
        max_length=80,
        help_text="Such as North Tyneside",
    )
    file = UploadField(label="Published spending (CSV or Excel)", endings=ENDINGS, max_bytes=LARGEST)


def upload(request: HttpRequest) -> HttpResponse:
    """Take in a file of published spending."""
    form, code = PaymentsForm(request.POST, request.FILES, prefix="payments"), 422
    if form.is_valid():
        file = form.cleaned_data["file"]
        outcome = import_payments(
            by=actor_of(request), now=timezone.now(), content=file.read(), file_name=file.name,
            council=form.cleaned_data["council"],
        )  # fmt: skip
        if outcome.is_done:
            report = outcome.done()
            return answer(
                request,
                outcome,
                then=reverse("commissioning:import", args=[report.run_id]),
                said=report.words,
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return render(request, "commissioning/import_payments.html", {"payments_form": form}, status=code)


def take_back(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take an import of published spending back."""
    outcome = take_back_payments(by=actor_of(request), now=timezone.now(), run_id=run_id)
    said = f"{outcome.value or 0:,} payments were taken back."
    return answer(request, outcome, then=reverse("commissioning:import", args=[run_id]), said=said)
