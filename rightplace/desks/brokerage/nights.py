"""Nights away, sessions, miles and notice at the authority's desks: the portal's pages, and the page that records notice."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.portal import nights
from rightplace.desks.portal.nights import Place
from rightplace.journey.contracts.notice import record_notice
from rightplace.journey.contracts.queries import ContractRow, contract_brief

OURS = Place("contract", "contracts")

shown = partial(nights.nights, place=OURS)
record = partial(nights.record, place=OURS)
came_back = partial(nights.came_back, place=OURS)
take_back = partial(nights.take_back, place=OURS)
deliver = partial(nights.deliver, place=OURS)
take_back_delivery = partial(nights.take_back_delivery, place=OURS)


class NoticeForm(forms.Form):
    """The day of notice."""

    given_on = DateInPartsField(
        label="On which day was notice given in writing?", required=False,
        help_text="By either side. Leave empty to take back what was recorded by mistake.",
    )  # fmt: skip


def notice(request: HttpRequest, key: int) -> HttpResponse:
    """Record the day on which notice was given."""
    actor = actor_of(request)
    row: ContractRow = found(contract_brief(actor, key))
    form, status, back = NoticeForm(request.POST or None), 200, reverse("contract", args=[key])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"contract_id": key, "version": version_of(request), **form.cleaned_data}
            outcome = record_notice(by=actor, now=timezone.now(), **given)
            if outcome.is_done:
                return answer(request, outcome, then=back, said="Notice is recorded.")
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    known = {
        "form": form, "title": "Record notice", "back": back, "list": row.reference, "version": row.version,
        "lead": "What is paid after the child has left, if the contract says so, is paid up to the end of the notice.",
    }  # fmt: skip
    return render(request, "portal/nights_form.html", known, status=status)
