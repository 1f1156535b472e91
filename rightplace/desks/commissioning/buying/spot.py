"""Spot purchases at the desk: what share of the spending they are, and each with its reason and who agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column, note_beside
from rightplace.desks.components.words import pounds, sentence_case
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.decisions.models import Permission
from rightplace.journey.decisions.states import PERMISSION
from rightplace.journey.offers.queries import home_words
from rightplace.oversight.market.spot import SpotShare, spot_purchases, spot_shares

CARE_FROM = 0.2


class SpotFilter(forms.Form):
    """Which of them."""

    q = forms.CharField(label="Provider", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "All"), *PERMISSION.states.items())
    )


COLUMNS = (
    Column("Request", "choice.request.reference", "reference"),
    Column("Home", lambda row: home_words(row.choice.offer)),
    Column("Why", lambda row: note_beside(row.choice.reason, f"chosen by {row.choice.by}")),
    Column("A week", "weekly_pence", "pounds", sort="weekly"),
    Column("Whole cost", "whole_cost_pence", "pounds", sort="cost"),
    Column("Asked", "asked_at", "date", sort="asked"),
    Column("Decided by", lambda row: str(row.decided_by or "")),
    Column("State", lambda row: (row.state, PERMISSION.states[row.state]), "status"),
)


def spot_list(request: HttpRequest) -> HttpResponse:
    """Every spot purchase of the authority, with why and who agreed."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Permission]:
        return spot_purchases(
            actor, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    lead = "Bought from providers that stood on no framework for the kind of home. Each has a reason and somebody’s permission."
    tiles = [_tile(one) for one in spot_shares(actor, timezone.localdate())]
    listing = Listing("Spot purchases", "purchase", COLUMNS, rows, SpotFilter, sort="-asked",
                      context={"lead": lead, "tiles": tiles}, empty="Nothing was bought outside a framework.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _tile(one: SpotShare) -> Tile:
    spent, whole = pounds(one.spot_pence, whole=True), pounds(one.weekly_pence, whole=True)
    words = f"{spent} of {whole} a week, {one.spot} of {one.placements}"
    # A kind of service that a commissioner added is known by its code.
    known = HomeKind.words_for(one.kind)
    return Tile(
        known if known != one.kind else sentence_case(one.kind),
        f"{one.share:.0%} spot",
        words,
        tone="care" if one.share > CARE_FROM else "plain",
    )
