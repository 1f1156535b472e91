"""What two sides tell of one child: what is taken over, what is only listed."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rightplace.exchange.case_recording.comparing import (
    OwnSpell,
    fact_changes,
    placement_differences,
    status_plan,
)
from rightplace.exchange.case_recording.stated import Person, Spell

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
FACTS = {
    "first_name": "Amber", "last_name": "Okafor", "sex": "F", "ethnicity": "", "upn": "", "is_disabled": False,
    "is_uasc": False, "born_on": date(2012, 3, 4),
}  # fmt: skip


def stated(**more):
    """Amber as the case system has her."""
    return Person("L1", **{"last_name": "Okafor", "first_name": "Amber", "born_on": date(2012, 3, 4)} | more)


def test_one_name_and_blank_facts_are_taken_over_and_a_blank_empties_nothing():
    assert fact_changes(1, FACTS, stated(last_name="Smith", ethnicity="WBRI", sex="")) == (
        {"last_name": "Smith", "ethnicity": "WBRI"}, [],
    )  # fmt: skip


def test_both_names_or_the_birth_date_are_somebodys_word():
    changes, differences = fact_changes(1, FACTS, stated(first_name="Zoe", last_name="Smith", born_on=JUNE))
    assert changes == {}
    assert {one.about for one in differences} == {"names", "born_on"}


def test_a_status_that_follows_on_is_added_and_the_one_before_ended():
    plan = status_plan(
        1, [OwnSpell(7, JUNE, None, "V2")], [Spell("L1", JUNE, JULY, "V2"), Spell("L1", JULY, None, "C2")]
    )
    assert (plan.end, [one.code for one in plan.add], plan.differences) == ({7: JULY}, ["C2"], [])


def test_a_status_that_contradicts_the_past_is_listed_and_nothing_is_written():
    plan = status_plan(1, [OwnSpell(7, JUNE, None, "V2")], [Spell("L1", JULY, None, "C2")])
    assert not plan.add and not plan.end
    assert [one.key for one in plan.differences] == ["theirs 2026-07-01", "ours 2026-06-01"]


def test_episodes_under_other_statuses_are_one_placement():
    theirs = [Spell("L1", JUNE, JULY, "U4", "SC1"), Spell("L1", JULY, None, "U4", "SC1")]
    assert list(placement_differences(1, [OwnSpell(1, JUNE, None, "U4", "SC1")], theirs)) == []
    other = list(
        placement_differences(
            1, [OwnSpell(1, JUNE, AUGUST, "K2", "SC1"), OwnSpell(2, AUGUST, None, "U4")], theirs
        )
    )
    assert [one.key for one in other] == ["both 2026-06-01", "ours 2026-08-01"]


def test_what_an_extract_cannot_tell_apart_is_no_difference():
    moved = [OwnSpell(1, JUNE, JULY, "U6"), OwnSpell(2, JULY, None, "U6")]
    theirs = [Spell("L1", JUNE, JULY, "U6"), Spell("L1", JULY, None, "U6")]
    assert list(placement_differences(1, moved, theirs)) == []
    homes = [OwnSpell(1, JUNE, JULY, "K2", "SC1"), OwnSpell(2, JULY, None, "K2", "SC2")]
    without_numbers = [Spell("L1", JUNE, None, "K2")]
    assert list(placement_differences(1, homes, without_numbers)) == []
    one_home = [Spell("L1", JUNE, None, "K2", "SC1")]
    assert [one.key for one in placement_differences(1, homes, one_home)] == [
        "both 2026-06-01",
        "ours 2026-07-01",
    ]


SPELLS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from(["V2", "C2"])), max_size=6
)


def _apply(ours: list[OwnSpell], theirs: list[Spell]) -> list[OwnSpell]:
    plan = status_plan(1, ours, theirs)
    kept = [OwnSpell(one.id, one.start, plan.end.get(one.id, one.end), one.code) for one in ours]
    return kept + [OwnSpell(100 + at, one.start, one.end, one.code) for at, one in enumerate(plan.add)]


@given(SPELLS, SPELLS)
def test_taken_in_twice_nothing_more_happens_and_no_two_statuses_overlap(mine, other):
    days = [JUNE + timedelta(days=at) for at in range(120)]
    ours, free = [], 0
    for at, (start, length, code) in enumerate(sorted(mine)):
        if start >= free:
            ours.append(OwnSpell(at, days[start], days[start + length], code))
            free = start + length
    theirs = [Spell("L1", days[start], days[start + length], code) for start, length, code in other]
    after = sorted(_apply(ours, theirs), key=lambda one: one.start)
    assert all(one.end is not None and one.end <= two.start for one, two in pairwise(after))
    assert status_plan(1, after, theirs).add == [] and not status_plan(1, after, theirs).end
