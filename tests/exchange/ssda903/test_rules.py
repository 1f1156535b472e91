"""Every validation rule on rows of its own (`rules.txt`): it finds exactly those that are marked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.exchange.ssda903.rules.locating import is_postcode
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, LAST_YEAR, every_rule, rules_of
from rightplace.exchange.ssda903.rules.running import run_rules
from rightplace.foundation.reference.packaged import read_rows

CASES = [
    line
    for line in (Path(__file__).parent / "rules.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
CROYDON = "E09000008"
HOMES = pl.DataFrame(
    {
        "URN": ["1234567", "7654321"],
        "POSTCODE": ["SE135AB", None],
        "PLACE_CODES": ["K2, H5", "U1,U2,U3,U4,U5,U6"],
        "PROVIDER_CODES": ["PR4", "PR1"],
        "REG_END": [date(2020, 6, 1), None],
        "LA_CODE_INFERRED": [CROYDON, None],
    }
)


def written(case: str) -> tuple[str, int, str]:
    """The code, the year and the tables of a line."""
    head, _, tables = case.partition(" | ")
    code, _, year = head.strip().partition("@")
    first = min(rule.first_year for rule in every_rule() if rule.code == code)
    return code, int(year or first), tables


def table_of(text: str) -> tuple[str, pl.DataFrame, list[int]]:
    """A table's name, its rows, and the places of those that are marked."""
    name, _, lines = text.strip().partition(":")
    rows, marked = [], []
    for at, line in enumerate(lines.split("/ ") if "/ " in lines else [lines]):
        cells = line.strip().rstrip("/").strip()
        if cells.startswith("*"):
            marked.append(at)
        pairs = dict(cell.split("=", 1) for cell in cells.lstrip("*").split())
        row = {"CHILD": pairs.pop("c", str(at + 1)), **pairs}
        rows.append({column: value.replace("_", " ") for column, value in row.items()})
    names = dict.fromkeys(name for row in rows for name in row)
    frame = pl.DataFrame(
        {one: [row.get(one) for row in rows] for one in names}, dict.fromkeys(names, pl.String)
    )
    return name, frame, marked


@pytest.mark.parametrize("case", CASES, ids=[case.split(" |")[0] for case in CASES])
def test_a_rule_finds_the_marked_rows_and_no_others(case: str) -> None:
    code, year, text = written(case)
    tables = [table_of(one) for one in text.split(";")]
    frames = Frames(
        year,
        {name: frame for name, frame, _ in tables},
        authority=CROYDON,
        providers=HOMES,
        is_postcode=is_postcode,
    )
    ruling = run_rules(frames, only=[code])

    marked = {name: places for name, _, places in tables if places}
    assert not ruling.not_asked
    assert ruling.failing.get(code, {}) == marked
    assert sum(frame.height for _, frame, _ in tables) > sum(map(len, marked.values())) > 0


GOES_ON = (
    # What holds at the end of a year that goes on has not come yet: nothing is found until the day, then it is.
    ("359", "2027-01-15", "Header: DOB=15/01/2009; Episodes: LS=C2 PLACE=U1 DECOM=01/06/2026"),
    ("361", "2026-12-04", "Episodes: LS=L1 DECOM=01/12/2026"),
    ("362", "2026-12-22", "Episodes: LS=L2 DECOM=01/12/2026"),
    ("363", "2026-12-08", "Episodes: LS=L3 DECOM=01/12/2026"),
    ("364", "2026-12-22", "Episodes: LS=J2 DECOM=01/12/2026"),
    ("365", "2026-12-18", "Episodes: LS=V3 DECOM=01/12/2026"),
    ("367", "2027-02-14", "Episodes: LS=V3 DECOM=01/12/2026"),
    ("543", "2027-01-15", "OC2: DOB=15/01/2017 CONVICTED=; Episodes: LS=C2 RNE=S DECOM=01/06/2020"),
)


@pytest.mark.parametrize(("code", "last_good", "rows"), GOES_ON)
def test_in_a_year_that_goes_on_a_rule_looks_no_further_than_the_day_the_return_was_taken(
    code: str, last_good: str, rows: str
) -> None:
    tables = {name: frame for name, frame, _ in map(table_of, rows.split("; "))}
    on = date.fromisoformat(last_good)

    def found(taken_on: date | None) -> bool:
        frames = Frames(2027, tables, authority=CROYDON, taken_on=taken_on)
        return bool(run_rules(frames, only=[code]).failing)

    assert [found(on), found(on + timedelta(days=1))] == [False, True]
    assert found(None) and found(date(2030, 1, 1)), "a year that has ended is looked at as of its last day"


def test_every_wording_of_every_rule_has_rows() -> None:
    tested = {
        (rule.code, rule.first_year)
        for code, year, _ in map(written, CASES)
        for rule in every_rule()
        if rule.code == code and rule.is_in_force(year)
    }
    assert {(rule.code, rule.first_year) for rule in every_rule()} - tested == set()


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_the_rules_of_a_year_are_those_published_for_it(year: int) -> None:
    asked = [rule.code for rule in rules_of(year)]
    published = {
        row["code"]
        for row in read_rows("ssda903/rules.csv")
        if int(row["first_year"]) <= year <= int(row["last_year"] or 9999)
    }
    renamed = {"SW108STG2", "SW11STG2"}
    assert len(asked) == len(set(asked))
    assert set(asked) ^ (published - renamed) == set()
