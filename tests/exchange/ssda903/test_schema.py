"""XML of the return against the Department's schema: what we write keeps to it, and every planted fault is found."""

from pathlib import Path

import polars as pl
import pytest
from lxml import etree

import rightplace.foundation.reference.packaged as packaged
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.reading import read_returns
from rightplace.exchange.ssda903.rules.tables import columns_of
from rightplace.exchange.ssda903.schema import schema_faults
from rightplace.exchange.ssda903.whole import read_whole
from rightplace.exchange.ssda903.xml import write_xml

SCHEMA = Path(packaged.DATA) / "ssda903/schema_2021.xsd"
ROWS = {
    "Header": [{"CHILD": "101", "SEX": "F", "DOB": "17/12/2004", "ETHNIC": "WBRI", "UPN": "UN1"}],
    "Episodes": [
        {
            "CHILD": "101",
            "DECOM": "09/05/2020",
            "RNE": "S",
            "LS": "C2",
            "CIN": "N1",
            "PLACE": "U4",
            "URN": "1679094",
        }
    ],
    "Reviews": [{"CHILD": "101", "DOB": "17/12/2004", "REVIEW": "01/06/2020", "REVIEW_CODE": "PN1"}],
    "Missing": [{"CHILD": "101", "DOB": "17/12/2004", "MISSING": "M", "MIS_START": "01/07/2020"}],
    "OC2": [{"CHILD": "101", "DOB": "17/12/2004", "SDQ_SCORE": "11", "HEALTH_ASSESSMENT": "1"}],
}


def document():
    """A small return as XML."""
    tables = {
        name: pl.DataFrame(
            [{column: row.get(column, "") for column in columns_of(name, 2021)} for row in rows]
        )
        for name, rows in ROWS.items()
    }
    return write_xml(tables)


def judged_by_the_peer(content):
    """Whether libxml2 finds it in keeping with the same schema."""
    return etree.XMLSchema(etree.parse(str(SCHEMA))).validate(etree.fromstring(content))


FAULTS = {
    "a long number": (b"<CHILDID>101<", b"<CHILDID>12345678901<", "CHILDID"),
    "a birth date in another way": (b"17/12/2004</DOB>", b"2004-12-17</DOB>", "DOB"),
    "an ethnicity too short": (b"WBRI", b"WB", "ETHNIC"),
    "an element nobody knows": (b"<RNE>", b"<RNX>S</RNX><RNE>", "RNX"),
    "a missing one": (b"<LS>C2</LS>", b"", "LS"),
    "two in the wrong order": (b"<RNE>S</RNE>", b"", "RNE"),
    "too many": (b"</OC2>", b"</OC2><OC2 />", "OC2"),
}


def test_what_is_written_keeps_to_the_schema():
    assert schema_faults(document()) == []
    assert judged_by_the_peer(document())


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_found_as_the_peer_finds_it(fault):
    before, after, element = FAULTS[fault]
    content = document().replace(before, after)
    if fault == "two in the wrong order":
        content = content.replace(b"<DECOM>", b"<RNE>S</RNE><DECOM>")
    found = schema_faults(content)
    assert element in {one.element for one in found} or any(element in one.words for one in found)
    assert found[0].child in ("101", "12345678901")
    assert not judged_by_the_peer(content)


def test_another_document_is_told_apart():
    assert "EXPSSDA903" in str(schema_faults(b"<OTHER/>")[0])


def test_a_check_of_xml_notes_where_it_departs():
    content = document().replace(b"WBRI", b"WB")
    whole = read_whole([GivenFile("r.xml", content)], year=2021)
    assert [one.column for one in whole.notes] == ["ETHNIC"]


def test_the_import_reads_xml_as_it_reads_csv():
    (found,) = read_returns([GivenFile("r.xml", document())])
    assert found.frame("header")["CHILD"].to_list() == ["101"]
    assert found.frame("episodes")["DECOM"].to_list() == ["09/05/2020"]
    assert set(found.modules) >= {"Reviews", "Missing", "OC2", "Header"}
    (problem,) = read_returns([GivenFile("r.xml", document()[:-30])])
    assert problem.code == "not_xml"
