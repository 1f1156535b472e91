"""Cost codes: the narrowest that fits a day stands on each line, and what was settled keeps its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments import keeping_codes
from rightplace.journey.payments.coding import codes_of
from rightplace.journey.payments.models import CostCode, ScheduleLine
from rightplace.journey.payments.settling import settle
from tests import make
from tests.cast import Cast

LONG_AGO = date(2020, 4, 1)


def added(cast: Cast, centre: str, **more: Any) -> CostCode:
    """A code added by finance."""
    facts = {"starts_on": LONG_AGO, "subjective": "4300", **more}
    row: CostCode = keeping_codes.add_cost_code(
        by=cast.fin, now=make.LATER, cost_centre=centre, **facts
    ).done()
    return row


def centres(row: Contract) -> set[str]:
    """The cost centres on the lines that are due."""
    lines = ScheduleLine.objects.filter(contract=row, state="due")
    return {
        line.cost_code.cost_centre if line.cost_code else "" for line in lines.select_related("cost_code")
    }


def test_the_narrowest_code_of_a_day_is_used(cast: Cast) -> None:
    added(cast, "any")
    added(cast, "transport", kind="transport")
    added(cast, "home", home_kind="residential")
    added(cast, "both", home_kind="residential", kind="transport")
    later = added(cast, "later", starts_on=date(2026, 4, 1))
    codes = codes_of(cast.croydon.pk)
    asked = {
        ("foster", "core_fee", date(2025, 1, 1)): "any",
        ("foster", "core_fee", later.starts_on): "later",
        ("foster", "transport", later.starts_on): "transport",
        ("residential", "core_fee", later.starts_on): "home",
        ("residential", "transport", later.starts_on): "both",
    }
    assert {key: getattr(codes.code(*key), "cost_centre", "") for key in asked} == asked
    assert codes.code("foster", "core_fee", LONG_AGO - timedelta(days=1)) is None


def test_lines_are_coded_at_once_and_settled_ones_keep_their_code(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    assert centres(row) == {""}
    first = added(cast, "first")
    assert centres(row) == {"first"}
    lines = ScheduleLine.objects.filter(contract=row, state="due").order_by("period")
    settle(lines[:1], make.LATER)
    keeping_codes.end_cost_code(
        by=cast.fin,
        now=make.LATER,
        code_id=first.pk,
        version=first.version,
        ends_on=LONG_AGO + timedelta(days=9),
    ).done()
    added(cast, "second", starts_on=LONG_AGO + timedelta(days=9))
    assert [line.cost_code.cost_centre for line in lines][:2] == ["first", "second"]
    assert centres(row) == {"first", "second"}


def test_a_new_schedule_carries_its_codes(cast: Cast, drafted: Contract) -> None:
    added(cast, "homes", home_kind="residential")
    added(cast, "elsewhere", home_kind="foster")
    row = make.contract_in_force(cast, drafted)
    kind = row.placement.setting.kind
    assert centres(row) == {"homes" if kind == "residential" else "elsewhere"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"home_kind": "castle"}, "unknown"),
        ({"kind": "gold"}, "unknown"),
        ({"subjective": " "}, "empty"),
        ({"section_251_line": "9" * 31}, "too_long"),
        ({}, "taken"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(cast: Cast, more: dict[str, str], code: str) -> None:
    added(cast, "first")
    day = LONG_AGO if code == "taken" else LONG_AGO + timedelta(days=1)
    facts = {"starts_on": day, "subjective": "4300", **more}
    outcome = keeping_codes.add_cost_code(by=cast.fin, now=make.LATER, cost_centre="c", **facts)
    assert [problem.code for problem in outcome.problems] == [code]


def test_only_finance_keeps_codes_and_each_its_own(cast: Cast) -> None:
    row = added(cast, "first")
    other = keeping_codes.add_cost_code(
        by=cast.bola, now=make.LATER, starts_on=LONG_AGO, cost_centre="c", subjective="s"
    )
    assert [problem.code for problem in other.problems] == ["not_yours"]
    early = keeping_codes.end_cost_code(
        by=cast.fin, now=make.LATER, code_id=row.pk, version=row.version, ends_on=LONG_AGO
    )
    assert [problem.code for problem in early.problems] == ["ends_before_start"]
