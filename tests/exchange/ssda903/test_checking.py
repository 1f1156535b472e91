"""The first pass over a return lists every bad row with its line, column and reason."""

from datetime import date
from pathlib import Path

import pytest

from rightplace.core.problems import Problem
from rightplace.exchange.findings import findings_csv
from rightplace.exchange.ssda903.checking import check_return
from rightplace.exchange.ssda903.reading import GivenFile, Return, collection_year, gather, read_returns

DATA = Path(__file__).parents[2] / "data" / "ssda903"
TODAY = date(2026, 11, 2)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n101,2,17/12/2008,BCRB,B097131712320,,\n"
COLUMNS = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
GOOD = "101,09/04/2017,S,C1,N1,U4,PR1,31/10/2017,E7,,SE13 5AB,CR0 2AB,1679094\n"


def one_return(episodes=GOOD, header=HEADER, uasc="", **more):
    """The return made of these rows."""
    files = [GivenFile("h.csv", header.encode()), GivenFile("e.csv", (COLUMNS + episodes).encode())]
    files += [GivenFile("u.csv", f"CHILD,SEX,DOB,DUC\n{uasc}".encode())] if uasc else []
    found = read_returns(files, **more)
    assert len(found) == 1
    assert isinstance(found[0], Return), found
    return found[0]


def findings(*args, held=(), **more):
    """Line, column and reason of what is wrong with a return of these rows."""
    return check_return(one_return(*args, **more), today=TODAY, held=held).findings


def bad(*args, **more):
    """Line and column of the bad rows."""
    return [(f.line, f.column) for f in findings(*args, **more) if f.is_bad]


def test_five_years_are_found_in_their_folders_and_put_in_order():
    returns = read_returns(gather([DATA]))

    assert [(r.year, r.frames["header"].height, r.frames["episodes"].height) for r in returns] == [
        (2018, 819, 1460),
        (2019, 572, 974),
        (2020, 362, 648),
        (2021, 226, 402),
        (2022, 144, 253),
    ]
    assert [one.notes for one in returns] == [[]] * 5


def test_files_are_known_by_their_headings_and_not_by_their_names():
    found = one_return()

    assert found.names == {"header": "h.csv", "episodes": "e.csv"}


def test_the_year_is_that_in_which_the_latest_episode_began_unless_it_is_stated():
    assert one_return().year == 2018
    assert one_return(year=2020).year == 2020
    assert (collection_year(date(2018, 3, 31)), collection_year(date(2018, 4, 1))) == (2018, 2019)


def test_a_folder_without_episodes_is_refused_with_what_is_missing():
    problems = read_returns([GivenFile("h.csv", HEADER.encode())])

    assert [p.sentence for p in problems if isinstance(p, Problem)] == [
        "There is no file with the headings of the episodes file."
    ]


def test_a_file_that_cannot_be_opened_is_named():
    problems = read_returns([GivenFile("h.csv", HEADER.encode()), GivenFile("e.csv", b"%PDF-1.7")])

    assert [p.sentence[:7] for p in problems if isinstance(p, Problem)] == ["e.csv: "]


def test_a_good_return_has_no_findings():
    assert findings() == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("101,", ",", 1), "CHILD"),
        (GOOD.replace("101,", "999,", 1), "CHILD"),
        (GOOD.replace("09/04/2017", ""), "DECOM"),
        (GOOD.replace("09/04/2017", "31/02/2017"), "DECOM"),
        (GOOD.replace("09/04/2017", "04/09/17"), "DECOM"),
        (GOOD.replace("09/04/2017", "09/04/2007"), "DECOM"),
        (GOOD.replace("09/04/2017", "09/04/2027").replace("31/10/2017", ""), "DECOM"),
        (GOOD.replace("31/10/2017", "08/04/2017"), "DEC"),
        (GOOD.replace("31/10/2017", "31/10/2027"), "DEC"),
        (GOOD.replace("31/10/2017", "soon"), "DEC"),
        (GOOD.replace(",S,", ",Q,"), "RNE"),
        (GOOD.replace(",C1,", ",C9,"), "LS"),
        (GOOD.replace(",N1,", ",,"), "CIN"),
        (GOOD.replace(",U4,", ",X9,"), "PLACE"),
        (GOOD.replace(",PR1,", ",PR9,"), "PLACE_PROVIDER"),
        (GOOD.replace(",E7,", ",E99,"), "REC"),
        (GOOD.replace("1679094", "16790941679094"), "URN"),
    ],
)
def test_each_bad_cell_of_an_episode_is_found_with_its_line_and_column(row, column):
    assert bad(episodes=row) == [(2, column)]


def test_two_episodes_from_one_day_are_bad_the_second_time():
    assert bad(episodes=GOOD + GOOD) == [(3, "DECOM")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("101,3,17/12/2008,BCRB,B097131712320,,\n", "SEX"),
        ("101,2,,BCRB,B097131712320,,\n", "DOB"),
        ("101,2,17/12/2030,BCRB,B097131712320,,\n", "DOB"),
        ("101,2,17/12/2008,XXXX,B097131712320,,\n", "ETHNIC"),
    ],
)
def test_each_bad_cell_of_the_header_is_found(row, column):
    header = HEADER.splitlines(keepends=True)[0] + row

    assert (2, column) in bad(header=header)


def test_a_child_twice_in_the_header_is_bad_the_second_time():
    assert bad(header=HEADER + "101,1,17/12/2008,BCRB,B097131712320,,\n") == [(3, "CHILD")]


def test_a_child_that_is_known_already_needs_no_header():
    assert bad(episodes=GOOD.replace("101,", "202,", 1), held=["202"]) == []


def test_an_asylum_row_of_nobody_is_bad():
    assert bad(uasc="777,1,01/01/2005,01/01/2023\n") == [(2, "CHILD")]


def test_a_code_of_another_year_is_pointed_out_and_taken_in():
    found = findings(episodes=GOOD.replace(",U4,", ",K3,"))

    assert [(f.column, f.is_bad) for f in found] == [("PLACE", False)]
    assert found[0].reason == "A code of another year than 2018: taken in as it is."


def test_sex_is_read_by_the_code_of_its_year():
    assert findings(header=HEADER.replace(",2,", ",F,"), year=2025) == []
    assert [f.is_bad for f in findings(header=HEADER.replace(",2,", ",F,"))] == [False]


def test_a_postcode_or_pupil_number_that_is_none_is_pointed_out_only():
    found = findings(
        episodes=GOOD.replace("SE13 5AB", "V28 5OY"), header=HEADER.replace("B097131712320", "B0971")
    )

    assert {(f.column, f.is_bad) for f in found} == {("HOME_POST", False), ("UPN", False)}


def test_workbook_dates_are_read_too():
    assert findings(episodes=GOOD.replace("09/04/2017", "2017-04-09")) == []


def test_the_list_of_bad_rows_is_safe_to_open_in_a_spreadsheet():
    found = findings(episodes=GOOD.replace(",U4,", ",=1+1,"))

    lines = findings_csv(found).splitlines()
    assert lines[0] == "File,Sheet,Line,Column,Value,Reason,Kept out"
    assert lines[1] == "e.csv,,2,PLACE,'=1+1,Not a code of this column in any year.,yes"
