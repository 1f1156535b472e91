"""The net cost of a year: staffing, placements, running costs, less the grant; from full precision, beside what was printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rightplace.core.money import round_half_up

COSTS = ("staffing", "placements", "running")
GRANT = "grant"
THOUSAND = 100_000


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """A total as worked out from its parts and as it was printed, in thousands; `by_rounding`: rounding explains it."""

    worked_out: int
    printed: int
    parts: int

    @property
    def difference(self) -> int:
        """Printed less worked out."""
        return self.printed - self.worked_out

    @property
    def by_rounding(self) -> bool:
        """Whether rounded parts explain the difference: each is off by at most a half, and so is the printed total."""
        return 2 * abs(self.difference) <= self.parts + 1

    @property
    def words(self) -> str:
        """What is said beside the total."""
        if not self.difference:
            return "Adds up."
        apart = f"Printed {self.printed:,}, the parts come to {self.worked_out:,}"
        return (
            f"{apart}: rounding of the parts explains it."
            if self.by_rounding
            else f"{apart}: they do not add up."
        )


def net_cost(pence: Mapping[str, int]) -> int:
    """Staffing, placements and running costs less the grant, in pence; the grant may be given above or below zero."""
    return sum(pence.get(name, 0) for name in COSTS) - abs(pence.get(GRANT, 0))


def in_thousands(pence: int) -> int:
    """Pence as thousands of pounds, halves up, as tables print them."""
    return round_half_up(Fraction(pence, THOUSAND))


def printed_total(parts: Sequence[int], printed: int) -> PrintedTotal:
    """A printed total beside what its printed parts come to; both in thousands."""
    return PrintedTotal(sum(parts), printed, len(parts))
