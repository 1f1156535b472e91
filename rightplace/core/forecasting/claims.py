"""Which saving belongs to whom: what contracts really moved by, shared between projects, each pound counted once.

A saving is what a contract came to in the frozen month before, less what it comes to now (and less what stands in its place,
as a place with own carers). It is cash where the budget held the money, avoided otherwise. Two projects may claim one
child only by shares of at most the whole; shares of a saving are differences of rounded running totals, so they add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rightplace.core.money import WHOLE_IN_BASIS_POINTS, round_half_up, split_pence

DAYS_IN_A_YEAR, DAYS_IN_A_WEEK = 365, 7


@dataclass(frozen=True, slots=True)
class Saved:
    """What a change of one contract saves, in pence: in this year, and in twelve months."""

    in_year: int
    full_year: int


def saved(
    before_pence: int, now_pence: int, before_weekly: int, now_weekly: int, instead: tuple[int, int] = (0, 0)
) -> Saved:
    """Outturn and weekly rate before and now; `instead` is outturn and weekly rate of what took its place."""
    weekly = before_weekly - now_weekly - instead[1]
    full = round_half_up(Fraction(weekly * DAYS_IN_A_YEAR, DAYS_IN_A_WEEK))
    return Saved(before_pence - now_pence - instead[0], full)


def shared(pence: int, basis_points: Sequence[int]) -> tuple[int, ...]:
    """A saving shared between its claims; they come to at most the whole. ValueError when they claim more than it."""
    rest = WHOLE_IN_BASIS_POINTS - sum(basis_points)
    if rest < 0 or min(basis_points, default=0) < 0:
        raise ValueError("a saving is claimed at most once")
    return split_pence(pence, [*basis_points, rest])[:-1]


RAG = {"green": "On course", "amber": "At risk", "red": "Off course"}
"""The words of a status, so that colour is never all that tells it."""


def rag(*, delivered_pence: int, target_pence: int, is_late: bool) -> str:
    """Red, amber or green of a project, by the stated rule.

    Green: at least 95% of the year's profile is evidenced and no milestone is late. Red: below 75%, with or without late
    milestones. Amber: between. A project without a target is green until a milestone is late.
    """
    if target_pence <= 0:
        return "amber" if is_late else "green"
    if 100 * delivered_pence < 75 * target_pence:
        return "red"
    return "green" if 100 * delivered_pence >= 95 * target_pence and not is_late else "amber"


def rag_of_milestones(late: int, to_come: int) -> str:
    """Green: none is late. Red: every one that is left is late. Amber: some are."""
    if not late:
        return "green"
    return "amber" if to_come else "red"


def rag_of_metrics(met: int, known: int) -> str:
    """Green: every indicator that is known meets its target. Red: fewer than half do. Empty: nothing is known."""
    if not known:
        return ""
    return "green" if met == known else "red" if 2 * met < known else "amber"


def rag_of_risks(scores: Sequence[int]) -> str:
    """By the highest score of likelihood times impact, each 1 to 5. Red: 15 and more. Amber: 8 to 14. Green: below, or none."""
    highest = max(scores, default=0)
    return "red" if highest >= 15 else "amber" if highest >= 8 else "green"
