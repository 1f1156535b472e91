"""Rules and rates that change by date: periods, limits, thresholds, grants, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache

from rightplace.foundation.reference.packaged import read_rows


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds from `starts_on` until the day before `ends_on` (open when None).

    `is_verified` is False where the public text could not be quoted: show that with the source.
    """

    name: str
    value: Fraction
    unit: str
    starts_on: date
    ends_on: date | None
    source: str
    is_verified: bool

    def holds_on(self, day: date) -> bool:
        """Whether this is the rule of that day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@lru_cache(16_384)
def rule(name: str, on: date) -> Rule | None:
    """The rule of this name on a day; None before it began or after it ended. KeyError: no such rule."""
    return next((row for row in rules()[name] if row.holds_on(on)), None)


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Every rule by name, its versions in order of date."""
    found: dict[str, list[Rule]] = {}
    for row in read_rows("rules/rules.csv"):
        found.setdefault(row["rule"], []).append(_rule(row))
    return {name: tuple(sorted(versions, key=lambda v: v.starts_on)) for name, versions in found.items()}


def fostering_allowance_pence(*, age: int, area: str, on: date) -> int | None:
    """The National Minimum Allowance in pence a week, by age and area.

    Areas are London, South East and Rest of England. None for a day without a known rate, and from age 18.
    """
    for row in read_rows("rules/fostering_allowance.csv"):
        is_for_child = int(row["from_age"]) <= age <= int(row["to_age"]) and row["area"] == area
        if is_for_child and row["starts_on"] <= on.isoformat() < row["ends_on"]:
            return int(row["pence_a_week"])
    return None


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        name=row["rule"],
        value=Fraction(row["value"]),
        unit=row["unit"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        source=row["source"],
        is_verified=row["verified"] == "yes",
    )
