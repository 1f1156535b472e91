"""The return as XML, as the Department's schema of 2021 lays it out: one CHILD after another, all modules inside.

The schema knows no social workers and no orders that deprive of liberty: these are given as CSV only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from rightplace.core.problems import Problem
from rightplace.exchange.ssda903.rules.tables import columns_of

ROOT = "EXPSSDA903"
# The schema's own names for two columns.
NAMES: Mapping[str, str] = MappingProxyType({"CHILD": "CHILDID", "PLACE": "PL"})
COLUMNS = {name: column for column, name in NAMES.items()}

HEADER_FIRST = ("CHILD", "UPN", "SEX", "DOB", "ETHNIC", "UASC")
ONE_EACH = (
    ("UASC", ("DUC",)),
    ("AD1", ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR")),
    ("OC3", ("IN_TOUCH", "ACTIV", "ACCOM")),
)
MOTHER = ("MOTHER", "MC_DOB")
EPISODE = (
    *("DECOM", "RNE", "LS", "CIN", "PLACE", "PL_POST", "HOME_POST", "URN", "PLACE_PROVIDER", "DEC", "REC"),
    "REASON_PLACE_CHANGE",
)
BLOCKS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AMISSING": ("Missing", ("MISSING", "MIS_START", "MIS_END")),
        "AREVIEW": ("Reviews", ("REVIEW", "REVIEW_CODE")),
        "PERMANENCE": ("PrevPerm", ("PREV_PERM", "LA_PERM", "DATE_PERM")),
        "OC2": (
            "OC2",
            (
                *("SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK"),
                *("HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
            ),
        ),
        "AD_PLACED": ("PlacedAdoption", ("DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED")),
    }
)
# What the schema wants even where it is blank.
ALWAYS = {"CHILD", "UPN", "SEX", "DOB", "ETHNIC", "UASC", "DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC"}
ALWAYS |= {"MISSING", "MIS_START", "REVIEW", "REVIEW_CODE", "DATE_PLACED"}

Tables = Mapping[str, pl.DataFrame]
Rows = dict[str, list[dict[str, str]]]


def read_xml(content: bytes) -> dict[str, pl.DataFrame] | Problem:
    """The tables of a return in XML; a problem for what is no such document."""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException) as error:
        return Problem("not_xml", f"The XML cannot be read: {error}.")
    if root.tag != ROOT:
        return Problem("other_xml", f"The XML is a {root.tag}, not a statutory return ({ROOT}).")
    found: Rows = {}
    for child in root:
        _read_child(child, found)
    return {table: _frame(table, rows) for table, rows in found.items()}


def write_xml(tables: Tables) -> bytes:
    """The tables as XML: children in the order of the header, then those who stand in episodes alone."""
    root = Element(ROOT)
    header, by_child = _by_child(tables)
    for number in header:
        _write_child(SubElement(root, "CHILD"), number, by_child)
    indent(root, space="  ")
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _read_child(child: Element, found: Rows) -> None:
    header = child.find("HEADER")
    if header is None:
        return
    own = {COLUMNS.get(node.tag, node.tag): node.text or "" for node in header if not len(node)}
    found.setdefault("Header", []).append(own)
    for table, columns in ONE_EACH:
        is_there = own.get("UASC") == "1" if table == "UASC" else any(own.get(name) for name in columns)
        if is_there:
            found.setdefault(table, []).append(own)
    blocks = ((node.tag, node) for node in header if node.tag in BLOCKS)
    for tag, node in blocks:
        found.setdefault(BLOCKS[tag][0], []).append({**own, **_cells(node)})
    for episode in child.iter("EPISODE"):
        found.setdefault("Episodes", []).append({"CHILD": own.get("CHILD", ""), **_cells(episode)})


def _cells(node: Element) -> dict[str, str]:
    return {COLUMNS.get(cell.tag, cell.tag): cell.text or "" for cell in node}


def _frame(table: str, rows: list[dict[str, str]]) -> pl.DataFrame:
    names = (*columns_of(table), *(("UASC",) if table == "Header" else ()))
    return pl.DataFrame(
        {name: [row.get(name, "") for row in rows] for name in names}, dict.fromkeys(names, pl.String)
    )


def _by_child(tables: Tables) -> tuple[list[str], dict[str, Rows]]:
    """The children in order, and each one's rows by table."""
    by_child: dict[str, Rows] = {}
    for table, frame in tables.items():
        for row in frame.iter_rows(named=True):
            cells = {name: value or "" for name, value in row.items()}
            by_child.setdefault(cells.get("CHILD", ""), {}).setdefault(table, []).append(cells)
    first = tables["Header"].get_column("CHILD").to_list() if "Header" in tables else []
    return list(dict.fromkeys([*first, *by_child])), by_child


def _write_child(child: Element, number: str, by_child: Mapping[str, Rows]) -> None:
    rows = by_child.get(number, {})
    header = SubElement(child, "HEADER")
    own: dict[str, Any] = {"CHILD": number, **_first(rows, "Header")}
    own["UASC"] = own.get("UASC") or ("1" if "UASC" in rows else "0")
    _write(header, HEADER_FIRST, own)
    for table, columns in ONE_EACH:
        _write(header, columns, _first(rows, table))
    for tag in ("AMISSING", "AREVIEW"):
        _write_block(header, tag, rows)
    _write(header, MOTHER, own)
    for tag in ("PERMANENCE", "OC2", "AD_PLACED"):
        _write_block(header, tag, rows)
    for episode in rows.get("Episodes", ()):
        _write(SubElement(child, "EPISODE"), EPISODE, episode)


def _write_block(header: Element, tag: str, rows: Rows) -> None:
    table, columns = BLOCKS[tag]
    for row in rows.get(table, ()):
        _write(SubElement(header, tag), columns, row)


def _write(parent: Element, columns: Iterable[str], row: Mapping[str, str]) -> None:
    for name in columns:
        if row.get(name) or (name in ALWAYS and row):
            SubElement(parent, NAMES.get(name, name)).text = row.get(name) or None


def _first(rows: Rows, table: str) -> dict[str, str]:
    found: Iterator[dict[str, str]] = iter(rows.get(table, ()))
    return next(found, {})
