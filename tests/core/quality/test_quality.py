"""When reviews and visits are due, what outcomes come to, which placements are shaky: the worked examples and their rules."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.quality.outcomes import FeeByOutcomes, achieved, fee_change
from rightplace.core.quality.reviewing import ReviewLimits, continuous_since, next_review
from rightplace.core.quality.stability import SIGNS, StabilityRule, stability
from rightplace.core.quality.visiting import HomeSeen, next_visit

LIMITS = ReviewLimits(20, 3, 6)
DAYS = {"usual": 365, "children_there": 182, "concern": 14, "inadequate": 28}
RULE = StabilityRule(
    {"missing": 2, "incident": 1, "support_request": 1, "carer_notice": 5, "exclusion": 3}, 90, 2, 5
)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


def test_the_first_review_is_due_within_twenty_working_days() -> None:
    due = next_review(date(2026, 11, 30), [], LIMITS, CHRISTMAS)
    assert (due.number, due.due_on) == (1, date(2026, 12, 30))


def test_the_second_is_due_three_months_after_the_first_and_later_ones_every_six() -> None:
    since, first, second = date(2026, 1, 5), date(2026, 1, 30), date(2026, 4, 30)
    assert next_review(since, [first], LIMITS, frozenset()).due_on == date(2026, 4, 30)
    third = next_review(since, [second, first], LIMITS, frozenset())
    assert (third.number, third.due_on) == (3, date(2026, 10, 30))


def test_reviews_of_an_earlier_time_in_care_do_not_count() -> None:
    assert next_review(date(2026, 6, 1), [date(2025, 5, 1)], LIMITS, frozenset()).number == 1


def test_care_without_a_break_begins_with_its_first_order() -> None:
    periods = [
        (date(2024, 1, 1), date(2024, 6, 1)),
        (date(2025, 1, 1), date(2025, 3, 1)),
        (date(2025, 3, 1), None),
    ]
    assert continuous_since(periods, date(2026, 1, 1)) == date(2025, 1, 1)
    assert continuous_since(periods[:1], date(2026, 1, 1)) is None


@given(st.lists(st.sampled_from([0, 1, 2])))
def test_points_never_exceed_the_outcomes_and_a_half_is_exact(scores: list[int]) -> None:
    came_to = achieved(scores)
    assert 0 <= came_to.points <= came_to.out_of == len(scores)
    assert came_to.points * 2 == sum(scores)


def test_the_fee_goes_up_only_when_so_many_reviews_in_a_row_say_so() -> None:
    rule = FeeByOutcomes(up_from=9_000, down_below=5_000, change=200, in_a_row=2)
    good, middling, poor = achieved([2, 2, 2]), achieved([2, 1, 1]), achieved([0, 1, 0])
    assert fee_change([good, good], rule) == 200
    assert fee_change([middling, good], rule) == 0
    assert fee_change([good], rule) == 0
    assert fee_change([good, poor, poor], rule) == -200
    assert fee_change([good, achieved([])], rule) == 0


def test_the_shortest_interval_that_applies_counts_and_every_reason_is_told() -> None:
    home = HomeSeen(date(2026, 5, 1), {"children_there": date(2026, 1, 1), "concern": date(2026, 10, 1)})
    due = next_visit(home, DAYS)
    assert due is not None
    assert due.due_on == date(2026, 10, 15)
    assert due.why == "a concern stands: within 14 days"
    assert [code for code, _ in due.reasons] == ["concern", "children_there"]


days_since = st.dates(date(2020, 1, 1), date(2026, 1, 1))
reasons_known = st.dictionaries(st.sampled_from(sorted(DAYS)), days_since, min_size=1)


@given(reasons_known, st.sampled_from(sorted(DAYS)), days_since, st.none() | days_since)
def test_one_more_reason_never_puts_a_visit_off(
    since: dict[str, date], more: str, day: date, visited: date | None
) -> None:
    before = next_visit(HomeSeen(visited, since), DAYS)
    after = next_visit(HomeSeen(visited, {more: day} | since), DAYS)
    assert before is not None and after is not None
    assert after.due_on <= before.due_on


def test_signs_add_up_to_a_meeting_and_old_ones_count_no_more() -> None:
    today = date(2026, 11, 2)
    signs = [("missing", today - timedelta(days=5)), ("exclusion", today - timedelta(days=80))]
    assert stability(signs, today, RULE).level == "meet"
    later = stability(signs, today + timedelta(days=11), RULE)
    assert (later.level, later.points, later.why) == ("watch", 2, "missing from the home")


@given(st.lists(st.tuples(st.sampled_from(sorted(SIGNS)), st.dates(date(2026, 8, 1), date(2026, 12, 1)))))
def test_one_more_sign_never_makes_a_placement_steadier(signs: list[tuple[str, date]]) -> None:
    today = date(2026, 11, 2)
    assert (
        stability([*signs, ("missing", today)], today, RULE).points
        >= stability(signs, today, RULE).points + 2
    )
