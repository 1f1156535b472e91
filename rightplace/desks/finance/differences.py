"""What the months' reconciliations found: the list, clearing one up or giving it to somebody, and the report of a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.outturn import contract_link
from rightplace.desks.finance.plan_forms import ClearForm, DifferenceFilters, MonthForm, OwnerForm
from rightplace.desks.finance.plan_pages import (
    PlanPage,
    month_choices,
    months_back,
    plan_form,
    shown,
    what_was_seen,
    who,
)
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome
from rightplace.oversight.budgets import actions
from rightplace.oversight.budgets import differences as reconciled
from rightplace.oversight.budgets.codes import MAY_CLEAR
from rightplace.oversight.budgets.models import MonthDifference
from rightplace.oversight.budgets.reconciling import reconcile_month

LEAD = "Where placements, contracts and payments of a month disagree, each with an owner."
REPORT = (
    "What the reconciliation of a month found, how much of it is cleared up, and what became of what was due."
)
MONEY = (
    ("Due by contracts", "expected"), ("Billed and agreed", "invoiced"), ("Not billed, and found so", "missed"),
    ("In dispute", "disputed"), ("Not billed yet", "accrued"), ("Agreed above the contract", "above"), ("Paid", "paid"),
)  # fmt: skip


def differences(request: HttpRequest) -> HttpResponse:
    """What the months' reconciliations found: finance sees all, others what was given to them."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[MonthDifference]:
        months = filters.get("month") or ""
        held = reconciled.differences(
            actor,
            state=filters.get("state") or "",
            month=date.fromisoformat(f"{months}-01") if months else None,
        )
        held = held.filter(kind=filters["kind"]) if filters.get("kind") else held
        orders = {"pence": ("pence", "id"), "-pence": ("-pence", "id"), "month": ("month", "kind", "id")}
        return held.order_by(*orders.get(sort, ("-month", "kind", "id")))

    def give_link(row: MonthDifference) -> str:
        may = row.state == "open" and actor.role == FINANCE_OFFICER
        return reverse("give_difference", args=[row.pk]) if may else ""

    columns = (
        Column("What", str, link=lambda row: reverse("difference", args=[row.pk])),
        Column("Month", lambda row: f"{row.month:%B %Y}", sort="month"),
        Column("Contract", lambda row: row.contract_words, "reference"),
        Column("Amount", "pence", "money", sort="pence"),
        Column("Owner", lambda row: str(row.owner) if row.owner else None, link=give_link),
        Column("State", state_of, "status"), Column("How", "words"),
    )  # fmt: skip
    links = []
    if actor.role == FINANCE_OFFICER:
        links = [("Report of a month", reverse("month_report")), ("Reconcile a month", reverse("reconcile_month"))]
    listing = Listing(
        "Differences", "difference", columns, rows, DifferenceFilters, sort="-month",
        empty="No month was reconciled yet, or nothing was found.", context={"lead": LEAD, "links": links},
    )  # fmt: skip
    return list_page(request, "finance/plan_list.html", listing)


def state_of(row: MonthDifference) -> tuple[str, str]:
    """The state in words."""
    return (row.state, "Open" if row.state == "open" else "Cleared up")


def difference(request: HttpRequest, month_difference_id: int) -> HttpResponse:
    """One difference, cleared up with words on how."""
    row: MonthDifference = found(reconciled.difference(actor_of(request), month_difference_id))

    def act(entries: dict[str, Any]) -> Outcome[MonthDifference]:
        return actions.clear_difference(**what_was_seen(request), difference_id=row.pk, **entries)

    if row.state != "open":
        return _cleared(request, row)
    lead = f"{row}: {row.contract_words}, {row.month:%B %Y}, {pounds(row.pence)}. Owner: {row.owner}."
    words = ("Clear a difference up", lead, "The difference is cleared up.")
    return plan_form(request, ClearForm(request.POST or None), act, words, _back(), version=row.version)


def _cleared(request: HttpRequest, row: MonthDifference) -> HttpResponse:
    tiles = [
        Tile("Amount", pounds(row.pence)),
        Tile("Cleared up by", str(row.cleared_by), f"{row.cleared_at:%-d %B %Y}"),
    ]
    lead = f"{row.contract_words}, {row.month:%B %Y}. {row.words}"
    return shown(request, PlanPage(str(row), lead, tiles, links=[("Differences", reverse("differences"))]))


def give(request: HttpRequest, month_difference_id: int) -> HttpResponse:
    """Give a difference to somebody who clears it up."""
    actor = actor_of(request)
    row: MonthDifference = found(reconciled.difference(actor, month_difference_id))
    form = OwnerForm(request.POST or None, initial={"owner_id": row.owner_id})
    people = reconciled.clearing_people(actor, timezone.localdate())
    form.fields["owner_id"].choices = people  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, Any]) -> Outcome[MonthDifference]:
        return actions.give_difference(**what_was_seen(request), difference_id=row.pk, **entries)

    lead = f"{row}: {row.contract_words}, {row.month:%B %Y}, {pounds(row.pence)}."
    words = ("Give a difference to somebody", lead, "The difference has a new owner.")
    return plan_form(request, form, act, words, _back(), version=row.version)


def reconcile(request: HttpRequest) -> HttpResponse:
    """Find the differences of a month that is over."""
    form = with_months_back(MonthForm(request.POST or None))

    def act(entries: dict[str, str]) -> Outcome[int]:
        return reconcile_month(**who(request), month=date.fromisoformat(entries["month"]))

    lead = "Placements, contracts and payments are held against each other."
    return plan_form(request, form, act, ("Reconcile a month", lead, "The month is reconciled."), _back())


def report(request: HttpRequest) -> HttpResponse:
    """What a month's close found: differences by kind, what is left, and what became of what was due."""
    actor = actor_of(request)
    form = with_months_back(MonthForm(request.GET or None))
    latest = reconciled.differences(actor).values_list("month", flat=True).first()
    chosen = form.cleaned_data["month"] if form.is_bound and form.is_valid() else ""
    month = date.fromisoformat(chosen) if chosen else latest or months_back(timezone.localdate(), 2)[1]
    lines, figures = reconciled.month_report(actor, month), reconciled.month_money(actor, month)
    left = sum(one.open for one in lines)
    tiles = [
        Tile("Found", sum(one.found for one in lines), f"in {month:%B %Y}"),
        Tile("Cleared up", sum(one.cleared for one in lines)),
        Tile("Left", left, pounds(sum(one.open_pence for one in lines)), tone="care" if left else "good"),
    ]  # fmt: skip
    picture = bars(
        [Bar(label, max(figures[name], 0)) for label, name in MONEY],
        f"What became of {month:%B %Y}",
        "pounds",
    )
    links = [("Differences", reverse("differences"))]
    tables = [_by_kind(actor, lines), _left(actor, month)]
    page = PlanPage("Report of a month", REPORT, tiles, [picture], tables, links, chosen=form)
    return shown(request, page)


def _by_kind(actor: Actor, lines: list[reconciled.KindFound]) -> Table:
    columns = (
        Column("What", "words"), Column("Found", "found", "number"), Column("Cleared up", "cleared", "number"),
        Column("Left", "open", "number"), Column("Amount left", "open_pence", "money"),
    )  # fmt: skip
    return Table(
        columns, lines, "By kind", id="kinds", empty="The month was not reconciled, or nothing was found."
    )


def _left(actor: Actor, month: date) -> Table:
    columns = (
        Column("What", str, link=lambda row: reverse("difference", args=[row.pk]) if actor.role in MAY_CLEAR else ""),
        Column("Contract", lambda row: row.contract_words, "reference", link=lambda row: contract_link(actor, row.contract_id)),
        Column("Amount", "pence", "money"), Column("Owner", lambda row: str(row.owner) if row.owner else None),
    )  # fmt: skip
    rows = reconciled.differences(actor, state="open", month=month)[:200]
    return Table(columns, list(rows), "Still open", id="open", empty="Everything is cleared up.")


def with_months_back(form: MonthForm) -> forms.Form:
    """The form with the months that are over."""
    form.fields["month"].choices = month_choices(months_back(timezone.localdate(), 7)[1:])  # type: ignore[attr-defined]  # a choice
    return form


def _back() -> tuple[str, str]:
    return "Differences", reverse("differences")
