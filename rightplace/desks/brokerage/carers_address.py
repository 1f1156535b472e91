"""The page on which the address of own carers is released: asked for with a reason, shown once."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.layout.answers import add_problems, refused, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.journey.placements import queries, releasing
from rightplace.journey.placements.models import Placement


class ReasonForm(forms.Form):
    """What the address is needed for."""

    reason = forms.CharField(
        label="What do you need the address for?",
        max_length=releasing.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example: first visit on Tuesday. It is kept with your name in the record of looks.",
    )


def may_ask(actor: Actor, row: Placement) -> bool:
    """Whether the placement's page offers the address to this person."""
    return not releasing.release_problems(actor, row)


def ask(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for the address, and see it in the answer; coming back to the page asks anew."""
    actor, now = actor_of(request), timezone.now()
    row: Placement = found(queries.placement_page(actor, key, now))
    back = reverse("placements:placement", args=[key])
    if problems := releasing.release_problems(actor, row):
        return refused(request, tuple(problems), back=back)
    form = ReasonForm(request.POST or None)
    known = {"placement": row, "form": form, "back": back}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "brokerage/carers_address.html", known, status=status)
    outcome = releasing.release_address(
        by=actor, now=now, placement_id=key, reason=form.cleaned_data["reason"]
    )
    if not outcome.is_done:
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
        return render(request, "brokerage/carers_address.html", known, status=status)
    shown = outcome.done()
    rows = [
        SummaryRow("Carers", shown.carers),
        SummaryRow("Address", shown.address or "Not recorded"),
        SummaryRow("Postcode", shown.postcode or "Not recorded"),
    ]
    return render(request, "brokerage/carers_address.html", {**known, "shown": rows})
