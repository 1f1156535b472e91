"""The words in which rules are written: conditions over the columns of a frame that are never unknown.

A blank cell is null. Every condition here is true or false, whatever is blank: a blank is not among any codes,
equals nothing, and lies neither before nor after any day. `X_on` is the day that the text in column X states.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

Condition = pl.Expr
_UPN = r"^[A-HJ-NP-RT-Z](\d{12}|\d{11}[A-Z])$|^UN[1-5]$"

SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
FOR_ADOPTION = ("A3", "A4", "A5", "A6")
ADOPTED = ("E11", "E12")
OTHER_PLACES = ("Z11", "Z12", "Z13", "Z14")
UNKNOWN_PUPIL = ("UN1", "UN2", "UN3", "UN4", "UN5")


def surely(condition: pl.Expr) -> Condition:
    """A condition that is false where it cannot be told."""
    return condition.fill_null(False)


def given(name: str) -> Condition:
    """Something is entered."""
    return pl.col(name).is_not_null()


def blank(name: str) -> Condition:
    """Nothing is entered."""
    return pl.col(name).is_null()


def any_given(names: Iterable[str]) -> Condition:
    """Something is entered in one of these columns."""
    return pl.any_horizontal([given(name) for name in names])


def any_blank(names: Iterable[str]) -> Condition:
    """One of these columns is blank."""
    return pl.any_horizontal([blank(name) for name in names])


def one_of(name: str, codes: Iterable[str] | pl.Series) -> Condition:
    """The column holds one of these codes, or one of the values of a series."""
    return surely(pl.col(name).is_in(codes.implode() if isinstance(codes, pl.Series) else list(codes)))


def none_of(name: str, codes: Iterable[str] | pl.Series) -> Condition:
    """The column holds none of these codes, or nothing."""
    return ~one_of(name, codes)


def equal(name: str, value: str) -> Condition:
    """The column holds just this."""
    return surely(pl.col(name) == value)


def not_a_code(name: str, codes: Iterable[str]) -> Condition:
    """Something is entered, and it is none of the codes."""
    return given(name) & none_of(name, codes)


def not_a_day(name: str) -> Condition:
    """Something is entered, and it is no day."""
    return given(name) & day(name).is_null()


def day(name: str) -> pl.Expr:
    """The day that a column states; null where it states none."""
    return pl.col(f"{name}_on")


def birthday(years: int, name: str = "DOB") -> pl.Expr:
    """The day on which somebody born on that day reaches an age; of 29 February the 28th in other years."""
    return day(name).dt.offset_by(f"{years}y")


def same(one: pl.Expr, other: pl.Expr) -> Condition:
    """Both are entered and equal."""
    return surely(one == other)


def unlike(one: pl.Expr, other: pl.Expr) -> Condition:
    """They differ, or one of them or both are blank."""
    return ~same(one, other)


def changed(one: pl.Expr, other: pl.Expr) -> Condition:
    """They differ; two blanks do not."""
    return one.ne_missing(other)


def before(one: pl.Expr, other: pl.Expr) -> Condition:
    """The one day is known to be before the other."""
    return surely(one < other)


def not_after(one: pl.Expr, other: pl.Expr) -> Condition:
    """The one day is known to be the other or before it."""
    return surely(one <= other)


def previous(name: str) -> pl.Expr:
    """What the column says in the child's episode before this one; null in the first."""
    return pl.when(pl.col("has_previous")).then(pl.col(name).shift(1))


def following(name: str) -> pl.Expr:
    """What the column says in the child's episode after this one; null in the last."""
    return pl.when(pl.col("has_next")).then(pl.col(name).shift(-1))


def a_pupil_number(name: str) -> Condition:
    """A unique pupil number, or one of the five codes for an unknown one."""
    return surely(pl.col(name).str.contains(_UPN))


def female(name: str = "SEX") -> Condition:
    """Recorded as female, by the codes of any year."""
    return one_of(name, ("2", "F"))


def male(name: str = "SEX") -> Condition:
    """Recorded as male, by the codes of any year."""
    return one_of(name, ("1", "M"))
