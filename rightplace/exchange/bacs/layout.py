"""The layout of BACS Standard 18: each record as its fields, with position, length and how it is filled.

Labels have 80 characters, payments of a file for several processing days 106. Written from the published file specifications
of several UK banks, which agree with one another; whoever sends to a bank for the first time sends it a test file first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

LABEL_LENGTH = 80
RECORD_LENGTH = 106
CREDIT = "99"
CONTRA = "17"
"""The transaction code of a payment to somebody, and of the one line that takes its sum from the payer's own account."""

ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- ")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its name, the first character (from 1), its length, and `number` when filled with zeros."""

    name: str
    start: int
    length: int
    is_number: bool = False

    @property
    def part(self) -> slice:
        """Where it stands in the record."""
        return slice(self.start - 1, self.start - 1 + self.length)


def _fields(length: int, *rows: tuple[str, int, int] | tuple[str, int, int, bool]) -> tuple[Field, ...]:
    found = tuple(Field(*row) for row in rows)
    ends = [(one.start, one.start + one.length) for one in found]
    if any(end > start for (_, end), (start, _) in pairwise(ends)) or ends[-1][1] > length + 1:
        raise ValueError("fields overlap")
    return found


VOL1 = _fields(
    80, ("label", 1, 4), ("serial", 5, 6), ("accessibility", 11, 1), ("user", 42, 6), ("level", 80, 1)
)
HDR1 = _fields(
    80, ("label", 1, 4), ("file", 5, 1), ("user", 6, 6), ("s", 12, 1), ("one", 15, 1), ("user_again", 16, 6), ("serial", 22, 6),
    ("section", 28, 4, True), ("sequence", 32, 4, True), ("made", 42, 6), ("expires", 48, 6), ("access", 54, 1),
    ("blocks", 55, 6, True),
)  # fmt: skip
HDR2 = _fields(
    80,
    ("label", 1, 4),
    ("format", 5, 1),
    ("block", 6, 5, True),
    ("record", 11, 5, True),
    ("offset", 51, 2, True),
)
UHL1 = _fields(
    80, ("label", 1, 4), ("processing", 5, 6), ("party", 11, 10), ("currency", 21, 2, True), ("country", 23, 6, True),
    ("work", 29, 9), ("number", 38, 3, True),
)  # fmt: skip
UTL1 = _fields(
    80, ("label", 1, 4), ("debits", 5, 13, True), ("credits", 18, 13, True), ("debit_count", 31, 7, True),
    ("credit_count", 38, 7, True),
)  # fmt: skip
RECORD = _fields(
    106, ("sort_code", 1, 6, True), ("account", 7, 8, True), ("type", 15, 1, True), ("code", 16, 2),
    ("from_sort_code", 18, 6, True), ("from_account", 24, 8, True), ("free", 32, 4), ("pence", 36, 11, True),
    ("from_name", 47, 18), ("reference", 65, 18), ("name", 83, 18), ("processing", 101, 6),
)  # fmt: skip


def written(fields: tuple[Field, ...], length: int, **values: str | int) -> str:
    """A record with these values: numbers right with zeros, text left with spaces. ValueError when one is too long."""
    line = [" "] * length
    names = {one.name for one in fields}
    if unknown := set(values) - names:
        raise ValueError(f"no such fields: {unknown}")
    for one in fields:
        text = str(values.get(one.name, ""))
        text = text.rjust(one.length, "0") if one.is_number else text.ljust(one.length)
        if len(text) != one.length:
            raise ValueError(f"{one.name} is too long: {text!r}")
        line[one.part] = text
    return "".join(line)


def read(fields: tuple[Field, ...], line: str) -> dict[str, str]:
    """The values of a record, without the spaces that fill it."""
    return {one.name: line[one.part].strip() for one in fields}


def plain(text: str, length: int) -> str:
    """Text in the letters that the system takes: capitals, figures and . & / - and space; others become a space."""
    kept = "".join(c if c in ALLOWED else " " for c in text.upper())
    return " ".join(kept.split())[:length].strip()


def day_number(day: date) -> str:
    """A day as the standard writes it: a space, two figures of the year, three of the day in the year."""
    return f" {day:%y%j}"


def day_of(text: str) -> date:
    """The day that such a number says, in this century."""
    digits = text.strip()
    return date(2000 + int(digits[:2]), 1, 1) + timedelta(days=int(digits[2:]) - 1)
