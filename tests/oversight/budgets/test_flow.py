"""What those who are still to come cost is theirs alone, and adds up."""

from __future__ import annotations

from rightplace.oversight.budgets.flow import MonthAhead, flow_from


def test_the_flow_adds_up_by_month_and_kind_and_lies_in_its_interval() -> None:
    months = [
        MonthAhead(31, [0.5, 1.25, 0, 0.1, 0, 0, 0], [70_000, 90_000, 0, 500_000, 0, 0, 0], 0.1)
        for _ in range(3)
    ]
    found = flow_from(2, months)
    assert found.pence[:2] == (0, 0) and sum(found.pence) == sum(cost for _, cost in found.by_kind)
    assert found.pence[2] == round(0.5 * 70_000 * 31 / 7) + round(1.25 * 90_000 * 31 / 7) + round(
        0.1 * 500_000 * 31 / 7
    )
    assert all(low <= middle <= high for middle, (low, high) in zip(found.pence, found.interval, strict=True))
    wider = flow_from(2, [MonthAhead(one.nights, one.there, one.weekly, 0.5) for one in months])
    assert wider.interval[2][1] > found.interval[2][1] and wider.pence == found.pence
