"""Ofsted's files are read by meaning whatever the year, and what is not known is said, not guessed."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rightplace.core.problems import Problem
from rightplace.exchange.ofsted.packaged import PACKAGED
from rightplace.exchange.ofsted.reading import ListKind, RegisterFile, read_register, rows_of

DATA = Path(__file__).parents[2] / "data" / "ofsted"


def read(name, **more):
    """One of the sample files, read; fails the test when it was refused."""
    path = PACKAGED if name == PACKAGED.name else DATA / name
    found = read_register(path.read_bytes(), file_name=name, **more)
    assert isinstance(found, RegisterFile), found
    return found


def facts_by_urn(file):
    """The facts of each setting of a file by URN."""
    return {row.facts.urn: row.facts for row in rows_of(file)}


@pytest.fixture(scope="module")
def register():
    """The real register of 31 March 2025."""
    return read(PACKAGED.name)


def test_the_real_register_is_read_whole(register):
    assert register.kind is ListKind.REGISTER
    assert [(s.as_at, len(s.rows)) for s in register.snapshots] == [(date(2025, 3, 31), 5600)]
    assert not any(f.is_bad for f in register.findings)
    assert [h.not_understood for h in register.headings] == [()]


def test_settings_are_counted_by_kind_and_status(register):
    kinds = Counter(row.facts.kind for row in rows_of(register))
    statuses = Counter(row.facts.status for row in rows_of(register))

    assert (kinds["residential"], kinds["supported"], kinds["foster"], kinds["secure"]) == (
        3995,
        893,
        339,
        15,
    )
    assert statuses == {"active": 5586, "suspended": 14}


def test_a_home_whose_address_is_withheld_is_placed_by_its_constituency_and_says_so(register):
    home = facts_by_urn(register)["2590934"]

    assert (home.name, home.is_name_withheld, home.postcode) == ("", True, "")
    assert home.located_by == "constituency centre"
    assert home.latitude == pytest.approx(51.44, abs=0.05)


def test_an_agency_with_a_postcode_is_placed_by_its_sector(register):
    agencies = [row.facts for row in rows_of(register) if row.facts.kind == "foster"]

    assert {facts.located_by for facts in agencies} == {"sector"}
    assert all(facts.places is None for facts in agencies)


def test_homes_beyond_england_are_pointed_out_and_placed_nowhere(register):
    assert len(register.findings) == 4
    assert {f.reason for f in register.findings} == {
        "The place is not known: neither postcode, constituency nor authority."
    }


@pytest.mark.parametrize(
    ("year", "rows", "ended"),
    [
        (2017, 468, 190),
        (2018, 425, 176),
        (2019, 399, 161),
        (2020, 502, 186),
        (2021, 545, 154),
        (2022, 504, 166),
        (2023, 575, 169),
    ],
)
def test_joiners_and_leavers_of_each_year_are_read(year, rows, ended):
    file = read(f"joiners_leavers_{year}.csv.gz")

    assert file.kind is ListKind.JOINERS_AND_LEAVERS
    assert file.snapshots[0].as_at == date(year, 3, 31)
    assert file.rows == rows
    assert sum(row.facts.status == "ended" for row in rows_of(file)) == ended
    assert file.headings[0].not_understood == ()


def test_the_day_is_taken_from_the_title_rows_or_headings_before_the_name_of_the_file():
    content = (DATA / "joiners_leavers_2022.csv.gz").read_bytes()

    file = read_register(content, file_name="leavers 2019.csv")

    assert isinstance(file, RegisterFile)
    assert file.snapshots[0].as_at == date(2022, 3, 31)
    assert file.day_from == "“Registration status (as at 31 March 2022)”"


def test_a_register_that_names_no_day_is_refused_until_it_is_told():
    content = b"URN,Provision type,Registration status,Parliamentary constituency\n1234567,Children's home,Active,Fylde\n"

    refused = read_register(content, file_name="list.csv")
    told = read_register(content, file_name="list.csv", as_at=date(2024, 3, 31))

    assert isinstance(refused, Problem)
    assert (refused.code, refused.field) == ("as_at_missing", "as_at")
    assert isinstance(told, RegisterFile)


def test_eleven_years_in_one_file_are_eleven_days_in_order():
    file = read("providers_2015_2025_london.csv.gz")

    assert [s.as_at.year for s in file.snapshots if s.as_at] == list(range(2015, 2026))
    assert file.kind is ListKind.REGISTER


def test_grades_of_earlier_years_become_todays_words():
    grades = {row.facts.grade for row in rows_of(read("providers_2015_2025_london.csv.gz"))}

    assert "adequate" not in grades
    assert "requires_improvement" in grades


def test_a_list_of_closures_has_a_day_for_each_row():
    file = read("closed_providers.csv.gz")

    assert file.kind is ListKind.CLOSURES
    assert facts_by_urn(file)["SC035296"].closed_on == date(2014, 2, 4)


@pytest.mark.parametrize("name", ["combined_scp_ch_fake.xlsx", "scpch_assisted.xlsx"])
def test_a_councils_own_list_gives_names_addresses_and_conditions(name):
    file = read(name)

    assert file.kind is ListKind.COUNCIL_LIST
    secure = next(row for row in rows_of(file) if row.facts.urn == "MDR00003")
    assert (secure.facts.name, secure.facts.kind) == ("Black Land Lodge", "secure")
    assert secure.facts.postcode == "MO6 7NN"


def test_conditions_of_registration_are_read_with_their_setting():
    secure = next(row for row in rows_of(read("combined_scp_ch_fake.xlsx")) if row.facts.urn == "MDR00003")

    assert secure.facts.places == 6
    assert secure.conditions == "If they stop forcing them to join the dark lords army"


@pytest.mark.parametrize("name", ["ch_fake.xlsx", "scp_fake.xlsx", "scp_ch_2025_fake.xlsx"])
def test_rows_whose_urn_cannot_be_read_are_kept_out_with_sheet_line_and_reason(name):
    file = read(name)

    assert file.rows == 0
    assert {f.reason for f in file.findings} == {"Not a URN: two letters and six figures, or seven figures."}
    assert all(f.line == 2 and f.sheet for f in file.findings)


def test_what_cannot_be_read_in_a_cell_is_a_finding_and_the_row_stays():
    content = (
        "URN,Provision type,Registration status,Places,Latest full inspection date,Overall effectiveness,"
        "Parliamentary constituency\n"
        "1234567,Treehouse,Dormant,many,31/02/2024,Splendid,Fylde\n"
    )

    file = read_register(content.encode(), as_at=date(2024, 3, 31))

    assert isinstance(file, RegisterFile)
    assert file.rows == 1
    assert {(f.column, f.value) for f in file.findings} == {
        ("Provision type", "Treehouse"),
        ("Registration status", "Dormant"),
        ("Places", "many"),
        ("Overall effectiveness", "Splendid"),
    }


def test_the_same_urn_twice_on_one_day_counts_once_and_is_pointed_out():
    content = b"URN,Provision type,Registration status,Name\n1234567,Children's home,Active,A\n1234567,Children's home,Active,B\n"

    file = read_register(content, as_at=date(2024, 3, 31))

    assert isinstance(file, RegisterFile)
    assert [row.facts.name for row in rows_of(file)] == ["A"]
    assert [f.line for f in file.findings if "same URN" in f.reason] == [3]
