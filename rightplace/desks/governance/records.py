"""The record of processing, made from the same tables that the product runs by; and every correction of a fact."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.retention.queries import record_of_processing
from rightplace.journey.requests.keeping_children import FACTS, corrections

HOW = {"two_persons": "Two persons agree", "cleared": "Cleared by age", "kept": "Not destroyed"}


def processing(request: HttpRequest) -> HttpResponse:
    """What is held of whom, for what, who sees it, how long, and under which source (UK GDPR article 30)."""
    kinds = [
        {"words": lines[0].words, "rules": lines, "how": HOW[lines[0].how], "table": _table(kind, tables)}
        for kind, lines, tables in record_of_processing(timezone.localdate())
        if tables
    ]
    return render(request, "governance/processing.html", {"kinds": kinds})


def _table(kind: str, tables: Any) -> Table:
    columns = (
        Column("Table", "label"),
        Column("What it is for", "why_held"),
        Column("Who sees it", "who_sees"),
    )
    return Table(columns, tables, f"Tables of {kind}", id=f"kind-{kind.replace('_', '-')}", hide_caption=True)


def correction_list(request: HttpRequest) -> HttpResponse:
    """Every fact put right or left as it is, the newest first; children by number."""
    rows = corrections(actor_of(request))[:500]
    columns = (
        Column("When", "at", "moment"),
        Column("Child", "child.local_number", "reference"),
        Column("Fact", lambda row: FACTS.get(row.field, row.field)),
        Column("Asked by", "asked_by"),
        Column(
            "Outcome",
            lambda row: ("done", "Put right") if row.is_made else ("refused", "Left as it is"),
            "status",
        ),
        Column("Reason", "reason"),
        Column("Statement", lambda row: "Stands beside it" if row.statement else ""),
        Column("By", "by"),
    )
    table = Table(columns, rows, "Corrections", hide_caption=True, empty="Nobody has asked for a correction.")
    return render(request, "governance/corrections.html", {"table": table})
