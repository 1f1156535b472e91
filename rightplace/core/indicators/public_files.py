"""The public statistics files of children looked after, read by meaning: which layout it is, and the figures in it.

Source: Department for Education, Children looked after in England including adoptions (explore-education-statistics). A cell
that holds a mark instead of a number (c, z, k, low, x, u, :) is kept back by the publisher, and stays so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

ENGLAND = "E92000001"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One printed figure: `count` of `of`, and `figure` in per cent, for each 10,000, or the count; `mark` where kept back."""

    indicator: str
    area: str
    year: int
    count: int | None
    of: int | None
    figure: float | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """Which line of a file is an indicator: its group, its name, the name of the whole, both in lower case ("" for none)."""

    indicator: str
    group: str
    name: str
    whole: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Headings by which a file is known, where its groups, names and numbers stand, and the lines that are read."""

    has: frozenset[str]
    group: str
    name: str
    count: str
    figure: str
    items: tuple[_Item, ...]
    of: str = ""


LAYOUTS = (
    _Layout(
        frozenset({"placement_stability", "children_count"}),
        "cla_group", "placement_stability", "children_count", "children_percent",
        (
            _Item("three_or_more_placements", "cla on 31 march", "with 3 or more placements during the year", "total children"),
            _Item(
                "long_term_stability",
                "children looked after continuously for at least 2.5 years on 31 march aged under 16 years",
                "living with the same carer for at least 2 years", "total children",
            ),
        ),
    ),
    _Layout(
        frozenset({"population_type", "rate_per_10000"}), "", "population_type", "children_count", "rate_per_10000",
        (
            _Item("looked_after_rate", "", "children looked after on 31 march each year"),
            _Item("entries", "", "children starting to be looked after each year", share="count"),
            _Item("exits", "", "children ceasing to be looked after each year", share="count"),
        ),
        of="population_estimate",
    ),
    _Layout(
        frozenset({"cla_group", "characteristic", "percentage"}), "cla_group", "characteristic", "number", "percentage",
        (
            _Item("over_20_miles", "distance between home and placement", "placed more than 20 miles from home", "total"),
            _Item("outside_area", "locality of placement", "placed outside the local authority boundary", "total"),
            _Item("own_provision", "place providers", "own provision (by the la)", "total"),
        ),
    ),
    _Layout(
        frozenset({"cla_group", "number"}), "", "cla_group", "number", "",
        (
            _Item(
                "missing", "", "children who had a missing incident during the year", "children looked after during the year",
                "percentage of children who had a missing incident during the year",
            ),
        ),
    ),
)  # fmt: skip


def printed_figures(content: bytes) -> list[PrintedFigure]:
    """Every figure of an indicator in a file, by indicator, year and area; ValueError where it is of no known layout."""
    reader = csv.DictReader(io.StringIO(_text(content)))
    heads = {head.strip().lower() for head in reader.fieldnames or ()}
    layout = next((one for one in LAYOUTS if one.has <= heads), None)
    if layout is None or not {"time_period", "geographic_level"} <= heads:
        raise ValueError("no file of the statistics of children looked after that is known here")
    rows = _by_line(
        ({key.strip().lower(): (text or "").strip() for key, text in row.items() if key} for row in reader),
        layout,
    )
    found = [
        made for (year, area) in sorted({key[:2] for key in rows}) for item in layout.items
        if (made := _figure(rows, layout, item, year, area)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.indicator, one.year, one.area))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _by_line(rows: Iterable[Row], layout: _Layout) -> dict[tuple[int, str, str, str], Row]:
    """Rows by year, area, group and name; districts that are no more, and years that are no year, are left out."""
    found: dict[tuple[int, str, str, str], Row] = {}
    for row in rows:
        area, year = _area(row), row["time_period"][:4]
        if area and year.isdigit():
            group = row[layout.group].lower() if layout.group else ""
            found[int(year), area, group, row[layout.name].lower()] = row
    return found


def _area(row: Row) -> str:
    """The ONS code of a row's area; regions of London's halves have theirs."""
    codes: Mapping[str, Callable[[], str]] = {
        "national": lambda: ENGLAND,
        "regional": lambda: row.get("region_code", ""),
        "local authority": lambda: row.get("new_la_code", ""),
    }
    return codes.get(row["geographic_level"].lower(), str)()


def _figure(
    rows: Mapping[tuple[int, str, str, str], Row], layout: _Layout, item: _Item, year: int, area: str
) -> PrintedFigure | None:
    row = rows.get((year, area, item.group, item.name))
    if row is None:
        return None
    whole = rows.get((year, area, item.group, item.whole)) if item.whole else None
    of = whole[layout.count] if whole else row.get(layout.of, "") if layout.of and not item.share else ""
    text = _printed(rows, layout, item, year, area, row)
    figure = _number(text)
    return PrintedFigure(
        item.indicator,
        area,
        year,
        _whole(row[layout.count]),
        _whole(of),
        figure,
        "" if figure is not None else text,
    )


def _printed(
    rows: Mapping[tuple[int, str, str, str], Row],
    layout: _Layout,
    item: _Item,
    year: int,
    area: str,
    row: Row,
) -> str:
    """The figure as printed: in its own column, on a line of its own, or the count itself."""
    if item.share == "count":
        return row[layout.count]
    if item.share:
        return rows.get((year, area, item.group, item.share), {}).get(layout.count, "z")
    return row[layout.figure]


def _number(text: str) -> float | None:
    return float(text) if text.replace(".", "", 1).isdigit() else None


def _whole(text: str) -> int | None:
    number = _number(text.replace(",", ""))
    return None if number is None else round(number)
