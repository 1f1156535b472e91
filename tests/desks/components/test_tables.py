"""Tables: sorting by the address, numbers to the right, totals, emptiness, safe text."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from rightplace.desks.components.tables import Column, Table, draw, sort_key

COLUMNS = [
    Column("Home", "name", sort="name", link=lambda row: f"/homes/{row['id']}/"),
    Column("Price", "pence", kind="money", sort="price"),
    Column("State", lambda row: row["state"], kind="status"),
]
ROWS = [{"id": 1, "name": "Elm <House>", "pence": 98_750, "state": "searching"}]
TABLE = Table(COLUMNS, ROWS, "Homes", id="homes", sort="name")


def test_text_in_a_cell_is_escaped() -> None:
    assert '<a class="govuk-link" href="/homes/1/">Elm &lt;House&gt;</a>' in draw(TABLE)


def test_the_sorted_column_says_so_and_links_to_the_other_direction() -> None:
    drawn = draw(TABLE, QueryDict("need=foster&page=4"))
    assert 'aria-sort="ascending"' in drawn
    assert 'href="?need=foster&amp;sort=-name"' in drawn
    assert 'href="?need=foster&amp;sort=price"' in drawn


def test_only_columns_of_the_table_can_be_sorted_by() -> None:
    assert sort_key({"sort": "-price"}, COLUMNS, "name") == "-price"
    assert sort_key({"sort": "password"}, COLUMNS, "name") == "name"


def test_each_cell_carries_its_label_for_phones() -> None:
    assert '<td role="cell" class="govuk-table__cell rp-number" data-label="Price">£987.50</td>' in draw(
        TABLE
    )


def test_no_value_is_read_out_as_none() -> None:
    drawn = draw(
        replace(TABLE, rows=[{"id": 1, "name": "Elm", "pence": None, "state": ("in_force", "Running")}])
    )
    assert '<span class="govuk-visually-hidden">none</span>' in drawn
    assert 'rp-tag govuk-tag--teal">Running</strong>' in drawn


def test_totals_are_those_given_not_those_of_the_page() -> None:
    drawn = draw(replace(TABLE, totals={"Price": 1_000_000}, totals_label="All 312"))
    assert "£10,000.00" in drawn
    assert "All 312" in drawn


def test_an_empty_table_says_so_and_offers_no_download() -> None:
    drawn = draw(replace(TABLE, rows=[], downloads=[("CSV", "/csv/")], empty="No home is free."))
    assert "No home is free." in drawn
    assert "<table" not in drawn
    assert "CSV" not in drawn
