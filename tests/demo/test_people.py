"""The synthetic children: as many and as mixed as published, and possible in law."""

import numpy as np
import pytest

from rightplace.demo import calibration
from rightplace.demo.chance import dealt, filled, quotas
from rightplace.demo.people import years_after
from tests.demo.consortium import TODAY, consortium

WHOLE = consortium()
CURRENT = np.isnat(WHOLE.children.left_on)


def test_the_consortium_has_twelve_boroughs_and_their_real_number_of_children() -> None:
    assert len(calibration.boroughs()) == 12
    assert sum(borough.looked_after for borough in calibration.boroughs()) == 3_620
    assert int(CURRENT.sum()) == 3_620


def test_quotas_add_up_to_the_total() -> None:
    assert quotas([1, 1, 1], 10) == [4, 3, 3]
    assert sum(quotas([0.2, 3.7, 9], 541)) == 541


def test_a_deal_holds_exactly_its_shares() -> None:
    cards = dealt(np.random.default_rng(1), {"a": 1, "b": 3}, 400)
    assert (cards == "b").sum() == 300


def test_a_forbidden_category_is_never_given() -> None:
    likely = {"a": np.array([1.0, 0.0, 1.0])}
    given = filled(np.random.default_rng(1), {"a": 3}, likely, rest="b")
    assert list(given) == ["a", "b", "a"]


@pytest.mark.parametrize(("table", "column"), [("need", "need"), ("sex", "sex"), ("age", "born_on")])
def test_every_borough_has_the_published_mix(table: str, column: str) -> None:
    children = WHOLE.children
    for index, borough in enumerate(calibration.boroughs()):
        here = CURRENT & (children.borough == index)
        published = sorted(calibration.mix(borough.dfe_code, table).values())
        values = getattr(children, column)[here]
        if column == "born_on":
            years = (np.datetime64(TODAY) - values).astype(int) / 365.25
            counts = np.histogram(years, [-1, 1, 5, 10, 16, 18.1])[0]
        else:
            counts = np.unique(values, return_counts=True)[1]
        found = sorted([0] * (len(published) - len(counts)) + [int(count) for count in counts])
        # A child's first placement day may push an age over the edge of its band.
        assert np.abs(np.array(found) - np.array(published)).max() <= 4, borough.name


def test_unaccompanied_children_are_as_many_as_published_and_older() -> None:
    children = WHOLE.children
    arrived = CURRENT & children.is_unaccompanied
    assert int(arrived.sum()) == 385
    assert ((np.datetime64(TODAY) - children.born_on[arrived]).astype(int) > 14 * 365).all()
    assert set(children.legal_status[arrived]) == {"V2"}


def test_nobody_is_looked_after_after_turning_18() -> None:
    children = WHOLE.children
    last = np.where(CURRENT, np.datetime64(TODAY), children.left_on)
    assert (last <= years_after(children.born_on, 18)).all()


def test_nobody_enters_care_before_birth() -> None:
    assert (WHOLE.children.entered_on >= WHOLE.children.born_on).all()


def test_whoever_is_placed_for_adoption_has_a_placement_order() -> None:
    adopted = WHOLE.children.kind == "adoption"
    assert adopted.any()
    assert set(WHOLE.children.legal_status[adopted]) == {"E1"}


def test_the_same_seed_gives_the_same_children() -> None:
    one, other, third = consortium(3, 0.05), consortium(3, 0.05), consortium(4, 0.05)
    assert (one.children.born_on == other.children.born_on).all()
    assert (one.stays.started_on == other.stays.started_on).all()
    assert len(one.stays) != len(third.stays) or (one.stays.started_on != third.stays.started_on).any()
