"""Opening and closing a year's budget, taking lines in, clearing up differences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Sum
from django.utils import timezone

from rightplace.core.periods import financial_year_period
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_user
from rightplace.journey.payments.models import CostCode
from rightplace.oversight.budgets.codes import CLOSED, MAY_CLEAR, MAY_CLOSE, MAY_KEEP, NO_YEAR, NOT_YOURS
from rightplace.oversight.budgets.given import BudgetGiven, given_problems, is_financial_year
from rightplace.oversight.budgets.models import BudgetLine, BudgetYear, MonthDifference

OWN = Problem("same_person", "You opened this budget, so a second person closes it.")
NO_SUCH = Problem(MISSING, "There is no such difference.")
BELOW = Problem("below_zero", "A virement would leave a code below zero.", "pence")


@action
def open_year(*, by: Actor, now: datetime, financial_year: str) -> Outcome[BudgetYear]:
    """Open the budget of a financial year ("2026-27"). Refused: a role that may not, no such year, one that is there."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    if not is_financial_year(financial_year):
        return refuse(Problem("no_year", "Write the year as 2026-27.", "financial_year"))
    if BudgetYear.objects.filter(authority_id=by.authority_id, financial_year=financial_year).exists():
        return refuse(
            Problem("taken", "The budget of this year is open or closed already.", "financial_year")
        )
    row = BudgetYear.objects.create(
        authority_id=by.authority_id, financial_year=financial_year, opened_at=now, opened_by_id=by.person_id
    )
    _record(by, now, "open_year", f"Opened the budget of {financial_year}", row)
    return Outcome(row)


@action
def take_lines(
    *, by: Actor, now: datetime, year_id: int, lines: Sequence[BudgetGiven], printed_total: int | None = None
) -> Outcome[int]:
    """Take budget lines in, all or none; gives how many. Refused: all that `given_problems` finds, a code below zero after it."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    year = BudgetYear.objects.select_for_update().filter(authority_id=by.authority_id, pk=year_id).first()
    if year is None or year.state != "open":
        return refuse(NO_YEAR if year is None else CLOSED)
    problems = given_problems(lines, printed_total=printed_total, codes=_codes(year))
    if problems := [*problems, *_already(year, lines), *_below_zero(year, lines)]:
        return refuse(problems)
    BudgetLine.objects.bulk_create(
        BudgetLine(
            authority_id=by.authority_id, year=year, kind=one.kind, cost_centre=one.cost_centre, subjective=one.subjective,
            section_251_line=one.section_251_line, cohort=one.cohort, pence=one.pence, words=one.words[:200], made_at=now,
            made_by_id=by.person_id,
        )
        for one in lines
    )  # fmt: skip
    _record(by, now, "take_lines", f"Took in {len(lines)} budget lines of {year}", year)
    return Outcome(len(lines))


@action
def close_year(*, by: Actor, now: datetime, year_id: int, version: int) -> Outcome[BudgetYear]:
    """Close a year's budget for good; by another person than who opened it."""
    year = BudgetYear.objects.filter(authority_id=by.authority_id, pk=year_id).first()
    if year is None or by.role not in MAY_CLOSE:
        return refuse(NO_YEAR if year is None else NOT_YOURS)
    if year.state != "open" or year.opened_by_id == by.user_id:
        return refuse(CLOSED if year.state != "open" else OWN)
    if problems := change_row(
        year, version=version, state="closed", closed_at=now, closed_by_id=by.person_id
    ):
        return refuse(problems)
    _record(by, now, "close_year", f"Closed the budget of {year}", year)
    return Outcome(year)


@action
def give_difference(
    *, by: Actor, now: datetime, difference_id: int, version: int, owner_id: int
) -> Outcome[MonthDifference]:
    """Give a difference to somebody of the authority who clears it up. Refused: cleared already, nobody of the authority."""
    row = MonthDifference.objects.filter(authority_id=by.authority_id, pk=difference_id).first()
    if row is None or by.role not in MAY_KEEP:
        return refuse(NO_SUCH if row is None else NOT_YOURS)
    if row.state != "open":
        return refuse(Problem("cleared", "It was cleared up already."))
    member = Membership.objects.filter(
        not_over(timezone.localdate(now)), authority_id=by.authority_id, user_id=owner_id, role__in=MAY_CLEAR
    )
    if not member.exists():
        return refuse(Problem("nobody", "Choose somebody of your authority.", "owner_id"))
    if problems := change_row(row, version=version, owner_id=owner_id):
        return refuse(problems)
    row.refresh_from_db()
    words = f"Clear up: {row}, {row.month:%B %Y}"
    tell_user(authority_id=by.authority_id, user_id=owner_id, words=words, link=f"/finance/differences/{row.pk}/", now=now)
    said = f"Gave to {row.owner}: {row}, {row.month:%B %Y}"
    audit(by=by, now=now, verb="give_difference", words=said, subject="month_difference", subject_id=row.pk)
    return Outcome(row)


@action
def clear_difference(
    *, by: Actor, now: datetime, difference_id: int, version: int, words: str
) -> Outcome[MonthDifference]:
    """Say how a difference was cleared up: finance, or whoever it was given to. Refused: without words, twice, anybody else."""
    row = MonthDifference.objects.filter(authority_id=by.authority_id, pk=difference_id).first()
    is_owner = row is not None and row.owner_id == by.user_id
    if row is None or (by.role not in MAY_KEEP and not is_owner):
        return refuse(NO_SUCH if row is None else NOT_YOURS)
    if not words.strip():
        return refuse(Problem("words_missing", "Say how it was cleared up.", "words"))
    if row.state != "open":
        return refuse(Problem("cleared", "It was cleared up already."))
    changes = {
        "state": "cleared",
        "words": words.strip()[:300],
        "cleared_at": now,
        "cleared_by_id": by.person_id,
    }
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    said = f"Cleared up: {row}, {row.month:%B %Y}"
    audit(by=by, now=now, verb="clear_difference", words=said, subject="month_difference", subject_id=row.pk)
    return Outcome(row)


def _codes(year: BudgetYear) -> frozenset[tuple[str, str]]:
    """The cost centres and subjective codes that hold on some day of the year; none where finance keeps none."""
    period = financial_year_period(year.financial_year)
    end: date = period.closed_end
    rows = CostCode.objects.filter(authority_id=year.authority_id, starts_on__lt=end).exclude(
        ends_on__lte=period.start
    )
    return frozenset(rows.values_list("cost_centre", "subjective"))


def _already(year: BudgetYear, lines: Sequence[BudgetGiven]) -> list[Problem]:
    held = set(_held(year))
    return [
        Problem("code_twice", f"The code {' '.join(one.code)} has an original budget already.", "code")
        for one in lines
        if one.kind == "original" and one.code in held
    ]


def _below_zero(year: BudgetYear, lines: Sequence[BudgetGiven]) -> list[Problem]:
    held = _held(year)
    for one in lines:
        held[one.code] = held.get(one.code, 0) + one.pence
    return [BELOW] if any(pence < 0 for pence in held.values()) else []


def _held(year: BudgetYear) -> dict[tuple[str, str, str, str], int]:
    names = ("cost_centre", "subjective", "section_251_line", "cohort")
    rows = year.lines.order_by().values(*names).annotate(all=Sum("pence"))
    return {(row[names[0]], row[names[1]], row[names[2]], row[names[3]]): row["all"] for row in rows}


def _record(by: Actor, now: datetime, verb: str, words: str, row: BudgetYear) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="budget_year", subject_id=row.pk)
