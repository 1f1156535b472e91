"""A typed name is the account's, or it is not."""

from __future__ import annotations

import pytest

from rightplace.journey.contracts.signing import is_same_name


@pytest.mark.parametrize(
    "typed",
    [
        "Bola Adeyemi",
        "bola adeyemi",
        "  Bola   Adeyemi ",
        "Ms Bola Adeyemi",
        "B. Adeyemi",
        "Bola Jane Adeyemi",
        "Adeyemi, Bola",
    ],
)
def test_ways_of_writing_ones_own_name_are_taken(typed: str) -> None:
    assert is_same_name(typed, "Bola Adeyemi")


@pytest.mark.parametrize(
    "typed", ["", "Bola", "Adeyemi", "Cora Bell", "Cora Adeyemi", "yes", "Bola Bell", "X"]
)
def test_another_name_is_refused(typed: str) -> None:
    assert not is_same_name(typed, "Bola Adeyemi")


def test_accents_and_apostrophes_do_not_matter() -> None:
    assert is_same_name("Zoe OBrien", "Zoë O'Brien")
    assert is_same_name("Zoë O’Brien", "Zoë O'Brien")
