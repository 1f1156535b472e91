"""Budget lines as they are handed over, from a form or a spreadsheet, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rightplace.core.money import pounds
from rightplace.core.periods import financial_year_period
from rightplace.core.problems import Problem
from rightplace.oversight.budgets.models import COHORTS, LINE_KINDS


@dataclass(frozen=True, slots=True)
class BudgetGiven:
    """One amount under a code; `line` is the line of the file it stands on, for the list of what is wrong."""

    kind: str
    cost_centre: str
    subjective: str
    section_251_line: str
    cohort: str
    pence: int
    words: str = ""
    line: int = 0

    @property
    def code(self) -> tuple[str, str, str, str]:
        """What tells one budget from another."""
        return self.cost_centre, self.subjective, self.section_251_line, self.cohort


def given_problems(
    rows: Sequence[BudgetGiven],
    *,
    printed_total: int | None = None,
    codes: frozenset[tuple[str, str]] = frozenset(),
) -> list[Problem]:
    """Everything that is wrong with lines handed over together; nothing is taken while anything is.

    Originals are above zero and stand once a code; virements come to nothing together; `codes` are the cost centres and
    subjective codes that hold in the year (none: not checked); a printed total must be what its parts come to.
    """
    found = [problem for row in rows for problem in _row_problems(row, codes)]
    twice = [
        code for code, many in Counter(row.code for row in rows if row.kind == "original").items() if many > 1
    ]
    found += [
        Problem("code_twice", f"The code {' '.join(code)} has two original budgets.", "code")
        for code in twice
    ]
    moved = sum(row.pence for row in rows if row.kind == "virement")
    if moved:
        found.append(
            Problem(
                "virement_open", f"The virements do not come to nothing: {pounds(moved)} is left.", "pence"
            )
        )
    total = sum(row.pence for row in rows)
    if printed_total is not None and printed_total != total:
        off = pounds(total - printed_total)
        words = (
            f"The file’s total is {pounds(printed_total)}, its parts come to {pounds(total)}: off by {off}."
        )
        found.append(Problem("does_not_add", words, "total"))
    return found


def _row_problems(row: BudgetGiven, codes: frozenset[tuple[str, str]]) -> list[Problem]:
    where = f"Line {row.line}: " if row.line else ""
    found = []
    if row.kind not in LINE_KINDS:
        found.append(Problem("kind_unknown", f"{where}“{row.kind}” is no kind of budget line.", "kind"))
    if row.cohort not in COHORTS:
        found.append(Problem("cohort_unknown", f"{where}“{row.cohort}” is no cohort.", "cohort"))
    if not row.cost_centre or not row.subjective:
        words = f"{where}the cost centre or the subjective code is empty. Were cells merged? Fill each row."
        found.append(Problem("code_missing", words, "cost_centre"))
    elif codes and (row.cost_centre, row.subjective) not in codes:
        words = f"{where}{row.cost_centre} {row.subjective} is no code of this year."
        found.append(Problem("code_of_another_year", words, "cost_centre"))
    if row.kind in ("original", "growth") and row.pence <= 0:
        found.append(Problem("amount_negative", f"{where}{pounds(row.pence)} is not above zero.", "pence"))
    if row.kind == "savings" and row.pence >= 0:
        found.append(
            Problem(
                "saving_positive", f"{where}a saving takes from the budget: write it below zero.", "pence"
            )
        )
    return found


def is_financial_year(name: str) -> bool:
    """Whether it is the name of a financial year ("2026-27")."""
    try:
        financial_year_period(name)
    except ValueError:
        return False
    return True
