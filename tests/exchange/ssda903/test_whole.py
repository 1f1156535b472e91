"""A return from its files: read, written back to the letter, checked from the command line; every fault has its line."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from rightplace.cli.main import app
from rightplace.core.problems import Problem
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.rules.tables import FILES, columns_of, tables_of
from rightplace.exchange.ssda903.ruling import check_whole
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.exchange.ssda903.writing import return_files, write_xml

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
AMBER = "101,F,17/12/2014,WBRI,B097131712320,,\n"
HERS = "101,09/05/2024,S,C2,N1,U4,PR4,,,,SE13 5AB,CR0 2AB,1679094\n"


def read(**files):
    """The return of 2025 in these files."""
    return read_whole([GivenFile(f"{name}.csv", text.encode()) for name, text in files.items()], year=2025)


@pytest.fixture
def check(tmp_path):
    """Checks a return that is given as text from the command line: the exit code and what it says as JSON."""

    def of(*more, raw=None, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode())
        for name, content in (raw or {}).items():
            (tmp_path / name).write_bytes(content)
        result = CliRunner().invoke(
            app, ["check", "return", str(tmp_path), "--year", "2025", "--json", *more]
        )
        return result.exit_code, json.loads(result.stdout)

    return of


def failing(told):
    """Rule by rule the lines that fail, as a machine reads them."""
    return {
        code: {name: one["lines"] for name, one in rule["tables"].items()}
        for code, rule in told["failing"].items()
    }


@pytest.mark.parametrize("year", [2021, 2025, 2027])
def test_every_module_is_read_and_written_to_the_letter(year):
    rows = {
        table: ",".join(columns_of(table, year))
        + "\n"
        + ",".join(["101", *("x" for _ in columns_of(table, year)[1:])])
        + "\n"
        for table in tables_of(year)
    }
    found = read_whole([GivenFile(f"{table}.csv", text.encode()) for table, text in rows.items()], year=year)
    assert isinstance(found, Whole)
    assert {name: content.decode() for name, content in return_files(found.tables, year).items()} == {
        f"{FILES[table]}.csv": text for table, text in rows.items()
    }


def test_xml_gives_the_same_tables_back():
    given = read(header=HEADER + AMBER, episodes=EPISODES + HERS)
    again = read_whole([GivenFile("ssda903.xml", write_xml(given.tables))], year=2025)
    for table in ("Header", "Episodes"):
        shared = given.tables[table].columns
        assert (
            again.tables[table]
            .select(shared)
            .equals(given.tables[table].with_columns(pl.all().fill_null("")))
        )


def test_a_good_return_passes_the_rules_on_its_episodes(check):
    code, told = check("--rule", "101", "--rule", "104", header=HEADER + AMBER, episodes=EPISODES + HERS)
    assert (code, failing(told)) == (0, {})


def test_a_child_born_tomorrow_named_twice_with_overlapping_episodes(check):
    unborn = "101,F,01/04/2025,WBRI,B097131712320,,\n"
    over = "101,01/06/2024,P,C2,N1,U4,PR4,,,,SE13 5AB,CR0 2AC,1679094\n"
    code, told = check(header=HEADER + AMBER + unborn, episodes=EPISODES + HERS + over)
    found = failing(told)
    assert code == 1
    assert found["301"] == {"Header": [3]}
    assert found["142"] == {"Episodes": [2]}
    assert [(note["line"], note["column"]) for note in told["notes"]] == [(3, "CHILD")]


def test_the_wrong_year_is_a_note(check):
    code, told = check(header=HEADER + AMBER, episodes=EPISODES + HERS.replace("2024", "2022"))
    assert code == 1
    assert "2022-23" in json.dumps(told["notes"])


def test_another_encoding_is_read_with_a_note(check):
    code, told = check(
        raw={"header.csv": (HEADER + AMBER.replace("WBRI", "WBRÍ")).encode("latin-1")},
        episodes=EPISODES + HERS,
    )
    assert code == 1
    assert told["notes"]


def test_files_that_are_no_module_are_a_problem():
    found = read(other="A,B\n1,2\n")
    assert isinstance(found, list)
    assert all(isinstance(one, Problem) for one in found)


def test_the_homes_are_not_asked_where_no_register_is_given():
    ruling = check_whole(read(header=HEADER + AMBER, episodes=EPISODES + HERS))
    assert "221" in ruling.not_asked
