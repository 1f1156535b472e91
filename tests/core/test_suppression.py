"""Small numbers in a published table: hidden, and not to be worked out from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.suppression import LARGEST_HIDDEN, without_small

COUNTS = st.lists(st.one_of(st.integers(0, 8), st.integers(0, 200)), max_size=8)


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([20, 30, 0], (20, 30, 0), 50),
        ([3, 7, 90], (None, None, 90), 100),
        ([1, 1, 40, 8], (None, None, 40, None), 50),
        ([3, 0, 0], (None, 0, 0), None),
        ([], (), 0),
    ],
)
def test_a_small_count_takes_the_next_smallest_with_it(counts, shown, total):
    told = without_small(counts)
    assert (told.counts, told.total) == (shown, total)


@given(COUNTS)
def test_no_small_count_is_shown_and_none_can_be_worked_out(counts):
    told = without_small(counts)
    assert all(count is None or count == 0 or count > LARGEST_HIDDEN for count in told.counts)
    hidden = [at for at, count in enumerate(told.counts) if count is None]
    if hidden and told.total is not None:
        left = told.total - sum(count for count in told.counts if count is not None)
        # Each hidden count is one or more: with room to spare, any of them may be one more or one less.
        assert len(hidden) > 1 and left > len(hidden)


@given(COUNTS)
def test_what_is_shown_is_true(counts):
    told = without_small(counts)
    assert all(seen in (None, count) for seen, count in zip(told.counts, counts, strict=True))
    assert told.total in (None, sum(counts))


def test_a_count_below_nothing_is_a_mistake():
    with pytest.raises(ValueError, match="never below"):
        without_small([-1])
