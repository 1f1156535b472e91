"""One child's journey moves each figure by exactly that, and nothing else, whether it is kept ready or counted in full."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rightplace.core.indicators import BY_CODE
from rightplace.core.indicators.sums import sums_of
from rightplace.journey.reviews.steadiness import tell_sign
from rightplace.oversight.performance.queries import indicators, opened
from rightplace.oversight.performance.reading import record_of, stated
from rightplace.oversight.performance.spans import Span
from rightplace.oversight.performance.summaries import EVERY, count_again
from tests import make
from tests.cast import Cast
from tests.make import NEEDED_BY

YEAR = Span("year", NEEDED_BY + timedelta(days=30))
Numbers = dict[str, tuple[int, int]]
MOVED_IN: Numbers = {
    "requests": (1, 1), "offers": (1, 1), "decisions": (1, 1), "starts": (1, 1),
    "days_to_place": (1, 1), "offers_per_request": (1, 1), "cost_homes": (1, 1),
    "over_20_miles": (0, 1), "outside_area": (0, 1), "at_a_distance": (0, 1), "own_provision": (0, 1), "unregistered": (0, 1),
    "school_kept": (1, 1),
}  # fmt: skip
"""Of each figure, by how much its numerator and denominator grow when one child is asked for, offered, chosen and moves in."""


def numbers(authority: int) -> Numbers:
    """Numerator and denominator of everything over the year that ends a month after the child moved in."""
    record = record_of(authority, YEAR.ends_on)
    found = {
        code: sums_of(one.measure(record, YEAR.period, stated(YEAR.ends_on))) for code, one in BY_CODE.items()
    }
    return {code: (sums.numerator, sums.denominator) for code, sums in found.items()}


def moved(before: Numbers, after: Numbers) -> Numbers:
    """What differs, and by how much."""
    return {
        code: (after[code][0] - before[code][0], after[code][1] - before[code][1])
        for code in after if after[code] != before[code]
    }  # fmt: skip


def kept(cast: Cast) -> Numbers:
    """The same from the figures kept ready."""
    rows = indicators(cast.dev, YEAR.ends_on)
    return {row.indicator.code: (row.now.sums.numerator, row.now.sums.denominator) for row in rows}


def test_a_journey_moves_each_figure_by_exactly_that_and_opens_down_to_the_child(cast: Cast) -> None:
    count_again(cast.dev.authority_id, timezone.now(), EVERY)
    before, ready = numbers(cast.dev.authority_id), kept(cast)
    contract = make.placement_started(cast, make.contract_in_force(cast))
    lived = numbers(cast.dev.authority_id)
    assert moved(before, lived) == MOVED_IN
    assert moved(ready, kept(cast)) == {code: by for code, by in MOVED_IN.items() if code in ready}
    detail = opened(cast.dev, "school_kept", YEAR.ends_on)
    assert detail is not None
    assert [(one.counts, one.change) for one in detail.children if one.child_id == contract.child_id] == [
        (True, "came")
    ]

    told = tell_sign(
        by=cast.sadia, now=timezone.now(), kind="missing", happened_on=timezone.localdate(), words="Out all night",
        placement_id=contract.placement_id,
    )  # fmt: skip
    assert told.is_done, told.problems
    whole = numbers(cast.dev.authority_id)
    assert moved(lived, whole) == {"missing": (1, 0)}
    for code in (*MOVED_IN, "missing", "reviews_on_time"):
        page = opened(cast.dev, code, YEAR.ends_on)
        assert page is not None
        assert (page.row.now.sums.numerator, page.row.now.sums.denominator) == whole[code], code
