"""Rows of an extract that contradict each other."""

from dataclasses import replace
from datetime import date

from rightplace.exchange.case_recording.reading import overlapping
from rightplace.exchange.case_recording.stated import Spell

APRIL, MAY, JUNE, JULY = (date(2026, month, 1) for month in (4, 5, 6, 7))
OPEN = Spell("L1", APRIL, None, "C2", line=5)
WITHIN = Spell("L1", MAY, JUNE, "V2", line=2)
AFTER = Spell("L1", JULY, None, "C2", line=3)


def lines(*spells: Spell) -> list[tuple[int, int]]:
    """The line of each that overlaps, and of what it overlaps."""
    return [(one.line, before.line) for one, before in overlapping(spells)]


def test_every_row_that_overlaps_is_named_with_the_one_that_lasts_longest():
    assert lines(WITHIN, AFTER, OPEN) == [(2, 5), (3, 5)]


def test_one_may_begin_on_the_day_another_ends():
    assert lines(replace(OPEN, end=MAY), WITHIN, AFTER) == []


def test_another_person_is_another_matter():
    assert lines(OPEN, replace(WITHIN, person="L2")) == []


def test_the_same_row_twice_overlaps_itself():
    assert lines(OPEN, replace(OPEN, line=6)) == [(6, 5)]
