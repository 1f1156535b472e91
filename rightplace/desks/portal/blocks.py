"""Shared blocks in the portal: the beds that authorities keep in one's own homes, who has each, and the months as worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, percent
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Part, Record, record_page
from rightplace.journey.blocks.provider_view import OwnBlock, own_block_of, own_blocks
from rightplace.journey.blocks.states import BLOCK


class BlockFilter(forms.Form):
    """Which blocks."""

    q = forms.CharField(label="Block", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=(("", "Any"), *BLOCK.states.items()))


COLUMNS = (
    Column("Block", "name", sort="name", link=lambda one: reverse("portal_block", args=[one.id])),
    Column("Home", "home", sort="home"),
    Column("Led by", "lead"),
    Column("State", lambda one: (one.state, BLOCK.states[one.state]), "status"),
    Column("Until", "ends_on", "date", sort="until"),
    Column("Beds", "beds", "number"),
    Column("Free", "free", "number"),
    Column("Filled so far", "filled", "percent"),
)


def block_list(request: HttpRequest) -> HttpResponse:
    """The blocks in one's own homes."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> list[OwnBlock]:
        return own_blocks(
            actor, today, words=filters.get("q") or "", state=filters.get("state") or "", sort=sort
        )

    lead = "Beds in your homes that authorities keep together, filled or not."
    listing = Listing("Shared blocks", "block", COLUMNS, rows, BlockFilter, sort="name", context={"lead": lead},
                      empty="No authority keeps beds in your homes.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def block(request: HttpRequest, key: int) -> HttpResponse:
    """One block: who has which bed now, and what each month came to."""
    one: OwnBlock = found(own_block_of(actor_of(request), key, timezone.localdate()))
    stays = Table(
        (
            Column("Bed", "bed", "number"), Column("Authority", "authority"), Column("From", "starts_on", "date"),
            Column("Until", "ends_on", "date"),
        ),
        one.stays, "Who has which bed", id="stays", empty="Every bed is free.", hide_caption=True,
    )  # fmt: skip
    months = Table(
        (
            Column("Month", "words"), Column("Bed nights", "bed_nights", "number"), Column("Cost", "cost_pence", "money"),
            Column("Signed", lambda row: ("signed", "Signed by all") if row.is_signed else ("waiting", "Being signed"), "status"),
        ),
        one.months, "Months", id="months", empty="No month was worked out yet.", hide_caption=True,
    )  # fmt: skip
    tiles = [
        Tile("Free now", one.free if one.free is not None else "–", f"of {one.beds} beds"),
        Tile("Filled so far", percent(one.filled), "of all bed nights"),
        Tile("All beds cost", one.price),
    ]
    facts = [
        SummaryRow("Home", one.home), SummaryRow("Led by", one.lead, note="pays for all beds, filled or not"),
        SummaryRow("From", day(one.starts_on), note=f"until {day(one.ends_on)}"),
    ]  # fmt: skip
    record = Record(
        one.name, "Shared blocks", reverse("portal_blocks"), caption=one.reference,
        state=(one.state, BLOCK.states[one.state]), tiles=tiles,
        parts=[Part(summary=facts), Part("Who has which bed", table=stays), Part("Months", table=months)],
    )  # fmt: skip
    return record_page(request, record)
