"""Single cells: reading dates, numbers and money out of text, and writing text that no spreadsheet runs."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?: 00:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_WORDS = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d/%b/%Y")
_BLANK = frozenset({"", "-", "–", "n/a", "na", "none", "null", "nil", "not applicable", "not provided"})
_YES = frozenset({"yes", "y", "true", "1", "short breaks only"})
_NO = frozenset({"no", "n", "false", "0"})
_MOST_PENCE = 10**13

# What a spreadsheet takes for a formula, also behind spaces or marks of our own, and in its full-width forms.
_DANGEROUS = re.compile("'*(?:[\t\r\n]|[\\s\u200b\ufeff]*[=+\\-@＝＋－＠])")
_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*)(?:\.\d+)?%?")


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, "n/a"."""
    return text.strip().lower() in _BLANK


@lru_cache(maxsize=50_000)
def as_date(text: str) -> date | None:
    """The day written in a cell: 31/03/2025, 2025-03-31 or in words; None when it cannot be read.

    Years have four figures, and a month never comes first: 03/04/2025 is 3 April.
    """
    text = text.strip()
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return _in_words(text)


def as_whole_number(text: str) -> int | None:
    """A whole number, also written "1,204" or "3.0"; None when it is not one."""
    plain = text.strip().replace(",", "")
    found = re.fullmatch(r"([+-]?\d{1,15})(?:\.0*)?", plain)
    return int(found[1]) if found else None


def as_pence(text: str) -> int | None:
    """An amount of pounds ("£1,234.50") in pence; None when it is not one or has parts of a penny."""
    plain = re.sub(r"[£,\s]", "", text.strip())
    try:
        pence = Decimal(plain) * 100
        if not pence.is_finite() or pence != pence.to_integral_value() or abs(pence) >= _MOST_PENCE:
            return None
    except InvalidOperation:
        return None
    return int(pence)


def as_yes_no(text: str) -> bool | None:
    """Yes or no in the usual ways of writing them; None when it is neither."""
    plain = text.strip().lower()
    return True if plain in _YES else False if plain in _NO else None


def neutral_cell(text: str) -> str:
    """Text that a spreadsheet shows and never runs: a mark is set before what it would take for a formula.

    Numbers, also negative ones, stay as they are. `original_cell` gives back exactly what was there.
    """
    if _NUMBER.fullmatch(text) or not _DANGEROUS.match(text):
        return text
    return "'" + text


def original_cell(text: str) -> str:
    """What stood in a cell before `neutral_cell`."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def _in_words(text: str) -> date | None:
    for form in _WORDS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
