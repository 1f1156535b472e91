"""The first pass over a return: every cell read, every bad row listed with line, column and reason; nothing written.

A bad row is one that cannot be held: a number, date or code that is missing or cannot be read, a child without a
header, dates out of order. A code of another year, a postcode or a pupil number that is not one is pointed out only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from rightplace.exchange.findings import Finding
from rightplace.exchange.ssda903.reading import Return, as_days
from rightplace.foundation.reference.codes import codes, columns, known_codes

NEEDED = {
    "header": ("CHILD", "SEX", "DOB"),
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE"),
    "uasc": ("CHILD",),
}
LONGEST = {"CHILD": 20, "URN": 10}
SEXES = {"1": "M", "2": "F", "M": "M", "F": "F", "U": "U"}
_POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}$"


@dataclass
class Checked:
    """A return whose cells have been read: dates are dates, postcodes are written one way, `row` names a row."""

    year: int
    header: pl.DataFrame
    episodes: pl.DataFrame
    uasc: pl.DataFrame
    findings: list[Finding]

    @property
    def rows(self) -> int:
        """Rows of the three files."""
        return self.header.height + self.episodes.height + self.uasc.height


def check_return(found: Return, *, today: date, held: Iterable[str] = ()) -> Checked:
    """Read every cell of a return and list what is wrong. `held` are numbers of children already known."""
    findings: list[Finding] = []
    frames = {name: _check_cells(found, name, findings) for name in NEEDED}
    header = _check_header(frames["header"], today, findings)
    episodes = _check_episodes(frames["episodes"], header, today, set(held), findings)
    known = pl.Series([*header["CHILD"], *held], dtype=pl.String)
    uasc = frames["uasc"]
    _report(uasc, "CHILD", ~pl.col("CHILD").is_in(known.implode()), "The header has no such child.", findings)
    findings.sort(key=lambda f: (not f.is_bad, f.file, f.line))
    return Checked(found.year, header, episodes, uasc, findings)


def _check_cells(found: Return, name: str, findings: list[Finding]) -> pl.DataFrame:
    """Each cell by the kind of its column in that year: dates, codes, lengths, and what may not be blank."""
    frame = found.frame(name)
    wanted = {column.name: column for column in columns(name, found.year) if column.name in frame.columns}
    for column in wanted.values():
        is_needed = column.name in NEEDED[name]
        blank = pl.col(column.name) == ""
        if is_needed:
            _report(frame, column.name, blank, "This may not be blank.", findings)
        if column.kind == "code":
            _check_codes(frame, column.name, column.allowed, found.year, findings)
        if column.kind == "date":
            unread = ~blank & as_days(column.name).is_null()
            _report(
                frame, column.name, unread, "Not a date: use day, month and year, as 31/03/2025.", findings
            )
        if longest := LONGEST.get(column.name):
            too_long = pl.col(column.name).str.len_chars() > longest
            _report(frame, column.name, too_long, f"Longer than {longest} letters and figures.", findings)
    _check_postcodes(frame, findings)
    days = [as_days(c.name).alias(c.name) for c in wanted.values() if c.kind == "date"]
    return frame.with_columns(days)


def _check_codes(
    frame: pl.DataFrame, column: str, allowed: frozenset[str], year: int, findings: list[Finding]
) -> None:
    ever = known_codes(column) | allowed
    filled = pl.col(column) != ""
    unknown = filled & ~pl.col(column).is_in(sorted(ever))
    _report(frame, column, unknown, "Not a code of this column in any year.", findings)
    now = set(codes(column, year)) | allowed
    elsewhen = filled & pl.col(column).is_in(sorted(ever - now))
    reason = f"A code of another year than {year}: taken in as it is."
    _report(frame, column, elsewhen, reason, findings, is_bad=False)


def _check_postcodes(frame: pl.DataFrame, findings: list[Finding]) -> None:
    for column in ("HOME_POST", "PL_POST"):
        if column in frame.columns:
            squeezed = pl.col(column).str.replace_all(" ", "").str.to_uppercase()
            wrong = (pl.col(column) != "") & ~squeezed.str.contains(_POSTCODE)
            _report(
                frame, column, wrong, "Not a postcode: left empty, so no distance.", findings, is_bad=False
            )


def _check_header(frame: pl.DataFrame, today: date, findings: list[Finding]) -> pl.DataFrame:
    again = (pl.col("CHILD") != "") & ~pl.col("CHILD").is_first_distinct()
    _report(frame, "CHILD", again, "This child stands in the header twice.", findings)
    _report(frame, "DOB", pl.col("DOB") > today, "The date of birth is in the future.", findings)
    wrong = ~pl.col("UPN").is_in(["", "UN1", "UN2", "UN3", "UN4", "UN5"]) & (
        pl.col("UPN").str.len_chars() != 13
    )
    _report(frame, "UPN", wrong, "Not a unique pupil number: left empty.", findings, is_bad=False)
    return frame


def _check_episodes(
    frame: pl.DataFrame, header: pl.DataFrame, today: date, held: set[str], findings: list[Finding]
) -> pl.DataFrame:
    births = header.unique("CHILD", keep="first").select("CHILD", pl.col("DOB").alias("born"))
    frame = frame.join(births, on="CHILD", how="left", maintain_order="left")
    known = pl.col("CHILD").is_in([*births["CHILD"].to_list(), *held])
    again = (pl.col("CHILD") != "") & ~pl.struct("CHILD", "DECOM").is_first_distinct()
    rules = (
        ("CHILD", (pl.col("CHILD") != "") & ~known, "The header has no such child."),
        ("DECOM", again & pl.col("DECOM").is_not_null(), "This child has another episode from the same day."),
        ("DECOM", pl.col("DECOM") > today, "The episode begins in the future."),
        ("DECOM", pl.col("DECOM") < pl.col("born"), "The episode begins before the child is born."),
        ("DEC", pl.col("DEC") < pl.col("DECOM"), "The episode ends before it begins."),
        ("DEC", pl.col("DEC") > today, "The episode ends in the future."),
    )
    for column, condition, reason in rules:
        _report(frame, column, condition, reason, findings)
    no_night = "Begins and ends on the same day: no night, so left out."
    _report(frame, "DEC", pl.col("DEC") == pl.col("DECOM"), no_night, findings, is_bad=False)
    half = (pl.col("DEC").is_null()) != (pl.col("REC") == "")
    _report(frame, "REC", half, "Date and reason of the end belong together.", findings, is_bad=False)
    return frame


def _report(
    frame: pl.DataFrame,
    column: str,
    condition: pl.Expr,
    reason: str,
    findings: list[Finding],
    *,
    is_bad: bool = True,
) -> None:
    """A finding for each row on which the condition holds."""
    value = pl.col(column)
    shown = value.dt.strftime("%d/%m/%Y") if frame.schema[column] == pl.Date else value
    rows = frame.filter(condition.fill_null(False)).select("line", "file", shown.fill_null("").alias("value"))
    findings.extend(
        Finding(int(line), column, text, reason, is_bad, file) for line, file, text in rows.iter_rows()
    )
