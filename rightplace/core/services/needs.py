"""Need against provision, item by item: what a review found needed, what is agreed, what was used, the difference in money.

Worked example: two sessions a week at £75 are agreed, a review finds that one is needed, and 0.75 a week were used: over,
by £75.00 a week. Forty miles are agreed at 45p where sixty are needed: under, by £9.00 a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rightplace.core.money import round_half_up
from rightplace.core.pricing import PriceUnit
from rightplace.core.services.items import Item
from rightplace.core.services.packages import specified


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """One thing that is provided: `words` ("" for the price of the kind), how many are needed, agreed and were used a week.

    `weekly_pence` is what a week of all that is agreed comes to. None: nobody has said how many are needed, or their use
    is not recorded (what is charged by the week).
    """

    words: str
    unit: str
    needed: Decimal | None
    provided: Decimal
    used: Decimal | None
    weekly_pence: int

    @property
    def fit(self) -> str:
        """over, under, fits, or "" where the need is not known."""
        return specified(self.needed, self.provided)

    @property
    def difference_pence(self) -> int:
        """What a week of the difference comes to at the agreed price: above nothing for too much, below for too little."""
        if self.needed is None:
            return 0
        return round_half_up(
            self.weekly_pence * Fraction(self.provided - self.needed) / Fraction(self.provided)
        )


def need_lines(
    items: Iterable[Item],
    on: date,
    needed: Mapping[str, Decimal],
    used: Mapping[str, Decimal] | None = None,
) -> list[NeedLine]:
    """Every item that runs on a day beside its need and use by its words; of the same words and unit they count together.

    What is paid once is not needed so many times a week, and is left out.
    """
    found: dict[tuple[str, str], NeedLine] = {}
    for item in items:
        if not item.runs_on(on) or item.unit == PriceUnit.ONE_OFF:
            continue
        line = NeedLine(
            words=item.words, unit=item.unit, needed=needed.get(item.words), provided=item.quantity,
            used=(used or {}).get(item.words), weekly_pence=item.weekly_pence,
        )  # fmt: skip
        held = found.get((item.words, item.unit))
        if held is not None:
            both = (held.provided + line.provided, held.weekly_pence + line.weekly_pence)
            line = replace(held, provided=both[0], weekly_pence=both[1])
        found[item.words, item.unit] = line
    return list(found.values())


def over_and_under(lines: Iterable[NeedLine]) -> tuple[int, int]:
    """What a week of all that is too much comes to, and of all that is too little; the one never hides the other."""
    differences = [one.difference_pence for one in lines]
    return sum(max(one, 0) for one in differences), sum(max(-one, 0) for one in differences)
