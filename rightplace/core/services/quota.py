"""The transfer scheme of unaccompanied children: each authority's share of children and its quota, over or under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rightplace.core.money import round_half_up


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One authority: children aged 0 to 17, unaccompanied children cared for, and the quota in children."""

    name: str
    population: int
    number: int
    quota: int

    @property
    def share(self) -> Fraction:
        """Unaccompanied children as a part of all children."""
        return Fraction(self.number, self.population) if self.population else Fraction(0)

    @property
    def over(self) -> int:
        """Children above the quota; below zero: so many more until it is reached."""
        return self.number - self.quota

    @property
    def standing(self) -> str:
        """Over, under or at the quota, in words with the number."""
        return f"{abs(self.over)} {'over' if self.over > 0 else 'under'}" if self.over else "at the quota"


def quota_lines(counted: Iterable[tuple[str, int, int]], threshold: Fraction) -> list[QuotaLine]:
    """The table as authorities publish it, from (name, population, number) and the dated threshold.

    The quota is the threshold's part of the population, rounded once, half up (National Transfer Scheme protocol).
    """
    return [
        QuotaLine(name, population, number, round_half_up(population * threshold))
        for name, population, number in counted
    ]
