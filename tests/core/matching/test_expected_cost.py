"""What a home is expected to cost, getting to school included, against what is usual for the need."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.explained import Contribution
from rightplace.core.matching.profile import Child, PreferredPlace
from rightplace.core.matching.vocabulary import PlacePurpose
from tests.core.matching.homes import CROYDON, SUTTON, fit, option, ranked, referral
from tests.core.matching.test_shoulds import part

MILES_10 = Point(CROYDON.latitude + 10 / 69.0934, CROYDON.longitude)
WORKED = "Expected cost within the band for the need. £24 of it is for getting to school."


def cost(referred: dict[str, object], home: dict[str, object]) -> Contribution:
    return part("cost", referred, home)


def test_a_journey_to_school_counts_beyond_the_distance_that_a_child_may_walk():
    """3.7 miles × 4 × 45p × 190 days ÷ 52 weeks = £24 a week; a child of 12 may walk 3 miles."""
    assert cost({}, {"price_pence_week": 60_000}).words == WORKED
    near = Located(Point(CROYDON.latitude + 2.5 / 69.0934, CROYDON.longitude), Precision.SECTOR)
    assert "school" not in cost({}, {"price_pence_week": 60_000, "located": near}).words
    young = cost({"children": (Child(7, "F"),)}, {"price_pence_week": 60_000, "located": near})
    assert "for getting to school" in young.words


def test_a_journey_may_lift_a_home_into_the_next_band():
    """10 miles come to £66 a week: £1,750 is within the band for a high need, £3,950 and the journey is one above."""
    far = Located(MILES_10, Precision.SECTOR)
    at_home = (PreferredPlace(CROYDON, 10, PlacePurpose.HOME),)
    dear = {"price_pence_week": 645_000, "located": far}
    assert cost({}, dear).points < cost({"preferred_places": at_home}, dear).points


def test_what_a_home_states_for_transport_is_not_counted_twice():
    stated = {"price_pence_week": 60_000, "transport_pence_week": 1_400}
    assert "£10 of it" in cost({}, stated).words
    assert "school" not in cost({}, {**stated, "transport_pence_week": 5_000}).words


def test_a_place_that_is_not_known_makes_no_journey():
    assert "school" not in cost({}, {"price_pence_week": 60_000, "located": None}).words


@pytest.mark.parametrize(
    ("pence", "share", "words"),
    [(120_000, 1.0, "within"), (120_001, 0.5, "above"), (150_001, 0.0, "far above")],
)
def test_where_the_authority_knows_its_prices_they_are_the_measure(pence: int, share: float, words: str):
    usual = {"usual_pence": {"foster": (120_001, 150_001)}, "preferred_places": ()}
    found = cost(usual, {"price_pence_week": pence})
    assert found.points == pytest.approx(share * found.of)
    assert found.words == f"Expected cost {words} what is usually paid for such a need in this kind of home."
    other = cost({**usual, "usual_pence": {"residential": (1, 2)}}, {"price_pence_week": 90_000})
    assert other.words == "Expected cost within the band for the need."


def test_a_cheaper_home_within_what_is_usual_earns_no_more():
    wanted = referral(usual_pence={"foster": (120_001, 150_001)})
    scores = {fit(wanted, option(price_pence_week=pence)).score for pence in (1_000, 60_000, 115_000)}
    assert len(scores) == 1


def test_homes_are_ranked_by_the_same_cost_as_one_home_is():
    homes = [
        option(
            key=f"carer-{at}", price_pence_week=640_000 + 1_500 * at, located=Located(place, Precision.SECTOR)
        )
        for at, place in enumerate((SUTTON, MILES_10, CROYDON))
    ]
    wanted = referral(starts_on=date(2026, 3, 2))
    for match in ranked(wanted, homes).first:
        assert match.score == fit(wanted, match.option).score
