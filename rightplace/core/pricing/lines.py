"""One line of a price, as it is offered and agreed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rightplace.core.periods import Period


class PriceKind(StrEnum):
    """What a line pays for."""

    CORE_FEE = "core_fee"
    SUPPORT = "support"
    TRANSPORT = "transport"
    EDUCATION = "education"
    THERAPY = "therapy"
    ALLOWANCE = "allowance"
    FEE = "fee"
    ONE_OFF = "one_off"
    DISCOUNT = "discount"
    # Beds of a home kept for the authority to a date, paid whether they are filled or not.
    BLOCK = "block"


class PriceUnit(StrEnum):
    """What the amount is for: a night, seven or 28 nights, a month, an hour, a session, a mile, once, or a percentage."""

    NIGHT = "night"
    WEEK = "week"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"
    HOUR = "hour"
    SESSION = "session"
    MILE = "mile"
    ONE_OFF = "one_off"
    PERCENT = "percent"


RECURRING_KINDS = (
    PriceKind.CORE_FEE,
    PriceKind.SUPPORT,
    PriceKind.TRANSPORT,
    PriceKind.EDUCATION,
    PriceKind.THERAPY,
    PriceKind.ALLOWANCE,
    PriceKind.FEE,
    PriceKind.BLOCK,
)
"""What a percentage discount takes off unless its line says otherwise: everything but one-off costs."""


class VatTreatment(StrEnum):
    """How VAT falls on a line; the rate of a treatment is dated data (`vat.csv`)."""

    OUTSIDE = "outside"
    EXEMPT = "exempt"
    ZERO = "zero"
    REDUCED = "reduced"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price as offered and agreed.

    `amount_pence` is for one `unit` and never negative: a discount takes its amount off. `quantity` is how
    many units each time (1 by default); for hours it is hours a week, for sessions and miles the most in a week. A
    percentage discount has the unit "percent", `basis_points` (1250 is 12.5%) and the kinds of line that it is taken off
    (`applies_to`). The line runs from `starts_on` up to but not including `ends_on`, and by default for the whole
    agreement, not before `after_nights` of the stay; a one-off line is charged on `starts_on`, by default the first day.
    `steps` add to the amount (or basis points) by the step that the placement is on in `step_group`; with
    `is_paid_when_away` no absence touches the line.
    """

    kind: PriceKind
    unit: PriceUnit
    amount_pence: int = 0
    quantity: Fraction | Decimal | int = 1
    starts_on: date | None = None
    ends_on: date | None = None
    basis_points: int = 0
    applies_to: tuple[PriceKind, ...] = RECURRING_KINDS
    vat: VatTreatment = VatTreatment.EXEMPT
    after_nights: int = 0
    is_paid_when_away: bool = False
    step_group: str = ""
    steps: tuple[tuple[str, int], ...] = ()

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
