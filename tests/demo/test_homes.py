"""Where the synthetic children live: in free places, near or far as published, at plausible prices."""

import numpy as np

from rightplace.demo.history import Stays
from rightplace.demo.homes import NONE
from rightplace.demo.prices import mean_pounds_a_week, weekly_pence
from tests.demo.consortium import consortium

WHOLE = consortium()
STAYS, HOMES = WHOLE.stays, WHOLE.whereabouts
OPEN = np.isnat(STAYS.ended_on)


def double_booked(stays: Stays, of: np.ndarray, place: np.ndarray) -> int:
    end = np.where(np.isnat(stays.ended_on), np.datetime64("2200-01-01"), stays.ended_on)
    order = np.lexsort((stays.started_on, place, of))
    order = order[of[order] != NONE]
    same = (of[order][1:] == of[order][:-1]) & (place[order][1:] == place[order][:-1])
    return int((same & (stays.started_on[order][1:] < end[order][:-1])).sum())


def test_no_place_is_given_to_two_children_at_once() -> None:
    assert double_booked(STAYS, HOMES.household, HOMES.place) == 0
    in_homes = np.where(HOMES.kind == "home", HOMES.setting, NONE)
    assert double_booked(STAYS, in_homes, HOMES.place) == 0


def test_own_carers_take_only_children_of_their_own_authority() -> None:
    own = HOMES.household != NONE
    placed = WHOLE.children.borough[STAYS.child[own]]
    assert (WHOLE.households.borough[HOMES.household[own]] == placed).all()


def test_own_carers_have_vacancies() -> None:
    mainstream = ~WHOLE.households.is_connected
    filled = np.isin(HOMES.household[OPEN], np.flatnonzero(mainstream)).sum()
    assert 0.5 < filled / WHOLE.households.places[mainstream].sum() < 0.9


def test_about_a_fifth_live_over_20_miles_from_home() -> None:
    known = OPEN & ~np.isnan(HOMES.miles)
    assert 0.15 < (HOMES.miles[known] > 20).mean() < 0.25


def test_children_in_homes_live_further_away_than_fostered_children() -> None:
    known = OPEN & ~np.isnan(HOMES.miles)
    homes, own = (
        HOMES.miles[known & (HOMES.kind == "home")],
        HOMES.miles[known & (HOMES.kind == "own_foster")],
    )
    assert np.median(homes) > 2 * np.median(own)


def test_prices_come_out_near_the_published_unit_costs() -> None:
    rng = np.random.default_rng(2)
    kind = np.repeat(["home", "agency_foster", "own_foster"], 20_000)
    start = np.full(len(kind), np.datetime64("2024-10-01"))
    pence = weekly_pence(rng, kind, start, np.zeros(len(kind), dtype=bool))
    assert abs(pence[kind == "home"].mean() / 808_500 - 1) < 0.05
    assert abs(pence[kind == "agency_foster"].mean() / 100 / mean_pounds_a_week("agency_foster") - 1) < 0.05
    assert (pence[kind == "own_foster"] == 0).all()
