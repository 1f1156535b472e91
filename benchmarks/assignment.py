"""How well and how quickly many children are assigned at once, against SciPy, HiGHS alone, CP-SAT and one after another.

Run `python -m benchmarks.assignment [--quick] [--json]`. Markets are synthetic and seeded (`assignment_markets.py`). One
child, one bed: the value must be that of SciPy's dense solver, and the prices must prove it over the whole table. With
siblings, beds, beds kept back, homes of one sex and groups apart: every must is checked by plain counting, and points are
given as a share of a bound that no assignment can exceed. Times are processor time of this process, which other work on
the machine lengthens less than time by the clock; peers have a limit by the clock.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.assignment_markets import made_market, made_values
from benchmarks.assignment_peers import by_bare_highs, by_cp_sat, by_greedy
from benchmarks.report import Measured, show, wants_json
from rightplace.core.matching.assignment import (
    Assignment,
    AssignmentProblem,
    PairAssignment,
    assign,
    assign_pairs,
)
from rightplace.core.matching.assignment.exact import placeable
from rightplace.core.matching.assignment.large import points_of
from rightplace.core.matching.assignment.problem import Bools, Floats
from rightplace.core.matching.assignment.solve import open_market

PAIRS = ((1_000, 5_000), (2_000, 10_000))
GROUPS = (850, 1_700)
BEDS_A_GROUP = {"tight": 2_200 / 1_700, "slack": 10_000 / 1_700}
SECONDS = 15.0
PEERS_SECONDS = 60.0
TOLERANCE = 1e-6


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that answers agree and musts hold, measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a fifth of the sizes, peers have 5 seconds, and no aims"
    )
    quick = parser.parse_known_args(arguments)[0].quick
    shrink = 5 if quick else 1
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401 - loaded before anything is timed

    measured = [one for children, beds in PAIRS for one in measure_pairs(children // shrink, beds // shrink)]
    for kind in BEDS_A_GROUP:
        for groups in GROUPS:
            measured += measure_market(kind, groups // shrink, with_peers=groups == GROUPS[-1], quick=quick)
    return show(measured, as_json=wants_json(arguments))


def measure_pairs(children: int, beds: int) -> list[Measured]:
    """One child, one bed, on values as a market has them and on values by chance."""
    from scipy.optimize import linear_sum_assignment

    measured = []
    rng = np.random.default_rng(3)
    for kind, values in (
        ("market", made_values(rng, children, beds)),
        ("chance", 100 * rng.random((children, beds))),
    ):
        found, ours = timed(lambda values=values: assign_pairs(values))
        (row, column), dense = timed(lambda values=values: linear_sum_assignment(values, maximize=True))
        assert isinstance(found, PairAssignment)
        same_value(found, values, float(values[row, column].sum()))
        goal = 0.5 if children >= PAIRS[-1][0] else None
        words = f"{ours:.2f} s against {dense:.2f} s; equal, and proven over {values.size:,} values"
        measured.append(
            Measured(f"pairs {children:,} × {beds:,}, {kind}, times SciPy's", ours / dense, "×", goal, words)
        )
        peak = peak_bytes(lambda values=values: assign_pairs(values))
        words = f"{peak / 1e6:.0f} MB at most beside the table's {values.nbytes / 1e6:.0f}"
        measured.append(Measured("  memory, times the table", peak / values.nbytes, "×", None, words))
    return measured


def same_value(found: PairAssignment, values: Floats, theirs: float) -> None:
    """Stop unless the value is the dense solver's and the prices prove it over the whole table."""
    over = float((values - found.child_worth[:, None] - found.bed_worth).max())
    bound = float(found.child_worth.sum() + found.bed_worth.sum())
    limit = TOLERANCE * max(1.0, abs(theirs))
    if abs(found.value - theirs) > limit or over > limit or abs(bound - found.value) > limit:
        raise SystemExit(
            f"Pairs come to {found.value}, SciPy to {theirs}, the proof to {bound}: this must never be seen."
        )


def measure_market(kind: str, groups: int, *, with_peers: bool, quick: bool) -> list[Measured]:
    """Siblings, beds and musts: share of the bound, children placed, time; and the peers on the same market."""
    problem = made_market(groups, round(groups * BEDS_A_GROUP[kind]))
    found, seconds = timed(lambda: assign(problem, SECONDS), times=1)
    assert isinstance(found, Assignment)
    must_hold(problem, found)
    name = f"{kind}, {groups:,} groups"
    is_whole = groups >= GROUPS[-1] and not quick
    sizes = f"{problem.waiting.sizes.sum():,} children, {problem.vacancies.beds.sum():,} beds"
    sizes = f"{sizes}, {len(problem.candidates):,} candidates"
    share = found.points / found.bound
    measured = [
        Measured(f"{name}: points, of the bound", 100 * share, "%", 99.5 if is_whole else None, sizes, is_higher_better=True),
        Measured("  children placed, of those placeable", 100 * found.placed / found.placed_bound, "%",
                 100.0 if is_whole else None, f"{found.placed:,} of {found.placed_bound:,}", is_higher_better=True),
        Measured("  processor time", seconds, "s", SECONDS if is_whole else None, "without a clock: all the work is done"),
    ]  # fmt: skip
    if with_peers:
        measured += measure_peers(problem, found, PEERS_SECONDS if not quick else 5.0)
        peak = peak_bytes(lambda: assign(problem, 1.0))
        measured.append(Measured("  memory", peak / 1e6, "MB", None, "beside the problem, at most"))
    return measured


def measure_peers(problem: AssignmentProblem, found: Assignment, seconds: float) -> list[Measured]:
    """The same market by others, as a share of the same bound."""
    _, market = open_market(problem)
    measured = []
    ways: tuple[tuple[str, Callable[[], Bools | None]], ...] = (
        ("one after another", lambda: by_greedy(market)),
        (f"HiGHS alone, {seconds:.0f} s", lambda: by_bare_highs(market, seconds)),
        (f"CP-SAT, 2 workers, {seconds:.0f} s", lambda: by_cp_sat(market, seconds)),
    )
    for name, way in ways:
        taken = way()
        if taken is None:
            measured.append(Measured(f"  {name}", 0.0, "", None, "not installed"))
            continue
        placed = int(market.columns.size[taken].sum())
        words = f"{placed:,} of {placeable(market):,} children placed; ours {found.placed:,}"
        share = points_of(market, taken) / found.bound
        measured.append(
            Measured(f"  {name}: points, of the bound", 100 * share, "%", None, words, is_higher_better=True)
        )
    return measured


def must_hold(problem: AssignmentProblem, found: Assignment) -> None:
    """Stop when a must is broken, counted child by child and apart from the solver."""
    waiting, vacancies = problem.waiting, problem.vacancies
    children = np.flatnonzero(found.home_of_child >= 0)
    home, group = found.home_of_child[children], waiting.group_of[children]
    many = len(vacancies)
    used = np.bincount(home, minlength=many)
    others = np.bincount(home[~waiting.is_emergency[group]], minlength=many)
    boys, girls = (np.bincount(home[waiting.sex[children] == sex], minlength=many) > 0 for sex in (1, 2))
    open_ways = set(zip(problem.candidates.group.tolist(), problem.candidates.home.tolist(), strict=True))
    together = [(found.home[one], found.home[other]) for one, other in problem.apart.tolist()]
    broken = {
        "beds": (used > vacancies.beds).any(),
        "kept back": (others > np.maximum(vacancies.beds - vacancies.kept_back, 0)).any(),
        "one sex": (boys & girls & vacancies.takes_one_sex).any(),
        "apart": any(one == other >= 0 for one, other in together),
        "candidates": not set(zip(group.tolist(), home.tolist(), strict=True)) <= open_ways,
        "siblings": found.is_split.any(),
        "the bound": found.points > found.bound + TOLERANCE * abs(found.bound),
    }
    if any(broken.values()):
        raise SystemExit(
            f"Broken: {[name for name, is_so in broken.items() if is_so]}: this must never be seen."
        )


def timed(work: Callable[[], Any], times: int = 3) -> tuple[Any, float]:
    """What a piece of work gives, and the shortest processor time of several."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return found, best


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that NumPy and Python took at once for a piece of work."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    sys.exit(main())
