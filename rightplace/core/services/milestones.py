"""Dated milestones of a kind of service, written as people say them: one mechanism for every clock and pathway.

"Review: 6 months after start, again" · "Transfer referral: 10 working days after request" · "Follow-up at 3 months:
3 months after end" · "Plan for adult life: at 14 years of age" · "Report: 12 weeks after start, at most 4 weeks longer".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.calendar import Holidays, add_months, add_working_days
from rightplace.core.problems import Problem

EVENTS = {"request": "asked", "start": "started", "end": "ended"}
LINE = re.compile(
    r"(?P<words>[^:]{2,120}):\s*(?P<number>\d{1,3}) (?P<unit>working days?|days?|weeks?|months?|years?) after "
    r"(?P<event>request|start|end)(?P<again>,\s*again)?(?:,\s*at most (?P<longer>\d{1,2}) weeks? longer)?\.?",
    re.IGNORECASE,
)
BIRTHDAY = re.compile(r"(?P<words>[^:]{2,120}):\s*at (?P<number>\d{1,2}) years of age\.?", re.IGNORECASE)
HINT = "Write it as “Review: 6 months after start, again” or “Plan for adult life: at 14 years of age”"


@dataclass(frozen=True, slots=True)
class MilestoneRule:
    """What is due, so many units after an event (asked, started, ended, born); with `is_again` as long as it runs.

    It may be put off by up to `weeks_longer`, counted from its first day, with a reason.
    """

    words: str
    number: int
    unit: str
    event: str
    is_again: bool = False
    weeks_longer: int = 0

    def due_on(self, begun: date, holidays: Holidays) -> date:
        """The last day that is in time, counted from the day of the event, which is day 0."""
        if self.unit == "working day":
            return add_working_days(begun, self.number, holidays)
        if self.unit in ("month", "year"):
            return add_months(begun, self.number * (12 if self.unit == "year" else 1))
        return begun + timedelta(days=self.number * (7 if self.unit == "week" else 1))


def milestone_rule(line: str) -> MilestoneRule | None:
    """The milestone that a line says; None where it cannot be read."""
    found = BIRTHDAY.fullmatch(line.strip())
    if found:
        return MilestoneRule(found["words"].strip(), int(found["number"]), "year", "born")
    found = LINE.fullmatch(line.strip())
    if found is None or (found["again"] and (int(found["number"]) == 0 or found["event"].lower() != "start")):
        return None
    unit = found["unit"].lower().removesuffix("s")
    return MilestoneRule(
        found["words"].strip(),
        int(found["number"]),
        unit,
        EVENTS[found["event"].lower()],
        bool(found["again"]),
        int(found["longer"] or 0),
    )


def milestone_rules(lines: Iterable[str]) -> tuple[tuple[MilestoneRule, ...], list[Problem]]:
    """Every milestone that the lines say, and a problem for each line that cannot be read or is told twice."""
    rules: dict[str, MilestoneRule] = {}
    problems = []
    for line in lines:
        rule = milestone_rule(line)
        if rule is None:
            problems.append(Problem("unreadable", f"“{line[:60]}” is no milestone. {HINT}.", "clocks"))
        elif rule.words in rules:
            problems.append(Problem("twice", f"“{rule.words}” is there twice.", "clocks"))
        else:
            rules[rule.words] = rule
    return tuple(rules.values()), problems


def due_after(
    rules: Iterable[MilestoneRule], event: str, begun: date, holidays: Holidays
) -> list[tuple[str, date]]:
    """What falls due after an event of this day, in order of date."""
    found = [(rule.words, rule.due_on(begun, holidays)) for rule in rules if rule.event == event]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))
