"""Particulars of a kind in words, steps, time to approval, and support that kept a child out of care."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.services.milestones import MilestoneRule, milestone_rule
from rightplace.core.services.onward import InTime, Reached, conversion, in_time, kept_out
from rightplace.core.services.particulars import (
    OnStep,
    ParticularRule,
    Said,
    on_steps,
    particular_rule,
    particular_rules,
    said_problems,
)

DAY = date(2026, 11, 2)


def test_the_worked_example_a_place_with_rent_benefit_and_transport() -> None:
    lines = (
        "Rent: pounds a week, on top",
        "Housing benefit: pounds a week, towards it",
        "Transport: pounds a year, on top",
    )
    rules, problems = particular_rules(lines)
    added = [rule.weekly_pence(pence) for rule, pence in zip(rules, (13_500, 12_000, 520_000), strict=True)]
    assert not problems
    assert 41_000 + sum(added) == 52_500


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Step: one of Shared, Own, in order", ParticularRule("Step", "choice", ("Shared", "Own"), True)),
        ("Band: one of A, B, C.", ParticularRule("Band", "choice", ("A", "B", "C"))),
        ("Rent: pounds a week, on top", ParticularRule("Rent", "pounds", per="week", sign=1)),
        ("Benefit: pounds a year, towards it", ParticularRule("Benefit", "pounds", per="year", sign=-1)),
        ("Element 1: pounds a year", ParticularRule("Element 1", "pounds", per="year")),
        ("Report: date, due", ParticularRule("Report", "date", is_due=True)),
        ("Age claimed: number", ParticularRule("Age claimed", "number")),
    ],
)  # fmt: skip
def test_a_line_says_what_is_kept(line: str, rule: ParticularRule) -> None:
    assert particular_rule(line) == rule


@pytest.mark.parametrize(
    "line",
    ["", "Rent", "Rent: pounds", "Band: one of A", "Band: one of A, A", "X: date", "Rent: euros a week"],
)
def test_a_line_that_says_nothing_is_named(line: str) -> None:
    assert particular_rule(line) is None
    assert "no particular" in particular_rules([line])[1][0].sentence


def test_a_years_amount_is_spread_over_52_weeks_and_what_others_pay_lowers_the_cost() -> None:
    on_top, towards = (
        particular_rule("Transport: pounds a year, on top"),
        particular_rule("Rent: pounds a week, towards it"),
    )
    assert on_top is not None and towards is not None
    assert (on_top.weekly_pence(520_000), towards.weekly_pence(7_000)) == (10_000, -7_000)


def test_what_is_entered_has_the_shape_of_its_rule() -> None:
    band, plan = ParticularRule("Band", "choice", ("A", "B")), ParticularRule("Plan", "date")
    assert [one.field for one in said_problems(band, Said("Band", "Z"), "f")] == ["f"]
    assert said_problems(band, Said("Band", "A"), "f") == [] == said_problems(plan, Said("Plan", on=DAY), "f")
    assert said_problems(plan, Said("Plan", "soon"), "f") and not Said("Plan", " ").is_said


def test_a_milestone_may_be_put_off_by_so_many_weeks() -> None:
    rule = milestone_rule("Temporary approval ends: 16 weeks after start, at most 8 weeks longer")
    assert rule == MilestoneRule("Temporary approval ends", 16, "week", "started", weeks_longer=8)


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "C", "other"]), st.integers(0, 900), st.integers(0, 9_999)))
)
def test_everybody_stands_on_one_step_and_an_unknown_step_is_nobodys(
    rows: list[tuple[str, int, int]],
) -> None:
    found = on_steps(
        ("A", "B", "C"), [(step, DAY - timedelta(days=days), pence) for step, days, pence in rows], DAY
    )
    known = [row for row in rows if row[0] != "other"]
    assert sum(one.number for one in found) == len(known)
    assert sum(one.net_weekly_pence for one in found) == sum(row[2] for row in known)
    assert on_steps(("A",), [("A", DAY - timedelta(days=9), 5)], DAY) == [OnStep("A", 1, 9, 5)]


def test_of_ten_who_ask_five_apply_and_two_are_approved_after_a_time() -> None:
    steps = ("enquired", "applied", "approved")
    journeys = [{"enquired": DAY} for _ in range(5)]
    journeys += [{"enquired": DAY, "applied": DAY + timedelta(days=20)} for _ in range(3)]
    journeys += [
        {"enquired": DAY, "applied": DAY + timedelta(days=10), "approved": DAY + timedelta(days=days)}
        for days in (110, 210)
    ]
    assert conversion(journeys, steps) == [
        Reached("enquired", 10, None, None), Reached("applied", 5, 0.5, 20.0), Reached("approved", 2, 0.4, 150.0),
    ]  # fmt: skip


def test_what_is_open_and_not_due_counts_neither_way() -> None:
    rows = [(DAY, DAY), (DAY, DAY + timedelta(days=1)), (DAY - timedelta(days=1), None), (DAY, None)]
    assert in_time(rows, DAY) == InTime(1, 1, 1) and InTime(1, 1, 1).share == pytest.approx(1 / 3)
    assert in_time([], DAY).share is None


def test_support_kept_a_child_out_of_care_only_once_the_months_are_over() -> None:
    ended = date(2026, 1, 15)
    assert kept_out(ended, [], date(2026, 4, 14), 3) is None
    assert kept_out(ended, [], date(2026, 4, 15), 3) is True
    assert kept_out(ended, [date(2026, 2, 1)], date(2026, 3, 1), 3) is False
    assert kept_out(ended, [date(2026, 5, 1)], date(2026, 6, 1), 3) is True
