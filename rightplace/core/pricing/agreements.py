"""What is agreed for one placement, package, block or carer's household, as data: lines, rules and what happened.

Everything that decides a charge is a value here, so that a variation is a new agreement and charges are worked out from it
alone. `segmenting.rate_segments` turns an agreement into rate segments.

Carers' weekly allowance and fee are the same lines: an allowance with its amount by age band, a fee with its amount by
skill level, festivals, holidays and birthdays as costs on their days, mileage by the mile, a retainer as an away rule.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from rightplace.core.periods import Period
from rightplace.core.pricing.columns import HUNDREDTHS, Per
from rightplace.core.pricing.lines import RECURRING_KINDS, PriceLine, PriceUnit, VatTreatment

_PER: dict[PriceUnit, Per] = {
    PriceUnit.NIGHT: Per.NIGHT,
    PriceUnit.WEEK: Per.WEEK,
    PriceUnit.FOUR_WEEKS: Per.FOUR_WEEKS,
    PriceUnit.MONTH: Per.MONTH,
    PriceUnit.HOUR: Per.HOUR,
    PriceUnit.SESSION: Per.SESSION,
    PriceUnit.MILE: Per.MILE,
    PriceUnit.ONE_OFF: Per.ONE_OFF,
    PriceUnit.PERCENT: Per.ONE_OFF,
}
BY_THE_NIGHT: tuple[str, ...] = tuple(kind.value for kind in RECURRING_KINDS)
"""The kinds that a percentage, an uplift or a notice applies to unless it says otherwise: all but one-off costs."""


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A price line as it is charged. `number` is its own and stays the same over variations.

    `amount_pence` is for one `per`, times `quantity` hundredths (hours a week, beds of a block), plus what `steps` say for
    the step that the placement is on in `step_group` (age band, need or skill level, number of siblings or of children).
    Sessions and miles are charged as delivered. With `is_percentage`, `basis_points` and the amounts of steps are basis
    points of the lines of the kinds `applies_to`. A kind of "discount" is taken off. It runs from `starts_on` up to
    `ends_on`, by default all along, and not before `after_nights` of the stay (long stays); a one-off cost falls on its
    `dates`, by default on its first day. With `is_paid_when_away` no absence touches it.
    """

    number: int
    kind: str
    per: Per
    amount_pence: int = 0
    quantity: int = HUNDREDTHS
    starts_on: date | None = None
    ends_on: date | None = None
    is_percentage: bool = False
    basis_points: int = 0
    applies_to: tuple[str, ...] = BY_THE_NIGHT
    step_group: str = ""
    steps: tuple[tuple[str, int], ...] = ()
    dates: tuple[date, ...] = ()
    after_nights: int = 0
    is_paid_when_away: bool = False
    vat: VatTreatment = VatTreatment.EXEMPT
    code: int = 0

    @property
    def sign(self) -> int:
        """-1 for a discount, 1 for everything else."""
        return -1 if self.kind == "discount" else 1

    @property
    def is_on_a_day(self) -> bool:
        """Whether it is charged whole on a day, not by the night."""
        return not self.is_percentage and self.per in (Per.SESSION, Per.MILE, Per.ONE_OFF)


@dataclass(frozen=True, slots=True)
class NightRule:
    """Which nights count: the first day's does; the day of leaving is not paid, unless stated."""

    is_arrival_paid: bool = True
    is_leaving_paid: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """Nights away from the home, and why: "hospital", "family", "missing"."""

    reason: str
    nights: Period


@dataclass(frozen=True, slots=True)
class AwayRule:
    """What is paid while the child is away for a reason ("" for any other): from which night on, how many basis points.

    `shares` are in order of night, counted from 0 within the absence; before the first all is paid. Days of one absence
    with (0, 10000), (14, 5000), (42, 0): in full for 14 nights, half as a retainer to the 42nd, then nothing.
    """

    reason: str
    shares: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is paid after the child has left, up to so many nights from the day on which notice was given."""

    nights: int
    given_on: date
    basis_points: int = 10_000
    applies_to: tuple[str, ...] = BY_THE_NIGHT


@dataclass(frozen=True, slots=True)
class Uplift:
    """A rise of the amounts by an agreed percentage from a date; the new amount is rounded to the penny, as it is printed.

    With `only`, it rises the lines of these numbers alone: those of the version that it was agreed in.
    """

    starts_on: date
    basis_points: int
    applies_to: tuple[str, ...] = BY_THE_NIGHT
    only: tuple[int, ...] = ()

    def is_for(self, line: AgreedLine) -> bool:
        """Whether it rises this line."""
        return line.kind in self.applies_to and (not self.only or line.number in self.only)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a framework lets lines of these kinds cost from a date, for one `per` of the same clock.

    It holds each line by itself; with `is_together` it also holds the sum of them: in the order of their numbers, each may
    cost at most what those before it have left. `of` names the framework and lot that it is taken from.
    """

    starts_on: date
    per: Per
    amount_pence: int
    applies_to: tuple[str, ...] = BY_THE_NIGHT
    only: tuple[int, ...] = ()
    is_together: bool = False
    of: str = ""

    def is_for(self, line: AgreedLine) -> bool:
        """Whether it caps this line: never a percentage or a discount."""
        is_capped = line.kind in self.applies_to and not line.is_percentage and line.kind != "discount"
        return is_capped and (not self.only or line.number in self.only)


@dataclass(frozen=True, slots=True)
class Step:
    """From a date the placement is on this step of a group: "age" "11 to 15", "level" "3", "siblings" "2"."""

    group: str
    name: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sessions held or miles driven for a line on a day, in hundredths."""

    line: int
    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything that decides the charges of one placement (or package, block, household).

    `stay` is from arrival to the day of leaving, open while nobody has left. Rates are counted from `starts_on` (the start
    of the stay by default), or from their own date if later. `ends_on` is the agreed end, beyond which no notice is paid.
    A block is an agreement of its own, whose stay is the block and which has no absences: it is paid whether filled or not.
    """

    placement: int
    stay: Period
    lines: tuple[AgreedLine, ...]
    starts_on: date | None = None
    ends_on: date | None = None
    nights: NightRule = NightRule()
    absences: tuple[Absence, ...] = ()
    away: tuple[AwayRule, ...] = ()
    notice: Notice | None = None
    uplifts: tuple[Uplift, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    steps: tuple[Step, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """The price lines that rule from a day on, each with its own number."""

    starts_on: date
    lines: tuple[tuple[int, PriceLine], ...]


def agreed_line(number: int, line: PriceLine, code: int = 0) -> AgreedLine:
    """A price line of an offer or contract as it is charged. ValueError when its quantity is finer than hundredths."""
    return AgreedLine(
        number=number,
        kind=str(line.kind),
        per=_PER[line.unit],
        amount_pence=line.amount_pence,
        quantity=_hundredths(line.quantity),
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        is_percentage=line.is_percentage,
        basis_points=line.basis_points,
        applies_to=tuple(str(kind) for kind in line.applies_to),
        step_group=line.step_group,
        steps=line.steps,
        after_nights=line.after_nights,
        is_paid_when_away=line.is_paid_when_away,
        vat=line.vat,
        code=code,
    )


def agreed_lines(versions: Sequence[Version], stay: Period) -> tuple[AgreedLine, ...]:
    """The lines of all versions of a contract: each version's rule from its date to the next version's.

    The first rules from the start of the stay whatever its own date; of two with the same date the later rules. Lines that
    never run are left out. An agreement of these lines comes to what the versions come to one by one, to the penny.
    """
    starts = [stay.start, *(max(version.starts_on, stay.start) for version in versions[1:])]
    ends = [min(starts[place + 1 :], default=None) for place in range(len(versions))]
    return tuple(
        ruled
        for version, start, end in zip(versions, starts, ends, strict=True)
        for number, line in version.lines
        if (ruled := _ruled(agreed_line(number, line), start, end))
    )


def _ruled(line: AgreedLine, start: date, end: date | None) -> AgreedLine | None:
    """The line within the days on which its version rules; None when it never runs there."""
    if line.per == Per.ONE_OFF and not line.is_percentage:
        day = line.starts_on or start
        return replace(line, dates=(day,)) if start <= day and (end is None or day < end) else None
    first = max(line.starts_on or start, start)
    last = min((day for day in (line.ends_on, end) if day is not None), default=None)
    return None if last is not None and last <= first else replace(line, starts_on=first, ends_on=last)


def as_expected(agreement: Agreement) -> Agreement:
    """The agreement with as many sessions and miles every week as its lines allow: what permission is given for."""
    lines = tuple(
        replace(line, per=Per.HOUR) if line.per in (Per.SESSION, Per.MILE) else line
        for line in agreement.lines
    )
    return replace(agreement, lines=lines, deliveries=())


def age_steps(born_on: date, bands: Iterable[tuple[int, str]], group: str = "age") -> tuple[Step, ...]:
    """The dates on which a child comes into each age band, given as (age from, name)."""
    return tuple(Step(group, name, _birthday(born_on, age)) for age, name in bands)


def every_year(month: int, day: int, period: Period) -> tuple[date, ...]:
    """A day of the year in each year of a closed period: birthdays, festivals on a fixed date (29 February: 1 March)."""
    years = range(period.start.year, period.closed_end.year + 1)
    found = (_birthday(date(2000, month, day), year - 2000) for year in years)
    return tuple(each for each in found if period.contains(each))


@lru_cache(maxsize=1)
def vat_rates() -> dict[VatTreatment, tuple[tuple[date, int], ...]]:
    """The basis points of each treatment from each date, in order of date."""
    text = files(__package__).joinpath("vat.csv").read_text(encoding="utf-8")
    found: dict[VatTreatment, list[tuple[date, int]]] = {}
    for row in csv.DictReader(text.splitlines()):
        dated = (date.fromisoformat(row["starts_on"]), int(row["basis_points"]))
        found.setdefault(VatTreatment(row["treatment"]), []).append(dated)
    return {treatment: tuple(sorted(rates)) for treatment, rates in found.items()}


def _birthday(born_on: date, age: int) -> date:
    year = born_on.year + age
    is_missing = (born_on.month, born_on.day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400))
    return date(year, 3, 1) if is_missing else born_on.replace(year=year)


def _hundredths(quantity: Fraction | Decimal | int) -> int:
    exact = Fraction(quantity) * HUNDREDTHS
    if exact.denominator != 1:
        raise ValueError(f"a quantity is given in hundredths at most, not {quantity}")
    return exact.numerator
