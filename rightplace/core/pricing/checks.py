"""What is wrong with a set of price lines, all at once, before anyone agrees to it."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from rightplace.core.money import LARGEST_PENCE, WHOLE_IN_BASIS_POINTS, pounds
from rightplace.core.periods import Period
from rightplace.core.pricing.lines import PriceKind, PriceLine, PriceUnit, running_period
from rightplace.core.pricing.whole_cost import whole_cost
from rightplace.core.problems import Problem

HOURS_IN_A_WEEK = 168
_LARGEST_QUANTITY = 10_000


def price_problems(lines: Sequence[PriceLine], period: Period) -> list[Problem]:
    """Everything that stops the lines from being the price of an agreement over a closed period.

    The field of a problem is the line's place in the list and the entry: "0.amount_pence".
    """
    if not lines:
        return [Problem("no_price", "Add at least one price line.")]
    found = [problem for place, line in enumerate(lines) for problem in _line_problems(place, line, period)]
    return found or _total_problems(lines, period)


def _line_problems(place: int, line: PriceLine, period: Period) -> Iterator[Problem]:
    checks: Iterable[Iterator[Problem]] = (
        _amount(line),
        _quantity(line),
        _percentage(line),
        _block(line),
        _steps(line),
        _dates(line, period),
    )
    for check in checks:
        for problem in check:
            yield Problem(problem.code, problem.sentence, f"{place}.{problem.field}")


def _amount(line: PriceLine) -> Iterator[Problem]:
    if line.amount_pence < 0:
        yield Problem("amount_negative", "The amount must not be below zero; use a discount.", "amount_pence")
    if line.amount_pence > LARGEST_PENCE:
        yield Problem(
            "amount_too_large", f"The amount must be {pounds(LARGEST_PENCE)} or less.", "amount_pence"
        )
    if line.amount_pence == 0 and not (line.is_percentage or line.steps) and line.kind == PriceKind.DISCOUNT:
        yield Problem("discount_empty", "Enter an amount or a percentage for the discount.", "amount_pence")


def _quantity(line: PriceLine) -> Iterator[Problem]:
    quantity = Fraction(line.quantity)
    if quantity <= 0:
        yield Problem("quantity_not_positive", "The quantity must be above zero.", "quantity")
    if line.unit == PriceUnit.HOUR and quantity > HOURS_IN_A_WEEK:
        yield Problem("hours_too_many", f"A week has only {HOURS_IN_A_WEEK} hours.", "quantity")
    if (quantity * 100).denominator != 1:
        yield Problem("quantity_too_fine", "Enter the quantity with two decimals at most.", "quantity")
    if quantity > _LARGEST_QUANTITY:
        yield Problem(
            "quantity_too_large", f"The quantity must be {_LARGEST_QUANTITY:,} or less.", "quantity"
        )


def _block(line: PriceLine) -> Iterator[Problem]:
    if line.kind != PriceKind.BLOCK:
        return
    if line.unit not in (PriceUnit.NIGHT, PriceUnit.WEEK, PriceUnit.FOUR_WEEKS, PriceUnit.MONTH):
        yield Problem("block_unit", "A block is paid by the night, week, four weeks or month.", "unit")
    if Fraction(line.quantity).denominator != 1:
        yield Problem("block_beds", "Enter how many beds the block has, as a whole number.", "quantity")


def _percentage(line: PriceLine) -> Iterator[Problem]:
    if line.is_percentage and line.kind != PriceKind.DISCOUNT:
        yield Problem("percentage_not_discount", "Only a discount can be a percentage.", "unit")
    # One that begins with a step may be nothing before it.
    least = 0 if line.steps else 1
    if line.is_percentage and not least <= line.basis_points <= WHOLE_IN_BASIS_POINTS:
        yield Problem("percentage_out_of_range", "Enter a percentage above 0 and up to 100.", "basis_points")


def _steps(line: PriceLine) -> Iterator[Problem]:
    names = [name for name, _ in line.steps]
    if line.steps and not line.step_group:
        yield Problem("step_group_missing", "Choose by what the price goes up in steps.", "step_group")
    if len(set(names)) < len(names):
        yield Problem("step_twice", "A step stands here twice.", "steps")
    if any(amount < 0 or amount > LARGEST_PENCE for _, amount in line.steps):
        yield Problem("step_out_of_range", "What a step adds must not be below zero.", "steps")
    if line.after_nights < 0:
        yield Problem("nights_negative", "Enter a number of nights that is not below zero.", "after_nights")


def _dates(line: PriceLine, period: Period) -> Iterator[Problem]:
    if line.starts_on and line.ends_on and line.ends_on <= line.starts_on:
        yield Problem("ends_before_start", "The line must end after it starts.", "ends_on")
    elif line.unit == PriceUnit.ONE_OFF and line.ends_on:
        yield Problem("one_off_has_end", "A one-off cost has one date and no end.", "ends_on")
    elif running_period(line, period) is None:
        yield Problem("outside_agreement", "The line's dates fall outside the agreement.", "starts_on")


def _total_problems(lines: Sequence[PriceLine], period: Period) -> list[Problem]:
    """What only shows in the sum: discounts beyond the price, or a total too large to keep."""
    total = whole_cost(lines, period).total_pence
    if total < 0:
        return [Problem("discounts_exceed_price", "The discounts come to more than the price.")]
    if total > LARGEST_PENCE:
        return [Problem("total_too_large", f"The whole cost must be {pounds(LARGEST_PENCE)} or less.")]
    return []
