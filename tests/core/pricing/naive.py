"""A slow, plain second opinion on prices: day by day, sharing no code with the product."""

import calendar
from datetime import timedelta
from fractions import Fraction
from math import floor


def naive_total(lines, period) -> int:
    """The whole cost in pence, each line rounded half up once; a percentage once with each line that it is taken off."""
    total = 0
    for line in lines:
        for other in _reduced(line, lines) if line.unit == "percent" else [line]:
            exact = sum((_on_day(line, [other], period, day) for day in _days(period)), Fraction(0))
            rounded = floor(exact + Fraction(1, 2))
            total += -rounded if line.kind == "discount" else rounded
    return total


def _reduced(line, lines):
    return [other for other in lines if other.unit != "percent" and other.kind in line.applies_to]


def _days(period):
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]


def _on_day(line, lines, period, day) -> Fraction:
    if line.unit == "one_off":
        return _amount(line) if day == (line.starts_on or period.start) else Fraction(0)
    if (line.starts_on and day < line.starts_on) or (line.ends_on and day >= line.ends_on):
        return Fraction(0)
    if line.unit == "percent":
        others = (_on_day(other, lines, period, day) for other in _reduced(line, lines))
        return sum(others, Fraction(0)) * line.basis_points / 10_000
    days_in_month = calendar.monthrange(day.year, day.month)[1]
    return (
        _amount(line)
        / {
            "night": 1,
            "week": 7,
            "four_weeks": 28,
            "hour": 7,
            "session": 7,
            "mile": 7,
            "month": days_in_month,
        }[line.unit]
    )


def _nights(unit, days_in_month) -> int:
    """How many nights an amount is for; sessions and miles are the most in a week."""
    return {"night": 1, "four_weeks": 28, "month": days_in_month}.get(unit, 7)


def _amount(line) -> Fraction:
    return line.amount_pence * Fraction(line.quantity)
