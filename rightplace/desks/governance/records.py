"""The record of processing, made from the same tables that the product runs by; and every correction of a fact."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.tables import Column, Table
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.retention.queries import record_of_processing
from rightplace.journey.requests.keeping_children import FACTS, corrections

CORRECTED = (
    "Facts of children that somebody said were wrong: put right, or left as they are and why. Providers who were shown "
    "a wrong fact have been told."
)
HOW = {"two_persons": "Two persons agree", "cleared": "Cleared by age", "kept": "Not destroyed"}


def processing(request: HttpRequest) -> HttpResponse:
    """What is held of whom, for what, who sees it, how long, and under which source (UK GDPR article 30)."""
    kinds = [
        _kind(kind, lines, tables)
        for kind, lines, tables in record_of_processing(timezone.localdate())
        if tables
    ]
    return render(request, "governance/processing.html", {"kinds": kinds})


def _kind(kind: str, lines: Any, tables: Any) -> dict[str, Any]:
    """A kind of record as the page shows it."""
    first = lines[0]
    shown = {"words": first.words, "rules": lines, "how": HOW[first.how], "tables": len(tables)}
    return {**shown, "table": _table(kind, tables), "id": f"held-{kind.replace('_', '-')}"}


def _table(kind: str, tables: Any) -> Table:
    columns = (
        Column("Table", "label"),
        Column("What it is for", "why_held"),
        Column("Who sees it", "who_sees"),
    )
    return Table(columns, tables, f"Tables of {kind}", id=f"kind-{kind.replace('_', '-')}", hide_caption=True)


def correction_list(request: HttpRequest) -> HttpResponse:
    """Every fact put right or left as it is, the newest first; children by number."""
    states = {"made": ("Put right", Q(is_made=True)), "refused": ("Left as it is", Q(is_made=False))}
    found_rows = Rows(
        corrections(actor_of(request)), ("child__local_number", "asked_by", "reason", "field"), "Number, person or reason",
        states, {"when": "at", "child": "child__local_number", "fact": "field"},
    )  # fmt: skip
    columns = (
        Column("When", "at", "moment", "when"),
        Column("Child", "child.local_number", "reference", "child"),
        Column("Fact", lambda row: FACTS.get(row.field, row.field), sort="fact"),
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
    return show_list(
        request, "governance/corrections.html", found_rows, columns, caption="Corrections", noun="correction",
        empty="Nobody has asked for a correction.", lead=CORRECTED,
    )  # fmt: skip
