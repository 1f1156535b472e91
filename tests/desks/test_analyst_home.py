"""The performance analyst's home: figures at a glance, what the exchange left to decide, what moved by more than chance."""

from __future__ import annotations

import pytest
from django.utils import timezone

from rightplace.core.matching.fairness import Interval
from rightplace.desks.commissioning.analyst_home import _are_apart
from rightplace.exchange.case_recording.taking import take_extract
from rightplace.exchange.ssda903.given import GivenFile
from tests.cast import Cast
from tests.visit import signed_in

HOME = "/commissioning/"


@pytest.mark.django_db
def test_an_analyst_sees_figures_and_a_commissioner_the_market(cast: Cast) -> None:
    analyst, commissioner = (signed_in(one).get(HOME).content.decode() for one in (cast.ana, cast.cora))
    assert "/performance/three_or_more_placements/" in analyst
    assert "Moved by more than chance" in analyst
    assert "on the register" in commissioner and "Moved by more than chance" not in commissioner


@pytest.mark.django_db
def test_a_director_sees_the_same_figures_below_what_waits_and_a_panel_chair_does_not(cast: Cast) -> None:
    director, chair = (signed_in(one).get("/panel/").content.decode() for one in (cast.dev, cast.pearl))
    assert "How children fare" in director and "/performance/long_term_stability/" in director
    assert "How children fare" not in chair


@pytest.mark.django_db
def test_what_an_exchange_left_to_decide_waits_at_home_with_the_way_to_it(cast: Cast) -> None:
    amber = cast.amber
    born = amber.born_on.replace(year=amber.born_on.year - 1)
    text = (
        "Person ID,Forename,Surname,Date of Birth\n"
        f"L1,{amber.first_name},{amber.last_name},{born:%d/%m/%Y}\nL2,No,Body,31/02/2012\n"
    )
    take_extract(
        by=cast.ana, now=timezone.now(), authority=cast.croydon, files=[GivenFile("persons.csv", text.encode())],
        keep_good=True,
    ).done()  # fmt: skip
    page = signed_in(cast.ana).get(HOME).content.decode()
    assert "1 person of the case system to be decided" in page
    assert "1 row kept out of the last exchange" in page
    assert "/commissioning/case-system/people/?state=doubtful" in page


@pytest.mark.parametrize(
    ("now", "before", "is_apart"),
    [
        ((0.1, 0.2), (0.3, 0.4), True),
        ((0.3, 0.4), (0.1, 0.2), True),
        ((0.1, 0.3), (0.3, 0.4), False),
        ((None, None), (0.3, 0.4), False),
    ],
)
def test_ranges_that_touch_may_be_chance(
    now: tuple[float | None, float | None], before: tuple[float | None, float | None], is_apart: bool
) -> None:
    assert _are_apart(Interval(0.2, *now), Interval(0.35, *before)) is is_apart
