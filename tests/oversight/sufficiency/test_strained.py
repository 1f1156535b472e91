"""Children far from home or at a high price are counted by kind of placement and by need."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.core.forecasting.kinds import KINDS, RESIDENTIAL
from rightplace.core.sufficiency.unsuitable import is_unsuitable
from rightplace.oversight.sufficiency.strained import Living, by_kind, by_need, living_today
from rightplace.register.providers.models import Setting
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


def test_a_place_is_unsuitable_without_registration_and_supported_accommodation_below_sixteen() -> None:
    now, before = date(2026, 11, 2), date(2021, 9, 8)
    assert is_unsuitable("K2", 15, is_registered=False, on=now)
    assert not is_unsuitable("K2", 15, is_registered=True, on=now)
    assert is_unsuitable("H5", 15, is_registered=True, on=now), "too young"
    assert not is_unsuitable("H5", 15, is_registered=False, on=before), "before either rule began"
    assert is_unsuitable("H5", 16, is_registered=False, on=now)
    assert not is_unsuitable("H5", 16, is_registered=True, on=now)
    assert not is_unsuitable("U1", 3, is_registered=False, on=now), "carers are approved, not registered"


@pytest.mark.django_db
def test_a_child_who_lives_where_a_request_led_is_counted_under_its_needs(cast: Cast) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    living = living_today(cast.cora, make.NEEDED_BY + timedelta(days=1))
    assert [one.request_id for one in living] == [contract.placement.permission.choice.request_id]
    assert not living[0].is_unsuitable and by_kind(living)[0].unsuitable == 0
    Setting.objects.filter(pk=contract.placement.setting_id).update(closed_on=make.NEEDED_BY)
    (left,) = living_today(cast.cora, make.NEEDED_BY + timedelta(days=1))
    assert left.is_unsuitable and by_kind([left])[0].unsuitable == 1, "its registration ended"
    assert living[0].weekly_pence and 0 <= living[0].kind < len(KINDS)
    rows = by_need(living)
    assert rows[-1].words == "Everyone"
    assert rows[-1].children == 1 and rows[-1].dear == 0
    assert all(one.children <= 1 for one in rows)
    assert not living_today(cast.cora, make.NEEDED_BY - timedelta(days=30))
