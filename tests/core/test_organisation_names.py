"""Names of organisations: ways of writing that are one, names that are not, and private persons whose names are withheld."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.organisation_names import WITHHELD, is_person, name_forms, name_key, without_person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FOSTERING SOLUTIONS LTD", "Fostering Solutions Limited"),
        ("The National Fostering Agency", "NATIONAL FOSTERING AGENCY LTD"),
        ("ORANGE GROVE FOSTERCARE LTD", "Orangegrove Foster Care Limited"),
        ("Keir Lock Children's Home", "KEIR LOCK CHILDRENS HOME LTD"),
        ("Capstone Foster Care (N) Ltd", "Capstone Foster Care (North) Ltd"),
        ("Acorn House (Fostering Services) Lt", "ACORN HOUSE (FOSTERING SERVICES) LIMITED"),
        ("Smith & Sons Care", "Smith and Sons Care Ltd."),
        ("Foster Care Co-operative", "The Foster Care Cooperative Ltd"),
    ],
)
def test_ways_of_writing_one_name_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Capstone Foster Care (North) Ltd", "Capstone Foster Care (South West) Ltd"),
        ("UK Fostering Limited", "Fostering Ltd"),
        ("Compass Fostering North Limited", "Compass Fostering South Ltd"),
        ("Team Fostering", "Team Fostering North East"),
    ],
)
def test_different_companies_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_trading_name_and_a_group_in_brackets_are_names_too() -> None:
    trading = [
        (form.words, form.source) for form in name_forms("HAPPY CHILDREN HOME LIMITED T/A CHAPEL HOUSE CARE")
    ]
    group = [
        (form.words, form.source)
        for form in name_forms("ASHBROOKE SCHOOL (A DIVISION OF WITHERSLACK GROUP LTD)")
    ]
    assert trading == [("happy children home", "own"), ("chapel house care", "trading")]
    assert group == [("ashbrooke school", "own"), ("witherslack", "bracket")]


@pytest.mark.parametrize(
    "name", ["Mrs J Smith", "Jane Smith", "SMITH J", "Smith, John", "Dr Amina Khan", "Grace Hall", "j smith"]
)
def test_a_private_persons_name_is_withheld(name: str) -> None:
    assert is_person(name)
    assert without_person(name) == WITHHELD
    assert name_forms(name) == ()


@pytest.mark.parametrize(
    "name", ["REDACTED", "Redacted Personal Data", "Name withheld", "Private person", "", "  "]
)
def test_a_redacted_name_stays_withheld(name: str) -> None:
    assert without_person(name) == WITHHELD


def test_a_person_who_trades_under_a_name_gives_way_to_it() -> None:
    assert without_person("Mary Sample T/A Elm Foster Care") == "Elm Foster Care"
    assert without_person("Mary Sample T/A Peter Brown") == WITHHELD


@pytest.mark.parametrize(
    "name",
    [
        "BARNARDO'S",
        "Martin Gray Football Academy Ltd",
        "St Cuthbert's Care",
        "Rose Cottage",
        "ALD GROUP",
        "M2 EDUCATION",
        "Foster Care - Bacs",
    ],
)
def test_an_organisations_name_is_kept(name: str) -> None:
    assert without_person(name) == name


@given(st.text(max_size=60))
def test_any_text_has_forms_or_is_withheld(text: str) -> None:
    forms = name_forms(text)
    assert all(form.words == " ".join(form.words.split()) for form in forms)
    assert name_key(text) == (forms[0].key if forms else "")
    assert name_key(text.upper()) == name_key(text.upper().lower()) or not text.isascii()
