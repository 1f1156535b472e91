"""Checks of past costs that are kept: the list, one result with its findings and figures, its files, deleting it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.spending import in_short
from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import XLSX, Listing, list_page
from rightplace.exchange.cost_check import keeping, queries
from rightplace.exchange.cost_check.checking import WORDS_BY_KIND, CostFinding
from rightplace.exchange.cost_check.layouts import SORTS
from rightplace.exchange.cost_check.models import CostCheck, CostCheckFinding
from rightplace.exchange.cost_check.paper import MOST_SHOWN, report_pdf
from rightplace.exchange.cost_check.report import template_csv, template_workbook, workbook
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.retention.rules import rules_on

MOST_BARS = 10
LEAD = (
    "A year’s payments against contracts and placements, from spreadsheets: double, missed and wrong payments, "
    "with the money and the evidence."
)


class CheckFilter(forms.Form):
    """Which checks."""

    q = forms.CharField(label="Name", required=False, max_length=60)


class FindingFilter(forms.Form):
    """Which findings of a check; kinds and providers are those that it has."""

    q = forms.CharField(label="Provider, contract, child or invoice", required=False, max_length=60)
    kind = forms.ChoiceField(label="Kind", required=False)
    provider = forms.ChoiceField(label="Provider", required=False)

    def __init__(self, *args: Any, kinds: list[str], providers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(kind, WORDS_BY_KIND[kind].name) for kind in kinds]
        self.fields["kind"].choices = [("", "All"), *words]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["provider"].choices = [("", "All"), *((name, name) for name in sorted(providers))]  # type: ignore[attr-defined]  # a ChoiceField


CHECKS = (
    Column("Check", "name", sort="name", link=lambda row: reverse("commissioning:cost_check", args=[row.pk])),
    Column("Nights", lambda row: f"{day(row.starts_on)} to {day(row.ends_on - timedelta(days=1))}"),
    Column("Payments", "lines", "number", sort="lines"),
    Column("Findings", "many", "number", sort="many"),
    Column("Paid and not owed", "owed_back_pence", "money", sort="owed_back_pence"),
    Column("Owed and not paid", "still_due_pence", "money", sort="still_due_pence"),
    Column("Made", "made_at", "moment", sort="made_at"),
    Column("By", "made_by"),
)
FINDINGS = (
    Column("Kind", lambda row: WORDS_BY_KIND[row.kind].name, sort="kind"),
    Column("Provider", "provider", sort="provider"),
    Column("Contract", "contract", "reference", sort="contract"),
    Column("Child", "child", "reference"),
    Column("Invoice", "invoice", "reference"),
    Column("Line", "line", "number", sort="line"),
    Column("Nights", lambda row: _nights(row)),
    Column("At stake", "pence", "money", sort="pence"),
    Column("Evidence", "words"),
    Column("Clause", lambda row: WORDS_BY_KIND[row.kind].clause),
)


def check_list(request: HttpRequest) -> HttpResponse:
    """The authority's checks."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CostCheck]:
        return queries.cost_checks(actor, filters.get("q") or "", sort)

    context = {
        "lead": LEAD,
        "kept_for": kept_for(),
    }
    listing = Listing(
        "Checks of past costs", "check", CHECKS, rows, CheckFilter, sort="-made_at", context=context,
        empty="No check has been made yet.",
    )  # fmt: skip
    return list_page(request, "commissioning/cost_checks.html", listing)


def result(request: HttpRequest, check_id: int) -> HttpResponse:
    """What one check came to: figures, pictures with their tables, and every finding."""
    actor = actor_of(request)
    check: CostCheck = found(queries.cost_check(actor, check_id))
    by_kind = queries.totals_by(actor, check_id, "kind")
    by_provider = queries.totals_by(actor, check_id, "provider")

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CostCheckFinding]:
        words, kind, provider = (filters.get(name) or "" for name in ("q", "kind", "provider"))
        return queries.findings(actor, check_id, words=words, kind=kind, provider=provider, order=sort)

    def filter_form(data: Any) -> forms.Form:
        kinds, providers = [row[0] for row in by_kind], [row[0] for row in by_provider]
        return FindingFilter(data, kinds=kinds, providers=providers)

    context = {
        "check": check, "tiles": _tiles(check, by_kind), "by_kind": _kinds_figure(by_kind), "kept_for": kept_for(),
        "by_provider": _providers_figure(by_provider), "meanings": [WORDS_BY_KIND[kind] for kind, _, _ in by_kind],
    }  # fmt: skip
    listing = Listing(
        "Findings", "finding", FINDINGS, rows, filter_form, sort="-pence", context=context,
        empty="Nothing was found: what was paid is what was agreed.",
    )  # fmt: skip
    return list_page(request, "commissioning/cost_check.html", listing)


def result_book(request: HttpRequest, check_id: int) -> HttpResponse:
    """The whole result as a workbook."""
    actor = actor_of(request)
    check: CostCheck = found(queries.cost_check(actor, check_id))
    rows = (_as_finding(row) for row in queries.findings(actor, check_id).iterator(chunk_size=2_000))
    content = workbook(check, rows, *_totals(actor, check_id))
    return pdf_response(content, f"cost-check-{check_id}.xlsx", XLSX)


def report(request: HttpRequest, check_id: int) -> HttpResponse:
    """A report to print."""
    actor = actor_of(request)
    check: CostCheck = found(queries.cost_check(actor, check_id))
    rows = list(queries.findings(actor, check_id)[:MOST_SHOWN])
    return pdf_response(report_pdf(check, rows, *_totals(actor, check_id)), f"cost-check-{check_id}.pdf")


def delete(request: HttpRequest, check_id: int) -> HttpResponse:
    """Delete a check with its findings."""
    found(queries.cost_check(actor_of(request), check_id))
    outcome = keeping.delete_cost_check(by=actor_of(request), now=timezone.now(), check_id=check_id)
    return answer(request, outcome, then=reverse("commissioning:cost_checks"), said="The check was deleted.")


def template(request: HttpRequest, sheet: str) -> HttpResponse:
    """One spreadsheet to fill in, with invented rows."""
    if sheet not in SORTS:
        raise Http404
    return pdf_response(template_csv(SORTS[sheet]), f"{sheet}.csv", "text/csv; charset=utf-8")


def template_book(request: HttpRequest) -> HttpResponse:
    """All three as one workbook."""
    return pdf_response(template_workbook(), "cost-check-templates.xlsx", XLSX)


def kept_for() -> str:
    """How long a check is kept, in words, as the table of rules says."""
    rule = next(rule for rule in rules_on(timezone.localdate()) if rule.kind == "cost_check")
    return rule.period_words


def _totals(actor: Actor, check_id: int) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    return queries.totals_by(actor, check_id, "kind"), queries.totals_by(actor, check_id, "provider")


def _as_finding(row: CostCheckFinding) -> CostFinding:
    return CostFinding(
        row.kind, row.provider, row.contract, row.child, row.invoice, row.line, row.other_line, row.starts_on,
        row.ends_on, row.pence, row.words,
    )  # fmt: skip


def _nights(row: CostCheckFinding) -> str:
    last = row.ends_on - timedelta(days=1)
    return f"{day(row.starts_on)} to {day(last)}" if row.nights > 1 else day(row.starts_on)


def _tiles(check: CostCheck, by_kind: list[tuple[str, int, int]]) -> list[Tile]:
    findings = sum(many for _, many, _ in by_kind)
    return [
        Tile(
            "Paid",
            in_short(check.paid_pence),
            f"{check.lines:,} payments, {check.contracts:,} contracts",
        ),
        Tile("Paid and not owed", in_short(check.owed_back_pence), "To be recovered, once looked at"),
        Tile("Owed and not paid", in_short(check.still_due_pence), "Bills that may still come"),
        Tile("Findings", f"{findings:,}", f"{check.rows_bad:,} rows could not be read"),
    ]


def _kinds_figure(by_kind: list[tuple[str, int, int]]) -> Figure | None:
    rows = [Bar(WORDS_BY_KIND[kind].name, pence, note=f"{many:,} findings") for kind, many, pence in by_kind]
    return bars(rows, "At stake by kind", unit="pounds") if rows else None


def _providers_figure(by_provider: list[tuple[str, int, int]]) -> Figure | None:
    shown = by_provider[:MOST_BARS]
    rows = [Bar(name, pence, note=f"{many:,} findings") for name, many, pence in shown]
    words = (
        f"At stake by provider, the {MOST_BARS} largest"
        if len(by_provider) > MOST_BARS
        else "At stake by provider"
    )
    return bars(rows, words, unit="pounds") if rows else None
