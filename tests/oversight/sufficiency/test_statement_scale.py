"""The scale of a statement's picture has round numbers from nought to above the most."""

import pytest

from rightplace.oversight.sufficiency.statements import round_steps


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (1, (0, 1)),
        (9, (0, 2, 4, 6, 8, 10)),
        (95, (0, 20, 40, 60, 80, 100)),
        (101, (0, 50, 100, 150)),
        (1_280, (0, 500, 1_000, 1_500)),
    ],
)
def test_steps_are_of_one_two_or_five_and_reach_the_most(most: float, steps: tuple[int, ...]):
    assert round_steps(most) == steps
