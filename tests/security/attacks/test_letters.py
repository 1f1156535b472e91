"""Typed words in letters and files: they add no header, no receiver and no formula, and come back as they were."""

from __future__ import annotations

import email
import io
from email import policy

import openpyxl
import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from rightplace.desks.components.tables import Column
from rightplace.desks.layout.listing import download
from rightplace.exchange.cells import neutral_cell, original_cell
from rightplace.foundation.notices.models import OutgoingEmail
from tests.security.attacks.hostile import FORMULAS, LINE_ENDS


@pytest.mark.parametrize("typed", LINE_ENDS)
def test_no_typed_words_add_a_header_to_a_letter(typed: str) -> None:
    """A subject with a line end is refused by the library, or folded into one header; nobody else is written to."""
    letter = mail.EmailMessage(subject=typed, body=typed, from_email="a@example.org", to=["b@example.org"])
    try:
        read = email.message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    except (mail.BadHeaderError, ValueError):
        return
    assert read["Bcc"] is None
    assert read["Set-Cookie"] is None
    assert read["To"] == "b@example.org"


def test_a_letters_subject_is_short_and_its_receiver_one_address() -> None:
    fields = {field.name: field for field in OutgoingEmail._meta.concrete_fields}
    assert fields["subject"].max_length == 150
    assert fields["to"].max_length == 254


@given(
    st.one_of(st.sampled_from(FORMULAS), st.text(max_size=40)).filter(
        lambda text: "\r" not in text and text.isprintable()
    )
)
def test_what_went_out_neutral_comes_back_exactly(text: str) -> None:
    assert original_cell(neutral_cell(text)) == text


@pytest.mark.parametrize("text", [each for each in FORMULAS if each.isprintable()])
def test_a_formula_in_a_workbook_is_text_and_comes_back(text: str) -> None:
    answer = download(
        "xlsx",
        "Sums",
        [Column("Words", lambda row: row), Column("Pounds", lambda row: -12_345, "money")],
        [text],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cell, money = sheet["A2"], sheet["B2"]
    assert cell.data_type == "s"
    assert original_cell(cell.value) == text
    assert money.value == -123.45
