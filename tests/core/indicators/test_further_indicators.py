"""The indicators added to the first: each with the example of its definition, and the year's edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.indicators import BY_CODE, FLOWS, INDICATORS, Measured, Stated
from rightplace.core.indicators.likely_move import likely_moves
from rightplace.core.indicators.sums import GROUPS, OF_NOBODY, sums_by_group, sums_of
from rightplace.core.matching.fairness import Interval
from rightplace.core.periods import Period
from tests.core.indicators.records import YEAR, Happening, record_of

WHOLE = Period(*YEAR)
LONG_AGO = "2022-01-01"


def measured(code: str, period: Period = WHOLE, **given_: object) -> Measured:
    return BY_CODE[code].measure(record_of(**given_), period, Stated())  # type: ignore[arg-type]  # as record_of says


THREE = [(1, LONG_AGO, "", 11), (2, LONG_AGO, "", 21), (3, LONG_AGO, "", 31)]


def test_at_a_distance_is_beyond_every_adjoining_area_and_leaves_the_unknown_out() -> None:
    found = measured("at_a_distance", stays=THREE, far=[1, 0, -1])
    assert (found.numerator, found.denominator) == (1, 2)


def test_a_school_six_miles_away_can_be_kept_and_one_farther_cannot() -> None:
    found = measured("school_kept", stays=THREE, school=[6.0, 6.1, float("nan")])
    assert (found.numerator, found.denominator) == (1, 2)


def test_supported_accommodation_must_be_registered_from_28_october_2023_on() -> None:
    given_ = {"stays": THREE, "places": ["K2", "H5", "U6"], "registered": ["2000-01-01", "", "2000-01-01"]}
    assert measured("unregistered", **given_).denominator == 2
    assert measured("unregistered", **given_).numerator == 1
    before = Period(YEAR[0].replace(year=2022), YEAR[0].replace(year=2023))
    assert (
        measured("unregistered", before, **given_).numerator,
        measured("unregistered", before, **given_).denominator,
    ) == (0, 1)


def test_a_home_that_closed_is_unregistered_from_that_day() -> None:
    for closed, many in (("2026-03-31", 1), ("2026-04-01", 0)):
        assert (
            measured("unregistered", stays=THREE, places=["K2"] * 3, closed=[closed, "", ""]).numerator
            == many
        )


def test_a_child_missing_twice_counts_once_among_all_looked_after_in_the_year() -> None:
    told: list[Happening] = [("missing", 1, 2, "2025-05-01", 1), ("missing", 2, 2, "2025-06-01", 1)]
    found = measured("missing", stays=[*THREE[:2], (3, LONG_AGO, "2025-04-02", 31)], happened=told)
    assert (found.numerator, found.denominator) == (1, 3)


@pytest.mark.parametrize(
    ("code", "kind", "expected"),
    [("reviews_on_time", "review", (1, 2)), ("voice_recorded", "voice", (1, 2)), ("visits_made", "visit", (1, 2)),
     ("prompt_payment", "payment", (1, 2)), ("outcomes_achieved", "outcome", (1, 2))],
)  # fmt: skip
def test_what_happened_a_day_outside_the_year_is_not_of_it(
    code: str, kind: str, expected: tuple[int, int]
) -> None:
    rows: list[Happening] = [
        (kind, 1, 1, "2025-04-01", 1), (kind, 2, 2, "2026-03-31", 0.5 if kind == "outcome" else 0),
        (kind, 3, 3, "2025-03-31", 1), (kind, 4, 1, "2026-04-01", 1), ("other", 5, 1, "2025-05-01", 1),
    ]  # fmt: skip
    found = measured(code, stays=THREE, happened=rows)
    assert (found.numerator, found.denominator) == expected


def test_a_survey_with_four_answers_is_left_out_and_one_with_five_counts() -> None:
    def answers(survey: int, many: int) -> list[Happening]:
        return [("answer:children", survey, 0, "2025-09-01", 4.0)] * many

    assert measured("satisfaction_children", happened=answers(1, 4)).figure is None
    found = measured("satisfaction_children", happened=[*answers(1, 4), *answers(2, 5)])
    assert (found.denominator, found.figure) == (5, 4.0)


def test_a_price_is_of_the_kind_of_home_that_the_child_lives_in() -> None:
    prices: list[Happening] = [("price", 1, 1, "2025-01-01", 5000.0), ("price", 2, 2, "2025-01-01", 900.0)]
    found = {code: measured(code, stays=THREE, places=["K2", "U4", "U4"], happened=prices).figure
             for code in ("cost_homes", "cost_fostering", "cost_supported")}  # fmt: skip
    assert found == {"cost_homes": 5000.0, "cost_fostering": 900.0, "cost_supported": None}


def test_unaccompanied_and_local_children_make_up_all() -> None:
    given_ = {"stays": THREE, "uasc": [3], "population": 10_000}
    rates = [measured(f"looked_after_rate{part}", **given_).figure for part in ("", "_local", "_uasc")]
    assert rates == [3.0, 2.0, 1.0]


def test_a_holiday_is_no_start_and_no_ending() -> None:
    stays = [(1, LONG_AGO, "2025-08-01", 11), (1, "2025-08-01", "2025-08-08", 12), (1, "2025-08-08", "", 11)]
    found = {
        code: measured(code, stays=stays, places=["U6", "T1", "U6"]).numerator
        for code in ("starts", "endings")
    }
    assert found == {"starts": 1, "endings": 1}


def test_who_moved_once_and_lives_in_a_young_placement_is_told_of_and_nobody_else() -> None:
    stays = [
        (1, LONG_AGO, "2026-01-10", 11), (1, "2026-01-10", "", 12),
        (2, LONG_AGO, "", 21),
        (3, LONG_AGO, "2025-05-01", 31), (3, "2025-05-01", "", 32),
        (4, LONG_AGO, "2025-05-01", 41), (4, "2025-05-01", "2025-06-01", 42), (4, "2025-06-01", "", 43),
    ]  # fmt: skip
    found = likely_moves(record_of(stays), WHOLE, Stated(), watched={3})
    assert [(one.child, one.placements) for one in found] == [(1, 2), (3, 2)]
    assert found[1].why == ("the home or the social worker told of signs",)


DAYS = st.sampled_from(
    ["2024-03-31", "2025-03-31", "2025-04-01", "2025-10-01", "2026-03-31", "2026-04-01", ""]
)
LIVED = st.lists(
    st.tuples(st.integers(1, 70), DAYS.filter(bool), DAYS, st.integers(0, 9)), min_size=1, max_size=30
)
TOLD = st.lists(
    st.tuples(st.sampled_from(["review", "missing", "paid", "visit", "offer", "decision"]), st.integers(1, 99),
              st.integers(0, 70), DAYS.filter(bool), st.floats(-5, 5)), max_size=12,
)  # fmt: skip


def limits(found: Interval) -> list[float]:
    """Figure and limits, -1 for none."""
    return [-1.0 if one is None else one for one in (found.figure, found.low, found.high)]


@given(lived=LIVED, told=TOLD, pairs=st.lists(st.tuples(st.integers(1, 35), st.integers(36, 70)), max_size=4))
def test_the_groups_put_together_are_the_whole_whatever_is_recorded(
    lived: list[tuple[int, str, str, int]], told: list[Happening], pairs: list[tuple[int, int]]
) -> None:
    stays = [row for row in lived if not row[2] or row[2] > row[1]]
    known = {row[0] for row in stays}
    record = record_of(
        stays, siblings=sorted({pair for pair in pairs if set(pair) <= known}), happened=told, population=50_000,
        uasc=sorted(known)[:3],
    )  # fmt: skip
    for one in (*INDICATORS, *FLOWS):
        found = one.measure(record, WHOLE, Stated())
        put_together = sums_of(found).interval(found.shape, found.per)
        pairs_ = zip(limits(put_together), limits(found.interval), strict=True)
        assert all(mine == pytest.approx(whole, rel=1e-9, abs=1e-6) for mine, whole in pairs_), one.code
        assert set(sums_by_group(found)) <= {*range(GROUPS), OF_NOBODY}


@pytest.mark.parametrize(("born", "of"), [("2010-03-31", 0), ("2010-04-01", 1)])
def test_long_term_stability_asks_for_children_under_16_on_the_day_itself(born: str, of: int) -> None:
    assert measured("long_term_stability", stays=[(1, LONG_AGO, "", 11)], born={1: born}).denominator == of


def test_a_child_who_moves_to_another_authority_leaves_one_record_and_enters_the_other() -> None:
    here = record_of([(1, LONG_AGO, "2025-10-01", 11), (2, LONG_AGO, "", 21)])
    there = record_of([(1, "2025-10-01", "", 11)])
    for code, ours, theirs in (("exits", 1, 0), ("entries", 0, 1), ("looked_after_rate", 1, 1)):
        assert (BY_CODE[code].measure(here, WHOLE, Stated()).numerator,
                BY_CODE[code].measure(there, WHOLE, Stated()).numerator) == (ours, theirs)  # fmt: skip
