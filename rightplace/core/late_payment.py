"""Interest on what was paid late, and the fixed sum for the trouble.

Source: Late Payment of Commercial Debts (Interest) Act 1998, sections 1, 4 to 6; the rate by the Late Payment of Commercial
Debts (Rate of Interest) (No. 3) Order 2002 (SI 2002/1675): 8 per cent over the official dealing rate of the Bank of England in
force on 30 June (for debts late from 1 July to 31 December) or on 31 December (for the half-year after).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rightplace.core.money import round_half_up

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class LateTerms:
    """The Act's terms: per cent over the reference rate, that rate, each from a day on; fixed sums (debt from, sum) in pence."""

    over: tuple[tuple[date, Fraction], ...]
    reference: tuple[tuple[date, Fraction], ...]
    sums: tuple[tuple[int, int], ...]

    def yearly(self, late_from: date) -> Fraction:
        """Per cent a year for a debt that became late on a day; it stays the same however late it is paid."""
        return _on(self.over, late_from) + _on(self.reference, late_from)

    def fixed(self, pence: int) -> int:
        """The fixed sum for a debt of this size, in pence."""
        return max((sum_ for from_, sum_ in self.sums if pence >= from_), default=0)


def late_payment(pence: int, due_on: date, paid_on: date, terms: LateTerms) -> tuple[int, int]:
    """Interest and fixed sum, both in pence, for a debt paid on a day; nothing when it was paid by the day it was due.

    Simple interest, from the day after the debt was due to the day of payment, on a year of 365 days, rounded half up.

    >>> over, rate = ((date(2002, 8, 7), Fraction(8)),), ((date(2025, 1, 1), Fraction(19, 4)),)
    >>> terms = LateTerms(over, rate, ((0, 4000), (100_000, 7000)))
    >>> late_payment(100_000, date(2025, 3, 1), date(2025, 3, 31), terms)  # 30 days at 12.75%
    (1048, 7000)
    """
    days = (paid_on - due_on).days
    if days <= 0 or pence <= 0:
        return 0, 0
    rate = terms.yearly(date.fromordinal(due_on.toordinal() + 1))
    return round_half_up(Fraction(pence) * rate / 100 * days / DAYS_OF_A_YEAR), terms.fixed(pence)


def _on(rates: tuple[tuple[date, Fraction], ...], day: date) -> Fraction:
    """The rate that began last on or before a day; the first one for a day before all."""
    held = [rate for starts_on, rate in rates if starts_on <= day]
    return held[-1] if held else rates[0][1]
