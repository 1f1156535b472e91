"""Own carers ahead go on as they came and left, with an interval that grows."""

from rightplace.core.sufficiency.carers import Household, carers_ahead

NOW = 2026 * 12


def test_the_worked_example_of_own_carers_ahead():
    # Ten households of two places for six years; in the last three years six more came and three of the ten left.
    old = [Household(NOW - 72, NOW - 10 if i < 3 else None, 2) for i in range(10)]
    new = [Household(NOW - 5 * i - 1, None, 2) for i in range(6)]
    found = carers_ahead([*old, *new], NOW)
    assert (found.households, found.places, found.recruited, found.gave_up) == (13, 26, 3, 3)
    middles = [year[0] for year in found.years]
    assert middles == [28, 30, 32], "one household more a year, of two places"
    widths = [high - low for _, low, high in found.years]
    assert widths[0] < widths[1] < widths[2]


def test_without_any_household_nothing_is_promised():
    found = carers_ahead([], NOW)
    assert found.places == 0
    assert all(low == 0 for _, low, _ in found.years)
