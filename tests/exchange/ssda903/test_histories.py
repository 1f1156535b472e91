"""Histories: episodes of several years become stays and legal statuses, and nobody is in two places at once."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rightplace.exchange.ssda903.histories import Status, Stay, make_history

JAN, FEB, MAR, APR, MAY = (date(2020, month, 1) for month in range(1, 6))


def stay(start, end, reason="P", place="U4", **more):
    """A stay of one child."""
    return Stay("c", start, end, place, start_reason=reason, **more)


def settled(*stays):
    """The stays of a history that must have no overlap, as start and end."""
    findings = []
    history = make_history(stays, [], findings)
    assert findings == []
    return [(one.start, one.end) for one in history.stays]


def test_a_change_of_legal_status_alone_does_not_end_a_stay():
    assert settled(stay(JAN, FEB, "S"), stay(FEB, MAR, "L"), stay(MAR, None, "L")) == [(JAN, None)]


def test_a_change_of_placement_ends_a_stay():
    assert settled(stay(JAN, FEB, "S"), stay(FEB, None, "P")) == [(JAN, FEB), (FEB, None)]


def test_a_change_of_legal_status_with_another_placement_code_is_another_stay():
    assert settled(stay(JAN, FEB, "S"), stay(FEB, None, "L", place="K2")) == [(JAN, FEB), (FEB, None)]


def test_a_stay_after_a_time_at_home_is_another_stay():
    assert settled(stay(JAN, FEB, "S"), stay(MAR, None, "L")) == [(JAN, FEB), (MAR, None)]


def test_the_record_of_a_later_year_replaces_that_of_an_earlier_one():
    assert settled(stay(JAN, None, year=2020), stay(JAN, MAR, year=2021)) == [(JAN, MAR)]
    assert settled(stay(JAN, MAR, year=2021), stay(JAN, None, year=2020)) == [(JAN, MAR)]


def test_what_is_held_keeps_its_row_when_a_return_restates_it():
    history = make_history([stay(JAN, None, year=2020, id=7), stay(JAN, MAR, year=2021)], [], [])

    assert [(one.id, one.end) for one in history.stays] == [(7, MAR)]


def test_a_return_that_begins_in_the_middle_of_a_held_stay_continues_it():
    history = make_history([stay(JAN, None, "S", year=2020, id=7), stay(MAR, APR, "L", year=2021)], [], [])

    assert [(one.id, one.start, one.end) for one in history.stays] == [(7, JAN, APR)]


def test_an_older_return_does_not_shorten_what_a_later_one_states():
    history = make_history([stay(JAN, None, "S", year=2021, id=7), stay(MAR, APR, "L", year=2020)], [], [])

    assert [(one.id, one.start, one.end) for one in history.stays] == [(7, JAN, None)]


def test_a_child_in_two_placements_at_once_is_a_finding_with_both_lines():
    findings = []

    make_history([stay(JAN, MAR, line=2), stay(FEB, APR, line=3, file="episodes.csv")], [], findings)

    assert [(f.line, f.column, f.value, f.file) for f in findings] == [
        (3, "DECOM", "01/02/2020", "episodes.csv")
    ]
    assert findings[0].reason == (
        "The child is in two placements: line 2, from 01/01/2020, ended only on 01/03/2020."
    )


def test_a_placement_that_was_never_ended_is_not_ended_by_guessing():
    findings = []

    make_history([stay(JAN, None, line=2), stay(FEB, None, line=3)], [], findings)

    assert "has no end" in findings[0].reason


def test_a_placement_made_by_the_work_itself_is_never_changed():
    findings = []
    made_here = stay(FEB, None, id=9, is_fixed=True)

    same = make_history([made_here, stay(FEB, APR, year=2021, line=2)], [], findings)
    make_history([made_here, stay(MAR, APR, year=2021, line=3)], [], findings)

    assert [(one.id, one.end) for one in same.stays] == [(9, None)]
    assert [f.line for f in findings] == [3]
    assert "held already" in findings[0].reason


def test_an_end_that_came_after_the_year_of_a_return_is_not_taken_back():
    ended_here = stay(JAN, MAY, "S", year=2020, id=7)

    again = make_history([ended_here, stay(JAN, None, "S", year=2020)], [], [])
    later = make_history(
        [ended_here, stay(JAN, FEB, "S", year=2020), stay(FEB, None, "L", year=2020)], [], []
    )

    assert [(one.id, one.end) for one in again.stays] == [(7, MAY)]
    assert [(one.id, one.end) for one in later.stays] == [(7, MAY)]


def test_an_end_within_the_year_of_a_return_that_leaves_it_open_is_taken_back():
    history = make_history([stay(JAN, FEB, "S", year=2020, id=7), stay(JAN, None, "S", year=2020)], [], [])

    assert [one.end for one in history.stays] == [None]


def test_the_same_legal_status_in_a_row_is_one_period():
    statuses = [Status("c", "C1", JAN, FEB), Status("c", "C1", FEB, MAR), Status("c", "C2", MAR, None)]

    history = make_history([], statuses, [])

    assert [(s.code, s.start, s.end) for s in history.statuses] == [("C1", JAN, MAR), ("C2", MAR, None)]


def test_an_open_legal_status_ends_when_the_next_begins():
    history = make_history([], [Status("c", "C1", JAN, None), Status("c", "C2", MAR, None)], [])

    assert [(s.code, s.end) for s in history.statuses] == [("C1", MAR), ("C2", None)]


DAYS = st.dates(JAN, JAN + timedelta(days=60))
EPISODES = st.lists(
    st.tuples(
        DAYS,
        st.none() | DAYS,
        st.sampled_from("SPLT"),
        st.sampled_from(["U4", "K2"]),
        st.integers(2020, 2022),
    ),
    max_size=8,
).map(lambda rows: [(s, e, r, p, y) for s, e, r, p, y in rows if e is None or e >= s])


@given(EPISODES)
def test_no_history_without_findings_has_a_child_in_two_places(rows):
    findings = []
    stays = [stay(s, e, r, p, year=y, line=n) for n, (s, e, r, p, y) in enumerate(rows, start=2)]
    statuses = [Status("c", p, s, e, y) for s, e, _, p, y in rows]

    history = make_history(stays, statuses, findings)

    for held in (history.stays, history.statuses):
        for before, after in itertools.pairwise(held):
            assert before.end is not None
            assert before.end <= after.start


@given(EPISODES)
def test_a_history_made_again_from_itself_is_the_same(rows):
    stays = [stay(s, e, r, p, year=y, line=n, id=n) for n, (s, e, r, p, y) in enumerate(rows, start=2)]
    statuses = [Status("c", p, s, e, y) for s, e, _, p, y in rows]
    once = make_history(stays, statuses, [])

    again = make_history(once.stays, once.statuses, [])

    assert again == once
