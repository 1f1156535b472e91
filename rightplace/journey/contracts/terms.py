"""What signed terms come to over a stay: each set of terms rules from its date until the next, as one agreement of core's.

Of any night only one set of terms rules. Its rules (`rules.py`) touch its own lines alone, and what is paid for an absence
is decided by the terms that ruled on its first night. Rates of the first terms are counted from the start of the stay,
those of a variation from its own date; so what was due for nights before a variation never moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AgreedLine,
    Agreement,
    AwayRule,
    Delivery,
    NightRule,
    Notice,
    PriceLine,
    Step,
    Version,
    WholeCost,
    agreed_lines,
    cost_of_agreement,
)
from rightplace.journey.contracts.rules import USUAL, Rules

WHOLE = 10_000
BY_DATE = attrgetter("starts_on")


@dataclass(frozen=True, slots=True)
class Dated:
    """A line, by its number, whose amount follows rates by date; a cost on days has its `dates` too."""

    number: int
    amounts: tuple[tuple[date, int], ...]
    dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The price lines that rule from a day on, with their rules; `numbers` are the lines' own, by default their places."""

    starts_on: date
    lines: tuple[PriceLine, ...]
    rules: Rules = USUAL
    numbers: tuple[int, ...] = ()
    notice_days: int = 28
    dated: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """What came to pass under a contract: nights away, sessions and miles, notice given, the end that was expected, counts."""

    absences: tuple[Absence, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    notice_given_on: date | None = None
    expected_end_on: date | None = None
    # From which day on how many are counted: brothers and sisters placed together, children placed with the provider.
    counts: Mapping[str, tuple[tuple[date, int], ...]] = field(default_factory=dict)


def ruling(terms: Sequence[Terms], stay: Period) -> tuple[tuple[int, Period], ...]:
    """For which part of the stay each set of terms rules, by its place; those that rule no night are left out.

    The first rules from the start of the stay whatever its own date (a start that moved moves it too). Of two with the
    same date the later rules.
    """
    parts: list[tuple[int, Period]] = []
    end = stay.closed_end
    for place in range(len(terms) - 1, -1, -1):
        start = stay.start if place == 0 else max(terms[place].starts_on, stay.start)
        if start < end:
            parts.append((place, Period(start, end)))
            end = start
    return tuple(reversed(parts))


def agreement_from(
    terms: Sequence[Terms], stay: Period, happened: Happened = Happened(), number: int = 0
) -> Agreement:
    """The terms over a closed stay as core prices them, each line with the rules of its own terms."""
    numbered = [_numbers(terms, place) for place in range(len(terms))]
    versions = [
        Version(each.starts_on, tuple(zip(numbers, _lines(each, place), strict=True)))
        for place, (each, numbers) in enumerate(zip(terms, numbered, strict=True))
    ]
    parts = ruling(terms, stay)
    absences, away = _away(terms, parts, happened.absences)
    dated = {each.number: (each, part) for place, part in parts for each in terms[place].dated}
    lines = tuple(
        _follow(line, *dated[line.number]) if line.number in dated else line
        for line in agreed_lines(versions, stay)
    )
    lines, counted = _counted(terms, lines, happened)
    return Agreement(
        number,
        stay,
        lines,
        ends_on=happened.expected_end_on,
        nights=_night_rule(terms, parts),
        absences=absences,
        away=away,
        notice=_notice(terms, parts, happened),
        uplifts=tuple(
            replace(uplift, only=numbers)
            for each, numbers in zip(terms, numbered, strict=True)
            for uplift in each.rules.uplifts
            if numbers
        ),
        ceilings=tuple(
            replace(ceiling, only=numbers)
            for each, numbers in zip(terms, numbered, strict=True)
            for ceiling in each.rules.ceilings
            if numbers
        ),
        steps=tuple(
            Step(f"{place}:{step.group}", step.name, step.starts_on)
            for place, each in enumerate(terms)
            for step in each.rules.steps
        )
        + tuple(_rate_steps(each for each, _ in dated.values()))
        + counted,
        deliveries=happened.deliveries,
    )


def stay_cost(terms: Sequence[Terms], stay: Period) -> WholeCost:
    """The whole cost of a closed stay under all terms, to the penny, with as many sessions and miles as they allow."""
    return cost_of_agreement(agreement_from(terms, stay))


def lines_on(terms: Terms, day: date) -> tuple[PriceLine, ...]:
    """The lines with what uplifts have made of their amounts by a day: what a later variation starts from."""
    uplifts = [each for each in sorted(terms.rules.uplifts, key=BY_DATE) if each.starts_on <= day]
    points = [each.basis_points for each in uplifts]
    return tuple(
        line if line.is_percentage or str(line.kind) not in _raised_kinds(terms) else _raised(line, points)
        for line in terms.lines
    )


def amounts_on(terms: Terms, day: date) -> tuple[PriceLine, ...]:
    """The lines at the amounts of one day, steps and uplifts in them: for limits that are set by the week."""
    on = {step.group: step.name for step in sorted(terms.rules.steps, key=BY_DATE) if step.starts_on <= day}
    return tuple(_stepped(line, on.get(line.step_group, "")) for line in lines_on(terms, day))


def _numbers(terms: Sequence[Terms], place: int) -> tuple[int, ...]:
    """The lines' own numbers, or else places counted through all terms."""
    before = sum(len(each.lines) for each in terms[:place])
    return terms[place].numbers or tuple(range(before, before + len(terms[place].lines)))


def _lines(terms: Terms, place: int) -> list[PriceLine]:
    """The lines, with steps that only the rules of these terms speak of."""
    return [
        replace(line, step_group=f"{place}:{line.step_group}") if line.steps else line for line in terms.lines
    ]


def _follow(line: AgreedLine, dated: Dated, part: Period) -> AgreedLine:
    """The line at the rates of each date: its amount is nothing, and what a step adds from a date is the rate."""
    steps = tuple((day.isoformat(), pence) for day, pence in dated.amounts)
    dates = tuple(day for day in dated.dates if part.contains(day)) if dated.dates else line.dates
    return replace(line, amount_pence=0, step_group=f"rate:{line.number}", steps=steps, dates=dates)


def _counted(
    terms: Sequence[Terms], lines: tuple[AgreedLine, ...], happened: Happened
) -> tuple[tuple[AgreedLine, ...], tuple[Step, ...]]:
    """Lines whose step is counted, each on steps of its own from the days on which the count moves.

    A step that the rules state by name goes before what is counted.
    """
    made: list[AgreedLine] = []
    steps: list[Step] = []
    for line in lines:
        place, _, group = line.step_group.partition(":")
        counts = happened.counts.get(group, ()) if line.steps and place.isdecimal() else ()
        if not counts or any(step.group == group for step in terms[int(place)].rules.steps):
            made.append(line)
            continue
        own = f"count:{line.number}"
        made.append(replace(line, step_group=own))
        steps += [Step(own, step_reached(line.steps, count), day) for day, count in counts]
    return tuple(made), tuple(steps)


def step_reached(steps: Iterable[tuple[str, int]], count: int) -> str:
    """The name of the highest step that a count reaches: "3 or more" begins at 3; "" below the first.

    >>> step_reached((("2", 500), ("3 or more", 900)), 4)
    '3 or more'
    """
    found = [
        (int(head), name)
        for name, _ in steps
        if (head := name.strip().partition(" ")[0].rstrip("+")).isdecimal()
    ]
    return max((each for each in found if each[0] <= count), default=(0, ""))[1]


def _rate_steps(dated: Iterable[Dated]) -> Iterator[Step]:
    for each in dated:
        yield from (Step(f"rate:{each.number}", day.isoformat(), day) for day, _ in each.amounts)


def _night_rule(terms: Sequence[Terms], parts: Sequence[tuple[int, Period]]) -> NightRule:
    """Arrival by the terms that rule first, leaving by those that rule last."""
    first, last = (parts[0][0], parts[-1][0]) if parts else (0, len(terms) - 1)
    return NightRule(terms[first].rules.nights.is_arrival_paid, terms[last].rules.nights.is_leaving_paid)


def _notice(terms: Sequence[Terms], parts: Sequence[tuple[int, Period]], happened: Happened) -> Notice | None:
    last = terms[parts[-1][0] if parts else -1]
    if happened.notice_given_on is None or not last.rules.notice_basis_points:
        return None
    return Notice(last.notice_days, happened.notice_given_on, last.rules.notice_basis_points)


def _away(
    terms: Sequence[Terms], parts: Sequence[tuple[int, Period]], absences: Sequence[Absence]
) -> tuple[tuple[Absence, ...], tuple[AwayRule, ...]]:
    """The absences for which less is paid, each under the rule of the terms that ruled on its first night."""
    found: list[Absence] = []
    rules: dict[str, AwayRule] = {}
    for absence in absences:
        place = next((place for place, part in parts if part.contains(absence.nights.start)), None)
        rule = _rule_for(terms[place].rules.away, absence.reason) if place is not None else None
        if rule is not None:
            name = f"{place}:{rule.reason}"
            found.append(Absence(name, absence.nights))
            rules[name] = AwayRule(name, rule.shares)
    return tuple(found), tuple(rules.values())


def _rule_for(rules: Sequence[AwayRule], reason: str) -> AwayRule | None:
    own = next((rule for rule in rules if rule.reason == reason), None)
    return own or next((rule for rule in rules if rule.reason == ""), None)


def _raised_kinds(terms: Terms) -> frozenset[str]:
    return frozenset(str(kind) for each in terms.rules.uplifts for kind in each.applies_to)


def _raised(line: PriceLine, points: Sequence[int]) -> PriceLine:
    return replace(
        line,
        amount_pence=_risen(line.amount_pence, points),
        steps=tuple((name, _risen(amount, points)) for name, amount in line.steps),
    )


def _risen(amount: int, points: Sequence[int]) -> int:
    """An amount after uplifts, each rounded to the penny, as core has it."""
    for each in points:
        amount = (2 * amount * (WHOLE + each) + WHOLE) // (2 * WHOLE)
    return amount


def _stepped(line: PriceLine, name: str) -> PriceLine:
    more = dict(line.steps).get(name, 0)
    if not line.steps:
        return line
    if line.is_percentage:
        return replace(line, basis_points=line.basis_points + more, steps=(), step_group="")
    return replace(line, amount_pence=line.amount_pence + more, steps=(), step_group="")
