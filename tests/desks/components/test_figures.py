"""Charts and maps: the same figures in the drawing, in its description and in the table; nothing inline."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.desks.components import svg
from rightplace.desks.components.gallery import figures
from rightplace.desks.components.maps import MILES_PER_DEGREE, Area, Place, place_map


@pytest.mark.parametrize("name", ["bars", "stacked", "spans", "strip", "map"])
def test_every_drawing_is_well_formed_has_words_and_no_inline_style(name: str) -> None:
    figure = figures()[name]
    root = ElementTree.fromstring(figure.drawing)
    assert root.find("title").text == figure.title
    assert root.find("desc").text == figure.description
    assert figure.rows
    assert "style=" not in figure.drawing


@given(st.lists(st.floats(min_value=0, max_value=1e12), min_size=1, max_size=8))
def test_no_bar_is_wider_than_the_picture(values: list[float]) -> None:
    figure = svg.bars([svg.Bar(f"Bar {place}", value) for place, value in enumerate(values)], "Bars")
    assert all(0 < float(width) <= 100 for width in re.findall(r'width="([\d.]+)%"', figure.drawing))


def test_labels_are_escaped() -> None:
    figure = svg.bars([svg.Bar("<script>alert(1)</script>", 1)], "<b>Bars</b>")
    assert "<script>" not in figure.drawing
    assert "<b>" not in figure.drawing


def test_nothing_to_show_is_drawn_all_the_same() -> None:
    assert svg.bars([], "Bars").rows == []
    assert svg.sparkline([5], "One value")
    assert svg.sparkline([], "No value") == ""


def test_a_span_still_going_on_reaches_today() -> None:
    figure = svg.timeline_bar([svg.Span("Home", date(2025, 1, 1), None)], "Placements", date(2026, 1, 1))
    assert 'class="rp-fill-1" x="0.00%" y="22" width="100.00%"' in figure.drawing
    assert figure.rows == [("Home", "1 Jan 2025", "now", "")]


LONG = "Meadowbank and Riverside Residential Children's Services (South London) Limited"


def lines_of(figure: svg.Figure) -> list[str]:
    """What stands in the drawing, line by line, but for the figures at the end of a bar."""
    return re.findall(r'<text class="rp-svg-text" [^>]*>([^<]*)</text>', figure.drawing)


@pytest.mark.parametrize(
    "figure",
    [
        svg.bars([svg.Bar(LONG, 4), svg.Bar("Short", 2)], "Points"),
        svg.stacked_bars([svg.Stack(LONG, [40, 20]), svg.Stack("Short", [1, 2])], ["a", "b"], "Points"),
    ],
)
def test_a_long_name_takes_more_lines_and_moves_the_next_bar_down(figure: svg.Figure) -> None:
    drawn = [unescape(line) for line in lines_of(figure)]
    assert " ".join(drawn) == f"{LONG} Short"
    assert max(len(line) for line in drawn) <= svg.BESIDE_FIGURE
    assert f'height="{2 * svg.ROW + 2 * svg.LINE}"' in figure.drawing
    assert f'y="{svg.ROW + 2 * svg.LINE + 15}"' in figure.drawing


def test_a_span_late_in_time_keeps_its_words_on_the_page() -> None:
    spans = [
        svg.Span("Own home", date(2025, 1, 1), date(2025, 3, 1)),
        svg.Span(LONG, date(2025, 6, 1), date(2025, 7, 1)),
    ]
    figure = svg.timeline_bar(spans, "Plans in time", date(2026, 1, 1))
    assert " ".join(unescape(line) for line in lines_of(figure)) == f"Own home {LONG}"
    assert max(len(line) for line in lines_of(figure)) <= svg.ALONE + len("&#x27;")


def test_ring_and_projection_agree_on_a_mile() -> None:
    centre = (0.0, 51.5)
    north = Place("Ten miles north", 0.0, 51.5 + 10 / MILES_PER_DEGREE, miles=10)
    area = Area("Here", "E0", [[(-0.4, 51.2), (0.4, 51.2), (0.4, 51.8), (-0.4, 51.8)]])
    drawing = place_map([area], [north], "Map", centre=centre, rings=(10,), reach=12).drawing
    ring = re.search(r'class="rp-ring" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawing)
    pin = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="22"', drawing)
    assert ring
    assert pin
    assert float(pin[2]) + 11 == pytest.approx(float(ring[2]) - float(ring[3]), abs=0.2)


def test_the_nearest_places_are_in_the_description() -> None:
    places = [Place(f"Home {miles}", 0.01 * miles, 51.5, miles=miles) for miles in (9, 2, 5, 7)]
    figure = place_map([], places, "Map")
    assert figure.description == "4 places. Nearest: Home 2, 2 miles; Home 5, 5 miles; Home 7, 7 miles"
