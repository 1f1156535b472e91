"""Budgets and savings plans from spreadsheets, read by meaning: what does not fit is told at once, nothing is half taken in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.exchange.cells import as_date, as_pence, is_blank
from rightplace.exchange.tables import Field, Layout, Table, read_tables, tables_in
from rightplace.exchange.uploads import open_document
from rightplace.oversight.budgets.given import BudgetGiven, given_problems, is_financial_year
from rightplace.oversight.budgets.models import COHORTS
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven

BUDGET = Layout("a budget", (
    Field("cost_centre", "cost centre", ("cost centre", "centre", "cost code"), is_required=True),
    Field("subjective", "subjective code", ("subjective", "subjective code", "account"), is_required=True),
    Field("pence", "amount", ("budget", "amount", "annual budget", "original budget"), is_required=True),
    Field("section_251_line", "section 251 line", ("section 251 line", "section 251", "s251 line")),
    Field("cohort", "cohort", ("cohort", "group")),
    Field("kind", "kind of line", ("kind", "type of budget", "type")),
    Field("year", "financial year", ("financial year", "year")),
    Field("words", "words", ("description", "words", "name")),
))  # fmt: skip
PLAN = Layout("a savings plan", (
    Field("reference", "reference", ("reference", "ref", "project ref", "project reference"), is_required=True),
    Field("thousands", "saving, £000", ("saving £000", "£000", "saving", "amount £000"), is_required=True),
    Field("year", "financial year", ("financial year", "year"), is_required=True),
    Field("name", "project", ("project", "name", "project name", "title")),
    Field("owner", "owner", ("owner", "lead", "responsible officer")),
    Field("starts_on", "start", ("start", "start date", "starts on")),
    Field("milestone", "milestone", ("milestone",)),
    Field("due_on", "milestone due", ("due", "due date", "milestone date", "due on")),
))  # fmt: skip
NO_PLAN = Problem(
    "no_header",
    "No row of headings for a savings plan was found. It needs at least “reference”, “saving £000” and “financial year”.",
)
TOTAL = re.compile(r"\s*(grand |sub-?)?totals?\b", re.IGNORECASE)
MOST_THOUSANDS = 50_000
"""A saving above £50m in one year is pounds in a column of thousands: no children's service in England saves as much."""


@dataclass(frozen=True, slots=True)
class BudgetRead:
    """What a file holds: the lines, and the total that it prints (none: it prints none)."""

    lines: tuple[BudgetGiven, ...]
    printed_total: int | None = None


def read_budget(content: bytes, financial_year: str) -> BudgetRead | list[Problem]:
    """The budget lines of a file for one year, or everything that is wrong with it.

    A row of a total is what all lines above it come to, or those since the total before; any other does not add.
    """
    tables = read_tables(content, BUDGET)
    if isinstance(tables, Problem):
        return [tables]
    if problems := _missing(tables):
        return problems
    sums = _Sums()
    lines: list[BudgetGiven] = []
    for line, row in (pair for table in tables for pair in table.records()):
        pence = as_pence(row["pence"])
        if pence is None:
            words = f"Line {line}: “{row['pence']}” is no amount in pounds."
            problems.append(Problem("amount_unreadable", words, "pence"))
        elif TOTAL.match(row["cost_centre"]) or TOTAL.match(row["subjective"]):
            problems += sums.held_against(line, pence)
        else:
            sums.add(pence)
            problems += _year_problems(line, row.get("year", ""), financial_year)
            lines.append(_budget_line(line, row, pence))
    if not lines and not problems:
        problems.append(Problem("empty", "The file holds no budget line.", "file"))
    if problems:
        return [*problems, *given_problems(lines)]
    return BudgetRead(tuple(lines), sums.printed)


@dataclass(slots=True)
class _Sums:
    """What the lines read so far come to: all, and those since the last total; and the total of all that the file prints."""

    whole: int = 0
    since: int = 0
    printed: int | None = None

    def add(self, pence: int) -> None:
        self.whole, self.since = self.whole + pence, self.since + pence

    def held_against(self, line: int, total: int) -> list[Problem]:
        parts, self.since = self.since, 0
        if total not in (parts, self.whole):
            words = (
                f"Line {line}: the total is {pounds(total)}, the lines above it come to {pounds(self.whole)}"
            )
            apart = "" if parts == self.whole else f", those since the last total to {pounds(parts)}"
            return [Problem("does_not_add", f"{words}{apart}.", "total")]
        self.printed = total if total == self.whole else None
        return []


def _missing(tables: Sequence[Table]) -> list[Problem]:
    """Columns that a table needs and does not have."""
    return [
        Problem("headings_missing", f"{one.sheet or 'The file'}: no column for {name} was found.", "file")
        for one in tables
        for name in one.headings.missing
    ]


def _year_problems(line: int, typed: str, financial_year: str) -> list[Problem]:
    if is_blank(typed) or typed.replace("/", "-").removeprefix("20") == financial_year.removeprefix("20"):
        return []
    return [Problem("another_year", f"Line {line}: {typed} is not {financial_year}.", "year")]


def _budget_line(line: int, row: Mapping[str, str], pence: int) -> BudgetGiven:
    cohort = row.get("cohort", "").strip().lower()
    by_words = {words.lower(): code for code, words in COHORTS.items()}
    return BudgetGiven(
        kind=row.get("kind", "").strip().lower() or "original", cost_centre=row["cost_centre"], subjective=row["subjective"],
        section_251_line=row.get("section_251_line", ""), cohort=by_words.get(cohort, cohort or "local"), pence=pence,
        words=row.get("words", ""), line=line,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _PlanRow:
    """One row of a plan with where it stands."""

    sheet: str
    line: int
    reference: str
    year: str
    thousands: int
    row: Mapping[str, str]


def read_plan(content: bytes) -> tuple[ProjectGiven, ...] | list[Problem]:
    """The projects of a plan: from a spreadsheet, or from the tables of a Word document; or everything inconsistent in it.

    The first sheet or table is the summary; further ones may tell of single projects. Found: totals that do not add, a project's
    sheet that differs from the summary, pounds in a column of thousands, milestones before the start, what cannot be read.
    """
    opened = open_document(content)
    if isinstance(opened, Problem):
        return [opened]
    tables = tables_in(opened, PLAN)
    if isinstance(tables, Problem) or not tables:
        return [tables if isinstance(tables, Problem) else NO_PLAN]
    if problems := _missing(tables):
        return problems
    rows = [one for table in tables for one in _plan_rows(table, problems)]
    problems += _between_sheets(rows)
    summary = [one for one in rows if one.sheet == tables[0].sheet]
    projects = [
        _project(name, summary, rows, problems)
        for name in dict.fromkeys(one.reference for one in summary)
        if name
    ]
    return problems or tuple(projects)


def _plan_rows(table: Table, problems: list[Problem]) -> list[_PlanRow]:
    """The rows of a sheet; what is wrong with them is added to the problems."""
    rows: list[_PlanRow] = []
    sums: dict[str, int] = defaultdict(int)
    for line, row in table.records():
        where = f"{table.sheet or 'The file'}, line {line}"
        amount = as_pence(row["thousands"])
        if amount is None or amount % 100:
            problems.append(
                Problem(
                    "amount_unreadable",
                    f"{where}: “{row['thousands']}” is no whole number of thousands.",
                    "thousands",
                )
            )
            continue
        thousands, year = amount // 100, row["year"].replace("/", "-")
        if TOTAL.match(row["reference"]):
            if thousands != sums[year]:
                problems.append(
                    Problem(
                        "does_not_add",
                        f"{where}: the total of {year} is {thousands:,}, its parts come to {sums[year]:,}.",
                        "thousands",
                    )
                )
            continue
        problems += _row_problems(where, row, year)
        if abs(thousands) > MOST_THOUSANDS:
            problems.append(
                Problem(
                    "pounds_in_thousands",
                    f"{where}: {thousands:,} thousand looks like {pounds(thousands * 100)} typed in pounds.",
                    "thousands",
                )
            )
        sums[year] += thousands
        rows.append(_PlanRow(table.sheet, line, row["reference"], year, thousands, row))
    return rows


def _row_problems(where: str, row: Mapping[str, str], year: str) -> list[Problem]:
    """A row without a reference, a year that is none, and a milestone whose day cannot be read."""
    found = []
    if not row["reference"]:
        words = f"{where}: the reference is empty. Were cells merged? Fill each row."
        found.append(Problem("reference_missing", words, "reference"))
    if not is_financial_year(year):
        found.append(
            Problem("no_year", f"{where}: “{row['year']}” is no financial year such as 2026-27.", "year")
        )
    if not is_blank(row.get("milestone", "")) and as_date(row.get("due_on", "")) is None:
        words = f"{where}: “{row.get('due_on', '')}” is no day by which “{row['milestone']}” is due."
        found.append(Problem("due_unreadable", words, "due_on"))
    return found


def _between_sheets(rows: Sequence[_PlanRow]) -> list[Problem]:
    """Where two sheets say different things of one project and year."""
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in rows:
        sums[one.reference, one.year][one.sheet] += one.thousands
    return [
        Problem(
            "sheets_differ",
            f"{reference} in {year}: "
            + ", ".join(f"{sheet} says {value:,}" for sheet, value in of.items())
            + ".",
            "thousands",
        )
        for (reference, year), of in sums.items()
        if len(set(of.values())) > 1
    ]


def _project(
    reference: str, summary: Sequence[_PlanRow], rows: Sequence[_PlanRow], problems: list[Problem]
) -> ProjectGiven:
    own = [one for one in rows if one.reference == reference]
    start = next((day for one in own if (day := as_date(one.row.get("starts_on", "")))), None)
    profile: dict[str, int] = defaultdict(int)
    for one in summary:
        if one.reference == reference:
            profile[one.year] += one.thousands
    if start is None:
        problems.append(Problem("start_missing", f"{reference}: no start date can be read.", "starts_on"))
    begins = start or date.min
    milestones = tuple(
        MilestoneGiven(one.row["milestone"], day, _of(own, "owner"))
        for one in own
        if not is_blank(one.row.get("milestone", "")) and (day := as_date(one.row.get("due_on", "")))
    )
    early = [each for each in milestones if each.due_on < begins]
    problems += [
        Problem("before_start", f"{reference}: “{each.words}” is due before the project starts.", "due_on")
        for each in early
    ]
    return ProjectGiven(
        reference,
        _of(own, "name") or reference,
        _of(own, "owner") or "Not named",
        begins,
        profile=dict(profile),
        milestones=milestones,
    )


def _of(rows: Sequence[_PlanRow], name: str) -> str:
    return next((one.row[name] for one in rows if one.row.get(name)), "")
