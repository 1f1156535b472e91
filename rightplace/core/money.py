"""Money in whole pence: reading it, saying it, rounding it once and sharing it without losing a penny."""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from rightplace.core.problems import Problem

LARGEST_PENCE = 10**12
"""The largest amount that may be entered, £10,000,000,000: nine million of them still fit a bigint."""

WHOLE_IN_BASIS_POINTS = 10_000
"""One hundred per cent, in hundredths of one per cent."""

MINUS = "\N{MINUS SIGN}"
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]+))?")
_MOST_DIGITS = 18
_MOST_CHARACTERS = 60


def round_half_up(amount: Fraction) -> int:
    """The nearest whole number; a half goes up, towards the larger (so -0.5 gives 0).

    The one rounding of the product: everything before it is exact.
    """
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def pounds(pence: int, whole: bool = False) -> str:
    """The amount as people write it: 123456 gives "£1,234.56", -5 gives "−£0.05"; `whole`, half away from nought: "£1,235"."""
    sign = MINUS if pence < 0 else ""
    if whole:
        return f"{sign}£{(abs(pence) + 50) // 100:,}"
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def parse_pounds(
    text: str, *, field: str = "", allow_negative: bool = False, largest_pence: int = LARGEST_PENCE
) -> int | Problem:
    """The pence in an amount of pounds as typed ("£1,234.5" gives 123450), or what is wrong with it.

    Pound sign, spaces at either end and commas between thousands are allowed; more than two
    decimals, formulas, words and amounts beyond `largest_pence` are refused, never rounded or cut.
    """
    negative, digits = _without_sign_and_symbol(text)
    if not digits:
        return Problem("amount_missing", "Enter an amount in pounds.", field)
    found = _AMOUNT.fullmatch(digits) if len(text) <= _MOST_CHARACTERS else None
    if found is None or digits.startswith("."):
        return Problem("amount_unreadable", "Enter an amount in pounds and pence, such as 1,234.50.", field)
    whole, part = found["whole"].replace(",", ""), found["part"] or ""
    if len(part) > 2:
        return Problem("amount_too_precise", "Enter an amount with no more than two decimal places.", field)
    pence = int(whole) * 100 + int(part.ljust(2, "0")) if len(whole) <= _MOST_DIGITS else largest_pence + 1
    if pence > largest_pence:
        return Problem("amount_too_large", f"The amount must be {pounds(largest_pence)} or less.", field)
    if negative and pence and not allow_negative:
        return Problem("amount_negative", "The amount must not be below zero.", field)
    return -pence if negative else pence


def parse_percentage(text: str, *, field: str = "") -> int | Problem:
    """The basis points in a percentage from 0 to 100 as typed ("12.5%" gives 1250), or what is wrong."""
    typed = text.strip().removesuffix("%").strip()
    points = parse_pounds(typed, field=field) if "£" not in typed else None
    if not isinstance(points, int):
        return Problem(
            "percentage_unreadable", "Enter a percentage with up to two decimals, such as 12.5.", field
        )
    if points > WHOLE_IN_BASIS_POINTS:
        return Problem("percentage_too_large", "The percentage must be 100 or less.", field)
    return points


def percentage(basis_points: int) -> str:
    """The percentage as people write it: 1250 gives "12.5%"."""
    whole, part = divmod(abs(basis_points), 100)
    decimals = f".{part:02d}".rstrip("0").rstrip(".")
    return f"{'-' if basis_points < 0 else ''}{whole}{decimals}%"


def split_pence(total: int, shares: Sequence[int | Fraction]) -> tuple[int, ...]:
    """The total divided in proportion to the shares; the parts always add up to the total.

    Each part is the difference of two rounded running totals, so it is less than a penny from its exact
    value. A negative total is the mirror of the positive one, so a reversal undoes it exactly.
    Shares below zero, or none above it, raise ValueError.
    """
    whole = Fraction(sum(shares))
    if whole <= 0 or min(shares) < 0:
        raise ValueError("shares must not be negative and at least one must be above zero")
    sign = -1 if total < 0 else 1
    running = [round_half_up(abs(total) * Fraction(part) / whole) for part in accumulate(shares, initial=0)]
    return tuple(sign * (after - before) for before, after in pairwise(running))


def _without_sign_and_symbol(text: str) -> tuple[bool, str]:
    """Whether a minus stood before or after the pound sign, and the rest."""
    rest = text.strip()
    if rest[:1] in ("-", "\u2212"):
        return True, rest[1:].lstrip().removeprefix("£").lstrip()
    rest = rest.removeprefix("£").lstrip()
    negative = rest[:1] in ("-", "\u2212")
    return negative, rest[1:] if negative else rest
