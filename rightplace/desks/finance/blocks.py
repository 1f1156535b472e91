"""Blocks of beds at the finance desk: how far each is filled, and what a filled night costs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import download
from rightplace.journey.payments.blocks import BlockUse, block_uses

COLUMNS = (
    Column(
        "Contract", lambda row: row.block.reference, "reference",
        link=lambda row: reverse("finance_contract", args=[row.block.contract_id]),
    ),
    Column("Home", lambda row: row.block.home),
    Column("Provider", lambda row: row.block.provider),
    Column("Beds", lambda row: row.block.beds, "number"),
    Column("From", lambda row: row.block.nights.start, "date"),
    Column("Until", lambda row: row.block.nights.closed_end, "date"),
    Column("Bed nights so far", "bed_nights", "number"),
    Column("Filled", "filled_nights", "number"),
    Column("Share filled", "share", "percent"),
    Column("Cost so far", "pence", "money"),
    Column("A filled night", "pence_a_filled_night", "money"),
)  # fmt: skip


def blocks(request: HttpRequest) -> HttpResponse:
    """Every block of the authority, to today."""
    rows = block_uses(actor_of(request), timezone.localdate())
    if (kind := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(kind, "Blocks of beds", COLUMNS, rows)
    empty = "No block is agreed. A variation of a contract can keep beds: choose “Block of beds” as what a price is for."
    files = [("CSV", "?download=csv"), ("Excel", "?download=xlsx")] if rows else ()
    table = Table(COLUMNS, rows, "Blocks of beds, to today", downloads=files, empty=empty, hide_caption=True)
    return render(request, "finance/blocks.html", {"table": table, "tiles": _tiles(rows) if rows else []})


def _tiles(rows: list[BlockUse]) -> list[Tile]:
    nights, filled = sum(row.bed_nights for row in rows), sum(row.filled_nights for row in rows)
    pence = sum(row.pence for row in rows)
    share = round(100 * filled / nights) if nights else 0
    return [
        Tile(
            "Filled",
            f"{share}%",
            f"{filled:,} of {nights:,} bed nights",
            "",
            "good" if share >= 90 else "care",
        ),
        Tile(
            "Paid for empty beds", pounds(pence - _of(pence, filled, nights)), "at the price of a bed night"
        ),
        Tile(
            "A filled night", pounds(round(pence / filled)) if filled else "None yet", "all blocks together"
        ),
    ]


def _of(pence: int, filled: int, nights: int) -> int:
    return round(pence * filled / nights) if nights else 0
