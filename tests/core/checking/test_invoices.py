"""Invoice lines against what was commissioned: each outcome by an example, and a planted year in which all are found."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planted import counted, planted
from rightplace.core.checking.invoices import (
    CLAUSES,
    UNKNOWN,
    Checked,
    Contracts,
    InvoiceLines,
    Outcome,
    Tolerance,
    Year,
    check_invoices,
)
from rightplace.core.checking.invoices.billed import balanced, stretches_of
from rightplace.core.checking.invoices.matching import claims_of
from rightplace.core.periods import Period
from rightplace.core.pricing import (
    AgreedLine,
    Agreement,
    Notice,
    Per,
    Segments,
    VatTreatment,
    day_number,
)

HOME, OTHER_HOME = 70, 71
AVA, BEN = 0, 1
APRIL, MAY, JUNE, JULY = (day_number(date(2026, month, 1)) for month in (4, 5, 6, 7))
ARRIVED, LEFT = day_number(date(2026, 4, 10)), day_number(date(2026, 6, 20))
BEN_LEFT = day_number(date(2026, 12, 1))
VAT = 2_000


def _contracts(**columns: Any) -> Contracts:
    """Two contracts of one home: Ava's at £100 a night from 10 April to 20 June, and Ben's at £700 a week and £50 support."""
    segments = Segments.priced(
        placement=[0, 1, 1], line=[0, 1, 2], start=[ARRIVED, APRIL, APRIL], end=[LEFT, BEN_LEFT, BEN_LEFT],
        amount_pence=[100_00, 700_00, 50_00], per=[Per.NIGHT, Per.WEEK, Per.WEEK],
    )  # fmt: skip
    rest = {
        "provider": [HOME, HOME],
        "child": [AVA, BEN],
        "start": [ARRIVED, APRIL],
        "end": [LEFT, BEN_LEFT],
        **columns,
    }
    return Contracts.of(segments, **rest)


def _line(start: int, end: int, pounds: float, **columns: Any) -> dict[str, Any]:
    """A line of the home for Ava's contract."""
    line = {
        "invoice": 1,
        "provider": HOME,
        "contract": 0,
        "child": AVA,
        "start": start,
        "end": end,
        "net": round(pounds * 100),
    }
    return {**line, **columns}


def _ben(start: int, end: int, pounds: float, **columns: Any) -> dict[str, Any]:
    return _line(start, end, pounds, contract=1, child=BEN, **columns)


def _lines(*rows: dict[str, Any]) -> InvoiceLines:
    names = {name for row in rows for name in row}
    usual = {"quantity": 0, "rate": 0, "vat": 0}
    return InvoiceLines.of(
        **{
            name: [row.get(name, usual.get(name, UNKNOWN)) for row in rows]
            for name in names | {"net", "start", "end"}
        }
    )


def _check(*rows: dict[str, Any], contracts: Contracts | None = None, **more: Any) -> Checked:
    return check_invoices(_lines(*rows), contracts or _contracts(), **more)


def _found(checked: Checked) -> list[tuple[str, int, int]]:
    findings = checked.findings
    names = [Outcome(code).name.lower() for code in findings.outcome]
    return sorted(zip(names, findings.row.tolist(), findings.pence.tolist(), strict=True))


def test_a_month_at_the_agreed_price_is_matched() -> None:
    checked = _check(_line(MAY, JUNE, 3_100), _ben(MAY, JUNE, 3_321.43))
    assert _found(checked) == []
    assert checked.outcome.tolist() == [Outcome.MATCHED, Outcome.MATCHED]


@pytest.mark.parametrize(
    "rows",
    [
        [_line(MAY, MAY + 10, 1_000), _line(MAY + 10, JUNE, 2_100)],
        [_line(MAY, LEFT, 5_000)],
        [_line(ARRIVED, MAY, 2_100)],
        [_ben(MAY, JUNE, 3_100), _ben(MAY, JUNE, 221.43)],
        [_line(MAY, JUNE, 1_550), _line(MAY, JUNE, 1_550)],
        [_line(MAY, JUNE, 3_400), _line(MAY, JUNE, -300)],
        [_line(MAY, JUNE, 3_100), _line(MAY, JUNE, -3_100), _line(MAY, JUNE, 3_100)],
        [_line(MAY, JUNE, 3_100.02)],
    ],
    ids=["split by date", "several months on one", "part of a month", "fee and support apart", "two halves", "credited in part",
         "credited and billed again", "pennies of rounding"],
)  # fmt: skip
def test_lines_that_come_to_what_was_agreed_match_however_they_are_put(rows: list[dict[str, Any]]) -> None:
    assert _found(_check(*rows)) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (JUNE, MAY),
        (JUNE - 1, MAY - 1),
        (day_number(date(2026, 5, 6)), day_number(date(2026, 6, 12))),
        (day_number(date(2026, 6, 5)), day_number(date(2026, 12, 6))),
    ],
    ids=["start and end", "start and last night", "day and month of the start", "day and month of the end"],
)
def test_transposed_dates_are_read_as_meant(start: int, end: int) -> None:
    meant = {JUNE: (MAY, JUNE), JUNE - 1: (MAY, JUNE)}.get(
        start, (day_number(date(2026, 6, 5)), day_number(date(2026, 6, 12)))
    )
    nights = meant[1] - meant[0]
    checked = _check(_line(start, end, nights * 100, quantity=nights * 100, per=Per.NIGHT, rate=100_00))
    assert _found(checked) == []
    assert checked.transposed.tolist() == [0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([_line(MAY, JUNE, 3_100), _line(MAY, JUNE, 3_100, invoice=2)], ("duplicate", 1, 3_100_00)),
        ([_line(MAY, JUNE, 3_100), _line(MAY + 2, JUNE + 2, 3_100, invoice=2)], ("duplicate", 1, 2_900_00)),
        ([_line(MAY, JUNE, 3_100), _line(MAY, MAY + 7, 700, invoice=2)], ("duplicate", 1, 700_00)),
        ([_line(MAY, JUNE, 3_255)], ("overcharged_rate", 0, 155_00)),
        ([_line(MAY, JUNE, 3_400, quantity=3_400, per=Per.NIGHT, rate=100_00)], ("too_many_nights", 0, 300_00)),
        ([_line(JUNE, JULY, 3_000)], ("after_the_end", 0, 1_100_00)),
        ([_line(JULY, JULY + 31, 3_100)], ("after_the_end", 0, 3_100_00)),
        ([_line(APRIL, MAY, 3_000)], ("before_the_start", 0, 900_00)),
        ([_line(APRIL - 30, APRIL, 3_000)], ("before_the_start", 0, 3_000_00)),
        ([_line(MAY, JUNE, 3_100, child=5, contract=UNKNOWN)], ("not_commissioned", 0, 3_100_00)),
        ([_line(MAY, JUNE, 3_100, provider=OTHER_HOME)], ("not_commissioned", 0, 3_100_00)),
        ([_line(MAY, JUNE, 3_100, child=BEN)], ("wrong_child", 0, 3_100_00)),
        ([_line(MAY, JUNE, 3_100, vat=620_00)], ("vat_wrong", 0, 620_00)),
        ([_line(MAY, JUNE, 3_150, quantity=3_100, per=Per.NIGHT, rate=100_00)], ("arithmetic_wrong", 0, 50_00)),
        ([_ben(MAY, JUNE, 3_100)], ("undercharged", 0, 221_42)),
    ],
    ids=["again", "again with other dates", "part of it again", "rate", "nights", "partly after the end", "all after the end",
         "partly before", "all before", "nobody's", "another provider's", "another child", "VAT on welfare", "arithmetic",
         "less than agreed"],
)  # fmt: skip
def test_each_error_is_found_once_with_the_money_at_stake(
    rows: list[dict[str, Any]], expected: tuple[str, int, int]
) -> None:
    checked = _check(*rows)
    assert _found(checked) == [expected]
    assert Outcome(checked.outcome[expected[1]]).name.lower() == expected[0]


def test_findings_are_totalled_by_outcome() -> None:
    checked = _check(
        _line(MAY, JUNE, 3_100), _line(MAY, JUNE, 3_100), _line(MAY, JUNE, 3_100), _ben(MAY, JUNE, 3_331.43)
    )
    assert checked.findings.totals() == {
        Outcome.DUPLICATE: (2, 6_200_00),
        Outcome.OVERCHARGED_RATE: (1, 10_01),
    }


def test_a_duplicate_names_the_line_that_it_repeats() -> None:
    checked = _check(_line(MAY, JUNE, 3_100), _ben(MAY, JUNE, 3_321.43), _line(MAY, JUNE, 3_100, invoice=9))
    assert (checked.findings.row.tolist(), checked.findings.other.tolist()) == ([2], [0])


def test_several_errors_of_a_line_are_found_apart_and_no_penny_twice() -> None:
    dear_and_late = _line(JUNE, JULY, 3_300)
    assert _found(_check(dear_and_late)) == [("after_the_end", 0, 1_210_00), ("overcharged_rate", 0, 190_00)]


def test_vat_that_is_due_must_be_there() -> None:
    contracts = _contracts(vat=[VAT, 0])
    assert _found(_check(_line(MAY, JUNE, 3_100, vat=620_00), contracts=contracts)) == []
    assert _found(_check(_line(MAY, JUNE, 3_100), contracts=contracts)) == [("vat_wrong", 0, 620_00)]


def test_a_line_without_a_contract_finds_the_childs_own() -> None:
    checked = _check(_line(MAY, JUNE, 3_100, contract=UNKNOWN))
    assert (_found(checked), checked.contract.tolist()) == ([], [0])


def test_nights_that_nobody_billed_are_missed() -> None:
    checked = _check(_line(MAY, JUNE, 3_100), _ben(APRIL, BEN_LEFT, 244 * 750 / 7), window=(APRIL, JULY))
    missed = checked.findings
    assert _found(checked) == [("missed", UNKNOWN, 1_900_00), ("missed", UNKNOWN, 2_100_00)]
    assert list(zip(missed.start.tolist(), missed.end.tolist(), strict=True)) == [
        (ARRIVED, MAY),
        (JUNE, LEFT),
    ]
    assert missed.contract.tolist() == [0, 0]


def test_what_was_credited_in_full_and_not_billed_again_is_missed() -> None:
    checked = _check(_line(ARRIVED, LEFT, 7_100), _line(ARRIVED, LEFT, -7_100), window=(MAY, JUNE))
    assert ("missed", UNKNOWN, 3_100_00) in _found(checked)


def test_two_homes_for_one_child_on_the_same_nights_are_found() -> None:
    moved = _contracts(child=[AVA, AVA], start=[ARRIVED, JUNE], provider=[HOME, OTHER_HOME])
    checked = _check(
        _line(JUNE, LEFT, 1_900),
        _line(JUNE, JULY, 30 * 750 / 7, provider=OTHER_HOME, contract=1),
        contracts=moved,
    )
    assert _found(checked) == [("double_placement", 0, 1_900_00)]
    assert checked.findings.other.tolist() == [1]


def test_support_beside_a_home_is_no_second_placement() -> None:
    beside = _contracts(
        child=[AVA, AVA], start=[ARRIVED, JUNE], provider=[HOME, OTHER_HOME], is_home=[True, False]
    )
    rows = [_line(JUNE, LEFT, 1_900), _line(JUNE, JULY, 30 * 750 / 7, provider=OTHER_HOME, contract=1)]
    assert _found(_check(*rows, contracts=beside)) == []


def test_nights_away_that_are_billed_in_full_are_found() -> None:
    half = [10_000, 5_000, 10_000]
    away = Segments.priced(
        placement=[0, 0, 0], line=[0, 0, 0], start=[ARRIVED, MAY + 5, MAY + 15], end=[MAY + 5, MAY + 15, LEFT],
        anchor=[ARRIVED] * 3, amount_pence=[100_00] * 3, per=[Per.NIGHT] * 3, share=half,
    )  # fmt: skip
    contracts = Contracts.of(away, provider=[HOME], child=[AVA], start=[ARRIVED], end=[LEFT])
    assert _found(_check(_line(MAY, JUNE, 3_100), contracts=contracts)) == [("nights_away", 0, 500_00)]
    assert _found(_check(_line(MAY, JUNE, 2_600), contracts=contracts)) == []


def test_a_new_rate_billed_too_early_is_no_absence() -> None:
    raised = Segments.priced(
        placement=[0, 0],
        line=[0, 0],
        start=[ARRIVED, MAY + 10],
        end=[MAY + 10, LEFT],
        amount_pence=[100_00, 110_00],
        per=Per.NIGHT,
    )
    contracts = Contracts.of(raised, provider=[HOME], child=[AVA], start=[ARRIVED], end=[LEFT])
    assert _found(_check(_line(MAY, JUNE, 3_410), contracts=contracts)) == [("overcharged_rate", 0, 100_00)]


def test_a_line_for_months_that_were_billed_one_by_one_is_a_duplicate_of_them() -> None:
    months = [_line(ARRIVED, MAY, 2_100), _line(MAY, JUNE, 3_100), _line(JUNE, LEFT, 1_900)]
    checked = _check(*months, _line(ARRIVED, LEFT, 7_100, invoice=5))
    assert _found(checked) == [("duplicate", 3, 7_100_00)]


def test_days_outside_two_centuries_are_refused() -> None:
    with pytest.raises(ValueError, match="1900"):
        _lines(_line(MAY, 2_000_000, 10))


def test_an_authority_sets_its_own_tolerance() -> None:
    line = _line(MAY, JUNE, 3_105)
    assert _found(_check(line, tolerance=Tolerance(pence=0))) == [("overcharged_rate", 0, 5_00)]
    assert _found(_check(line, tolerance=Tolerance(pence=5_00))) == []
    assert _found(_check(line, tolerance=Tolerance(pence=0, basis_points=20))) == []


def test_new_lines_are_held_against_those_accepted_before() -> None:
    year = Year.prepared(_lines(_ben(MAY, JUNE, 3_321.43), _line(MAY, JUNE, 3_100)), _contracts())
    checked = year.check(_lines(_line(JUNE, LEFT, 1_900, invoice=2), _line(MAY, JUNE, 3_100, invoice=3)))
    assert _found(checked) == [("duplicate", 1, 3_100_00)]
    assert checked.findings.other.tolist() == [1]
    assert checked.outcome.tolist() == [Outcome.MATCHED, Outcome.DUPLICATE]


def test_a_new_line_repeated_on_the_same_day_names_the_other_new_line() -> None:
    year = Year.prepared(_lines(_ben(MAY, JUNE, 3_321.43)), _contracts())
    checked = year.check(_lines(_line(MAY, JUNE, 3_100), _line(MAY, JUNE, 3_100, invoice=3)))
    assert checked.findings.other.tolist() == [1 + 0]


def test_contracts_come_from_agreements_with_their_notice_and_vat() -> None:
    fee = AgreedLine(1, "core_fee", Per.NIGHT, 100_00, vat=VatTreatment.STANDARD)
    stay = Period(date(2026, 4, 10), date(2026, 6, 20))
    agreement = Agreement(77, stay, (fee,), notice=Notice(10, date(2026, 6, 15)))
    contracts = Contracts.agreed([agreement], provider=[HOME], child=[AVA])
    notice = _line(JUNE, LEFT + 5, 2_400, vat=480_00)
    assert _found(_check(notice, contracts=contracts)) == []
    assert _found(_check(_line(JUNE, JULY, 3_000, vat=600_00), contracts=contracts)) == [
        ("after_the_end", 0, 600_00)
    ]
    assert len(Contracts.agreed([], provider=[], child=[])) == 0


@pytest.mark.parametrize(
    ("pounds", "outcome"),
    [(3_100, "duplicate"), (3_162, "duplicate"), (3_038, "duplicate"), (3_163, "overcharged_rate"), (2_900, "overcharged_rate")],
)  # fmt: skip
def test_a_second_line_is_a_duplicate_when_a_night_costs_the_same_within_two_in_a_hundred(
    pounds: int, outcome: str
) -> None:
    found = _found(_check(_line(MAY, JUNE, 3_100), _line(MAY, JUNE, pounds)))
    assert found[0][0] == outcome
    assert sum(pence for *_, pence in found) == pounds * 100


def test_a_short_line_within_a_long_one_is_a_duplicate_night_by_night() -> None:
    checked = _check(_line(MAY, MAY + 10, 1_000), _line(MAY + 7, JUNE, 2_400))
    assert _found(checked) == [("duplicate", 1, 300_00)]
    findings = checked.findings
    assert (findings.other.tolist(), findings.contract.tolist()) == ([0], [0])
    assert (findings.start.tolist(), findings.end.tolist()) == ([MAY + 7], [JUNE])


def test_what_a_day_brings_is_held_against_the_childs_other_home_too() -> None:
    moved = _contracts(child=[AVA, AVA], start=[ARRIVED, JUNE], provider=[HOME, OTHER_HOME])
    year = Year.prepared(_lines(_line(MAY, JUNE, 3_100), _line(JUNE, LEFT, 1_900)), moved, Tolerance(5_00))
    later = _line(JUNE, JULY, 30 * 750 / 7 + 5, provider=OTHER_HOME, contract=UNKNOWN)
    checked = year.check(_lines(later))
    assert _found(checked) == []
    assert checked.contract.tolist() == [1]
    earlier = Year.prepared(_lines(later), moved, Tolerance(5_00)).check(_lines(_line(JUNE, LEFT, 1_900)))
    assert _found(earlier) == [("double_placement", 0, 1_900_00)]
    assert earlier.findings.other.tolist() == [0]
    assert year.check(_lines(_line(JUNE, MAY, 3_100))).transposed.tolist() == [0]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 5, 6), date(2026, 12, 6)),
        (date(2026, 6, 5), date(2026, 11, 7)),
        (date(2026, 5, 6), date(2026, 11, 7)),
        (date(2026, 6, 11), date(2026, 6, 6)),
        (date(2026, 6, 12), date(2026, 6, 5)),
    ],
    ids=[
        "both, by the end",
        "the last night",
        "both, by the last night",
        "backwards by the last night",
        "backwards",
    ],
)
def test_every_way_of_transposing_the_fifth_to_the_twelfth_of_june_is_read_as_meant(
    start: date, end: date
) -> None:
    line = _line(day_number(start), day_number(end), 700, quantity=700, per=Per.NIGHT, rate=100_00)
    checked = _check(
        line,
        _line(ARRIVED, day_number(date(2026, 6, 5)), 5_600),
        _line(day_number(date(2026, 6, 12)), LEFT, 800),
    )
    assert (_found(checked), checked.transposed.tolist()) == ([], [0])


def test_dates_are_left_as_they_are_where_no_reading_comes_to_the_amount() -> None:
    line = _line(
        day_number(date(2026, 5, 6)),
        day_number(date(2026, 6, 12)),
        701.50,
        quantity=700,
        per=Per.NIGHT,
        rate=100_21,
    )
    checked = _check(line)
    assert checked.transposed.tolist() == []


def test_of_a_childs_contracts_with_a_provider_the_latest_that_had_begun_is_meant() -> None:
    stays = [(ARRIVED, MAY), (MAY, JUNE), (JUNE, LEFT), (MAY, JUNE)]
    segments = Segments.priced(
        placement=[0, 1, 2, 3], line=0, start=[start for start, _ in stays], end=[end for _, end in stays],
        amount_pence=[100_00, 110_00, 120_00, 130_00], per=Per.NIGHT,
    )  # fmt: skip
    contracts = Contracts.of(
        segments, provider=[HOME, HOME, HOME, OTHER_HOME], child=[AVA, AVA, AVA, BEN],
        start=[start for start, _ in stays], end=[end for _, end in stays],
    )  # fmt: skip
    days = [MAY - 3, MAY, JUNE - 1, JUNE, LEFT + 3, ARRIVED - 9]
    rows = [_line(day, day + 1, 100, contract=UNKNOWN) for day in days]
    assert _check(*rows, contracts=contracts).contract.tolist() == [0, 1, 1, 2, 2, 0]
    others = [_line(MAY, MAY + 1, 100, contract=UNKNOWN, child=child) for child in (BEN, 2, 99, UNKNOWN)]
    assert _check(*others, contracts=contracts).contract.tolist() == [UNKNOWN] * 4


def test_agreements_of_several_children_keep_their_places() -> None:
    one, two = (AgreedLine(1, "core_fee", Per.NIGHT, pence) for pence in (100_00, 80_00))
    stay = Period(date(2026, 4, 10), date(2026, 6, 20))
    agreements = [Agreement(9, stay, (one,)), Agreement(8, stay, ()), Agreement(7, stay, (two,))]
    contracts = Contracts.agreed(
        agreements, provider=[HOME] * 3, child=[AVA, AVA, AVA], is_home=[True, True, False]
    )
    rows = [_line(MAY, JUNE, 3_100), _line(MAY, JUNE, 2_480, contract=2)]
    assert _found(_check(*rows, contracts=contracts)) == []
    assert contracts.end.tolist() == [LEFT, ARRIVED, LEFT]
    assert contracts.vat.tolist() == [0, 0, 0]


def test_no_lines_and_no_contracts_are_no_error() -> None:
    assert _found(check_invoices(_lines(), _contracts())) == []
    nothing = Contracts.of(Segments.empty(), provider=[], child=[], start=[], end=[])
    assert _found(check_invoices(_lines(_line(MAY, JUNE, 10)), nothing)) == [("not_commissioned", 0, 10_00)]


def test_lines_without_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="end, start"):
        InvoiceLines.of(net=[1])


def test_each_outcome_rests_on_a_clause() -> None:
    assert set(CLAUSES) == set(Outcome) - {Outcome.MATCHED}


@settings(max_examples=50)
@given(
    st.lists(st.integers(ARRIVED + 1, LEFT - 1), max_size=6, unique=True).map(sorted),
    st.lists(st.integers(1, 9), max_size=3),
    st.randoms(use_true_random=False),
)
def test_a_true_bill_matches_however_it_is_cut(cuts: list[int], credited: list[int], chance: Random) -> None:
    days = [ARRIVED, *cuts, LEFT]
    rows = [_line(start, end, 100 * (end - start)) for start, end in pairwise(days)]
    for place in credited:
        row = rows[place % len(rows)]
        rows += [{**row, "net": -row["net"]}, {**row, "invoice": 2}]
    others = _ben(ARRIVED, LEFT, (LEFT - ARRIVED) * 750 / 7)
    assert _found(_check(*rows, others, window=(ARRIVED, LEFT))) == []
    plain = [*rows[: len(days) - 1], others]
    chance.shuffle(plain)
    assert _found(_check(*plain, window=(ARRIVED, LEFT))) == []


def test_no_penny_is_found_twice_and_none_is_lost() -> None:
    made = planted(1_500, 0.06, seed=21)
    claims = claims_of(made.lines, made.contracts, Tolerance())
    stretches = stretches_of(claims)
    is_off = ~balanced(claims, stretches) & (stretches.net > 0)
    excess = int((stretches.net - stretches.expected)[is_off].sum())
    findings = check_invoices(made.lines, made.contracts).findings
    signs = {
        Outcome.TOO_MANY_NIGHTS: 1,
        Outcome.BEFORE_THE_START: 1,
        Outcome.AFTER_THE_END: 1,
        Outcome.DUPLICATE: 1,
    }
    signs |= {Outcome.OVERCHARGED_RATE: 1, Outcome.UNDERCHARGED: -1, Outcome.ARITHMETIC_WRONG: 1}
    explained = sum(
        sign * int(findings.pence[findings.outcome == outcome].sum()) for outcome, sign in signs.items()
    )
    nights = int(made.lines.nights.sum())
    assert abs(explained - excess) < min(nights, excess // 1_000)


@pytest.mark.parametrize(
    ("rate", "apart"), [(0.005, True), (0.05, True), (0.1, False)], ids=["few", "many", "side by side"]
)
def test_planted_errors_are_found_and_little_else(rate: float, apart: bool) -> None:
    made = planted(6_000, rate, seed=12, apart=apart)
    checked = check_invoices(made.lines, made.contracts, window=made.window)
    kinds = counted(made, checked)
    found, missed, false = (
        sum(getattr(each, name) for each in kinds) for name in ("found", "missed", "false_alarms")
    )
    assert found > 200
    assert found / (found + missed) >= 0.99
    assert found / (found + false) >= 0.95


def test_a_year_checked_day_by_day_finds_what_it_finds_at_once() -> None:
    made = planted(1_000, 0.05, seed=3)
    half = len(made.lines) // 2
    at_once = check_invoices(made.lines, made.contracts)
    year = Year.prepared(made.lines.taken(slice(0, half)), made.contracts)
    later = year.check(made.lines.taken(slice(half, None)))
    assert np.mean(later.outcome == at_once.outcome[half:]) > 0.999
