"""Interest on what was paid late: by the half-year in which it became late, with a fixed sum by the size of the debt."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core import late_payment as module
from rightplace.core.late_payment import LateTerms, late_payment

TERMS = LateTerms(
    ((date(2002, 8, 7), Fraction(8)),),
    (
        (date(2024, 1, 1), Fraction(21, 4)),
        (date(2025, 1, 1), Fraction(19, 4)),
        (date(2025, 7, 1), Fraction(17, 4)),
    ),
    ((0, 4_000), (100_000, 7_000), (1_000_000, 10_000)),
)
DUE = date(2025, 3, 1)


def test_the_example_holds() -> None:
    assert doctest.testmod(module).failed == 0


def test_nothing_is_owed_for_what_was_paid_in_time() -> None:
    assert late_payment(100_000, DUE, DUE, TERMS) == (0, 0)


def test_the_rate_is_that_of_the_half_year_in_which_the_debt_became_late() -> None:
    year = timedelta(days=365)
    assert late_payment(1_000_000, date(2025, 6, 29), date(2025, 6, 29) + year, TERMS)[0] == 127_500
    assert late_payment(1_000_000, date(2025, 6, 30), date(2025, 6, 30) + year, TERMS)[0] == 122_500


def test_the_fixed_sum_follows_the_size_of_the_debt() -> None:
    later = DUE + timedelta(days=1)
    sums = [late_payment(pence, DUE, later, TERMS)[1] for pence in (99_999, 100_000, 999_999, 1_000_000)]
    assert sums == [4_000, 7_000, 7_000, 10_000]


@given(st.integers(1, 10**9), st.integers(1, 2_000))
def test_interest_grows_with_each_day(pence: int, days: int) -> None:
    one, more = (late_payment(pence, DUE, DUE + timedelta(days=d), TERMS)[0] for d in (days, days + 1))
    assert 0 <= one <= more
