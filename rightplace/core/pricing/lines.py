"""One line of a price and what it comes to, exactly, over a period."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rightplace.core.money import WHOLE_IN_BASIS_POINTS
from rightplace.core.periods import Period
from rightplace.core.proration import months_in, weeks_in


class PriceKind(StrEnum):
    """What a line pays for."""

    CORE_FEE = "core_fee"
    SUPPORT = "support"
    TRANSPORT = "transport"
    EDUCATION = "education"
    THERAPY = "therapy"
    ONE_OFF = "one_off"
    DISCOUNT = "discount"


class PriceUnit(StrEnum):
    """What the amount is for: a night, seven nights, a calendar month, an hour, once, or a percentage."""

    NIGHT = "night"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    ONE_OFF = "one_off"
    PERCENT = "percent"


RECURRING_KINDS = (
    PriceKind.CORE_FEE,
    PriceKind.SUPPORT,
    PriceKind.TRANSPORT,
    PriceKind.EDUCATION,
    PriceKind.THERAPY,
)
"""What a percentage discount takes off unless its line says otherwise: everything but one-off costs."""


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price as offered and agreed.

    `amount_pence` is for one `unit` and never negative: a discount takes its amount off. `quantity` is how
    many units each time (1 by default); for hours it is hours a week. A percentage discount has the unit
    "percent", `basis_points` (1250 is 12.5%) and the kinds of line that it is taken off (`applies_to`). The
    line runs from `starts_on` up to but not including `ends_on`, and by default for the whole agreement; a
    one-off line is charged on `starts_on`, by default the first day.
    """

    kind: PriceKind
    unit: PriceUnit
    amount_pence: int = 0
    quantity: Fraction | Decimal | int = 1
    starts_on: date | None = None
    ends_on: date | None = None
    basis_points: int = 0
    applies_to: tuple[PriceKind, ...] = RECURRING_KINDS

    @property
    def is_percentage(self) -> bool:
        """Whether it is a share of other lines rather than an amount."""
        return self.unit == PriceUnit.PERCENT

    @property
    def sign(self) -> int:
        """-1 for a discount, 1 for everything else."""
        return -1 if self.kind == PriceKind.DISCOUNT else 1


def running_period(line: PriceLine, whole: Period) -> Period | None:
    """The part of the whole agreement in which the line runs (one day for a one-off), if it does."""
    start = max(line.starts_on or whole.start, whole.start)
    if line.unit == PriceUnit.ONE_OFF:
        day = line.starts_on or whole.start
        return Period(day, day + timedelta(days=1)) if whole.contains(day) else None
    if line.ends_on is not None and line.ends_on <= start:
        return None
    return Period(start, line.ends_on).intersection(whole)


def exact_cost(line: PriceLine, period: Period) -> Fraction:
    """The exact pence of a line with an amount over a closed period in which it runs, without its sign."""
    return Fraction(line.amount_pence) * Fraction(line.quantity) * _units_in(line.unit, period)


def is_share_of(line: PriceLine, other: PriceLine) -> bool:
    """Whether a percentage line is taken off another line."""
    return line.is_percentage and not other.is_percentage and other.kind in line.applies_to


def exact_share(line: PriceLine, other: PriceLine, taken: Period) -> Fraction:
    """The exact pence of a percentage line over a period in which the line that it is taken off runs too."""
    return exact_cost(other, taken) * line.basis_points / WHOLE_IN_BASIS_POINTS


def _units_in(unit: PriceUnit, period: Period) -> Fraction:
    if unit == PriceUnit.MONTH:
        return months_in(period)
    if unit == PriceUnit.NIGHT:
        return Fraction(period.nights)
    if unit in (PriceUnit.WEEK, PriceUnit.HOUR):
        return weeks_in(period)
    return Fraction(1)
