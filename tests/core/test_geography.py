"""Places, postcodes and straight-line miles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.geography import (
    EARTH_RADIUS_MILES,
    Located,
    Point,
    Precision,
    distance_between,
    locate,
    miles_between,
    miles_from,
    normalise_postcode,
    outward_code,
    postcode_sector,
)
from rightplace.core.problems import Problem

# Centres computed from OS Code-Point Open, January 2024 (Open Government Licence v3).
SECTORS = {"SE5 9": Point(51.47068, -0.09878), "BR1 1": Point(51.4045, 0.01554)}
OUTWARD_CODES = {"SE5": Point(51.47383, -0.09154), "BN1": Point(50.84255, -0.13935)}

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_the_worked_example_of_the_page_on_distances():
    home, school = locate("se59rs", SECTORS, OUTWARD_CODES), locate("BR1 1AA", SECTORS, OUTWARD_CODES)
    assert home == Located(SECTORS["SE5 9"], Precision.SECTOR)
    assert home is not None
    assert school is not None
    assert str(distance_between(home, school)) == "6.7 miles in a straight line (to the sector)"
    seaside = locate("BN1 1AA", SECTORS, OUTWARD_CODES)
    assert seaside is not None
    assert str(distance_between(home, seaside)) == "43.4 miles in a straight line (to the outward code)"


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("se5 9rs", "SE5 9RS"),
        ("SE59RS", "SE5 9RS"),
        ("  s e 5 9 r s ", "SE5 9RS"),
        ("m11aa", "M1 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("CR0 2AB", "CR0 2AB"),
        ("w1a0ax", "W1A 0AX"),
    ],
)
def test_a_postcode_is_written_in_capitals_with_one_space(text: str, postcode: str):
    assert normalise_postcode(text) == postcode


@pytest.mark.parametrize(
    "text", ["", "SE5", "SE5 9", "REDACTED", "SE5 9RSX", "5SE 9RS", "SE5 9RC", "SE59 9 9RS", "A" * 10_000]
)
def test_what_is_not_a_full_postcode_is_refused(text: str):
    problem = normalise_postcode(text, field="postcode")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.field) == ("postcode_unreadable", "postcode")


def test_the_outward_code_and_the_sector_of_a_postcode():
    assert (outward_code("EC1A 1BB"), postcode_sector("EC1A 1BB")) == ("EC1A", "EC1A 1")
    assert (outward_code("SE5 9"), outward_code("SE5")) == ("SE5", "SE5")
    with pytest.raises(ValueError, match="normalised"):
        postcode_sector("SE59RS")


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("SE5 9RS", Precision.SECTOR),
        ("se5  9", Precision.SECTOR),
        ("SE5 0AA", Precision.OUTWARD_CODE),
        ("se5", Precision.OUTWARD_CODE),
        ("ZE1 0AA", None),
        ("REDACTED", None),
        ("", None),
    ],
)
def test_a_place_is_located_as_exactly_as_the_tables_allow(text: str, precision: Precision | None):
    located = locate(text, SECTORS, OUTWARD_CODES)
    assert (located.precision if located else None) == precision


def test_a_distance_is_no_more_exact_than_the_coarser_place():
    here = Located(SECTORS["SE5 9"], Precision.SECTOR)
    there = Located(OUTWARD_CODES["BN1"], Precision.AUTHORITY_CENTRE)
    assert distance_between(here, there).precision == Precision.AUTHORITY_CENTRE
    assert distance_between(there, here) == distance_between(here, there)


def test_london_to_edinburgh_is_about_332_miles():
    assert miles_between(Point(51.5074, -0.1278), Point(55.9533, -3.1883)) == pytest.approx(332, abs=1)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_a_point_off_the_earth_cannot_be_made(latitude: float, longitude: float):
    with pytest.raises(ValueError, match="earth"):
        Point(latitude, longitude)


def test_an_unknown_place_among_many_has_an_unknown_distance():
    miles = miles_from(SECTORS["SE5 9"], [51.4045, np.nan], [0.01554, 0.0])
    assert miles[0] == pytest.approx(6.7, abs=0.05)
    assert np.isnan(miles[1])


@given(points, points)
def test_distances_are_the_same_both_ways_and_at_most_half_round_the_earth(here: Point, there: Point):
    miles = miles_between(here, there)
    assert 0 <= miles <= np.pi * EARTH_RADIUS_MILES + 1e-6
    assert miles == pytest.approx(miles_between(there, here), abs=1e-6)
    assert miles_between(here, here) == 0


@given(points, st.lists(points, max_size=10))
def test_many_at_once_are_as_one_by_one(here: Point, there: list[Point]):
    together = miles_from(here, [p.latitude for p in there], [p.longitude for p in there])
    assert together.tolist() == pytest.approx([miles_between(here, p) for p in there], rel=1e-9, abs=1e-6)


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_the_reading_of_a_postcode(text: str):
    postcode = normalise_postcode(text)
    assert isinstance(postcode, Problem) or normalise_postcode(postcode) == postcode
