"""How units, rates of VAT and shares of a price are written in spreadsheets."""

from __future__ import annotations

import re
from decimal import Decimal

from rightplace.core.pricing import Per, VatTreatment
from rightplace.core.pricing.agreements import vat_rates

_UNITS: dict[str, Per] = {
    **dict.fromkeys(("night", "nightly", "day", "daily", "per night", "per day", "nights", "days", "n"), Per.NIGHT),
    **dict.fromkeys(("week", "weekly", "per week", "pw", "weeks", "w", "wk"), Per.WEEK),
    **dict.fromkeys(("four weeks", "4 weeks", "four weekly", "4 weekly", "4-weekly", "four-weekly"), Per.FOUR_WEEKS),
    **dict.fromkeys(("month", "monthly", "per month", "pcm", "calendar month", "months"), Per.MONTH),
    **dict.fromkeys(("hour", "hourly", "per hour", "hours a week", "hours per week"), Per.HOUR),
    **dict.fromkeys(("once", "one-off", "one off", "single payment"), Per.ONE_OFF),
}  # fmt: skip


def unit_of(text: str) -> int | None:
    found = _UNITS.get(" ".join(text.lower().split()))
    return None if found is None else int(found)


def vat_of(text: str) -> int | None:
    """VAT in basis points: a percentage, or a treatment by its name at today's rate."""
    plain = text.strip().lower().removesuffix("rated").removesuffix("rate").strip(" -")
    by_name = {"exempt": 0, "outside": 0, "outside scope": 0, "none": 0, "no": 0, "zero": 0, "n": 0}
    if plain in by_name:
        return by_name[plain]
    if plain in {treatment.value for treatment in VatTreatment}:
        return vat_rates()[VatTreatment(plain)][-1][1]
    found = re.fullmatch(r"(\d{1,2}(?:\.\d{1,2})?)\s*%?", plain)
    if not found:
        return None
    number = Decimal(found[1])
    # A workbook holds 20% as 0.2.
    points = number * 10_000 if "%" not in plain and number <= 1 else number * 100
    return int(points)


def share_of(text: str) -> int | None:
    """A share of the price in basis points: a percentage from 0 to 100, or in words."""
    plain = text.strip().lower()
    by_name = {"full": 10_000, "in full": 10_000, "half": 5_000, "nothing": 0, "none": 0, "nil": 0}
    if plain in by_name:
        return by_name[plain]
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?)\s*%?", plain)
    if not found:
        return None
    number = Decimal(found[1])
    # A workbook holds 50% as 0.5.
    points = number * 10_000 if "%" not in plain and number <= 1 else number * 100
    return int(points) if points <= 10_000 else None
