"""Contracts as finance sees them: terms, versions and schedule, with the child by initials only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import (
    PortalFilters,
    history_items,
    lead_words,
    state_pair,
    summary,
    years_figure,
)
from rightplace.desks.components.schedule_parts import nights_figure
from rightplace.desks.components.svg import Figure, Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.doors import found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.contracts import queries as contracts
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding.bearing import Borne
from rightplace.journey.funding.models import Partner
from rightplace.journey.funding.queries import split_of
from rightplace.journey.payments import queries
from rightplace.journey.payments.calendar import nights_by_month

COLUMNS = (
    Column(
        "Contract", "reference", sort="reference", link=lambda row: reverse("finance_contract", args=[row.id])
    ),
    Column("Child", "child_initials"),
    Column("Provider", "provider", sort="provider"),
    Column("State", lambda row: state_pair(row), "status", "state"),
    Column("Start", "starts_on", "date", "starts_on"),
    Column("Expected end", lambda row: row.ended_on or row.ends_on, "date", "ends_on"),
    Column("Whole cost", "whole_cost_pence", "money"),
)
LINE_COLUMNS = (
    Column("Due on", "due_on", "date"),
    Column("For", "kind"),
    Column("Price", "price"),
    Column("From", "starts_on", "date"),
    Column("Last night", "last_night", "date"),
    Column("Nights", "nights", "number"),
    Column("Code", "code"),
    Column("What", "what"),
    Column("Amount", "pence", "money"),
)


def contract_list(request: HttpRequest) -> HttpResponse:
    """Every contract of the authority."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Contract]:
        return contracts.contracts(actor, contracts.ContractFilters(**filters, sort=sort))

    listing = Listing(
        "Contracts", "contract", COLUMNS, rows, PortalFilters, sort="-made_at", as_row=contracts.contract_row
    )
    return list_page(request, "layout/list.html", listing)


def contract_page(request: HttpRequest, key: int) -> HttpResponse:
    """One contract with its schedule."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    shown = found(contracts.contract_page(actor, key, timezone.now()))
    lines = queries.contract_schedule(actor, key)
    due = [line for line in lines if line.state == "due"]
    gone = [line for line in lines if line.state != "due"]
    known = {
        "contract": shown,
        "row": shown.row,
        "state": state_pair(shown.row),
        "lead": lead_words(shown.row),
        "summary": summary(shown),
        "years": years_figure(shown),
        "recent": history_items(shown),
        "by_month": month_table(due),
        "lines": _lines(due, "Every line", "lines") if due else None,
        "superseded": _lines(gone, "Lines that a change replaced", "superseded") if gone else None,
        "nights": nights_figure(nights_by_month(actor, key)),
        "codes": codes_table(queries.code_totals(actor, key)),
        "split": split_figure(*split_of(actor, key)),
    }
    return render(request, "finance/contract.html", known)


def split_figure(partners: Sequence[Partner], parts: Sequence[Borne]) -> Figure | None:
    """What each partner bears in each year, where costs are shared."""
    if not parts:
        return None
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for part in parts:
        sums[part.year, part.partner_id] += part.pence
    years = sorted({part.year for part in parts})
    rows = [Stack(year, [max(sums[year, one.pk], 0) for one in partners]) for year in years]
    return stacked_bars(rows, [one.name for one in partners], "Who bears what", "money")


def codes_table(totals: tuple[queries.CodeTotal, ...]) -> Table | None:
    """What each financial year comes to under each cost code."""
    if not totals:
        return None
    columns = (
        Column("Year", "financial_year"),
        Column("Cost centre", lambda row: row.cost_centre or "No code"),
        Column("Subjective code", "subjective"),
        Column("Section 251 line", "section_251_line"),
        Column("Settled", "settled_pence", "money"),
        Column("Amount", "pence", "money"),
    )
    sums = {"Settled": sum(row.settled_pence for row in totals), "Amount": sum(row.pence for row in totals)}
    return Table(columns, totals, "By financial year and cost code", id="codes", totals=sums)


def month_table(due: list[queries.ScheduleRow]) -> Table:
    """The schedule by month: a row for each, a column for each thing paid for, and the total due on its day."""
    kinds = list(dict.fromkeys(line.kind for line in sorted(due, key=lambda line: (line.pence < 0, line.id))))
    months: dict[date, dict[str, Any]] = {}
    for line in due:
        row = months.setdefault(line.starts_on.replace(day=1), {"all": 0, "due_on": line.due_on})
        row[line.kind] = row.get(line.kind, 0) + line.pence
        row["all"] += line.pence
        row["due_on"] = max(row["due_on"], line.due_on)
    columns = (
        Column("Nights in", lambda pair: f"{pair[0]:%B %Y}"),
        *(Column(kind, _part(kind), "money") for kind in kinds),
        Column("All", lambda pair: pair[1]["all"], "money"),
        Column("Due on", lambda pair: pair[1]["due_on"], "date"),
    )
    totals = {kind: sum(row.get(kind, 0) for row in months.values()) for kind in kinds}
    totals |= {"All": sum(row["all"] for row in months.values())}
    nothing = "Nothing is due: the contract is not in force."
    return Table(
        columns,
        sorted(months.items()),
        "Schedule by month",
        id="months",
        totals=totals if due else {},
        empty=nothing,
    )


def _part(kind: str) -> Callable[[tuple[date, dict[str, Any]]], object]:
    return lambda pair: pair[1].get(kind)


def _lines(rows: list[queries.ScheduleRow], caption: str, name: str) -> Table:
    total = {"Amount": sum(row.pence for row in rows)}
    return Table(LINE_COLUMNS, rows, caption, id=name, totals=total, hide_caption=True)
