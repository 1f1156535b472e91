"""What each partner of a jointly funded placement bears, to the penny: by share of the whole, by fixed amount, or the rest.

Only running totals are rounded, in time and across partners; what falls in a stretch of days is the difference of two
of them. So the parts of every charge add up to the charge, each partner's parts add up to their part of the whole, and
it makes no difference into which stretches the time is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate, groupby, pairwise

from rightplace.core.money import parse_pounds, percentage, pounds, round_half_up
from rightplace.core.periods import Period
from rightplace.core.problems import Problem

MOST_DIGITS = 9
_FRACTION = re.compile(r"(?P<top>[0-9]{1,9})\s*/\s*(?P<bottom>[0-9]{1,9})")
_PERCENT = re.compile(r"(?P<whole>[0-9]{1,3})(?:\.(?P<decimals>[0-9]{1,6}))?\s*%")
_REST = frozenset({"rest", "the rest", "remainder"})


@dataclass(frozen=True, slots=True)
class Share:
    """What one partner bears: a `part` of the whole, or `weekly_pence` for seven nights, or (with neither) the rest."""

    partner: int
    part: Fraction | None = None
    weekly_pence: int | None = None

    @property
    def is_rest(self) -> bool:
        """Whether it is what the others leave."""
        return self.part is None and self.weekly_pence is None


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge for one price line (by its key) over a closed period, in pence; below zero for a discount."""

    line: int
    period: Period
    pence: int


def share_problems(shares: Sequence[Share], field: str = "") -> list[Problem]:
    """Why these shares are not a division of the whole; empty when they are.

    Parts add up to exactly one, or one partner bears the rest. Fixed amounts need a partner who bears the rest.
    """
    if not shares:
        return [Problem("no_shares", "Say who pays what.", field)]
    partners = [share.partner for share in shares]
    if len(set(partners)) < len(partners):
        return [Problem("twice", "A partner stands here twice.", field)]
    parts = sum((share.part for share in shares if share.part is not None), Fraction(0))
    rests = sum(share.is_rest for share in shares)
    has_fixed = any(share.weekly_pence is not None for share in shares)
    if any((share.part or 0) < 0 or (share.weekly_pence or 0) < 0 for share in shares):
        return [Problem("negative", "A share is not below zero.", field)]
    if rests > 1:
        return [Problem("two_rests", "Only one partner can bear the rest.", field)]
    if parts > 1 or (parts == 1 and has_fixed):
        return [
            Problem(
                "above_whole", f"The shares come to more than the whole: {part_words(parts)} and more.", field
            )
        ]
    if not rests and has_fixed:
        return [Problem("no_rest", "Beside a fixed amount, one partner must bear the rest.", field)]
    if not rests and parts != 1:
        return [
            Problem(
                "below_whole",
                f"The shares must add up to the whole; they come to {part_words(parts)}.",
                field,
            )
        ]
    return []


def running_shares(total: int, nights: int, shares: Sequence[Share]) -> tuple[int, ...]:
    """What each partner bears of a running total (pence) after so many nights; the parts add up to the total.

    Fixed amounts come first, then parts of the whole, then the rest; together never more than the total. Of a total
    below zero (a discount alone) fixed amounts bear nothing. ValueError when the shares are no division of the whole.
    """
    if share_problems(shares):
        raise ValueError("these shares do not divide the whole")
    size, order = abs(total), sorted(range(len(shares)), key=lambda place: _turn(shares[place]))
    exact = [_exact(shares[place], total, nights) for place in order]
    bounds = [min(Fraction(size), bound) for bound in accumulate(exact, initial=Fraction(0))]
    rounded = [round_half_up(bound) for bound in bounds[:-1]] + [size]
    found = [0] * len(shares)
    for place, (before, after) in zip(order, pairwise(rounded), strict=True):
        found[place] = (after - before) * (-1 if total < 0 else 1)
    return tuple(found)


def split_charges(
    charges: Sequence[Charged], shares: Sequence[Share], since: date
) -> tuple[tuple[int, ...], ...]:
    """Each charge divided between the partners, in pence: a row for each charge, a column for each share.

    A row adds up to its charge. A column adds up to the partner's running share of all charges so far, with nights
    counted from `since`, whatever the cuts between. Charges that begin on the same day are divided together, each in
    the proportion of that day's division.
    """
    rows: dict[int, tuple[int, ...]] = {}
    total, before = 0, tuple(0 for _ in shares)
    order = sorted(range(len(charges)), key=lambda place: (charges[place].period.start, place))
    for _, group in groupby(order, key=lambda place: charges[place].period.start):
        places = list(group)
        pence = [charges[place].pence for place in places]
        total += sum(pence)
        until = max(charges[place].period.closed_end for place in places)
        after = running_shares(total, max((until - since).days, 0), shares)
        columns = [late - early for early, late in zip(before, after, strict=True)]
        rows |= dict(zip(places, _matrix(pence, columns), strict=True))
        before = after
    return tuple(rows[place] for place in range(len(charges)))


def cut_charge(charge: Charged, cuts: Iterable[date]) -> Iterator[Charged]:
    """A charge in pieces at the cut dates, by nights; the pieces add up to it."""
    pieces = charge.period.split_at([day for day in cuts if charge.period.contains(day)])
    nights, gone, before = charge.period.nights, 0, 0
    for piece in pieces:
        gone += piece.nights
        after = round_half_up(Fraction(charge.pence * gone, nights))
        yield Charged(charge.line, piece, after - before)
        before = after


def read_share(text: str, partner: int, field: str = "") -> Share | Problem | None:
    """A share as typed: "60%", "1/3", "£500" a week or "rest"; None for nothing; a problem where it is none of these."""
    typed = " ".join(text.lower().split()).removesuffix("a week").removesuffix("per week").strip()
    if not typed:
        return None
    if typed in _REST:
        return Share(partner)
    if typed.startswith("£"):
        pence = parse_pounds(typed, field=field)
        return pence if isinstance(pence, Problem) else Share(partner, weekly_pence=pence)
    part = _read_part(typed)
    if part is None:
        words = "Enter a share such as 60%, 1/3, £500 (a week) or rest."
        return Problem("share_unreadable", words, field)
    if part > 1:
        return Problem("above_whole", "A share is at most the whole.", field)
    return Share(partner, part=part) if part else None


def share_words(share: Share) -> str:
    """A share as people write it: 60%, 1/3, £500.00 a week, the rest."""
    if share.part is not None:
        return part_words(share.part)
    return "the rest" if share.weekly_pence is None else f"{pounds(share.weekly_pence)} a week"


def part_words(part: Fraction) -> str:
    """A part as a percentage with at most two decimals where it is one, else as a fraction."""
    points = part * 10_000
    return percentage(int(points)) if points.denominator == 1 else f"{part.numerator}/{part.denominator}"


def _turn(share: Share) -> int:
    return 2 if share.is_rest else 0 if share.part is None else 1


def _exact(share: Share, total: int, nights: int) -> Fraction:
    """A share of the size of a total, exactly; the rest counts as nothing, as it takes what is left."""
    if share.part is not None:
        return share.part * abs(total)
    return Fraction((share.weekly_pence or 0) * nights, 7) if total > 0 else Fraction(0)


def _matrix(rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, ...]]:
    """Whole pence with these row and column totals, as near to proportion as can be: rounded running totals both ways."""
    whole = sum(rows)
    if whole == 0:
        return _onto_first(rows, columns)
    across = list(accumulate(columns, initial=0))
    corners = [
        [round_half_up(Fraction(down * right, whole)) for right in across]
        for down in accumulate(rows, initial=0)
    ]
    return [
        tuple(low[j + 1] - low[j] - high[j + 1] + high[j] for j in range(len(columns)))
        for high, low in pairwise(corners)
    ]


def _onto_first(rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, ...]]:
    """The same where charge and discount cancel out: what shifts between partners stands at the first row."""
    found = []
    for place, pence in enumerate(rows):
        shifted = list(columns) if place == 0 else [0] * len(columns)
        shifted[-1] += pence
        found.append(tuple(shifted))
    return found


def _read_part(typed: str) -> Fraction | None:
    if found := _PERCENT.fullmatch(typed):
        return Fraction(f"{found['whole']}.{found['decimals'] or 0}") / 100
    found = _FRACTION.fullmatch(typed)
    return Fraction(int(found["top"]), int(found["bottom"])) if found and int(found["bottom"]) else None
