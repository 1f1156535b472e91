"""Figures, dates and clocks as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.workflow import Workflow
from rightplace.desks.components import words
from rightplace.desks.components.clocks import clock_face, days_face
from rightplace.desks.components.states import COLOURS, look_of

STAGES = ("requests", "search", "offers", "decisions", "placements", "contracts")
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("pence", "whole", "said"),
    [
        (123_450, False, "£1,234.50"),
        (0, False, "£0.00"),
        (-5, False, "−£0.05"),
        (123_450, True, "£1,235"),
        (249, True, "£2"),
        (None, False, ""),
    ],
)
def test_pence_are_written_as_pounds(pence: int | None, whole: bool, said: str) -> None:
    assert words.pounds(pence, whole) == said


@given(st.integers(min_value=0, max_value=10**15))
def test_no_penny_is_lost_in_writing(pence: int) -> None:
    assert int(words.pounds(pence).replace("£", "").replace(",", "").replace(".", "")) == pence


@pytest.mark.parametrize(
    ("value", "said"), [(3, "3"), (1234.56, "1,234.6"), (4.0, "4"), (-2, "−2"), (0.04, "0")]
)
def test_a_number_has_at_most_one_decimal(value: float, said: str) -> None:
    assert words.number(value) == said


def test_moments_are_written_in_the_time_of_the_place() -> None:
    assert words.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 Jul 2026, 00:30"


def test_initials_are_of_the_first_and_the_last_name() -> None:
    assert [words.initials(name) for name in ("Amara Okafor", "Anne-Marie van Dijk", "Cher", "")] == [
        "AO",
        "AD",
        "C",
        "",
    ]


@pytest.mark.parametrize(
    ("days", "said", "tone"),
    [(-3, "3 days late", "late"), (-1, "1 day late", "late"), (0, "Due today", "today"), (1, "Due tomorrow", "soon"),
     (2, "2 days left", "soon"), (6, "6 days left", "ok")],
)  # fmt: skip
def test_a_clock_says_in_words_whether_it_is_late(days: int, said: str, tone: str) -> None:
    face = clock_face(TODAY + timedelta(days), TODAY)
    assert (face.words, face.tone) == (said, tone)


def test_working_days_are_counted_by_the_caller() -> None:
    assert days_face(1, "working day").words == "1 working day left"


def test_a_stopped_clock_and_one_without_a_date_say_so() -> None:
    assert clock_face(TODAY, TODAY, stopped=True).words == "Clock stopped"
    assert clock_face(None, TODAY).words == "No date set"


def test_a_state_has_one_colour() -> None:
    named = [state for states in COLOURS.values() for state in states.split()]
    assert sorted(named) == sorted(set(named))


def test_every_state_of_the_journey_has_its_colour() -> None:
    stages = [import_module(f"rightplace.journey.{name}.states") for name in STAGES]
    workflows = [value for stage in stages for value in vars(stage).values() if isinstance(value, Workflow)]
    named = {state for states in COLOURS.values() for state in states.split()}
    assert len(workflows) >= len(STAGES)
    assert {state for workflow in workflows for state in workflow.states} <= named


def test_an_unknown_state_is_grey_and_goes_by_its_own_name() -> None:
    assert look_of("half_way_there") == ("Half way there", "grey")
