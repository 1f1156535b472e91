"""One line for several contracts, as for brothers and sisters: taken apart, checked, and found again by its own row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.checking.invoices import UNKNOWN, Contracts, InvoiceLines, Outcome
from rightplace.core.checking.invoices.check import USUAL
from rightplace.core.checking.invoices.columns import Tolerance
from rightplace.core.checking.invoices.merged import check_with_merged, taken_apart
from rightplace.core.pricing import Per, Segments, day_number

HOME, OTHER = 70, 71
AVA, BEN, CAL, DOT = 0, 1, 2, 3
APRIL, MAY, JUNE, JULY = (day_number(date(2026, month, 1)) for month in (4, 5, 6, 7))


def _contracts() -> Contracts:
    """Ava at £100, Ben at £80 and Cal at £60 a night in one home, Dot at £80 in another; all from April to June."""
    segments = Segments.priced(
        placement=[0, 1, 2, 3], line=[0] * 4, start=[APRIL] * 4, end=[JULY] * 4, amount_pence=[100_00, 80_00, 60_00, 80_00],
        per=[Per.NIGHT] * 4,
    )  # fmt: skip
    return Contracts.of(
        segments,
        provider=[HOME, HOME, HOME, OTHER],
        child=[AVA, BEN, CAL, DOT],
        start=[APRIL] * 4,
        end=[JULY] * 4,
    )


def _lines(*rows: tuple[int, int, int, float], provider: int = HOME) -> InvoiceLines:
    """Lines as contract, start, end and pounds."""
    contract, start, end, pounds = zip(*rows, strict=True)
    return InvoiceLines.of(
        invoice=range(len(rows)), provider=[provider] * len(rows), contract=contract, start=start, end=end,
        net=[round(each * 100) for each in pounds],
    )  # fmt: skip


def _found(
    lines: InvoiceLines,
    named: dict[int, list[int]] | None = None,
    window: tuple[int, int] | None = (MAY, JUNE),
):
    checked, together = check_with_merged(lines, _contracts(), window=window, named=named)
    findings = checked.findings
    names = [Outcome(code).name.lower() for code in findings.outcome]
    rows = zip(names, findings.row.tolist(), findings.contract.tolist(), findings.pence.tolist(), strict=True)
    return sorted(row for row in rows if row[2] != 3), together


def test_a_line_that_names_all_children_is_right_when_the_sum_is() -> None:
    found, _ = _found(_lines((0, MAY, JUNE, 31 * 240)), {0: [0, 1, 2]})
    assert found == []


def test_what_a_merged_line_asks_too_much_is_found_on_that_line() -> None:
    found, _ = _found(_lines((0, MAY, JUNE, 31 * 240 + 24)), {0: [0, 1, 2]})
    assert [(name, row) for name, row, _, _ in found] == [("overcharged_rate", 0)] * 3
    assert sum(pence for *_, pence in found) == 2_400
    assert [pence for *_, pence in found] == [1_000, 800, 600]


def test_a_line_that_names_one_child_and_asks_for_two_is_read_as_both() -> None:
    found, together = _found(_lines((0, MAY, JUNE, 31 * 180), (2, MAY, JUNE, 31 * 60)))
    assert found == []
    assert together == {0: [0, 1]}


def test_every_month_of_a_quarter_may_be_merged() -> None:
    months = [
        (0, start, end, (end - start) * 180) for start, end in ((APRIL, MAY), (MAY, JUNE), (JUNE, JULY))
    ]
    found, together = _found(_lines(*months, (2, APRIL, JULY, 91 * 60)), window=(APRIL, JULY))
    assert found == []
    assert together == {0: [0, 1], 1: [0, 1], 2: [0, 1]}


def test_an_excess_that_is_nobody_elses_price_stays_overcharged() -> None:
    found, together = _found(_lines((0, MAY, JUNE, 31 * 170), (2, MAY, JUNE, 31 * 60)))
    assert [name for name, *_ in found] == ["missed", "overcharged_rate"]
    assert together == {}


def test_another_providers_missed_nights_explain_nothing() -> None:
    lines = InvoiceLines.joined(
        [_lines((0, MAY, JUNE, 31 * 180), (1, MAY, JUNE, 31 * 80), (2, MAY, JUNE, 31 * 60))]
    )
    found, together = _found(lines)
    assert [(name, row) for name, row, *_ in found] == [("overcharged_rate", 0)]
    assert together == {}


def test_where_two_choices_fit_none_is_made() -> None:
    segments = Segments.priced(
        placement=[0, 1, 2], line=[0] * 3, start=[APRIL] * 3, end=[JULY] * 3, amount_pence=[100_00, 80_00, 80_00],
        per=[Per.NIGHT] * 3,
    )  # fmt: skip
    contracts = Contracts.of(
        segments, provider=[HOME] * 3, child=[AVA, BEN, CAL], start=[APRIL] * 3, end=[JULY] * 3
    )
    checked, together = check_with_merged(_lines((0, MAY, JUNE, 31 * 180)), contracts, window=(MAY, JUNE))
    assert together == {}
    assert checked.outcome.tolist() == [Outcome.OVERCHARGED_RATE]


def test_a_merged_line_billed_twice_is_a_duplicate_of_all_its_parts() -> None:
    found, _ = _found(
        _lines((0, MAY, JUNE, 31 * 180), (0, MAY, JUNE, 31 * 180), (2, MAY, JUNE, 31 * 60)),
        {0: [0, 1], 1: [0, 1]},
    )
    assert [(name, row) for name, row, *_ in found] == [("duplicate", 1), ("duplicate", 1)]
    assert sum(pence for *_, pence in found) == 31 * 180_00


def test_lines_for_one_contract_are_left_as_they_are() -> None:
    lines = _lines((0, MAY, JUNE, 3_100), (UNKNOWN, MAY, JUNE, 5))
    apart = taken_apart(lines, {0: [0, 0]}, _contracts())
    assert apart.row.tolist() == [0, 1]
    assert apart.lines.net.tolist() == lines.net.tolist()


@given(
    st.lists(
        st.tuples(st.integers(-10_000_000, 10_000_000), st.sets(st.integers(0, 3), min_size=1)),
        min_size=1,
        max_size=8,
    )
)
def test_parts_always_add_up_to_the_line(rows: list[tuple[int, set[int]]]) -> None:
    lines = _lines(*((0, MAY, JUNE, pence / 100) for pence, _ in rows))
    named = {row: sorted(places) for row, (_, places) in enumerate(rows)}
    apart = taken_apart(lines, named, _contracts())
    back = np.bincount(apart.row, apart.lines.net, len(rows)).astype(np.int64)
    assert back.tolist() == lines.net.tolist()
    assert np.all(np.diff(apart.row) >= 0)
    assert [int((apart.row == row).sum()) for row in range(len(rows))] == [
        max(len(places), 1) for places in named.values()
    ]


def test_a_part_is_its_contracts_child_nights_and_share_of_net_and_vat() -> None:
    lines = _lines((0, MAY, JUNE, 31 * 240))
    lines = replace(lines, vat=np.array([24_00]), quantity=np.array([31_00]), rate=np.array([240_00]))
    parts = taken_apart(lines, {0: [2, 0, 1]}, _contracts()).lines
    assert parts.contract.tolist() == [2, 0, 1]
    assert parts.child.tolist() == [CAL, AVA, BEN]
    assert parts.net.tolist() == [31 * 60_00, 31 * 100_00, 31 * 80_00]
    assert parts.vat.tolist() == [6_00, 10_00, 8_00]
    assert parts.quantity.tolist() == [0, 0, 0] and parts.rate.tolist() == [0, 0, 0]


def test_each_part_is_rounded_as_a_running_sum_and_credits_are_the_mirror() -> None:
    lines = _lines((0, MAY, JUNE, 1.00), (0, MAY, JUNE, -1.00), (0, MAY, JUNE, 0.01))
    apart = taken_apart(lines, {0: [0, 1, 2], 1: [0, 1, 2], 2: [1, 3]}, _contracts())
    assert apart.lines.net.tolist() == [42, 33, 25, -42, -33, -25, 1, 0]
    assert apart.row.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


def test_where_nothing_was_agreed_for_the_nights_the_parts_are_equal() -> None:
    lines = _lines((0, JULY, JULY + 10, 90), (0, MAY, JUNE, 31 * 180))
    apart = taken_apart(lines, {0: [0, 1, 2], 1: [0, 1]}, _contracts())
    assert apart.lines.net.tolist() == [30_00, 30_00, 30_00, 31 * 100_00, 31 * 80_00]


def test_a_whole_line_has_the_first_finding_and_contract_of_its_parts_and_its_own_dates() -> None:
    contracts = _contracts()
    rows = ((0, MAY, JUNE, 31 * 100), (0, JUNE, JULY + 5, 35 * 240 + 7), (UNKNOWN, MAY, JUNE, 5))
    checked, _ = check_with_merged(_lines(*rows), contracts, named={1: [1, 2]})
    names = [Outcome(code).name for code in checked.outcome]
    assert names == ["MATCHED", "AFTER_THE_END", "NOT_COMMISSIONED"]
    assert checked.contract.tolist() == [0, 1, UNKNOWN]
    assert checked.outcome.dtype == np.int8 and checked.contract.dtype == np.int64
    assert checked.transposed.tolist() == []
    back = day_number(date(2026, 6, 1)), day_number(date(2026, 5, 1))
    turned, _ = check_with_merged(_lines((0, *back, 31 * 180)), contracts, named={0: [0, 1]})
    assert set(turned.transposed.tolist()) <= {0}


def _many(amounts: list[int]) -> Contracts:
    count = len(amounts)
    segments = Segments.priced(
        placement=range(count), line=[0] * count, start=[APRIL] * count, end=[JULY] * count,
        amount_pence=amounts, per=[Per.NIGHT] * count,
    )  # fmt: skip
    return Contracts.of(
        segments, provider=[HOME] * count, child=range(count), start=[APRIL] * count, end=[JULY] * count
    )


def _together(amounts: list[int], asked: int, tolerance: Tolerance = USUAL) -> dict[int, list[int]]:
    lines = _lines((0, MAY, JUNE, asked / 100))
    return check_with_merged(lines, _many(amounts), tolerance, window=(MAY, JUNE))[1]


def test_at_most_six_are_read_together_and_nobody_guesses_among_very_many() -> None:
    amounts = [100_00, 1, 2, 4, 8, 16, 32]
    assert _together(amounts, 31 * (100_00 + 1 + 2 + 4 + 8 + 16)) == {0: [0, 1, 2, 3, 4, 5]}
    assert _together(amounts, 31 * (100_00 + 63)) == {}
    many = [100_00, *(10_000 + 2**place for place in range(14))]
    assert _together(many, 31 * (100_00 + many[1] + many[2])) == {}


def test_the_tolerance_of_as_many_lines_as_there_are_children_is_let_pass() -> None:
    exact = Tolerance(pence=2)
    amounts = [100_00, 80_00]
    agreed = 31 * 180_00
    assert _together(amounts, agreed + 4, exact) == {0: [0, 1]}
    assert _together(amounts, agreed - 4, exact) == {0: [0, 1]}
    assert _together(amounts, agreed + 5, exact) == {}


def test_the_gravest_finding_of_the_parts_is_that_of_the_line() -> None:
    """Ava's stay is over by then and Ben's is not: one part is after the end, the other only dearer than agreed."""
    segments = Segments.priced(
        placement=[0, 1], line=[0] * 2, start=[APRIL] * 2, end=[JUNE, JULY], amount_pence=[100_00] * 2,
        per=[Per.NIGHT] * 2,
    )  # fmt: skip
    agreed = Contracts.of(
        segments, provider=[HOME] * 2, child=[AVA, BEN], start=[APRIL] * 2, end=[JUNE, JULY]
    )
    for places in ([0, 1], [1, 0]):
        line = _lines((0, MAY, JUNE + 5, 36 * 200 + 40))
        checked, _ = check_with_merged(line, agreed, named={0: places})
        codes = checked.findings.outcome.tolist()
        assert len(set(codes)) > 1
        assert checked.outcome.tolist() == [min(codes)]


def test_a_line_named_for_all_stays_so_when_another_is_read_as_being_for_several() -> None:
    lines = _lines((0, APRIL, MAY, 30 * 240), (0, MAY, JUNE, 31 * 180))
    _, together = check_with_merged(lines, _contracts(), window=(MAY, JUNE), named={0: [0, 1, 2]})
    assert together == {0: [0, 1, 2], 1: [0, 1]}


def test_a_share_of_one_penny_is_a_share() -> None:
    lines = _lines((0, MAY, MAY + 1, 90))
    assert taken_apart(lines, {0: [0, 1]}, _many([1, 0])).lines.net.tolist() == [90_00, 0]


def test_the_parts_of_a_line_do_not_depend_on_the_lines_before_it() -> None:
    first, second = (0, MAY, JUNE, 31 * 240), (0, MAY, MAY + 7, 0.05)
    alone = taken_apart(_lines(second), {0: [0, 1]}, _contracts()).lines.net.tolist()
    both = taken_apart(_lines(first, second), {0: [0, 1, 2], 1: [0, 1]}, _contracts()).lines.net.tolist()
    assert both[3:] == alone


def test_the_missed_nights_of_one_contract_explain_one_line_only() -> None:
    lines = _lines((0, MAY, JUNE, 31 * 180), (2, MAY, JUNE, 31 * 140))
    assert _found(lines)[1] == {0: [0, 1]}
