"""Particulars of a service: what is known of it from a day on, written on its kind as people say it; what they cost or bring.

"Step: one of Staying put, Staying close, Own tenancy, in order" · "Rent: pounds a week, on top" · "Housing benefit: pounds a
week, towards it" · "Age claimed: number" · "Report due by the court: date, due" · "Plan issued: date" · "Criteria: words".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rightplace.core.money import round_half_up
from rightplace.core.problems import Problem

WEEKS_A_YEAR = 52
MOST_PENCE = 10_000_000_000
PARTICULAR_HINT = (
    "Write it as “Band: one of A, B, C”, “Step: one of Shared house, Own tenancy, in order”, “Rent: pounds a week, on top”, "
    "“Benefit: pounds a week, towards it”, “Plan issued: date”, “Report to court: date, due”, “Age claimed: number” or "
    "“Criteria: words”"
)
CHOICE = re.compile(r"one of (?P<choices>.+?)(?P<ordered>, in order)?\.?", re.IGNORECASE)
POUNDS = re.compile(r"pounds a (?P<per>week|year)(?:, (?P<counts>on top|towards it))?\.?", re.IGNORECASE)
PLAIN = {"words": "words", "number": "number", "date": "date", "date, due": "date"}
SIGNS = {"on top": 1, "towards it": -1}


@dataclass(frozen=True, slots=True)
class ParticularRule:
    """What a kind keeps of each service: `shape` is choice, pounds, number, date or words.

    `is_ordered`: the choices are steps, one after another. `is_due`: the day is a milestone. `sign`: 1 where an amount
    comes on top of the price, -1 where somebody else pays it towards it, 0 where it is only known.
    """

    words: str
    shape: str
    choices: tuple[str, ...] = ()
    is_ordered: bool = False
    is_due: bool = False
    per: str = ""
    sign: int = 0

    def weekly_pence(self, pence: int) -> int:
        """What an amount adds to a week's cost, below zero where it lowers it; a year's amount is a year of 52 weeks."""
        return self.sign * (round_half_up(Fraction(pence, WEEKS_A_YEAR)) if self.per == "year" else pence)


@dataclass(frozen=True, slots=True)
class Said:
    """One particular as it is entered: as many of these as its shape has, the others None or empty."""

    words: str
    text: str = ""
    pence: int | None = None
    number: Decimal | None = None
    on: date | None = None

    @property
    def is_said(self) -> bool:
        """Whether anything was entered."""
        return bool(self.text.strip()) or any(one is not None for one in (self.pence, self.number, self.on))


def particular_rule(line: str) -> ParticularRule | None:
    """The particular that a line says; None where it cannot be read."""
    words, _, said = (part.strip() for part in line.partition(":"))
    if not 2 <= len(words) <= 80:
        return None
    if said.lower().rstrip(".") in PLAIN:
        return ParticularRule(words, PLAIN[said.lower().rstrip(".")], is_due="due" in said.lower())
    if found := POUNDS.fullmatch(said):
        return ParticularRule(
            words, "pounds", per=found["per"].lower(), sign=SIGNS.get((found["counts"] or "").lower(), 0)
        )
    if found := CHOICE.fullmatch(said):
        choices = tuple(one.strip() for one in found["choices"].split(",") if one.strip())
        is_ordered = found["ordered"] is not None
        distinct = len(set(choices)) == len(choices) > 1
        return ParticularRule(words, "choice", choices, is_ordered) if distinct else None
    return None


def particular_rules(lines: Iterable[str]) -> tuple[tuple[ParticularRule, ...], list[Problem]]:
    """Every particular that the lines say, and a problem for each line that cannot be read or is told twice."""
    rules: dict[str, ParticularRule] = {}
    problems = []
    for line in lines:
        rule = particular_rule(line)
        if rule is None:
            words = f"“{line[:60]}” is no particular. {PARTICULAR_HINT}."
            problems.append(Problem("unreadable", words, "particulars"))
        elif rule.words in rules:
            problems.append(Problem("twice", f"“{rule.words}” is there twice.", "particulars"))
        else:
            rules[rule.words] = rule
    return tuple(rules.values()), problems


def said_problems(rule: ParticularRule, said: Said, field: str) -> list[Problem]:
    """Why a particular cannot be kept as it was entered, at its field."""
    if rule.shape == "choice" and said.text not in rule.choices:
        return [Problem("unknown", f"Choose one of {', '.join(rule.choices)}.", field)]
    if rule.shape == "pounds" and (said.pence is None or not 0 <= said.pence <= MOST_PENCE):
        return [Problem("amount", "Enter an amount of money.", field)]
    if rule.shape == "number" and (said.number is None or abs(said.number) >= 100_000):
        return [Problem("number", "Enter a number.", field)]
    if rule.shape == "date" and said.on is None:
        return [Problem("date", "Enter a day.", field)]
    if rule.shape == "words" and not 0 < len(said.text.strip()) <= 500:
        return [Problem("words", "Enter at most 500 characters.", field)]
    return []


@dataclass(frozen=True, slots=True)
class OnStep:
    """Who stands on one step: how many, the longest there in days, what they cost a week after what others pay."""

    step: str
    number: int
    longest_days: int
    net_weekly_pence: int


def on_steps(choices: Sequence[str], standing: Iterable[tuple[str, date, int]], today: date) -> list[OnStep]:
    """Each step in order with who stands there, from (step, since, pence a week) of each; an unknown step is left out."""
    rows = list(standing)
    found = []
    for step in choices:
        there = [(since, pence) for name, since, pence in rows if name == step]
        longest = max(((today - since).days for since, _ in there), default=0)
        found.append(OnStep(step, len(there), longest, sum(pence for _, pence in there)))
    return found
