"""Kinds of service: the published figures, the words of a milestone, and a new kind beside others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.services.kinds import KindTerms, counts_by_kind, kind_problems, musts_of_homes, terms_on
from rightplace.core.services.milestones import MilestoneRule, due_after, milestone_rule, milestone_rules
from rightplace.core.services.packages import (
    CountAndCost,
    effect_of_fewer,
    review_weight,
    specified,
    totalled,
    weekly_pence,
)
from rightplace.core.services.quota import quota_lines
from rightplace.register.services.queries import packaged_kinds

DAY = date(2026, 11, 2)
NONE: frozenset[date] = frozenset()
MENTORING = KindTerms(code="mentoring", name="Mentoring", starts_on=date(2020, 1, 1))


def test_school_places_come_to_what_the_council_printed() -> None:
    inside, outside = CountAndCost(1_608, 2_048_457_100, 145), CountAndCost(544, 1_581_882_600, 164)
    both = totalled([inside, outside])
    assert (both.number, both.pence, both.establishments) == (2_152, 3_630_339_700, 309)
    assert (inside.average_pence, outside.average_pence) == (1_273_916, 2_907_872)
    assert CountAndCost(0, 0).average_pence == 0


def test_a_tenth_fewer_plans_is_326_at_the_average_of_17031_pounds() -> None:
    fewer, pence = effect_of_fewer(3_260, 1_703_100, Fraction(1, 10))
    assert fewer == 326
    # £5,552,106 as printed: 326 times £17,031.
    assert pence == 555_210_600


def test_a_quota_is_the_dated_share_of_the_children_over_or_under_in_words() -> None:
    lines = quota_lines(
        [("Over", 100_000, 120), ("At", 50_000, 35), ("Under", 70_500, 40), ("Nobody", 0, 0)],
        Fraction(7, 10_000),
    )
    assert [one.quota for one in lines] == [70, 35, 49, 0]
    assert [one.standing for one in lines] == ["50 over", "at the quota", "9 under", "at the quota"]
    assert lines[0].share == Fraction(120, 100_000) and lines[3].share == 0
    assert quota_lines([("Later", 100_000, 70)], Fraction(1, 1_000))[0].standing == "30 under"


@pytest.mark.parametrize(
    ("line", "begun", "due"),
    [
        ("Transfer: 10 working days after request", date(2026, 11, 2), date(2026, 11, 16)),
        ("Report to court: 12 weeks after start", date(2026, 11, 2), date(2027, 1, 25)),
        ("Review: 6 months after start, again", date(2026, 8, 31), date(2027, 2, 28)),
        ("Follow-up at 3 months: 3 months after end.", date(2026, 11, 30), date(2027, 2, 28)),
        ("Plan for adult life: at 14 years of age", date(2012, 2, 29), date(2026, 2, 28)),
    ],
)
def test_a_milestone_is_read_as_it_is_said(line: str, begun: date, due: date) -> None:
    rule = milestone_rule(line)
    assert rule is not None and rule.due_on(begun, NONE) == due


@pytest.mark.parametrize(
    "line", ["Review", "Review: soon", "Review: 6 fortnights after start", "Review: 0 days after start, again",
             "Follow-up: 3 months after end, again", ": 3 days after start"],
)  # fmt: skip
def test_what_is_no_milestone_is_refused_with_an_example(line: str) -> None:
    rules, problems = milestone_rules([line])
    assert (
        not rules
        and [one.code for one in problems] == ["unreadable"]
        and "6 months after start" in problems[0].sentence
    )


def test_milestones_of_an_event_come_in_order_and_none_twice() -> None:
    rules, problems = milestone_rules(
        ["Late: 5 weeks after start", "Soon: 2 days after start", "Ends: 1 day after end"]
    )
    assert not problems
    assert due_after(rules, "started", DAY, NONE) == [
        ("Soon", date(2026, 11, 4)),
        ("Late", date(2026, 12, 7)),
    ]
    twice = milestone_rules(["Visit: 1 week after start", "Visit: 2 weeks after start"])[1]
    assert [one.code for one in twice] == ["twice"]
    assert MilestoneRule("Visit", 1, "week", "started").due_on(DAY, NONE) == date(2026, 11, 9)


def test_a_package_costs_its_hours_and_a_price_once_is_paid_once() -> None:
    assert weekly_pence("hour", 2_450, Decimal("12.5"), DAY) == 30_625
    assert weekly_pence("week", 90_000, Decimal(1), DAY) == 90_000
    assert weekly_pence("one_off", 80_000, Decimal(1), DAY) == 0


def test_the_costliest_and_longest_overdue_review_comes_first_and_packages_say_whether_they_fit() -> None:
    assert review_weight(50_000, date(2026, 10, 23), DAY) == 500_000
    assert review_weight(50_000, date(2026, 11, 3), DAY) == 0
    fits = [specified(Decimal(need), Decimal(have)) for need, have in ((10, 12), (10, 8), (10, 10))]
    assert fits == ["over", "under", "fits"] and specified(None, Decimal(1)) == ""


def test_an_authoritys_terms_take_the_place_of_those_that_came_with_the_product_from_their_day() -> None:
    own = replace(MENTORING, name="Mentors", starts_on=date(2026, 12, 1))
    same_day = replace(MENTORING, name="Our mentors")
    assert terms_on([MENTORING, own], date(2026, 11, 30))["mentoring"].name == "Mentoring"
    assert terms_on([own, MENTORING], date(2026, 12, 1))["mentoring"].name == "Mentors"
    assert terms_on([MENTORING, same_day], DAY)["mentoring"].name == "Our mentors"
    assert not terms_on([MENTORING], date(2019, 12, 31))


def test_terms_that_nobody_could_follow_are_refused_all_at_once() -> None:
    wrong = replace(
        MENTORING,
        name=" ",
        min_age=18,
        max_age=3,
        price_units=("fortnight",),
        clocks=("soon",),
        musts=("A", "A"),
    )
    assert sorted(one.code for one in kind_problems(wrong)) == [
        "ages",
        "empty",
        "twice",
        "unknown",
        "unreadable",
    ]


def test_every_packaged_kind_is_whole() -> None:
    rows = packaged_kinds()
    assert len({one.code for one in rows}) == len(rows) >= 20
    assert [problem for one in rows for problem in kind_problems(one)] == []
    assert all(one.group and one.source and one.clocks and one.questions for one in rows)


CODES = st.text("abcdef", min_size=1, max_size=3)


@given(st.sets(CODES, max_size=8), st.data(), st.text("xyz", min_size=1, max_size=4), st.integers(0, 9))
def test_a_new_kind_changes_no_count_of_another(
    known: set[str], data: st.DataObject, new: str, number: int
) -> None:
    held = data.draw(st.lists(st.sampled_from(sorted(known)), max_size=30)) if known else []
    before = counts_by_kind(held, known)
    after = counts_by_kind([*held, *[new] * number], {*known, new})
    assert {code: after[code] for code in known} == before and after[new] == number
    assert sum(after.values()) == len(held) + number
    with pytest.raises(ValueError, match="no kind of service"):
        counts_by_kind([*held, new], known)


def test_homes_are_held_to_the_musts_of_the_kinds_that_name_them_and_take_the_age() -> None:
    awake = replace(
        MENTORING,
        name="Homes with waking nights",
        is_home=True,
        home_kind="residential",
        musts=("Awake by night",),
    )
    older = replace(awake, name="Step-down homes", min_age=16, musts=("Awake by night", "A tenancy taster"))
    unnamed = replace(awake, name="Lodges", home_kind="", musts=("A boat",))
    every = (awake, older, unnamed, replace(MENTORING, musts=("A named worker",)))
    assert musts_of_homes(every, "residential", [12]) == (("Homes with waking nights", "Awake by night"),)
    assert [must for _, must in musts_of_homes(every, "residential", [12, 16])] == [
        "Awake by night",
        "A tenancy taster",
    ]
    assert musts_of_homes(every, "foster", [16]) == ()
    assert musts_of_homes(every, "residential", []) == ()


def test_only_a_kind_where_a_child_lives_names_homes_and_only_homes_that_there_are() -> None:
    lives_there = replace(MENTORING, is_home=True, home_kind="supported")
    assert kind_problems(lives_there) == []
    assert [one.field for one in kind_problems(replace(lives_there, is_home=False))] == ["home_kind"]
    assert [one.code for one in kind_problems(replace(lives_there, home_kind="castle"))] == ["unknown"]
