"""BACS Standard 18: what is written is read back, every record has its length, and nothing but the allowed letters is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.exchange.bacs import layout
from rightplace.exchange.bacs.writing import MOST_PENCE, Account, Instruction, Submission, read, write

OWN = Account("200000", "11112222", "CROYDON CHILDREN")
SUBMISSION = Submission(
    "123456", "000042", OWN, date(2026, 12, 3), date(2026, 12, 7),
    (
        Instruction(Account("300001", "00000017", "OAKHOUSE CARE LTD"), 12_345_678, "PAY-0000001"),
        Instruction(Account("400002", "87654321", "THE ADAMS FAMILY"), 5, "PAY-0000002"),
    ),
)  # fmt: skip


def test_a_file_is_as_the_layout_says() -> None:
    lines = write(SUBMISSION).decode("ascii").split("\r\n")
    assert lines[0] == "VOL1000042" + " " * 31 + "123456" + " " * 32 + "1"
    assert (
        lines[1]
        == "HDR1A123456S  1123456"
        + "000042"
        + "00010001"
        + " " * 6
        + " 26337 26344"
        + "0"
        + "000000"
        + " " * 20
    )
    assert lines[2] == "HDR2F0212000106" + " " * 35 + "00" + " " * 28
    assert lines[3] == "UHL1 26341999999    000000004 MULTI  001" + " " * 40
    assert lines[4] == (
        "300001" "00000017" "0" "99" "200000" "11112222" "    " "00012345678" "CROYDON CHILDREN  " "PAY-0000001       "
        "OAKHOUSE CARE LTD " " 26341"
    )  # fmt: skip
    assert lines[6] == (
        "200000" "11112222" "0" "17" "200000" "11112222" "    " "00012345683" "CROYDON CHILDREN  " "CONTRA            "
        "CROYDON CHILDREN  " " 26341"
    )  # fmt: skip
    assert lines[7].startswith("EOF1A123456S") and lines[7][54:60] == "000001"
    assert lines[8].startswith("EOF2F")
    assert lines[9] == "UTL1" + "0000012345683" * 2 + "0000001" + "0000002" + " " * 36
    assert lines[10:] == [""]
    assert [len(line) for line in lines[:-1]] == [80] * 4 + [106] * 3 + [80] * 3


def test_what_is_written_is_read_back() -> None:
    assert read(write(SUBMISSION)) == SUBMISSION


def test_letters_that_the_system_does_not_take_are_replaced() -> None:
    assert layout.plain("Müller’s Home; (Kent) & Sons/Co.", 18) == "M LLER S HOME KENT"
    assert layout.plain("A" * 40, 18) == "A" * 18


@pytest.mark.parametrize("pence", [0, -1, MOST_PENCE + 1])
def test_a_payment_out_of_bounds_is_never_written(pence: int) -> None:
    one = Instruction(OWN, pence, "PAY-1")
    with pytest.raises(ValueError, match="out of bounds"):
        write(replace(SUBMISSION, instructions=(one,)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"00012345678", b"00012345679"),
        (b"0000012345683", b"0000012345684"),
        (b"EOF1", b"EOF3"),
        (b" 99", b"  9"),
    ],
)
def test_a_file_that_was_tampered_with_is_not_read(old: bytes, new: bytes) -> None:
    content = write(SUBMISSION)
    with pytest.raises(ValueError):
        read(content.replace(old, new, 1) if old in content else content[:-5])


NAMES = st.text(alphabet=sorted(layout.ALLOWED - {" "}), min_size=1, max_size=18)
ACCOUNTS = st.builds(
    Account,
    st.integers(0, 999_999).map("{:06d}".format),
    st.integers(0, 99_999_999).map("{:08d}".format),
    NAMES,
)


@given(st.lists(st.builds(Instruction, ACCOUNTS, st.integers(1, 10**8), NAMES), min_size=1, max_size=60))
def test_any_payments_are_read_back_to_the_penny(instructions: list[Instruction]) -> None:
    submission = replace(SUBMISSION, instructions=tuple(instructions))
    assert read(write(submission)) == submission
