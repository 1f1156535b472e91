"""The transfer scheme of unaccompanied children: population, number, share, quota, over or under, by authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.quota import QuotaLine
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER
from rightplace.foundation.actions import Outcome
from rightplace.foundation.reference.authorities import authorities
from rightplace.journey.packages.queries import unaccompanied_here
from rightplace.register.services import actions, queries


class CountForm(forms.Form):
    """A published number of one authority."""

    gss_code = forms.ChoiceField(label="Authority")
    as_at = DateInPartsField(label="On")
    number = forms.IntegerField(label="Unaccompanied children cared for", min_value=0, max_value=100_000)
    source = forms.CharField(label="Where it was published", max_length=200)


def quotas(request: HttpRequest) -> HttpResponse:
    """The table as authorities publish it, with our own number of today beside."""
    actor = actor_of(request)
    lines, threshold = queries.transfer_quotas(timezone.localdate())
    columns = (
        Column("Authority", "name"),
        Column("Children aged 0 to 17", "population", "number"),
        Column("Unaccompanied", "number", "number"),
        Column("Share", lambda one: f"{float(one.share):.3%}"),
        Column("Quota", "quota", "number"),
        Column("Over or under", lambda one: one.standing),
    )
    may = actor.role in (COMMISSIONER, ANALYST)
    record = Record(
        "Transfer scheme", "Home", "/", caption="Unaccompanied children",
        lead=f"An authority is asked to care for up to {float(threshold):.2%} of its children aged 0 to 17.",
        tiles=_tiles(lines, unaccompanied_here(actor)),
        links=[NavItem("Enter a published number", reverse("enter_transfer_count"))] if may else [],
        parts=[Part(table=Table(columns, lines, "Standing by authority", id="quotas",
                                empty="No published number yet.", hide_caption=True)),
               Part(words="Population: mid-year estimates. Numbers: as published by each authority, the latest of each.")],
    )  # fmt: skip
    return record_page(request, record)


def _tiles(lines: list[QuotaLine], here: int) -> list[Tile]:
    over = sum(one.over > 0 for one in lines)
    under = sum(one.over < 0 for one in lines)
    return [
        Tile("Cared for here", here, "by our own records, today"),
        Tile("Over the quota", over, "authorities"),
        Tile("Under the quota", under, "authorities that can take more"),
    ]


def enter(request: HttpRequest) -> HttpResponse:
    """Enter a published number."""
    form = CountForm(request.POST or None)
    known = sorted((one.name, code) for code, one in authorities().items())
    form.fields["gss_code"] = forms.ChoiceField(
        label="Authority", choices=[(code, name) for name, code in known]
    )

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        return actions.enter_transfer_count(by=actor_of(request), now=timezone.now(), **typed)

    deed = Deed("Enter a published number", "Keep the number", "Transfer scheme", reverse("transfer_scheme"))
    return deed_page(request, deed, form, act, said="The number is kept.")
