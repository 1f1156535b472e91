"""Many children at once: who waits, what is free, and the set of homes that serves them best together."""

from rightplace.core.matching.assignment.pairs import PairAssignment, assign_pairs
from rightplace.core.matching.assignment.pins import PinCost, PinEstimates, cost_of_pin, pin_estimates
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
from rightplace.core.matching.assignment.reasons import WORDS, Why, words_of
from rightplace.core.matching.assignment.solve import Assignment, assign

__all__ = [
    "NOWHERE",
    "WHOLE",
    "WORDS",
    "Assignment",
    "AssignmentProblem",
    "Candidates",
    "PairAssignment",
    "PinCost",
    "PinEstimates",
    "Prices",
    "Sex",
    "Vacancies",
    "Waiting",
    "Why",
    "assign",
    "assign_pairs",
    "cost_of_pin",
    "pairs_of",
    "pin_estimates",
    "words_of",
]
