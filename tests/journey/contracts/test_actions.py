"""A contract from its draft to both signatures, its variations and its end: who may do what, and what is refused."""

from __future__ import annotations

import pytest

from tests import make
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone, freshly written."""
    return make_cast()


def test_a_planned_placement_has_its_contract_drafted_from_the_offer(cast: Cast) -> None:
    row = make.contract_drafted(cast)
    version = row.versions.get()
    assert (row.state, row.child_initials, row.home_words) == ("draft", "AF", "Acorn House")
    assert [line.amount_pence for line in version.lines.all()] == [425_000, 2_450, 35_000, 0]
    print(version.services, list(version.outcomes.values()))


def test_both_sides_sign_and_it_is_in_force(cast: Cast) -> None:
    row = make.contract_in_force(cast)
    assert row.state == "in_force"
    assert row.schedule.count()
    print(row.versions.get().text)
