"""Variations in any order and from any date: the books always come to what would have been charged had all been known.

Set MONEY_STEPS for more steps than the usual: `MONEY_STEPS=1000000 .venv/bin/pytest tests/core/pricing/test_variations.py -s`.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AgreedLine,
    Agreement,
    AwayRule,
    Ceiling,
    Charges,
    Delivery,
    NightRule,
    Notice,
    Per,
    Step,
    Uplift,
    charged,
    charges_until,
    day_number,
    difference,
    rate_segments,
    segment_problems,
)
from tests.core.pricing.naive_agreement import naive_months
from tests.figures import figure

STEPS = int(os.environ.get("MONEY_STEPS", "10000"))
TURNS = 12
FIRST, UNTIL = date(2027, 11, 1), date(2028, 6, 1)
"""Seven months with a leap day, both changes of the clock, and the end of a financial year."""
MONTHS = np.array([day_number(date(2027, 11, 1)), day_number(date(2027, 12, 1))] + [
    day_number(date(2028, month, 1)) for month in range(1, 7)
], dtype=np.int32)  # fmt: skip
PERS = [Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS, Per.MONTH, Per.HOUR]


@pytest.fixture(scope="module", autouse=True)
def told() -> Iterator[None]:
    """The steps tried stand in the assurance table beside the tests that passed."""
    yield
    figure(6, "variations by chance held against a plain count by night and against scratch", Books.steps)


class Books:
    """One agreement that varies, and what was charged for it: rows are only ever added."""

    steps = 0

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.agreement = Agreement(1, Period(self.day()), (self.line(1),))
        self.held = charges_until(self.agreement, UNTIL, MONTHS)

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(0, 200))

    def line(self, number: int) -> AgreedLine:
        chance = self.chance
        kind = chance.choice(
            ["core_fee", "support", "allowance", "fee", "discount", "mileage", "sessions", "festival"]
        )
        per = {"mileage": Per.MILE, "sessions": Per.SESSION, "festival": Per.ONE_OFF}.get(
            kind
        ) or chance.choice(PERS)
        is_percentage = kind == "discount" and chance.random() < 0.7
        steps = (
            (("1", chance.randrange(1, 9_999)), ("2", chance.randrange(1, 9_999)))
            if chance.random() < 0.3
            else ()
        )
        dates = tuple(self.day() for _ in range(2)) if kind == "festival" and chance.random() < 0.5 else ()
        return AgreedLine(
            number, kind, per, amount_pence=chance.randrange(1, 700_000), quantity=chance.choice([100, 250, 1_333]),
            starts_on=self.day() if chance.random() < 0.3 else None, is_percentage=is_percentage,
            basis_points=chance.choice([500, 1_250, 3_333]), step_group="level", steps=steps, dates=tuple(sorted(set(dates))),
            after_nights=chance.choice([0, 0, 0, 30]), is_paid_when_away=chance.random() < 0.2,
        )  # fmt: skip

    def vary(self) -> None:
        """One variation by chance, then the difference that sets the books right."""
        Books.steps += 1
        self.agreement = self.chance.choice(VARIATIONS)(self)
        found = difference(charges_until(self.agreement, UNTIL, MONTHS), self.held, "by chance", UNTIL)
        if found is not None:
            self.held = Charges.joined([self.held, found.charges])

    def sums(self) -> dict[tuple[int, date], int]:
        """What the books come to by line and month."""
        whole = self.held.summed()
        keys = [
            (int(line), date.fromordinal(719_163 + int(part)))
            for line, part in zip(whole.line, whole.part, strict=True)
        ]
        return dict(zip(keys, whole.pence.tolist(), strict=True))


def _new_line(books: Books) -> Agreement:
    numbers = [line.number for line in books.agreement.lines]
    kept = books.agreement.lines[-3:]
    return replace(books.agreement, lines=(*kept, books.line(max(numbers) + 1)))


def _new_rate(books: Books) -> Agreement:
    line = books.chance.choice(books.agreement.lines)
    changed = replace(line, amount_pence=books.chance.randrange(1, 700_000))
    return replace(
        books.agreement, lines=tuple(changed if each == line else each for each in books.agreement.lines)
    )


def _ends_line(books: Books) -> Agreement:
    line = books.chance.choice(books.agreement.lines)
    start = max(line.starts_on or FIRST, FIRST)
    ended = replace(
        line, ends_on=books.chance.choice([None, start + timedelta(days=books.chance.randrange(1, 90))])
    )
    return replace(
        books.agreement, lines=tuple(ended if each == line else each for each in books.agreement.lines)
    )


def _goes_away(books: Books) -> Agreement:
    start = books.day()
    away = Absence(
        books.chance.choice(["hospital", "missing"]),
        Period(start, start + timedelta(days=books.chance.randrange(1, 60))),
    )
    others = [each for each in books.agreement.absences if not each.nights.overlaps(away.nights)]
    return replace(
        books.agreement, absences=tuple(sorted([*others[-2:], away], key=lambda each: each.nights.start))
    )


def _was_not_away(books: Books) -> Agreement:
    return replace(books.agreement, absences=books.agreement.absences[1:])


def _ends(books: Books) -> Agreement:
    end = max(books.day(), books.agreement.stay.start)
    notice = Notice(books.chance.choice([7, 28]), end - timedelta(days=books.chance.randrange(0, 40)), 8_000)
    return replace(
        books.agreement, stay=replace(books.agreement.stay, end=end), notice=books.chance.choice([None, notice]),
        ends_on=books.chance.choice([None, end + timedelta(days=5)]),
    )  # fmt: skip


def _did_not_end(books: Books) -> Agreement:
    return replace(books.agreement, stay=Period(books.agreement.stay.start), notice=None)


def _starts_otherwise(books: Books) -> Agreement:
    return replace(books.agreement, stay=Period(books.day()), notice=None)


def _rules_change(books: Books) -> Agreement:
    chance = books.chance
    away = tuple(
        AwayRule(reason, ((0, 10_000), (5, 5_000), (28, 0)))
        for reason in chance.choice([("",), ("missing",), ()])
    )
    nights = NightRule(chance.random() < 0.8, chance.random() < 0.3)
    return replace(books.agreement, away=away, nights=nights)


def _uplift(books: Books) -> Agreement:
    return replace(
        books.agreement,
        uplifts=(*books.agreement.uplifts[-1:], Uplift(books.day(), books.chance.randrange(1, 900))),
    )


def _ceiling(books: Books) -> Agreement:
    per = books.chance.choice(PERS)
    kinds = tuple({line.kind for line in books.agreement.lines if line.per == per})
    return replace(
        books.agreement, ceilings=(Ceiling(books.day(), per, books.chance.randrange(1, 500_000), kinds),)
    )


def _step(books: Books) -> Agreement:
    others = tuple(step for step in books.agreement.steps[-2:])
    day = books.day()
    steps = (
        *(step for step in others if step.starts_on != day),
        Step("level", books.chance.choice(["1", "2", "3"]), day),
    )
    return replace(books.agreement, steps=steps)


def _delivered(books: Books) -> Agreement:
    lines = [line.number for line in books.agreement.lines]
    delivery = Delivery(books.chance.choice(lines), books.day(), books.chance.randrange(1, 5_000))
    return replace(books.agreement, deliveries=(*books.agreement.deliveries[-3:], delivery))


VARIATIONS = [
    _new_line, _new_rate, _ends_line, _goes_away, _was_not_away, _ends, _did_not_end, _starts_otherwise, _rules_change, _uplift,
    _ceiling, _step, _delivered,
]  # fmt: skip


@pytest.mark.timeout(0)
@settings(max_examples=STEPS // TURNS, deadline=None)
@given(st.integers(0, 2**32))
def test_after_any_variations_the_books_come_to_what_a_plain_count_by_night_gives(seed: int) -> None:
    books = Books(random.Random(seed))
    for turn in range(1, TURNS + 1):
        books.vary()
        if turn % 4 == 0:
            assert books.sums() == naive_months(books.agreement, UNTIL)
    assert segment_problems(rate_segments(books.agreement)) == []


@pytest.mark.timeout(0)
@settings(max_examples=STEPS // TURNS, deadline=None)
@given(st.integers(0, 2**32))
def test_after_any_variations_the_books_come_to_what_is_worked_out_from_scratch(seed: int) -> None:
    books = Books(random.Random(seed))
    for _ in range(TURNS):
        books.vary()
    scratch = charges_until(books.agreement, UNTIL, MONTHS)
    assert difference(scratch, books.held, "nothing", UNTIL) is None
    assert int(books.held.pence.sum()) == scratch.total_pence


def test_a_variation_taken_back_restores_every_penny() -> None:
    books = Books(random.Random(8))
    before, sums = books.agreement, books.sums()
    for vary in VARIATIONS:
        books.agreement = vary(books)
        for agreement in (books.agreement, before):
            found = difference(charges_until(agreement, UNTIL, MONTHS), books.held, "there and back", UNTIL)
            books.held = Charges.joined([books.held, found.charges]) if found else books.held
        books.agreement = before
        assert books.sums() == sums


def test_nothing_charged_is_edited_and_a_difference_says_why_and_when() -> None:
    stay = Period(date(2026, 4, 1))
    fee = AgreedLine(1, "core_fee", Per.NIGHT, 100_00)
    first = charges_until(Agreement(1, stay, (fee,)), date(2026, 7, 1))
    ended = Agreement(1, Period(date(2026, 4, 1), date(2026, 6, 11)), (fee,))
    found = difference(charges_until(ended, date(2026, 7, 1)), first, "left on 11 June", date(2026, 7, 3))
    assert first.pence.tolist() == [3_000_00, 3_100_00, 3_000_00]
    assert found is not None
    assert (found.reason, found.on) == ("left on 11 June", date(2026, 7, 3))
    assert (found.charges.pence.tolist(), found.charges.part.tolist()) == (
        [-2_000_00],
        [day_number(date(2026, 6, 1))],
    )
    assert difference(first, first, "nothing", date(2026, 7, 3)) is None


def test_a_variation_moves_no_night_that_it_does_not_touch() -> None:
    fee = AgreedLine(1, "core_fee", Per.WEEK, 999_99)
    plain = Agreement(1, Period(date(2026, 4, 1)), (fee,))
    away = Absence("hospital", Period(date(2026, 5, 4), date(2026, 5, 9)))
    varied = replace(plain, absences=(away,), away=(AwayRule("", ((0, 0),)),))
    days = np.arange(day_number(date(2026, 4, 1)), day_number(date(2026, 8, 1)), dtype=np.int32)
    whole, less = (charged(rate_segments(agreement), days).sum(axis=0) for agreement in (plain, varied))
    assert np.flatnonzero(whole != less).tolist() == list(range(33, 38))
