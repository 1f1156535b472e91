"""Tables are read by meaning: header anywhere, headings by any name, and nothing guessed."""

import pytest

from rightplace.core.problems import Problem
from rightplace.exchange.tables import Field, Layout, Table, plain_heading, read_tables

HOMES = Layout(
    "a list of homes",
    (
        Field("urn", "URN", ("URN", "Unique reference number"), is_required=True),
        Field("name", "name", ("Setting name", "Name"), is_required=True),
        Field(
            "status", "status", ("Registration status", "Registration status as at 31 March", "Status at *")
        ),
        Field("places", "places", ("Places", "Number of registered places")),
    ),
    ignored=("Web link",),
)


def one_table(content, mapping=None):
    """The only table of a file; fails the test when it was refused."""
    found = read_tables(content if isinstance(content, bytes) else content.encode(), HOMES, mapping=mapping)
    assert not isinstance(found, Problem), found
    assert len(found) == 1
    assert isinstance(found[0], Table)
    return found[0]


def test_the_header_is_found_below_rows_of_titles():
    table = one_table("Social care data 2022,,\nThis sheet holds one table.,,\n\nURN,Name,Places\nSC1,A,3\n")

    assert table.headings.line == 4
    assert table.titles == ("Social care data 2022", "This sheet holds one table.")
    assert list(table.records()) == [(5, {"urn": "SC1", "name": "A", "places": "3"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_sense(delimiter):
    table = one_table(
        delimiter.join(["URN", "Name", "Places"]) + "\n" + delimiter.join(["SC1", "A, of B; C", "3"]) + "\n"
        if delimiter not in ",;"
        else f'URN{delimiter}Name{delimiter}Places\nSC1{delimiter}"A, of B; C"{delimiter}3\n'
    )

    assert table.column("name") == ["A, of B; C"]


@pytest.mark.parametrize(
    "heading",
    [
        "Registration status",
        "registration_status",
        "Registration status (as at 31 March 2022)",
        "REGISTRATION STATUS AS AT 31 MARCH 2019",
        "Status at the end of the year",
    ],
)
def test_a_heading_is_known_by_any_of_its_names(heading):
    assert one_table(f"URN,Name,{heading}\nSC1,A,Active\n").column("status") == ["Active"]


def test_of_two_headings_for_one_field_the_better_known_is_used_and_the_other_reported():
    table = one_table("URN,Name,Setting name\nSC1,Owner,Home\n")

    assert table.column("name") == ["Home"]
    assert table.headings.not_used == ("Name",)


def test_a_heading_that_is_not_known_is_reported_with_a_suggestion_and_not_used():
    table = one_table("URN,Name,Number of registerd places,Colour\nSC1,A,3,red\n")

    assert table.headings.not_understood == ("Number of registerd places", "Colour")
    assert table.headings.suggestions == {"Number of registerd places": "places"}
    assert table.column("places") == [""]


def test_what_people_decided_about_a_heading_wins():
    table = one_table("URN,Name,Beds,Colour\nSC1,A,3,red\n", mapping={"beds": "places", "Colour": ""})

    assert table.column("places") == ["3"]
    assert table.headings.not_understood == ()


def test_a_required_heading_that_is_missing_is_reported():
    assert one_table("URN,Places\nSC1,3\n").headings.missing == ("name",)


def test_a_file_without_any_known_heading_is_refused_with_what_it_needs():
    found = read_tables(b"a,b\n1,2\n", HOMES)

    assert isinstance(found, Problem)
    assert found.sentence == (
        "No row of headings for a list of homes was found. It needs at least “URN”, “Setting name”."
    )


def test_short_rows_are_filled_and_empty_rows_left_out():
    table = one_table("URN,Name,Places\nSC1\n , ,\nSC2,B,2\n")

    assert table.column("name") == ["", "B"]
    assert table.lines == [2, 4]


def test_a_row_that_runs_over_several_lines_is_known_by_its_first():
    table = one_table('URN,Name\nSC1,"A\nof B"\nSC2,C\n')

    assert table.lines == [2, 4]


def test_an_open_quotation_mark_is_refused_and_not_swallowed():
    found = read_tables(b'URN,Name\nSC1,"A\nSC2,B\n', HOMES)

    assert isinstance(found, Problem)
    assert found.code == "broken"


def test_years_case_and_punctuation_do_not_matter_in_a_heading():
    assert plain_heading("Registration Status (as at 31 March 2025)") == "registration status as at 31 march"
    assert plain_heading("Children’s  home & school") == "childrens home and school"
