"""Many children at once: who waits, what is free, and the set of homes that serves them best together."""

from rightplace.core.matching.assignment.pairs import PairAssignment, assign_pairs
from rightplace.core.matching.assignment.pins import PinCost, cost_of_pin
from rightplace.core.matching.assignment.problem import (
    NOWHERE,
    WHOLE,
    AssignmentProblem,
    Candidates,
    Prices,
    Sex,
    Vacancies,
    Waiting,
    pairs_of,
)
from rightplace.core.matching.assignment.solve import Assignment, assign

__all__ = [
    "NOWHERE",
    "WHOLE",
    "Assignment",
    "AssignmentProblem",
    "Candidates",
    "PairAssignment",
    "PinCost",
    "Prices",
    "Sex",
    "Vacancies",
    "Waiting",
    "assign",
    "assign_pairs",
    "cost_of_pin",
    "pairs_of",
]
