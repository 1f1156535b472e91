"""Whatever bytes are given as a file, they are read or refused in a sentence: never an error."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.problems import Problem
from rightplace.exchange.ofsted.layout import LIST
from rightplace.exchange.ofsted.reading import RegisterFile, read_register
from rightplace.exchange.spreadsheets.kinds import KINDS
from rightplace.exchange.spreadsheets.reading import Tracker, read_tracker
from rightplace.exchange.ssda903.checking import check_return
from rightplace.exchange.ssda903.layout import EPISODES, HEADER
from rightplace.exchange.ssda903.reading import GivenFile, Return, read_returns
from rightplace.exchange.uploads import Opened, open_table

DAY = date(2025, 3, 31)
# Starts of real kinds of files are tried in the tests of uploads; a workbook costs a process each.
BYTES = st.binary(max_size=300).filter(
    lambda content: content[:4] not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
)
CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "31/03/2025",
        "00/00/0000",
        "9999999",
        "SC123456",
        "=1+1",
        '"',
        "\x00",
        "REDACTED",
        "Active",
        "101",
        "-",
        "£1e99",
    ]
)


def table(headings):
    """Bytes of a table with these headings and rows of anything."""
    row = st.lists(CELLS, max_size=len(headings) + 2).map(",".join)
    return st.lists(row, max_size=6).map(lambda rows: "\n".join([",".join(headings), *rows]).encode())


REGISTER = table([f.headings[0].replace(",", " ") for f in LIST.fields])


@given(BYTES)
def test_any_bytes_are_opened_or_refused(content):
    assert isinstance(open_table(content), Opened | Problem)


@given(BYTES | REGISTER)
def test_anything_given_as_a_list_of_providers_is_read_or_refused(content):
    assert isinstance(read_register(content, file_name="any.csv", as_at=DAY), RegisterFile | Problem)


@given(table([f.name for f in HEADER.fields]), table([f.name for f in EPISODES.fields]))
@settings(max_examples=50)
def test_anything_given_as_a_return_is_checked_or_refused(header, episodes):
    for found in read_returns([GivenFile("h.csv", header), GivenFile("e.csv", episodes)]):
        if isinstance(found, Return):
            assert check_return(found, today=DAY).findings is not None
        else:
            assert isinstance(found, Problem)


@given(st.data())
def test_anything_given_as_a_tracker_is_read_or_refused(data):
    kind = data.draw(st.sampled_from(list(KINDS.values())))
    content = data.draw(table([f.headings[0] for f in kind.layout.fields]))

    assert isinstance(read_tracker(content, kind), Tracker | Problem)
