"""When panels meet, and whether those who sit may decide."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.calendar import is_working_day
from rightplace.core.meetings import QuorumRule, Rhythm, Sitting, papers_due, quorum
from tests.core.strategies import days

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
rhythms = st.builds(
    Rhythm,
    every=st.sampled_from(["weekly", "fortnightly", "monthly"]),
    weekday=st.integers(0, 4),
    first_on=days,
    week_of_month=st.integers(1, 5),
    holiday_rule=st.sampled_from(["skip", "next_working_day"]),
)
PARTS = ["chair", "vice_chair", "member", "partner", "clerk"]
SECTORS = ["social_care", "education", "health"]
sittings = st.lists(
    st.builds(Sitting, st.integers(1, 99), st.just("N"), st.sampled_from(PARTS), st.sampled_from(SECTORS)),
    unique_by=lambda one: one.member_id,
    max_size=9,
)


def test_the_worked_example_of_the_page_on_panels() -> None:
    """Fridays from 4 December 2026, fortnightly; 1 January is a bank holiday."""
    rhythm = Rhythm("fortnightly", 4, date(2026, 12, 4), holiday_rule="next_working_day")
    held = list(rhythm.days(date(2026, 12, 1), date(2027, 1, 20), CHRISTMAS))
    assert held == [date(2026, 12, 4), date(2026, 12, 18), date(2027, 1, 4), date(2027, 1, 15)]
    skipping = Rhythm("fortnightly", 4, date(2026, 12, 4))
    assert date(2027, 1, 4) not in list(skipping.days(date(2026, 12, 1), date(2027, 1, 20), CHRISTMAS))
    assert papers_due(date(2027, 1, 4), 2, CHRISTMAS) == date(2026, 12, 30)


def test_a_month_has_its_second_and_its_last_tuesday() -> None:
    second = Rhythm("monthly", 1, date(2026, 11, 1), week_of_month=2)
    last = Rhythm("monthly", 1, date(2026, 11, 1), week_of_month=5)
    until = date(2027, 1, 31)
    assert list(second.days(date(2026, 11, 1), until, CHRISTMAS)) == [
        date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12)
    ]  # fmt: skip
    assert list(last.days(date(2026, 11, 1), until, CHRISTMAS))[-1] == date(2027, 1, 26)


@given(rhythms, days, st.integers(1, 200))
def test_meetings_are_in_order_within_the_days_asked_for_and_on_working_days(
    rhythm: Rhythm, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    held = list(rhythm.days(start, end, CHRISTMAS))
    assert held == sorted(held)
    assert all(
        start <= day < end and day >= rhythm.first_on and is_working_day(day, CHRISTMAS) for day in held
    )


@given(rhythms, days, st.integers(1, 100), st.integers(1, 100))
def test_planning_in_two_steps_plans_the_same(rhythm: Rhythm, start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    at_once = list(rhythm.days(start, end, CHRISTMAS))
    in_two = [*rhythm.days(start, middle, CHRISTMAS), *rhythm.days(middle, end, CHRISTMAS)]
    assert at_once == in_two


def test_a_tripartite_panel_needs_all_three() -> None:
    rule = QuorumRule(3, (("social_care", "social care"), ("education", "education"), ("health", "health")))
    chair, edu = Sitting(1, "A", "chair", "social_care"), Sitting(2, "B", "member", "education")
    health, clerk = Sitting(3, "C", "partner", "health"), Sitting(4, "D", "clerk", "health")
    assert quorum(rule, [chair, edu, health]).is_met
    short = quorum(rule, [chair, edu, clerk])
    assert short.words == (
        "Not quorate: 2 of the 3 members needed; missing somebody for health and 1 more member."
    )
    assert quorum(rule, [chair, edu, health], excluded=[1]).missing[0] == "a chair or vice chair"


@given(sittings, st.sets(st.integers(1, 99)), st.integers(2, 6))
def test_more_who_sit_never_break_a_quorum_and_who_is_excluded_never_helps(
    sits: list[Sitting], out: set[int], number: int
) -> None:
    rule = QuorumRule(number, (("health", "health"),))
    held = quorum(rule, sits, out)
    without = quorum(rule, [one for one in sits if one.member_id not in out])
    assert held == without
    if held.is_met:
        assert quorum(rule, [*sits, Sitting(100, "N", "member", "education")], out).is_met
