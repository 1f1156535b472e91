"""Budgets of a year by code, section 251 line or cohort, taken in from a spreadsheet, changed, opened and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.grids import treemap
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.outturn import code_link
from rightplace.desks.finance.plan_forms import (
    BudgetFileForm,
    ChangeBudgetForm,
    CloseYearForm,
    GroupForm,
    YearForm,
)
from rightplace.desks.finance.plan_pages import PlanPage, plan_form, shown, what_was_seen, who
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.budget_tables import BudgetRead, read_budget
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, refuse
from rightplace.oversight.budgets import actions, queries
from rightplace.oversight.budgets.codes import MAY_CLOSE, NO_YEAR
from rightplace.oversight.budgets.given import BudgetGiven
from rightplace.oversight.budgets.models import COHORTS, BudgetYear
from rightplace.oversight.budgets.queries import BudgetSpend

KINDS = ("original", "virement", "growth", "savings")
LEAD = (
    "Original budget, virements, growth and savings, beside what named contracts come to by their schedule."
)
BY: dict[str, tuple[str, Callable[[BudgetYear], Sequence[BudgetSpend]]]] = {
    "": ("Code", queries.by_code),
    "section_251": ("Section 251 line", queries.by_section_251),
    "cohort": ("Cohort", queries.by_cohort),
}


def budgets(request: HttpRequest) -> HttpResponse:
    """The budget of a year (the latest open one) by code, section 251 line or cohort, beside what contracts come to."""
    actor = actor_of(request)
    year = _year_asked(request)
    if year is None:
        note = "No budget is open yet."
        return shown(request, PlanPage("Budgets", LEAD, links=_links(actor, None), note=note))
    chosen = GroupForm(request.GET or None)
    known = [(one.financial_year, one.financial_year) for one in queries.years(actor)]
    chosen.fields["year"].choices = [("", "The latest open"), *known]  # type: ignore[attr-defined]  # a choice
    by = chosen.cleaned_data["by"] if chosen.is_bound and chosen.is_valid() else ""
    words, asked = BY[by]
    rows = asked(year)
    totals = {label: sum(getattr(one, name) for one in rows) for label, name in _amounts()}

    def link(one: BudgetSpend) -> str:
        return code_link(actor, year, getattr(one, "cost_centre", ""))

    columns = (
        Column(words, "words", link=link),
        *(Column(label, name, "money") for label, name in _amounts()),
    )
    caption = f"Budget of {year} by {words[:1].lower()}{words[1:]}"
    table = Table(columns, rows, caption, id="codes", totals=totals, empty="No budget line was taken in.")
    figures = (
        [treemap([Bar(one.words, one.outturn) for one in rows], "What contracts come to")] if rows else []
    )
    page = PlanPage(
        "Budgets",
        LEAD,
        _tiles(year, totals),
        figures,
        [table, _years(actor)],
        _links(actor, year),
        chosen=chosen,
    )
    return shown(request, page)


def _amounts() -> tuple[tuple[str, str], ...]:
    known = ((kind.capitalize(), kind) for kind in KINDS)
    return (*known, ("Budget", "budget"), ("Contracts", "outturn"), ("Over", "over"))


def _tiles(year: BudgetYear, totals: dict[str, int]) -> list[Tile]:
    over = totals["Over"]
    words = "Over the budget" if over > 0 else "Under the budget"
    return [
        Tile("Budget", pounds(totals["Budget"], whole=True), f"of {year}, {'open' if year.state == 'open' else 'closed'}"),
        Tile("Named contracts", pounds(totals["Contracts"], whole=True), "by their schedule"),
        Tile(words, pounds(abs(over), whole=True), tone="bad" if over > 0 else "good"),
    ]  # fmt: skip


def _years(actor: Actor) -> Table:
    def close(one: BudgetYear) -> str:
        return (
            reverse("close_budget", args=[one.pk]) if one.state == "open" and actor.role in MAY_CLOSE else ""
        )

    columns = (
        Column("Year", "financial_year", link=lambda one: f"{reverse('budgets')}?year={one.financial_year}"),
        Column("State", lambda one: (one.state, "Open" if one.state == "open" else "Closed"), "status"),
        Column("Opened by", lambda one: str(one.opened_by)), Column("On", lambda one: timezone.localdate(one.opened_at), "date"),
        Column("Closed by", lambda one: str(one.closed_by) if one.closed_by else None),
        Column("To do", lambda one: "Close the year" if close(one) else None, link=close),
    )  # fmt: skip
    rows = queries.years(actor).select_related("opened_by", "closed_by")
    return Table(columns, list(rows), "Years", id="years", empty="No year was opened.")


def _links(actor: Actor, year: BudgetYear | None) -> list[tuple[str, str]]:
    if actor.role != FINANCE_OFFICER:
        return []
    opening = [("Open a year", reverse("open_budget"))]
    if year is None or year.state != "open":
        return opening
    return [
        *opening,
        ("Take a spreadsheet in", f"{reverse('import_budget')}?year={year}"),
        ("Change the budget", f"{reverse('change_budget')}?year={year}"),
    ]


def _year_asked(request: HttpRequest) -> BudgetYear | None:
    """The year of the address, else the latest that is open: two are open while an old one is closed."""
    return queries.year_asked(actor_of(request), request.GET.get("year", ""))


def open_budget(request: HttpRequest) -> HttpResponse:
    """Open the budget of a year."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return actions.open_year(**who(request), **entries)

    words = ("Open a year", "Its lines can be taken in until the year is closed.", "The year is open.")
    return plan_form(request, YearForm(request.POST or None), act, words, _back())


def import_budget(request: HttpRequest) -> HttpResponse:
    """Take budget lines in from a spreadsheet, all or none. The file itself is not kept."""
    year = _year_asked(request)

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        if year is None:
            return refuse(NO_YEAR)
        read = read_budget(entries["file"].read(), year.financial_year)
        if not isinstance(read, BudgetRead):
            return refuse(read)
        return actions.take_lines(
            **who(request), year_id=year.pk, lines=read.lines, printed_total=read.printed_total
        )

    words = (
        "Take a spreadsheet in",
        f"{f'For {year}. ' if year else ''}Anything that does not fit is told at once, and nothing is half taken in.",
        "The lines are taken in.",
    )
    form = BudgetFileForm(request.POST or None, request.FILES or None)
    return plan_form(request, form, act, words, _back())


def change_budget(request: HttpRequest) -> HttpResponse:
    """Move budget between codes, add growth or take a saving, in a year that is open."""
    year = _year_asked(request)
    form = ChangeBudgetForm(request.POST or None)
    held = queries.codes_held(year) if year else []
    choices = [(str(place), " · ".join(_said(code))) for place, code in enumerate(held)]
    form.fields["code"].choices = choices  # type: ignore[attr-defined]  # a choice
    form.fields["to_code"].choices = [("", "None"), *choices]  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, Any]) -> Outcome[int]:
        if year is None:
            return refuse(NO_YEAR)
        lines = _changes(held, entries)
        return (
            refuse(lines)
            if isinstance(lines, Problem)
            else actions.take_lines(**who(request), year_id=year.pk, lines=lines)
        )

    lead = (
        f"Of {year}. The original stays as it was; the change stands beside it with its reason."
        if year
        else "Open a year first."
    )
    return plan_form(request, form, act, ("Change the budget", lead, "The budget is changed."), _back())


def close_budget(request: HttpRequest, budget_year_id: int) -> HttpResponse:
    """Close a year's budget for good; by another person than who opened it."""
    row: BudgetYear = found(queries.year(actor_of(request), budget_year_id))

    def act(entries: dict[str, Any]) -> Outcome[BudgetYear]:
        return actions.close_year(**what_was_seen(request), year_id=row.pk)

    lead = f"No line can be added to the budget of {row} afterwards, and no month of it can be frozen."
    words = (f"Close the budget of {row}", lead, "The year is closed.")
    return plan_form(request, CloseYearForm(request.POST or None), act, words, _back(), version=row.version)


def _changes(held: list[tuple[str, str, str, str]], entries: dict[str, Any]) -> list[BudgetGiven] | Problem:
    """The lines of a change: one, or the two of a virement."""
    kind, pence, words = entries["kind"], abs(entries["pence"]), entries["words"]
    code = held[int(entries["code"])]
    if kind != "virement":
        return [_line(kind, code, pence if kind == "growth" else -pence, words)]
    if entries["to_code"] in ("", entries["code"]):
        return Problem("to_code_missing", "Choose another code that the money moves to.", "to_code")
    return [_line(kind, code, -pence, words), _line(kind, held[int(entries["to_code"])], pence, words)]


def _line(kind: str, code: tuple[str, str, str, str], pence: int, words: str) -> BudgetGiven:
    return BudgetGiven(kind, *code, pence, words)


def _said(code: tuple[str, str, str, str]) -> tuple[str, ...]:
    centre, subjective, line, cohort = code
    return tuple(part for part in (f"{centre} {subjective}", line, COHORTS[cohort]) if part)


def _back() -> tuple[str, str]:
    return "Budgets", reverse("budgets")
