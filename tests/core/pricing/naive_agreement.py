"""A slow, plain second opinion on agreements, 150 lines without the blank ones: every rule, night by night, in fractions.

It shares no code with the product but the values that describe an agreement.
"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from math import floor

DAY = timedelta(days=1)
UNITS = {"NIGHT": 1, "WEEK": 7, "FOUR_WEEKS": 28, "HOUR": 7}


def naive_months(agreement, until: date) -> dict[tuple[int, date], int]:
    """The pence of each line in each month before a day; months that come to nothing are left out."""
    sums: dict[tuple[int, date], int] = {}
    for line in agreement.lines:
        for night, pence in _nights(agreement, line, until):
            key = (line.number, night.replace(day=1))
            sums[key] = sums.get(key, 0) + pence
    return {key: pence for key, pence in sums.items() if pence}


def _nights(agreement, line, until):
    if line.is_percentage:
        for other in agreement.lines:
            if not other.is_percentage and other.kind in line.applies_to:
                yield from _percentage_nights(agreement, line, other, until)
    elif line.per.name in ("ONE_OFF", "SESSION", "MILE"):
        yield from _costs_on_days(agreement, line, until)
    else:
        yield from _own_nights(agreement, line, until)


def _own_nights(agreement, line, until):
    """Each night at its amount's price, counted from the day on which that amount began."""
    for night in _days(_begins(agreement, line), until):
        share = _paid(agreement, line, night)
        if share and _runs(agreement, line, night):
            amount = _amount(agreement, line, night)
            anchor = _since(agreement, line, night, amount)
            price = Fraction(amount * line.quantity * share, 100 * 10_000)
            yield night, line_sign(line) * _night_price(line, price, anchor, night)


def _percentage_nights(agreement, line, other, until):
    """A percentage of another line's night, counted from where both amounts run."""
    if other.per.name in ("ONE_OFF", "SESSION", "MILE"):
        return
    for night in _days(_begins(agreement, other), until):
        share = _paid(agreement, other, night)
        if share and _runs(agreement, other, night) and _runs(agreement, line, night):
            amount, points = _amount(agreement, other, night), _amount(agreement, line, night)
            anchor = max(_since(agreement, other, night, amount), _since(agreement, line, night, points))
            price = Fraction(amount * other.quantity * share * points, 100 * 10_000**2)
            yield night, line_sign(line) * _night_price(other, price, anchor, night)


def _costs_on_days(agreement, line, until):
    if line.per.name == "ONE_OFF":
        costs = [(day, line.quantity) for day in line.dates or [line.starts_on or agreement.stay.start]]
    else:
        held = [each for each in agreement.deliveries if each.line == line.number]
        costs = [(each.on, each.quantity) for each in held if _runs(agreement, line, each.on)]
    for day in sorted({day for day, _ in costs}):
        if _is_present(agreement, day) and day < until:
            exact = Fraction(
                _amount(agreement, line, day) * sum(many for on, many in costs if on == day), 100
            )
            yield day, line_sign(line) * floor(exact + Fraction(1, 2))


def _night_price(line, price, anchor, night):
    """The rounded running total after the night, less the one before it."""
    before = (
        sum((_part(line, each) for each in _days(anchor, night)), Fraction(0))
        if line.per.name == "MONTH"
        else None
    )
    if before is None:
        before = Fraction((night - anchor).days, UNITS[line.per.name])
    after = before + _part(line, night)
    return floor(price * after + Fraction(1, 2)) - floor(price * before + Fraction(1, 2))


def _part(line, day):
    return Fraction(
        1, monthrange(day.year, day.month)[1] if line.per.name == "MONTH" else UNITS[line.per.name]
    )


def line_sign(line):
    return -1 if line.kind == "discount" else 1


def _days(start, end):
    return [start + DAY * each for each in range(max((end - start).days, 0))]


def _begins(agreement, line):
    return max([agreement.starts_on or agreement.stay.start, *([line.starts_on] if line.starts_on else [])])


def _first_day(agreement, line):
    late = agreement.stay.start + DAY * line.after_nights if line.after_nights else date.min
    return max(_begins(agreement, line), late)


def _runs(agreement, line, day):
    return _first_day(agreement, line) <= day and (line.ends_on is None or day < line.ends_on)


def _is_present(agreement, day):
    return agreement.stay.start + DAY * (not agreement.nights.is_arrival_paid) <= day < _leaves(agreement)


def _leaves(agreement):
    """The first day that is no longer paid for being there."""
    end = agreement.stay.end
    return date.max if end is None else end + DAY * agreement.nights.is_leaving_paid


def _paid(agreement, line, day) -> int:
    """The basis points that are paid of a night: whole, as a retainer, under notice, or nothing."""
    notice = agreement.notice
    if _is_present(agreement, day):
        return 10_000 if line.is_paid_when_away else _away(agreement, day)
    if notice is None or day < _leaves(agreement) or line.kind not in notice.applies_to:
        return 0
    is_agreed = agreement.ends_on is None or day < agreement.ends_on
    return notice.basis_points if is_agreed and day < notice.given_on + DAY * notice.nights else 0


def _away(agreement, day) -> int:
    rules = {rule.reason: rule for rule in agreement.away}
    for absence in agreement.absences:
        rule = rules.get(absence.reason) or rules.get("")
        if rule and absence.nights.contains(day):
            nights = (day - absence.nights.start).days
            return [10_000, *(part for night, part in rule.shares if night <= nights)][-1]
    return 10_000


def _amount(agreement, line, day) -> int:
    on = [step for step in agreement.steps if step.group == line.step_group and step.starts_on <= day]
    step = dict(line.steps).get(max(on, key=lambda each: each.starts_on).name, 0) if on and line.steps else 0
    amount = (line.basis_points if line.is_percentage else line.amount_pence) + step
    if line.is_percentage:
        return amount
    for uplift in sorted(agreement.uplifts, key=lambda each: each.starts_on):
        if uplift.starts_on <= day and line.kind in uplift.applies_to:
            amount = floor(Fraction(amount * (10_000 + uplift.basis_points), 10_000) + Fraction(1, 2))
    caps = [cap for cap in agreement.ceilings if cap.starts_on <= day and line.kind in cap.applies_to]
    cap = max(caps, key=lambda each: each.starts_on) if caps and line.kind != "discount" else None
    if cap is None or (
        cap.per != line.per and not {cap.per.name, line.per.name} <= {"NIGHT", "WEEK", "FOUR_WEEKS"}
    ):
        return amount
    same = cap.per == line.per
    return min(
        amount, cap.amount_pence if same else cap.amount_pence * UNITS[line.per.name] // UNITS[cap.per.name]
    )


def _since(agreement, line, day, amount):
    """The first day of the unbroken run of this amount up to the day."""
    first = _first_day(agreement, line)
    while day > first and _amount(agreement, line, day - DAY) == amount:
        day -= DAY
    return day
