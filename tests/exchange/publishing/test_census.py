"""The Placements North West census: its columns, their order and its words are those of the published list."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from rightplace.exchange.placements_standard import census
from rightplace.exchange.ssda903.deriving import Order
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.codes import codes
from tests import make
from tests.cast import Cast

LISTS = Path(__file__).parent / "north_west"
CENSUS = "2025-12"
REPLACED = {
    "Registration type": "Primary registration type",
    "Primary Placing at Distance Reason": "Placing at Distance Reason",
}
"""Removed from the census of December 2025 and added again in the same place under another name, with other words."""
OWN_NAMES = {"Placing Authority", "Organisation"}
"""A region's own: its list names the authorities of Greater Manchester."""
DAY = date(2026, 11, 2)


def listed(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def published_columns() -> list[str]:
    """The columns that hold from December 2025, in the order of the list."""
    columns: list[str] = []
    for row in listed("columns"):
        name, told = row["column"], row["type"] + row["allowed"]
        if "REMOVED" in told and name in REPLACED:
            columns[columns.index(name)] = REPLACED[name]
        elif "REMOVED" in told:
            columns.remove(name)
        elif "RENAMED to " in told:
            columns[columns.index(name)] = told.split("RENAMED to ")[1]
        elif name not in columns:
            columns.append(name)
    return columns


def words_of(column: str) -> set[str]:
    """The words that a coded column takes from December 2025: the newest list of it."""
    rows = [row for row in listed("codes") if row["column"] == column]
    newest = max((row["from_census"] for row in rows), default="")
    return {row["value"].strip() for row in rows if row["from_census"] == newest}


def test_the_columns_and_their_order_are_those_of_the_published_list() -> None:
    assert list(census.COLUMNS) == published_columns()


def test_every_word_that_is_written_is_one_of_the_published_list() -> None:
    assert set(census.ETHNIC_GROUPS.values()) | {census.UNKNOWN} <= words_of("Ethnic Group")
    assert set(census.ETHNIC_GROUPS) == set(codes("ETHNIC", 2026)) - {"REFU", "NOBT"}
    assert {*census.PROVISION.values(), *census.PROVISION_OF_CODE.values()} <= words_of("Type of provision")
    assert {*census.GENDERS.values(), "Other"} <= words_of("Gender")
    assert census.SPOT in words_of("How the placement was sourced")
    assert {census.IN_FORCE, census.EARLIER, census.NO_ORDER} == words_of(
        "Deprivation of Liberty Safeguards in place?"
    )


@pytest.mark.django_db
def test_a_row_holds_only_words_of_the_list_in_its_coded_columns(cast: Cast) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    authority = Authority.objects.get(pk=placement.authority_id)
    (row,) = census.sheet(authority, placement.period.lower).rows
    told = dict(zip(census.COLUMNS, row, strict=True))
    coded = {row["column"] for row in listed("codes")} - OWN_NAMES
    wrong = {
        name: value for name, value in told.items() if name in coded and value and value not in words_of(name)
    }
    assert wrong == {}
    assert told["Deprivation of Liberty Safeguards in place?"] == "No"


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([], "No"),
        ([Order(DAY - timedelta(days=9), None)], "DoLS (current)"),
        ([Order(DAY - timedelta(days=9), DAY)], "DoLS (previous)"),
        ([Order(DAY - timedelta(days=90), DAY - timedelta(days=60)), Order(DAY, None)], "DoLS (current)"),
    ],
)
def test_an_order_is_in_force_until_the_day_it_ended(orders: list[Order], said: str) -> None:
    assert census._order(orders, DAY) == said
