"""What a figure hangs on, and areas shaded by a share: the picture and its table say the same."""

from rightplace.desks.components.maps import Area, shaded_map
from rightplace.desks.components.swings import Swing, swing_chart

SQUARE = [[(0.0, 51.0), (0.1, 51.0), (0.1, 51.1), (0.0, 51.1)]]


def test_a_swing_that_leads_below_nothing_has_a_mark_there_and_one_that_does_not_has_none() -> None:
    words = "{:.0f}".format
    below = swing_chart([Swing("Price <dear>", -50, 150)], 50, "Saving", words)
    assert below.rows == [("Price <dear>", "-50", "150")]
    assert "rp-fan-past" in below.drawing and "Price &lt;dear&gt;" in below.drawing
    assert "rp-fan-past" not in swing_chart([Swing("Price", 10, 150)], 50, "Saving", words).drawing


def test_an_area_without_a_figure_stays_white_and_is_not_in_the_table() -> None:
    areas = [Area("Croydon", "E1", SQUARE), Area("Sutton", "E2", SQUARE)]
    found = shaded_map(areas, {"E1": (0.95, "19 of 20")}, "Without a home")
    assert found.rows == [("Croydon", "19 of 20")]
    assert "rp-heat-4" in found.drawing and "rp-heat-none" in found.drawing
