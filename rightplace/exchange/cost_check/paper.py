"""A kept cost check as a report to print: what was looked at, what was found, and the findings with the most money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rightplace.core.money import pounds
from rightplace.exchange.cost_check.checking import WORDS_BY_KIND
from rightplace.exchange.cost_check.models import CostCheck, CostCheckFinding
from rightplace.exchange.cost_check.report import Totals
from rightplace.journey.contracts.document import Document, Facts, Grid, Section, Words
from rightplace.journey.funding.paper import draw

MOST_SHOWN = 200
MOST_PROVIDERS = 40


def report_pdf(
    check: CostCheck, findings: Sequence[CostCheckFinding], by_kind: Totals, by_provider: Totals
) -> bytes:
    """The report as a PDF; findings beyond the first 200 are in the workbook."""
    return draw(
        report_document(check, findings, by_kind, by_provider), note="References only: no child is named."
    )


def report_document(
    check: CostCheck, findings: Sequence[CostCheckFinding], by_kind: Totals, by_provider: Totals
) -> Document:
    """The report as parts."""
    kinds = [(WORDS_BY_KIND[kind].name, f"{many:,}", pounds(pence)) for kind, many, pence in by_kind]
    providers = [(name, f"{many:,}", pounds(pence)) for name, many, pence in by_provider[:MOST_PROVIDERS]]
    clauses = tuple((WORDS_BY_KIND[kind].name, WORDS_BY_KIND[kind].clause) for kind, _, _ in by_kind)
    sections = (
        Section("What was looked at", (_facts(check), Words("\n".join(check.notes)))),
        Section(
            "What was found",
            (
                Grid("By kind", ("Kind", "Findings", "At stake"), tuple(kinds), (1, 2)),
                Grid("By provider", ("Provider", "Findings", "At stake"), tuple(providers), (1, 2)),
            ),
        ),
        Section("What each kind rests on", (Facts(clauses),) if clauses else (Words("Nothing was found."),)),
        Section("Findings, the most money first", (_grid(findings[:MOST_SHOWN]),)),
    )
    return Document("Check of past costs", check.name, str(check.authority), sections)


def _facts(check: CostCheck) -> Facts:
    last = check.ends_on - timedelta(days=1)
    return Facts((
        ("Nights", f"{check.starts_on:%-d %B %Y} to {last:%-d %B %Y}"),
        ("Looked at", f"{check.lines:,} payments of {pounds(check.paid_pence)}, {check.contracts:,} contracts"),
        ("Rows left out", f"{check.rows_bad:,}"),
        ("Paid and not owed", pounds(check.owed_back_pence)),
        ("Owed and not paid", pounds(check.still_due_pence)),
    ))  # fmt: skip


def _grid(findings: Sequence[CostCheckFinding]) -> Grid:
    rows = tuple(map(_row, findings))
    return Grid(
        "Findings",
        ("Kind", "Provider", "Contract, child", "Line", "Nights", "At stake", "Evidence"),
        rows,
        (5,),
    )


def _row(one: CostCheckFinding) -> tuple[str, ...]:
    last = one.ends_on - timedelta(days=1 if one.nights else 0)
    about = " ".join(filter(None, (one.contract, one.child)))
    nights = f"{one.starts_on:%d/%m/%Y} to {last:%d/%m/%Y}"
    line = str(one.line or "")
    return (WORDS_BY_KIND[one.kind].name, one.provider, about, line, nights, pounds(one.pence), one.words)
