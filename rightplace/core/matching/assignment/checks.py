"""What is wrong with a problem before it is solved: everything at once, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from rightplace.core.matching.assignment.columns import keys_of
from rightplace.core.matching.assignment.problem import WHOLE, AssignmentProblem, Bools, Ints
from rightplace.core.problems import Problem


def assignment_problems(problem: AssignmentProblem) -> list[Problem]:
    """Everything that is wrong with the columns; then, when they can be read, with what was pinned. Empty: all is well."""
    found = [*_lengths(problem)]
    if found:
        return found
    found = [*_numbers(problem), *_places(problem)]
    return found or [*_candidates(problem), *_pins(problem)]


def _lengths(problem: AssignmentProblem) -> Iterator[Problem]:
    waiting, vacancies, candidates = problem.waiting, problem.vacancies, problem.candidates
    children = {"group_of", "sex"}
    for part, name in ((waiting, "waiting"), (vacancies, "vacancies"), (candidates, "candidates")):
        for column in fields(part):
            length = len(waiting.group_of) if column.name in children else len(part)
            given = getattr(part, column.name)
            if given.shape != (length,):
                sentence = f"The column {column.name} has {given.size} entries, not {length}."
                yield Problem("wrong_length", sentence, f"{name}.{column.name}")
    for name in ("apart", "pinned", "barred"):
        if getattr(problem, name).ndim != 2 or getattr(problem, name).shape[1] != 2:
            yield Problem("wrong_length", f"{name.capitalize()} must be pairs: two columns.", name)


def _numbers(problem: AssignmentProblem) -> Iterator[Problem]:
    for name, numbers in _finite(problem):
        wrong = np.flatnonzero(~np.isfinite(numbers))
        if wrong.size:
            yield Problem("not_a_number", f"Entry {wrong[0] + 1} of {name} is not a number.", name)
    for name, numbers in _from_zero(problem):
        wrong = np.flatnonzero(numbers < 0)
        if wrong.size:
            yield Problem("below_zero", f"Entry {wrong[0] + 1} of {name} is below zero.", name)
    if problem.waiting.may_split.any() and not problem.prices.split_penalty > 0:
        yield Problem(
            "unpriced_split",
            "Brothers and sisters may be split only at a price: give a penalty above 0.",
            "split_penalty",
        )


def _finite(problem: AssignmentProblem) -> Iterator[tuple[str, Any]]:
    yield "candidates.value", problem.candidates.value
    yield "vacancies.scarcity", problem.vacancies.scarcity
    yield "waiting.waited_days", problem.waiting.waited_days
    for name in ("own_bonus", "wait_bonus", "split_penalty"):
        yield f"prices.{name}", np.array([getattr(problem.prices, name)], dtype=float)


def _from_zero(problem: AssignmentProblem) -> Iterator[tuple[str, Any]]:
    yield "vacancies.beds", problem.vacancies.beds
    yield "vacancies.kept_back", problem.vacancies.kept_back
    yield "waiting.waited_days", problem.waiting.waited_days
    yield "prices.split_penalty", np.array([problem.prices.split_penalty])


def _places(problem: AssignmentProblem) -> Iterator[Problem]:
    """Numbers of groups, homes and children that do not exist."""
    groups, homes = len(problem.waiting), len(problem.vacancies)
    children = len(problem.waiting.group_of)
    for name, given, lowest, many in (
        ("waiting.group_of", problem.waiting.group_of, 0, groups),
        ("candidates.group", problem.candidates.group, 0, groups),
        ("candidates.home", problem.candidates.home, 0, homes),
        ("candidates.child", problem.candidates.child, WHOLE, children),
        ("apart", problem.apart.ravel(), 0, groups),
        ("pinned", problem.pinned[:, 0], 0, groups),
        ("pinned", problem.pinned[:, 1], 0, homes),
        ("barred", problem.barred[:, 0], 0, groups),
        ("barred", problem.barred[:, 1], 0, homes),
    ):
        wrong = np.flatnonzero((given < lowest) | (given >= many))
        if wrong.size:
            yield Problem(
                "unknown_row", f"Entry {wrong[0] + 1} of {name} names a row that does not exist.", name
            )


def _candidates(problem: AssignmentProblem) -> Iterator[Problem]:
    rows = problem.candidates
    if len(problem.waiting) and (problem.waiting.sizes == 0).any():
        yield Problem("empty_group", "A group has no children.", "waiting.group_of")
    alone = rows.child != WHOLE
    if (problem.waiting.group_of[rows.child[alone]] != rows.group[alone]).any():
        yield Problem("wrong_group", "A candidate names a child of another group.", "candidates.child")
    pairs = keys_of(rows.group, rows.home, len(problem.vacancies))
    keys = keys_of(pairs, rows.child + 1, len(problem.waiting.group_of) + 1)
    if not (keys[1:] > keys[:-1]).all() and len(np.unique(keys)) != len(keys):
        yield Problem("twice", "A home stands twice among the candidates of one group.", "candidates")
    if (problem.apart[:, 0] == problem.apart[:, 1]).any():
        yield Problem("apart_from_itself", "A group cannot be kept apart from itself.", "apart")


def _pins(problem: AssignmentProblem) -> Iterator[Problem]:
    """Pinned choices that a must forbids, alone or together."""
    pinned = problem.pinned
    if not len(pinned):
        return
    homes = len(problem.vacancies)
    keys = keys_of(pinned[:, 0], pinned[:, 1], homes)
    whole = problem.candidates.child == WHOLE
    open_keys = keys_of(problem.candidates.group[whole], problem.candidates.home[whole], homes)
    barred = keys_of(problem.barred[:, 0], problem.barred[:, 1], homes)
    for wrong, code, sentence in (
        (
            ~np.isin(keys, open_keys),
            "no_candidate",
            "Group {0} cannot be pinned to home {1}: a must forbids it.",
        ),
        (
            np.isin(keys, barred),
            "pinned_and_barred",
            "Group {0} is both pinned to home {1} and ruled out there.",
        ),
        (_again(pinned[:, 0]), "pinned_twice", "Group {0} is pinned more than once."),
    ):
        for group, home in pinned[wrong]:
            yield Problem(code, sentence.format(group, home), "pinned")
    yield from _pins_together(problem)


def _pins_together(problem: AssignmentProblem) -> Iterator[Problem]:
    """Pins that are each possible, and not together: beds, beds kept back, one sex, groups kept apart."""
    group, home = problem.pinned.T
    vacancies, size = problem.vacancies, problem.waiting.sizes
    many = len(vacancies)
    full = np.bincount(home, size[group], many) > vacancies.beds
    for each in np.flatnonzero(full):
        words = f"Home {each} has {vacancies.beds[each]} free beds: more are pinned to it."
        yield Problem("pins_too_many", words, "pinned")
    others = np.where(problem.waiting.is_emergency[group], 0, size[group])
    free = np.maximum(vacancies.beds - vacancies.kept_back, 0)
    for each in np.flatnonzero((np.bincount(home, others, many) > free) & ~full):
        words = f"Home {each} keeps beds back for emergencies: more are pinned to it than are left."
        yield Problem("pins_kept_back", words, "pinned")
    male, female = sexes_of(problem)
    boys, girls = (np.bincount(home, each[group], many) > 0 for each in (male, female))
    for mixed in np.flatnonzero(boys & girls & vacancies.takes_one_sex):
        yield Problem(
            "pins_mixed", f"Home {mixed} takes only boys or only girls: both are pinned to it.", "pinned"
        )
    at = dict(zip(group.tolist(), home.tolist(), strict=True))
    for one, other in problem.apart.tolist():
        if one in at and at[one] == at.get(other):
            yield Problem(
                "pins_apart",
                f"Groups {one} and {other} may not live in one home: both are pinned to home {at[one]}.",
                "pinned",
            )


def sexes_of(problem: AssignmentProblem) -> tuple[Ints, Ints]:
    """How many boys and how many girls each group has."""
    waiting = problem.waiting
    boys = np.bincount(waiting.group_of[waiting.sex == 1], minlength=len(waiting))
    girls = np.bincount(waiting.group_of[waiting.sex == 2], minlength=len(waiting))
    return boys, girls


def _again(numbers: Ints) -> Bools:
    """Which entries stood before."""
    first = np.unique(numbers, return_index=True)[1]
    again = np.ones(len(numbers), dtype=bool)
    again[first] = False
    return again
