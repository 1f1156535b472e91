"""From an agreement to rate segments: each rule cuts the stay where it begins, and the pieces are what is charged.

The order of the rules: amount with its step, then uplifts by date, then the ceiling; the part paid while away or under
notice; percentages of what is then charged, line by line; VAT. A new amount begins a new running total on its date; an
absence, an end or a notice only cuts, so no other night moves by a penny.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rightplace.core.money import WHOLE_IN_BASIS_POINTS
from rightplace.core.pricing.agreements import (
    AgreedLine,
    Agreement,
    AwayRule,
    Uplift,
    vat_rates,
)
from rightplace.core.pricing.ceilings import can_hold, capped, capped_before
from rightplace.core.pricing.columns import Per, Segments
from rightplace.core.pricing.lines import PriceKind, VatTreatment
from rightplace.core.pricing.running import NO_END, day_number
from rightplace.core.problems import Problem

_WHOLE = WHOLE_IN_BASIS_POINTS
BLOCK = PriceKind.BLOCK.value


class Stretch(NamedTuple):
    """Days from `start` up to `end`, with the part of the price that is paid in basis points; `is_away`: by an absence."""

    start: int
    end: int
    share: int
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of one line at one amount; `share` in basis points squared, as a percentage may be of a part.

    `of` is the line whose amount it is: its own, or the line that a percentage is taken of.
    """

    line: AgreedLine
    start: int
    end: int
    anchor: int
    amount: int
    share: int
    per: Per
    quantity: int
    of: int
    vat: int = 0


def rate_segments(agreement: Agreement) -> Segments:
    """The rate segments of an agreement, in order of line and date. ValueError when dates lie outside 1900 to 2199."""
    return segments_of([agreement])


def segments_of(agreements: Iterable[Agreement], *, by_place: bool = False) -> Segments:
    """The rate segments of many agreements, in order of placement; `by_place` numbers placements by their place here."""
    owned = [
        (place if by_place else agreement.placement, piece)
        for place, agreement in enumerate(agreements)
        for piece in _pieces(agreement)
    ]
    pieces = [piece for _, piece in owned]
    return Segments.priced(
        placement=[placement for placement, _ in owned],
        line=[piece.line.number for piece in pieces],
        of=[piece.of for piece in pieces],
        code=[piece.line.code for piece in pieces],
        start=[piece.start for piece in pieces],
        end=[piece.end for piece in pieces],
        anchor=[piece.anchor for piece in pieces],
        amount_pence=[piece.line.sign * piece.amount for piece in pieces],
        per=[piece.per for piece in pieces],
        quantity=[piece.quantity for piece in pieces],
        share=[piece.share for piece in pieces],
        whole=_WHOLE**2,
        vat=[piece.vat for piece in pieces],
    )


def _pieces(agreement: Agreement) -> list[Piece]:
    """Every stretch of every line that costs anything: amounts first, then percentages of them."""
    lines = agreement.lines
    priced = [piece for line in lines if not line.is_percentage for piece in _line_pieces(agreement, line)]
    shares = [
        piece for line in lines if line.is_percentage for piece in _percentage_pieces(agreement, line, priced)
    ]
    return [part for piece in (*priced, *shares) for part in _by_vat(piece) if part.amount and part.share]


def agreement_problems(agreement: Agreement) -> list[Problem]:
    """What stops an agreement from being charged; the field is the line's number and the entry."""
    numbers = [line.number for line in agreement.lines]
    found = []
    if len(set(numbers)) < len(numbers):
        found.append(Problem("line_twice", "Each price line needs a number of its own.", "lines"))
    for line in agreement.lines:
        if line.starts_on and line.ends_on and line.ends_on <= line.starts_on:
            found.append(
                Problem("ends_before_start", "The line must end after it starts.", f"{line.number}.ends_on")
            )
        if line.amount_pence < 0 or line.quantity < 0 or line.basis_points < 0:
            words = "The amount must not be below zero; use a discount."
            found.append(Problem("amount_negative", words, f"{line.number}.amount_pence"))
        if any(not can_hold(ceiling, line) for ceiling in agreement.ceilings if ceiling.is_for(line)):
            words = "A ceiling by the month holds only prices by the month; by the night, week or four weeks only those."
            found.append(Problem("ceiling_of_other_unit", words, f"{line.number}.per"))
    return [*found, *_absence_problems(agreement)]


def paid_stretches(agreement: Agreement) -> list[Stretch]:
    """The nights that are paid by the contract's rules, in order: present, away and under notice."""
    first, last = _present(agreement)
    cuts: list[Stretch] = []
    for absence in sorted(agreement.absences, key=lambda each: each.nights.start):
        cuts.extend(_away(agreement.away, absence.reason, absence.nights.start, absence.nights.end))
    present: list[Stretch] = []
    at = first
    for cut in cuts:
        start, end = max(cut.start, at), min(cut.end, last)
        if start >= end:
            continue
        if at < start:
            present.append(Stretch(at, start, _WHOLE))
        present.append(Stretch(start, end, cut.share, is_away=True))
        at = end
    if at < last:
        present.append(Stretch(at, last, _WHOLE))
    return present


def notice_stretch(agreement: Agreement) -> Stretch | None:
    """The nights that are paid after the child has left, if any."""
    notice = agreement.notice
    if notice is None or agreement.stay.end is None:
        return None
    start = day_number(agreement.stay.end) + (1 if agreement.nights.is_leaving_paid else 0)
    end = day_number(notice.given_on) + notice.nights
    if agreement.ends_on is not None:
        end = min(end, day_number(agreement.ends_on))
    return Stretch(start, end, notice.basis_points) if start < end else None


def _present(agreement: Agreement) -> tuple[int, int]:
    stay, rule = agreement.stay, agreement.nights
    first = day_number(stay.start) + (0 if rule.is_arrival_paid else 1)
    last = NO_END if stay.end is None else day_number(stay.end) + (1 if rule.is_leaving_paid else 0)
    return first, max(last, first)


def _away(rules: Sequence[AwayRule], reason: str, start: date, end: date | None) -> Iterator[Stretch]:
    """What an absence cuts out, with the part that is paid; nothing where no rule says that less is paid."""
    rule = next((rule for rule in rules if rule.reason == reason), None)
    rule = rule or next((rule for rule in rules if rule.reason == ""), None)
    if rule is None:
        return
    first, last = day_number(start), NO_END if end is None else day_number(end)
    ends = [first + night for night, _ in rule.shares[1:]] + [last]
    for (night, share), until in zip(rule.shares, ends, strict=True):
        if first + night < min(until, last):
            yield Stretch(first + night, min(until, last), share)


def _line_pieces(agreement: Agreement, line: AgreedLine) -> list[Piece]:
    if line.is_on_a_day:
        return _pieces_on_days(agreement, line)
    stretches = _stretches_for(agreement, line)
    return [
        Piece(line, max(rate.start, part.start), min(rate.end, part.end), rate.start, rate.share,
              part.share * _WHOLE, line.per, line.quantity, line.number)
        for rate in _amounts(agreement, line)
        for part in stretches
        if max(rate.start, part.start) < min(rate.end, part.end)
    ]  # fmt: skip


def _stretches_for(agreement: Agreement, line: AgreedLine) -> list[Stretch]:
    """The paid nights for one line: absences do not touch what is paid when away; notice is for some kinds."""
    if line.kind == BLOCK:
        return [_block_stretch(agreement, line)]
    found = paid_stretches(agreement)
    if line.is_paid_when_away and found:
        found = [Stretch(found[0].start, found[-1].end, _WHOLE)]
    notice = notice_stretch(agreement)
    if agreement.notice and notice and line.kind in agreement.notice.applies_to:
        found = [*found, notice]
    return found


def _block_stretch(agreement: Agreement, line: AgreedLine) -> Stretch:
    """Beds of a block are paid whether filled or not: to the end of the line and of what is agreed, whoever leaves before."""
    first, last = _present(agreement)
    ends = [day_number(day) for day in (line.ends_on, agreement.ends_on) if day is not None]
    return Stretch(first, max(min(ends, default=last), first), _WHOLE)


def _amounts(agreement: Agreement, line: AgreedLine) -> list[Stretch]:
    """The amounts of a line by date (in place of a share): its own bounds, cut where a step, uplift or ceiling begins.

    Where a ceiling holds it together with others, also where the price of one of those before it moves.
    """
    start, end = bounds(agreement, line)
    others = capped_before(agreement, line)
    dates = {day for each in (line, *others) for day in _dates_of(agreement, each)}
    days = {day for each in others for day in bounds(agreement, each)} | {day_number(day) for day in dates}
    cuts = [start, *sorted(cut for cut in days if start < cut < end), end]
    found: list[Stretch] = []
    for first, last in pairwise(cuts):
        amount = _amount_on(agreement, line, first)
        if found and found[-1].share == amount:
            found[-1] = found[-1]._replace(end=last)
        elif first < last:
            found.append(Stretch(first, last, amount))
    return found


def _dates_of(agreement: Agreement, line: AgreedLine) -> Iterator[date]:
    """The days on which the amount of a line may move."""
    if line.steps:
        yield from (step.starts_on for step in agreement.steps if step.group == line.step_group)
    yield from (uplift.starts_on for uplift in agreement.uplifts if uplift.is_for(line))
    yield from (ceiling.starts_on for ceiling in agreement.ceilings if ceiling.is_for(line))


def bounds(agreement: Agreement, line: AgreedLine) -> tuple[int, int]:
    """From which day up to which a line runs."""
    start = day_number(agreement.starts_on or agreement.stay.start)
    if line.starts_on:
        start = max(start, day_number(line.starts_on))
    if line.after_nights:
        start = max(start, day_number(agreement.stay.start) + line.after_nights)
    return start, NO_END if line.ends_on is None else max(day_number(line.ends_on), start)


def _amount_on(agreement: Agreement, line: AgreedLine, day: int) -> int:
    """The amount on a day by all rules, the ceiling last."""
    return capped(agreement, line, day, amount_of=_risen)


def _risen(agreement: Agreement, line: AgreedLine, day: int) -> int:
    """The amount with its step and uplifts."""
    base = line.basis_points if line.is_percentage else line.amount_pence
    amount = base + _step_amount(agreement, line, day)
    if line.is_percentage:
        return amount
    for uplift in sorted(agreement.uplifts, key=_by_date):
        if uplift.is_for(line) and day_number(uplift.starts_on) <= day:
            amount = (2 * amount * (_WHOLE + uplift.basis_points) + _WHOLE) // (2 * _WHOLE)
    return amount


def _by_date(uplift: Uplift) -> date:
    return uplift.starts_on


def _step_amount(agreement: Agreement, line: AgreedLine, day: int) -> int:
    if not line.steps:
        return 0
    on = [
        step
        for step in agreement.steps
        if step.group == line.step_group and day_number(step.starts_on) <= day
    ]
    return dict(line.steps).get(max(on, key=lambda step: step.starts_on).name, 0) if on else 0


def _pieces_on_days(agreement: Agreement, line: AgreedLine) -> list[Piece]:
    """One-off costs on their dates, sessions and miles on the days on which they were delivered."""
    if line.per == Per.ONE_OFF:
        default = max(line.starts_on or agreement.stay.start, agreement.stay.start)
        costs = [(day_number(day), line.quantity) for day in line.dates or (line.starts_on or default,)]
    else:
        starts, ends = bounds(agreement, line)
        held = (each for each in agreement.deliveries if each.line == line.number)
        costs = [(day, each.quantity) for each in held if starts <= (day := day_number(each.on)) < ends]
    first, last = _present(agreement)
    return [
        Piece(
            line,
            day,
            day + 1,
            day,
            _amount_on(agreement, line, day),
            _WHOLE**2,
            line.per,
            quantity,
            line.number,
        )
        for day, quantity in _together(costs)
        if first <= day < last
    ]


def _together(costs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Several on one day are one: a line has one rate on a night."""
    days: dict[int, int] = {}
    for day, quantity in costs:
        days[day] = days.get(day, 0) + quantity
    return sorted(days.items())


def _percentage_pieces(agreement: Agreement, line: AgreedLine, priced: Sequence[Piece]) -> Iterator[Piece]:
    """The percentage of each piece of the lines that it applies to, while both run; rounded with each of them."""
    for rate in _amounts(agreement, line):
        for piece in priced:
            start, end = max(rate.start, piece.start), min(rate.end, piece.end)
            if start < end and piece.line.kind in line.applies_to:
                share = piece.share // _WHOLE * rate.share
                anchor = max(rate.start, piece.anchor)
                yield replace(piece, line=line, start=start, end=end, anchor=anchor, share=share)


def _by_vat(piece: Piece) -> Iterator[Piece]:
    """The piece cut where the rate of its VAT changes."""
    if piece.line.vat == VatTreatment.EXEMPT:
        yield piece
        return
    rates = [(day_number(starts_on), points) for starts_on, points in vat_rates()[piece.line.vat]]
    ends = [starts for starts, _ in rates[1:]] + [NO_END]
    for (starts, points), ends_at in zip(rates, ends, strict=True):
        start, end = max(piece.start, starts), min(piece.end, ends_at)
        if start < end:
            yield replace(piece, start=start, end=end, vat=points)


def _absence_problems(agreement: Agreement) -> list[Problem]:
    nights = sorted((absence.nights for absence in agreement.absences), key=lambda period: period.start)
    if any(one.overlaps(other) for one, other in pairwise(nights)):
        return [Problem("absences_overlap", "Two absences have a night in common.", "absences")]
    return []
