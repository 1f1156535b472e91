"""Edges of the invoice checks, to the penny and the night: where each begins to find, and where it still lets pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from rightplace.core.checking.invoices import (
    UNKNOWN,
    Contracts,
    InvoiceLines,
    Outcome,
    References,
    Tolerance,
    check_invoices,
    read_references,
)
from rightplace.core.checking.invoices.columns import stated_amount
from rightplace.core.checking.invoices.matching import comes_to
from rightplace.core.checking.invoices.references import plain
from rightplace.core.checking.invoices.words import WORDS
from rightplace.core.periods import Period
from rightplace.core.pricing import AgreedLine, Agreement, Notice, Per, Segments, VatTreatment, day_number
from rightplace.core.pricing.running import FIRST_DAY, LAST_DAY

HOME, AVA = 70, 0
APRIL, MAY, JUNE, JULY = (day_number(date(2026, month, 1)) for month in (4, 5, 6, 7))


USUAL = Tolerance()


def contracts(vat: int = 0, end: int = JULY) -> Contracts:
    """Ava's home at £100 a night from 1 April."""
    segments = Segments.priced(
        placement=[0], line=[0], start=[APRIL], end=[end], amount_pence=[100_00], per=[Per.NIGHT]
    )
    return Contracts.of(segments, provider=[HOME], child=[AVA], start=[APRIL], end=[end], vat=vat)


def found(
    *rows: dict[str, Any], tolerance: Tolerance = USUAL, window: Any = None, **of: Any
) -> list[tuple[str, int]]:
    """What is found of lines for May at £3,100, changed as each says: names and pence."""
    usual = {
        "start": MAY,
        "end": JUNE,
        "net": 310_000,
        "vat": 0,
        "quantity": 0,
        "per": UNKNOWN,
        "rate": 0,
        "contract": 0,
        "child": AVA,
    }
    lines = [{**usual, **row} for row in rows]
    columns = {name: [line[name] for line in lines] for name in usual}
    made = InvoiceLines.of(provider=[HOME] * len(lines), invoice=range(len(lines)), **columns)
    findings = check_invoices(made, contracts(**of), tolerance, window).findings
    names = [Outcome(code).name.lower() for code in findings.outcome]
    return list(zip(names, findings.pence.tolist(), strict=True))


@pytest.mark.parametrize(
    ("net", "expected"),
    [(310_002, []), (310_003, [("overcharged_rate", 3)]), (309_998, []), (309_997, [("undercharged", 3)])],
)
def test_the_tolerance_ends_at_its_last_penny(net: int, expected: list[tuple[str, int]]) -> None:
    assert found({"net": net}) == expected


@pytest.mark.parametrize(("net", "names"), [(313_102, []), (313_103, ["overcharged_rate"])])
def test_a_tolerance_in_parts_of_the_price_is_of_what_is_expected(net: int, names: list[str]) -> None:
    assert [name for name, _ in found({"net": net}, tolerance=Tolerance(2, 100))] == names


@pytest.mark.parametrize(
    ("vat", "expected"),
    [
        (62_000, []),
        (62_003, []),
        (61_997, []),
        (62_004, [("vat_wrong", 4)]),
        (61_996, [("vat_wrong", 4)]),
        (0, [("vat_wrong", 62_000)]),
    ],
)
def test_vat_may_be_a_penny_of_rounding_and_the_tolerance_off(
    vat: int, expected: list[tuple[str, int]]
) -> None:
    assert found({"vat": vat}, vat=2_000) == expected


@pytest.mark.parametrize(
    ("rate", "net", "names"),
    [(10_000, 310_000, []), (10_000, 310_052, []), (10_000, 310_053, ["arithmetic_wrong"])],
)
def test_quantities_in_hundredths_let_half_a_hundredth_of_the_rate_pass(
    rate: int, net: int, names: list[str]
) -> None:
    line = {"quantity": 3_100, "per": Per.NIGHT, "rate": rate, "net": net}
    assert [name for name, _ in found(line) if name == "arithmetic_wrong"] == names


def test_a_line_without_quantity_or_rate_states_no_amount() -> None:
    lines = InvoiceLines.of(
        start=[MAY] * 3, end=[JUNE] * 3, net=[5] * 3, quantity=[0, 150, 151], rate=[100, 1, 1]
    )
    assert stated_amount(lines).tolist() == [0, 2, 2]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (JUNE, JULY + 1, [("after_the_end", 10_000)]),
        (JULY, JULY + 2, [("after_the_end", 20_000)]),
        (APRIL - 1, MAY, [("before_the_start", 10_000)]),
        (APRIL - 3, APRIL, [("before_the_start", 30_000)]),
        (JUNE, JULY, []),
    ],
)
def test_nights_outside_the_stay_are_found_by_the_night(
    start: int, end: int, expected: list[tuple[str, int]]
) -> None:
    nights = end - start
    line = {
        "start": start,
        "end": end,
        "net": nights * 10_000,
        "quantity": nights * 100,
        "per": Per.NIGHT,
        "rate": 10_000,
    }
    assert found(line) == expected


def test_missed_nights_are_those_of_the_window_and_the_stay_only() -> None:
    assert found({}, window=(MAY, JUNE)) == []
    assert found({}, window=(MAY - 1, JUNE + 1)) == [("missed", 10_000), ("missed", 10_000)]
    assert found({}, window=(MAY, JULY + 50)) == [("missed", 300_000)]


def test_a_credit_that_undoes_a_charge_leaves_its_nights_missed() -> None:
    rows = ({}, {"net": -310_000})
    assert found(*rows) == []
    assert found(*rows, window=(MAY, JUNE)) == [("missed", 310_000)]


@pytest.mark.parametrize(
    ("second", "names"),
    [(310_000, ["duplicate"]), (316_200, ["duplicate"]), (330_000, ["overcharged_rate"])],
)
def test_a_duplicate_asks_nearly_the_same_for_a_night(second: int, names: list[str]) -> None:
    assert sorted({name for name, _ in found({}, {"net": second})}) == names


def test_a_third_of_the_same_is_a_duplicate_too() -> None:
    assert found({}, {}, {}) == [("duplicate", 310_000)] * 2


@pytest.mark.parametrize(
    ("typed", "known"), [("ipc 7", 0), ("IPC-000007", 0), ("IPC7", 0), ("IPC-8", 1), ("", -1), ("7", -1)]
)
def test_references_meet_without_spaces_dashes_case_and_zeros(typed: str, known: int) -> None:
    assert References.of(["IPC-000007", "IPC-000008"]).exact([typed]).tolist() == [known]


def test_a_reference_that_stands_for_two_stands_for_neither() -> None:
    known = References.of(["A-1", "a 01", "A-2"])
    assert known.exact(["A-1", "A-2"]).tolist() == [UNKNOWN, 2]
    assert known.near("A-3") == {2}


def test_only_letters_and_figures_of_a_reference_count() -> None:
    assert plain("  PO#00120/b. ") == "PO120B"
    assert plain("x" * 100) == "X" * 40


def test_every_outcome_but_a_match_has_its_words() -> None:
    assert set(WORDS) == set(Outcome) - {Outcome.MATCHED}
    assert len({words.slug for words in WORDS.values()}) == len(WORDS)
    assert [words.name for words in WORDS.values() if not words.is_owed_back] == [
        "Undercharged",
        "Missed payment",
    ]


def test_contracts_of_agreements_pay_their_nights_with_notice_and_the_vat_of_their_first_line() -> None:
    stay = Period(date(2026, 4, 1), date(2026, 6, 1))
    fee = AgreedLine(number=1, kind="core_fee", per=Per.NIGHT, amount_pence=100_00, vat=VatTreatment.STANDARD)
    more = AgreedLine(number=2, kind="support", per=Per.NIGHT, amount_pence=10_00)
    notice = Notice(nights=10, given_on=date(2026, 6, 1))
    left = Agreement(0, stay, (fee, more), notice=notice)
    lives = Agreement(0, Period(date(2026, 5, 25), None), (more,))
    pack = Agreement(0, Period(date(2026, 5, 1), None), (more,))
    made = Contracts.agreed(
        [left, lives, pack], provider=[HOME, HOME + 1, HOME], child=[AVA] * 3, is_home=[True, True, False]
    )
    assert made.provider.tolist() == [HOME, HOME + 1, HOME] and made.child.tolist() == [AVA] * 3
    assert made.start.tolist() == [APRIL, MAY + 24, MAY]
    assert made.end.tolist()[0] == JUNE + 10 and made.end.tolist()[1] > JULY
    assert made.vat.tolist() == [2_000, 0, 0]
    assert made.is_home.tolist() == [True, True, False]
    assert [column.tolist() for column in made.at_once] == [[0], [1], [MAY + 24], [JUNE]]
    expected = made.expected(np.array([0, 1]), np.array([MAY, JUNE]), np.array([JULY, JULY]))
    assert expected.tolist() == [(31 + 10) * 110_00, 30 * 10_00]


def test_a_reference_is_doubted_only_where_it_is_unknown_another_providers_or_another_childs() -> None:
    rates = Segments.priced(
        placement=[0, 1],
        line=[0, 0],
        start=[0, 0],
        end=[300, 300],
        amount_pence=[100_00, 100_00],
        per=Per.NIGHT,
    )
    two = Contracts.of(rates, provider=[HOME, HOME + 1], child=[AVA, 1], start=[0, 0], end=[300, 300])
    known = References.of(["IPC-123", "IPC-132"])
    lines = InvoiceLines.of(
        net=[1_000_00] * 4,
        start=[10] * 4,
        end=[20] * 4,
        provider=[HOME] * 4,
        child=[AVA, UNKNOWN, 1, UNKNOWN],
    )
    read, other = read_references(
        lines, ["IPC-123", "IPC-132", "IPC-123", "IPC-999"], known, two, Tolerance()
    )
    assert read.contract.tolist() == [0, 0, 0, UNKNOWN]
    assert other.tolist() == [1], "read as the one a slip away, which is this provider's"


def where(lines: InvoiceLines, **of: Any) -> list[tuple[str, int, int, int]]:
    """What is found of lines: name, contract, first and last day."""
    findings = check_invoices(lines, contracts(**of), USUAL).findings
    names = [Outcome(code).name.lower() for code in findings.outcome]
    columns = (findings.contract.tolist(), findings.start.tolist(), findings.end.tolist())
    return list(zip(names, *columns, strict=True))


def test_a_line_of_another_child_or_provider_is_found_with_its_contract_and_its_nights() -> None:
    usual = {"invoice": [0], "start": [MAY], "end": [JUNE], "net": [310_000], "contract": [0]}
    other_child = InvoiceLines.of(provider=[HOME], child=[AVA + 1], **usual)
    assert where(other_child) == [("wrong_child", 0, MAY, JUNE)]
    other_home = InvoiceLines.of(provider=[HOME + 1], child=[AVA], **usual)
    assert where(other_home) == [("not_commissioned", 0, MAY, JUNE)]


@pytest.mark.parametrize(
    ("start", "end", "net", "fits"),
    [
        (MAY, JUNE, 310_000, True),
        (MAY, JUNE, 310_002, True),
        (MAY, JUNE, 310_003, False),
        (APRIL, JULY, 910_000, True),
        (APRIL - 1, JULY, 910_000, False),
        (APRIL, JULY + 1, 910_000, False),
        (MAY, MAY, 0, False),
        (JUNE, MAY, -310_000, False),
        (FIRST_DAY - 1, JULY, 910_000, False),
        (APRIL, LAST_DAY + 1, 910_000, False),
    ],
)
def test_an_amount_fits_a_contract_for_nights_of_its_stay_to_the_tolerance(
    start: int, end: int, net: int, fits: bool
) -> None:
    line = InvoiceLines.of(provider=[HOME], invoice=[0], start=[MAY], end=[JUNE], net=[net])
    line = replace(line, start=np.array([start]), end=np.array([end]))
    for contract, expected in ((0, fits), (UNKNOWN, False)):
        assert comes_to(line, np.array([contract]), contracts(), USUAL).tolist() == [expected]


def test_a_stay_that_lasts_from_the_first_day_to_the_last_can_be_billed_at_once() -> None:
    segments = Segments.priced(
        placement=[0], line=[0], start=[FIRST_DAY], end=[LAST_DAY], amount_pence=[1], per=[Per.NIGHT]
    )
    whole = Contracts.of(segments, provider=[HOME], child=[AVA], start=[FIRST_DAY], end=[LAST_DAY])
    line = InvoiceLines.of(
        provider=[HOME], invoice=[0], start=[FIRST_DAY], end=[LAST_DAY], net=[LAST_DAY - FIRST_DAY]
    )
    assert comes_to(line, np.array([0]), whole, USUAL).tolist() == [True]


@pytest.mark.parametrize(
    ("first", "second", "pence"),
    [
        ((MAY, JUNE, 310_000), (JUNE - 1, JUNE, 10_000), 10_000),  # one night of it again
        ((MAY, JUNE, 310_000), (JUNE, JULY, 300_000), 0),  # the next month begins where this one ends
        ((MAY, MAY + 1, 10_000), (MAY, MAY + 1, 10_000), 10_000),  # a single night twice
    ],
)
def test_a_duplicate_shares_at_least_one_night(
    first: tuple[int, int, int], second: tuple[int, int, int], pence: int
) -> None:
    rows = [{"start": start, "end": end, "net": net} for start, end, net in (first, second)]
    assert sum(stake for name, stake in found(*rows) if name == "duplicate") == pence


def test_a_penny_a_night_twice_is_a_duplicate() -> None:
    segments = Segments.priced(
        placement=[0], line=[0], start=[APRIL], end=[JULY], amount_pence=[1], per=[Per.NIGHT]
    )
    agreed = Contracts.of(segments, provider=[HOME], child=[AVA], start=[APRIL], end=[JULY])
    lines = InvoiceLines.of(
        provider=[HOME] * 2, invoice=[0, 1], start=[MAY] * 2, end=[MAY + 1] * 2, net=[1] * 2, contract=[0] * 2
    )
    findings = check_invoices(lines, agreed, Tolerance(0, 0)).findings
    assert [
        (Outcome(code).name, int(row)) for code, row in zip(findings.outcome, findings.row, strict=True)
    ] == [("DUPLICATE", 1)]


def test_a_night_that_is_worth_no_more_than_the_tolerance_is_not_missed() -> None:
    assert found({}, window=(MAY - 1, JUNE), tolerance=Tolerance(10_000, 0)) == []
    assert found({}, window=(MAY - 1, JUNE), tolerance=Tolerance(9_999, 0)) == [("missed", 10_000)]


def test_a_line_of_one_penny_covers_its_nights() -> None:
    names = [name for name, _ in found({"net": 1}, window=(MAY, JUNE))]
    assert "missed" not in names


@pytest.mark.parametrize(
    ("name", "line", "of", "nights"),
    [
        ("undercharged", {"net": [309_000]}, {}, (MAY, JUNE)),
        ("overcharged_rate", {"net": [311_000]}, {}, (MAY, JUNE)),
        ("vat_wrong", {"vat": [1_000]}, {"vat": 2_000}, (MAY, JUNE)),
        ("after_the_end", {"start": [JUNE], "end": [JULY + 2], "net": [320_000]}, {}, (JULY, JULY + 2)),
        ("before_the_start", {"start": [APRIL - 2], "end": [MAY], "net": [320_000]}, {}, (APRIL - 2, APRIL)),
        ("arithmetic_wrong", {"quantity": [3_100], "per": [Per.NIGHT], "rate": [9_000]}, {}, (MAY, JUNE)),
    ],
)
def test_each_finding_names_its_contract_and_its_nights(
    name: str, line: dict[str, Any], of: dict[str, int], nights: tuple[int, int]
) -> None:
    usual = {"invoice": [0], "start": [MAY], "end": [JUNE], "net": [310_000], "contract": [0]}
    made = InvoiceLines.of(provider=[HOME], child=[AVA], **{**usual, **line})
    assert (name, 0, *nights) in where(made, **of)
