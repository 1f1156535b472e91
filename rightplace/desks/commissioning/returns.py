"""The statutory return of a year: what is in it and from where, what the rules find, and its files."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, first_problems, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.ssda903 import exporting, giving, holding
from rightplace.exchange.ssda903.deriving import year_of
from rightplace.exchange.ssda903.given import GivenFile, collection_year
from rightplace.exchange.ssda903.keeping import return_now
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, LAST_YEAR
from rightplace.exchange.ssda903.rules.tables import FILES, tables_of
from rightplace.exchange.ssda903.ruling import message
from rightplace.foundation.organisations.models import Authority

ENDINGS = (".csv", ".xml")
LARGEST = 12 * 2**20
SHOWN_YEARS = 4
MOST_ROWS = 200
WORDS = {
    "Header": "The children",
    "Episodes": "Episodes of care",
    "Reviews": "Reviews",
    "UASC": "Seeking asylum",
    "OC2": "Health and behaviour",
    "OC3": "Who has left care",
    "AD1": "Adopters",
    "PlacedAdoption": "Placed for adoption",
    "PrevPerm": "Earlier permanence",
    "Missing": "Missing",
    "SWEpisodes": "Social workers",
    "DoLo": "Deprivation of liberty",
}
DERIVED = ("Header", "Episodes", "UASC")
WATCHED = "DoLo"
MENDED_IN = {
    "LS": "Legal status",
    **dict.fromkeys(("SEX", "DOB", "ETHNIC", "UPN", "CIN", "DUC"), "The child’s facts"),
    **dict.fromkeys(("MOTHER", "MC_DOB"), "What is held here"),
}


class ModulesForm(forms.Form):
    """A file of a module that the journey does not record."""

    file = UploadField(
        label="File of a module (CSV, or XML with several)", endings=ENDINGS, max_bytes=LARGEST
    )
    keep_good = forms.BooleanField(
        label="Leave rows that cannot be held out, and hold the rest", required=False
    )


def return_page(request: HttpRequest) -> HttpResponse:
    """The return of a year with its checks; the last one that has ended without a choice."""
    return _shown(request, _year(request.GET.get("year", "")), ModulesForm(), 200)


def rule_page(request: HttpRequest, year: int, rule_code: str) -> HttpResponse:
    """The rows on which a rule fails, each with what mends it; none once all are mended."""
    words = found(message(rule_code, known_year(year)).words or None)
    made = return_now(authority_of(request), year, today=timezone.localdate())
    faults = exporting.faults(made, code=rule_code, most=MOST_ROWS)
    columns = (
        Column("Child", lambda one: one.number, "reference", link=lambda one: _child_page(one, year)),
        Column("Module", lambda one: WORDS.get(one.table.removesuffix("_last"), one.table)),
        Column("Line", lambda one: one.row + 2, "number"),
        Column("It says", lambda one: one.says),
        Column("Mended in", _mended_in),
    )
    known = {
        "year": year,
        "name": year_words(year),
        "code": rule_code,
        "words": words,
        "table": Table(
            columns,
            faults,
            "Rows on which the rule fails",
            id="faults",
            hide_caption=True,
            empty="No row fails on it.",
        ),
        "count": sum(map(len, made.ruling.failing.get(rule_code, {}).values())),
        "most": MOST_ROWS,
    }
    return render(request, "commissioning/return_rule.html", known)


def hold(request: HttpRequest, year: int) -> HttpResponse:
    """Take in what a file states of a module."""
    form, code = ModulesForm(request.POST, request.FILES), 422
    if form.is_valid():
        file = form.cleaned_data["file"]
        outcome = holding.hold_modules(
            by=actor_of(request), now=timezone.now(), authority=authority_of(request), year=known_year(year),
            files=[GivenFile(file.name, file.read())], keep_good=form.cleaned_data["keep_good"],
        )  # fmt: skip
        if outcome.is_done:
            then = f"{reverse('commissioning:returns')}?year={year}"
            return answer(request, outcome, then=then, said=outcome.done().words)
        add_problems(form, first_problems(outcome.problems))
        code = status_of(outcome.problems)
    return _shown(request, known_year(year), form, code)


def give(request: HttpRequest, year: int) -> HttpResponse:
    """The files of the return, as one archive of CSV files or as XML; it becomes an entry in the audit trail."""
    as_xml = request.POST.get("form") == "xml"
    outcome = giving.give_return(
        by=actor_of(request),
        now=timezone.now(),
        authority=authority_of(request),
        year=known_year(year),
        as_xml=as_xml,
    )
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("commissioning:returns"), said="")
    file = outcome.done()
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _shown(request: HttpRequest, year: int, form: ModulesForm, status: int) -> HttpResponse:
    made = return_now(authority_of(request), year, today=timezone.localdate())
    known = {
        "year": year,
        "left_out": exporting.left_out(authority_of(request), year),
        "name": year_words(year),
        "until": year_of(year)[1],
        "is_over": timezone.localdate() > year_of(year)[1],
        "years": _years(year),
        "tiles": _tiles(made),
        "modules": _modules(made),
        "rules": _rules(made),
        "form": form,
    }
    return render(request, "commissioning/returns.html", known, status=status)


def _modules(made: exporting.Made) -> Table:
    heights = made.whole.heights

    def source(table: str) -> str:
        if table in DERIVED:
            return "Placements, legal statuses and the child’s facts"
        if table == WATCHED:
            return "Services that watch an order, and what was imported or uploaded"
        return "As it was imported or uploaded" if heights.get(table) else "Nothing is held yet"

    columns = (
        Column("Module", lambda one: WORDS[one]),
        Column("File", lambda one: f"{FILES[one]}.csv"),
        Column("Rows", lambda one: heights.get(one, 0), "number"),
        Column("From", source),
    )
    return Table(columns, list(tables_of(made.whole.year)), "Modules of the return", id="modules")


def _rules(made: exporting.Made) -> Table | None:
    if not made.ruling.failing:
        return None
    year = made.whole.year
    rows = [(code, message(code, year).words, tables) for code, tables in made.ruling.failing.items()]
    columns = (
        Column(
            "Rule",
            lambda one: one[0],
            "reference",
            link=lambda one: reverse("commissioning:return_rule", args=[year, one[0]]),
        ),
        Column("What it says", lambda one: one[1]),
        Column("Rows", lambda one: sum(map(len, one[2].values())), "number"),
    )
    return Table(columns, rows, "Rules that found something", id="rules")


def _tiles(made: exporting.Made) -> list[Tile]:
    ruling = made.ruling
    asked = len(ruling.passed) + len(ruling.failing)
    tone = "bad" if ruling.failing else "good"
    said = "a rule found something" if len(ruling.failing) == 1 else "rules found something"
    return [
        Tile("Children", f"{made.whole.heights.get('Header', 0):,}", "in the return"),
        Tile("Episodes", f"{made.whole.heights.get('Episodes', 0):,}", "with a day in the year"),
        Tile(
            "Checks",
            f"{len(ruling.failing):,}",
            f"{said}, of {asked:,} asked",
            "#rules" if ruling.failing else "",
            tone,
        ),
        Tile("Not asked", f"{len(ruling.not_asked):,}", "rules of modules that are not held"),
    ]


def _child_page(fault: exporting.Fault, year: int) -> str:
    """Where every row of the child stands, and what mends it; nothing where the number is nobody's."""
    return reverse("commissioning:return_child", args=[year, fault.child_id]) if fault.child_id else ""


def _mended_in(fault: exporting.Fault) -> str:
    if fault.table == WATCHED:
        return "The service that watches the order, or what is held here"
    if fault.table not in DERIVED:
        return "What is held here"
    places = [
        MENDED_IN.get(name, "The placement")
        for name in (part.split()[0] for part in fault.says.split(", ") if part)
    ]
    return ", ".join(dict.fromkeys(places)) or "The placement"


def _years(chosen: int) -> list[NavItem]:
    newest = min(collection_year(timezone.localdate()), LAST_YEAR)
    base = reverse("commissioning:returns")
    years = range(newest, newest - SHOWN_YEARS, -1)
    return [NavItem(year_words(year), f"{base}?year={year}", year == chosen) for year in years]


def year_words(year: int) -> str:
    """A collection year as it is said: 2025-26."""
    return f"{year - 1}-{year % 100:02d}"


def _year(text: str) -> int:
    newest = min(collection_year(timezone.localdate()), LAST_YEAR)
    asked = int(text) if text.isdecimal() and len(text) == 4 else newest - 1
    return asked if FIRST_YEAR <= asked <= newest else newest - 1


def known_year(year: int) -> int:
    """The year, or 404 where there are no rules of it."""
    return int(found(year if FIRST_YEAR <= year <= LAST_YEAR else None))


def authority_of(request: HttpRequest) -> Authority:
    """The authority whose return it is."""
    return Authority.objects.get(pk=actor_of(request).authority_id)
