"""Children far from home or at a high price are counted by kind of placement and by need."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.core.forecasting.kinds import KINDS, RESIDENTIAL
from rightplace.oversight.sufficiency.strained import Living, by_kind, by_need, living_today
from tests import make
from tests.cast import Cast

OWN = 0


def test_dear_is_far_above_the_middle_of_the_same_kind_and_far_is_told_of_those_known() -> None:
    homes = [
        Living(RESIDENTIAL, None, miles, pence)
        for miles, pence in ((5, 600_000), (None, 500_000), (25, 900_000))
    ]
    carers = [Living(OWN, None, 3, 40_000), Living(OWN, None, 20, None)]
    first, second = by_kind([*homes, *carers])
    assert [first.children, first.far, first.far_known, first.dear, first.middle_pence] == [
        2,
        0,
        2,
        0,
        40_000,
    ]
    assert [second.children, second.far, second.far_known, second.dear] == [3, 1, 2, 0], (
        "900,000 is just half above"
    )
    (_, later) = by_kind([*homes[:2], Living(RESIDENTIAL, None, 25, 900_001), *carers])
    assert later.dear == 1


@pytest.mark.django_db
def test_a_child_who_lives_where_a_request_led_is_counted_under_its_needs(cast: Cast) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    living = living_today(cast.cora, make.NEEDED_BY + timedelta(days=1))
    assert [one.request_id for one in living] == [contract.placement.permission.choice.request_id]
    assert living[0].weekly_pence and 0 <= living[0].kind < len(KINDS)
    rows = by_need(living)
    assert rows[-1].words == "Everyone"
    assert rows[-1].children == 1 and rows[-1].dear == 0
    assert all(one.children <= 1 for one in rows)
    assert not living_today(cast.cora, make.NEEDED_BY - timedelta(days=30))
