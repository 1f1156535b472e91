"""Grids of lights, treemaps and small multiples: every square in words, every rectangle as large as its value."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rightplace.desks.components.grids import (
    Area,
    Light,
    Panel,
    light_grid,
    small_multiples,
    squarified,
    treemap,
)
from rightplace.desks.components.svg import Bar


def test_a_grid_says_in_words_what_its_colours_say() -> None:
    figure = light_grid(
        [("CS-01", [Light("green", "On course"), Light("", "")])], ("Money", "Risks"), "Projects"
    )
    assert "rp-light--green" in figure.drawing and "On course" in figure.drawing
    assert figure.rows == [("CS-01", "On course", "Not known")]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_every_rectangle_is_as_large_as_its_value_and_none_overlaps(values: list[int]) -> None:
    values.sort(reverse=True)
    areas = squarified(values, Area(0, 0, 640, 320))
    whole = sum(values)
    assert len(areas) == len(values)
    for value, area in zip(values, areas, strict=True):
        assert abs(area.wide * area.high / (640 * 320) - value / whole) < 1e-6
        assert (
            area.x >= -1e-6
            and area.y >= -1e-6
            and area.x + area.wide < 640.001
            and area.y + area.high < 320.001
        )
    for one, other in ((a, b) for i, a in enumerate(areas) for b in areas[:i]):
        across = min(one.x + one.wide, other.x + other.wide) - max(one.x, other.x)
        down = min(one.y + one.high, other.y + other.high) - max(one.y, other.y)
        assert across < 1e-6 or down < 1e-6


def test_a_treemap_leaves_nothing_out_of_its_table() -> None:
    figure = treemap([Bar("Small <b>", 100), Bar("Large", 300), Bar("Credit", -50)], "Spend")
    assert [row[0] for row in figure.rows] == ["Large", "Small <b>", "Credit"]
    assert "<b>" not in figure.drawing and figure.drawing.count("<rect") == 2


def test_small_multiples_share_a_scale_and_mark_ones_own() -> None:
    figure = small_multiples(
        [Panel("Croydon", [100, 50], True), Panel("Sutton", [25, 25])], ("2023", "2024"), "A week"
    )
    assert figure.drawing.count("rp-multiple--own") == 1
    assert 'height="52.0"' in figure.drawing and figure.drawing.count('height="13.0"') == 2
