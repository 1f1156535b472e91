"""How others assign the same market: CP-SAT in a process of its own, HiGHS bare, and one after another.

`python -m benchmarks.assignment_peers MARKET.npz SECONDS` solves by CP-SAT and prints the columns taken as JSON: highspy and
OR-Tools cannot live in one process.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from rightplace.core.matching.assignment.problem import Bools
from rightplace.core.matching.assignment.programme import Programme, solve_whole
from rightplace.core.matching.assignment.relaxation import Market, best_of_each, place_worth_of
from rightplace.core.matching.assignment.taking import take_in_order

WAYS = 50
"""Ways of each group that the peers are given: more only slows them."""
SCALE = 100
"""CP-SAT counts in whole numbers: hundredths of a point."""


def by_greedy(market: Market) -> Bools:
    """The best way first, one after another, over the whole market."""
    return take_in_order(market.columns, market.room, market.apart)


def by_bare_highs(market: Market, seconds: float) -> Bools:
    """One call of HiGHS for children and points together, on the same programme."""
    rows = best_of_each(market.columns.unit, market.columns.points, WAYS)
    programme, gains = _programme(market, rows)
    solved = solve_whole(programme, gains, columns=len(rows), seconds=seconds)
    return _taken(market, rows, solved.taken)


def by_cp_sat(market: Market, seconds: float) -> Bools | None:
    """CP-SAT in a process of its own; None when it is not installed."""
    if importlib.util.find_spec("ortools") is None:
        return None
    rows = best_of_each(market.columns.unit, market.columns.points, WAYS)
    programme, gains = _programme(market, rows)
    matrix, limit = programme.matrix()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.npz"
        np.savez(
            path, data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, limit=limit, gains=gains
        )
        command = [sys.executable, "-m", "benchmarks.assignment_peers", str(path), str(seconds)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    taken = np.zeros(len(gains), dtype=bool)
    taken[json.loads(answer.stdout)] = True
    return _taken(market, rows, taken[: len(rows)])


def _programme(market: Market, rows: np.ndarray) -> tuple[Programme, np.ndarray]:
    programme = market.programme(market.columns.taken(rows))
    return programme, programme.points + place_worth_of(market) * programme.children


def _taken(market: Market, rows: np.ndarray, chosen: Bools | None) -> Bools:
    taken = np.zeros(len(market.columns), dtype=bool)
    if chosen is not None:
        taken[rows[chosen]] = True
    return taken


def main(path: str, seconds: float) -> None:
    """Solve the programme in a file by CP-SAT and print which variables are taken."""
    from ortools.sat.python import cp_model

    with np.load(path) as file:
        given = {name: file[name] for name in file.files}
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in given["gains"]]
    for row, (first, last) in enumerate(zip(given["indptr"][:-1], given["indptr"][1:], strict=True)):
        variables = [taken[at] for at in given["indices"][first:last]]
        factors = [int(each) for each in given["data"][first:last]]
        model.add(cp_model.LinearExpr.weighted_sum(variables, factors) <= int(given["limit"][row]))
    gains = [round(each * SCALE) for each in given["gains"].tolist()]
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, gains))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    is_found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    print(json.dumps([at for at, each in enumerate(taken) if is_found and solver.value(each)]))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
