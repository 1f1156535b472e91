"""Which nights and weeks are claimed: age 18, status changes, dated rates; never more than the nights; printed totals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.money import round_half_up
from rightplace.core.periods import Period
from rightplace.exchange.uasc_claim.net_cost import in_thousands, net_cost, printed_total
from rightplace.exchange.uasc_claim.nights import Person, claimed
from rightplace.exchange.uasc_claim.rates import transfer_threshold
from rightplace.foundation.reference.authorities import children

JULY = Period(date(2026, 7, 1), date(2026, 8, 1))
NIGHTLY, WEEKLY = 14_300, 27_000
RATES = {"nightly": lambda on: NIGHTLY, "weekly": lambda on: WEEKLY, "until_age": lambda on: 21}


def of(person: Person, month: Period = JULY) -> list[tuple[str, int, int]]:
    found = claimed(person, month, **RATES)
    return [(one.grant, one.nights.nights, one.pence) for one in found]


def test_nights_until_eighteen_then_weeks() -> None:
    person = Person(date(2008, 7, 18), (Period(date(2025, 1, 1), date(2026, 7, 18)),))
    assert of(person) == [("uasc", 17, 17 * NIGHTLY), ("leaving_care", 14, 2 * WEEKLY)]


def test_a_move_leaves_no_night_out_and_a_stay_to_come_counts_nothing() -> None:
    stays = (
        Period(date(2026, 6, 1), date(2026, 7, 10)),
        Period(date(2026, 7, 10), None),
        Period(date(2026, 9, 1), None),
    )
    assert of(Person(date(2012, 1, 1), stays)) == [("uasc", 31, 31 * NIGHTLY)]


def test_a_status_that_ends_ends_the_claim_and_the_grant_after_18() -> None:
    person = Person(date(2008, 7, 18), (Period(date(2025, 1, 1), None),), date(2026, 7, 5))
    assert of(person) == [("uasc", 4, 4 * NIGHTLY)]


def test_a_rate_that_changes_cuts_the_line_and_no_rate_claims_nothing() -> None:
    person = Person(date(2012, 1, 1), (Period(date(2026, 7, 30), None),))
    changing = claimed(
        person,
        Period(date(2026, 7, 1), date(2026, 8, 3)),
        nightly=lambda on: 100 if on < date(2026, 8, 1) else 200,
        weekly=lambda on: None,
        until_age=lambda on: 21,
    )
    assert [(one.nights.nights, one.pence) for one in changing] == [(2, 200), (2, 400)]
    none = {"nightly": lambda on: None, "weekly": lambda on: None, "until_age": lambda on: 21}
    assert claimed(person, JULY, **none) == ()


def test_the_age_that_ends_the_grant_is_asked_for_each_night() -> None:
    person = Person(date(2005, 7, 11), (Period(date(2020, 1, 1), date(2023, 7, 11)),))
    ((_, nights, pence),) = of(person)
    assert nights == 10 and abs(pence - 10 * WEEKLY / 7) < 1, "21 on the 11th"
    later = {**RATES, "until_age": lambda on: 25 if on >= date(2026, 7, 20) else 21}
    parts = [(one.nights.start.day, one.nights.nights) for one in claimed(person, JULY, **later)]
    assert parts == [(1, 10), (20, 12)], "instructions that change within the month"


def test_twelve_months_of_weeks_add_up_to_the_year() -> None:
    person = Person(date(2008, 4, 1), (Period(date(2025, 1, 1), date(2026, 4, 1)),))
    year = Period(date(2026, 4, 1), date(2027, 4, 1))
    assert (
        sum(pence for part in year.by_month() for _, _, pence in of(person, part)) == of(person, year)[0][2]
    )


STAYS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)


@given(STAYS, st.integers(-100, 200), st.integers(-30, 90) | st.none())
def test_a_claim_never_exceeds_the_nights(
    stays: list[tuple[int, int]], born: int, status: int | None
) -> None:
    first = date(2026, 6, 1)
    parts = tuple(
        Period(first + timedelta(days=at), first + timedelta(days=at + many)) for at, many in sorted(stays)
    )
    ends = None if status is None else first + timedelta(days=status)
    person = Person(date(2008, 7, 1) + timedelta(days=born), parts, ends)
    found = claimed(person, JULY, **RATES)
    nights = [one.nights.start + timedelta(days=day) for one in found for day in range(one.nights.nights)]
    assert len(nights) == len(set(nights)) <= JULY.nights
    assert all(JULY.contains(night) for night in nights)
    for one in found:
        assert (
            one.pence == one.nights.nights * NIGHTLY
            if one.grant == "uasc"
            else one.pence <= one.nights.nights * WEEKLY / 7 + 1
        )
        if one.grant == "uasc":
            assert all(
                any(part.contains(night) for part in parts)
                for night in [one.nights.start, one.nights.last_night]
            )


def test_printed_totals_of_the_sector_and_where_rounding_makes_one_of_difference() -> None:
    thousands = {"staffing": 4_213, "placements": 17_979, "running": 3_887, "grant": -18_604}
    assert in_thousands(net_cost({name: amount * 100_000 for name, amount in thousands.items()})) == 7_475
    assert printed_total(list(thousands.values()), 7_475).words == "Adds up."
    gap = printed_total([86_413, -75_222], 11_192)
    assert gap.worked_out == 11_191 and gap.by_rounding and "rounding" in gap.words
    places = printed_total([20_484_571, 15_818_826], 36_303_397)
    assert places.worked_out == places.printed
    assert not printed_total([100, 200], 310).by_rounding
    assert in_thousands(326 * 1_703_100) == 5_552, "a tenth fewer plans: 326 at £17,031"


def test_the_transfer_threshold_is_the_share_of_the_day_of_the_children_of_the_year() -> None:
    croydon, then, now = "E09000008", date(2021, 11, 30), date(2021, 12, 1)
    many = children(croydon, 2021)
    assert transfer_threshold(croydon, then) == round_half_up(Fraction(7 * many, 10_000))
    assert transfer_threshold(croydon, now) == round_half_up(Fraction(many, 1_000))
    assert transfer_threshold(croydon, date(2016, 6, 30)) is None, "before the scheme"
