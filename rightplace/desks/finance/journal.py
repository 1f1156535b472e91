"""The journal at the desk: every entry with its sides, what each account comes to; one payment; and paying on time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.periods import financial_year, financial_year_period
from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.payment_parts import items_table
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, percent, pounds
from rightplace.desks.finance import ledger_forms as forms_
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, download, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.journey.ledger import prompt, queries
from rightplace.journey.ledger.accounts import ACCOUNTS, SOURCES
from rightplace.journey.ledger.models import JournalEntry, Payment
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.remittance import Remittance, drawn, remittance_of
from rightplace.journey.ledger.states import PAYMENT

MOST_SHOWN, MOST_LATE = 12, 50
TARGET = 0.95


def journal(request: HttpRequest) -> HttpResponse:
    """Every entry of the journal, and what each account comes to."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[JournalEntry]:
        words, source = filters.get("words") or "", filters.get("source") or ""
        return queries.journal(actor, words=words, source=source, sort=sort)

    columns = (
        Column(
            "Entry",
            "reference",
            "reference",
            "number",
            link=lambda row: reverse("journal_entry", args=[row.pk]),
        ),
        Column("On", "on", "date", "on"),
        Column("What", lambda row: SOURCES[row.source]),
        Column("In words", "words"),
        Column("Amount", "pence", "money", "pence"),
    )
    held = Table(
        (Column("Account", "name"), Column("Postings", "postings", "number"), Column("Balance", "pence", "money")),
        queries.balances(actor), "What each account comes to", id="balances",
    )  # fmt: skip
    listing = Listing(
        "Journal", "entry|entries", columns, rows, forms_.JournalFilters, sort="-number", context={"balances": held},
        empty="Nothing is booked yet.",
    )  # fmt: skip
    return list_page(request, "finance/journal.html", listing)


def journal_entry(request: HttpRequest, key: int) -> HttpResponse:
    """One entry with its sides."""
    actor = actor_of(request)
    row: JournalEntry = found(queries.entry(actor, key))
    sides = list(queries.postings_of(row))
    names = names_of([payee_of(side) for side in sides], row.authority_id)
    columns = (
        Column("Account", lambda side: ACCOUNTS[side.account]),
        Column("Payee", lambda side: names[payee_of(side)] if payee_of(side) else None),
        Column("Contract", lambda side: side.contract.reference if side.contract else None, "reference"),
        Column("Cost centre", lambda side: side.cost_code.cost_centre if side.cost_code else None),
        Column("Year", "financial_year"),
        Column("Debit", lambda side: side.pence if side.pence > 0 else None, "money"),
        Column("Credit", lambda side: -side.pence if side.pence < 0 else None, "money"),
    )
    table = Table(columns, sides, "Sides", id="sides", totals={"Debit": row.pence, "Credit": row.pence})
    facts = [
        SummaryRow("Booked on", f"{row.on:%-d %B %Y}"),
        SummaryRow("For", SOURCES[row.source]),
        SummaryRow("By", str(row.made_by) if row.made_by else "Rightplace"),
    ]
    return render(request, "finance/journal_entry.html", {"entry": row, "sides": table, "summary": facts})


def payment(request: HttpRequest, key: int) -> HttpResponse:
    """One payment: what it is for, and what may be done with it."""
    actor = actor_of(request)
    row: Payment = found(queries.payment(actor, key))
    shown = remittance_of(row)
    is_finance = actor.role == FINANCE_OFFICER
    known = {
        "payment": row,
        "shown": shown,
        "state": (row.state, PAYMENT.states[row.state]),
        "items": items_table(shown),
        "summary": payment_summary(row, shown),
        "may_take_out": row.state == "waiting" and row.run.state == "proposed",
        "may_return": row.state in {"sent", "paid"} and is_finance,
    }
    return render(request, "finance/payment.html", known)


def payment_summary(row: Payment, shown: Remittance) -> list[SummaryRow]:
    """The facts of a payment."""
    lines = [
        SummaryRow("Payee", shown.payee),
        SummaryRow("Account", row.account.masked),
        SummaryRow("Run", row.run.reference),
        SummaryRow("Amount", pounds(row.pence)),
    ]
    if row.sent_on:
        lines.append(SummaryRow("Paid on", f"{row.sent_on:%-d %B %Y}"))
    if row.ended_words:
        note = f"{row.ended_on:%-d %B %Y}" if row.ended_on else ""
        lines.append(SummaryRow(PAYMENT.states[row.state], row.ended_words, note=note))
    return lines


def remittance_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The remittance advice of a payment, on paper."""
    row: Payment = found(queries.payment(actor_of(request), key))
    return pdf_response(drawn(remittance_of(row), is_synthetic=row.authority.is_demo), f"{row.reference}.pdf")


def on_time(request: HttpRequest) -> HttpResponse:
    """How promptly payees were paid this financial year, and what lateness cost."""
    actor, today = actor_of(request), timezone.localdate()
    year = request.GET.get("year") or financial_year(today)
    period = _year(year, today)
    rows = prompt.paid_rows(actor, period.start, period.closed_end)
    payees = prompt.by_payee(rows, actor.authority_id)
    table = promptness_table(payees)
    if request.GET.get("download") in {"csv", "xlsx"}:
        return download(request.GET["download"], "Paying on time", table.columns, payees)
    known = {
        "year": financial_year(period.start),
        "tiles": promptness_tiles(actor, rows),
        "chart": promptness_chart(payees),
        "table": table,
        "late": late_table(rows, actor),
    }
    return render(request, "finance/on_time.html", known)


def _year(name: str, today: date) -> Any:
    try:
        return financial_year_period(name)
    except ValueError:
        return financial_year_period(financial_year(today))


def promptness_tiles(actor: Actor, rows: list[prompt.PaidRow]) -> list[Tile]:
    """The year at a glance."""
    late = [row for row in rows if row.is_late]
    share = 1 - len(late) / len(rows) if rows else 1.0
    interest = sum(row.interest_pence + row.fixed_pence for row in late)
    return [
        Tile(
            "Paid on time", percent(share) if rows else "–",
            f"{len(rows) - len(late)} of {count(len(rows), 'payment')}" if rows else "nothing paid yet",
            tone="good" if share >= TARGET else "care",
        ),
        Tile("Paid late", len(late), pounds(sum(row.pence for row in late))),
        Tile("Late payment interest", pounds(interest), "that payees could claim by law", tone="care" if interest else "good"),
    ]  # fmt: skip


def promptness_chart(payees: list[prompt.Promptness]) -> Any:
    """On-time payments by payee, the least prompt first."""
    if not payees:
        return None
    rows = [Bar(one.name, one.share, "accent" if one.share >= TARGET else "3") for one in payees[:MOST_SHOWN]]
    return bars(rows, "Paid within the days allowed, the least prompt first", "percent", TARGET, "The aim")


def promptness_table(payees: list[prompt.Promptness]) -> Table:
    """Every payee with its share on time."""
    columns = (
        Column("Payee", "name"),
        Column("Payments", "invoices", "number"),
        Column("On time", "on_time", "number"),
        Column("Share", "share", "percent"),
        Column("Days on average", lambda one: round(one.mean_days), "number"),
        Column("Paid", "pence", "money"),
        Column("Paid late", "late_pence", "money"),
        Column("Interest and sums", "interest_pence", "money"),
    )
    return Table(
        columns, payees, "By payee", id="payees", empty="Nothing has been paid this year.",
        downloads=[("CSV", "?download=csv"), ("Excel", "?download=xlsx")] if payees else (),
    )  # fmt: skip


def late_table(rows: list[prompt.PaidRow], actor: Actor) -> Table | None:
    """What was paid late, with the interest that the payee could claim."""
    late = [row for row in rows if row.is_late]
    if not late:
        return None
    shown = sorted(late, key=lambda row: -row.pence)[:MOST_LATE]
    names = names_of([row.payee for row in shown], actor.authority_id)
    columns = (
        Column("Payee", lambda row: names[row.payee]),
        Column("Invoice", "invoice"),
        Column("Days from", "began_on", "date"),
        Column("Due by law", "due_on", "date"),
        Column("Paid", "paid_on", "date"),
        Column("Amount", "pence", "money"),
        Column("Interest", "interest_pence", "money"),
        Column("Fixed sum", "fixed_pence", "money"),
    )
    caption = "Paid late" if len(shown) == len(late) else f"Paid late, the {MOST_LATE} largest of {len(late):,}"
    return Table(columns, shown, caption, id="late")
