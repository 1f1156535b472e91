"""The published figures reproduce: services add up to the printed total within rounding; the gap is from full precision."""

from __future__ import annotations

from fractions import Fraction

from rightplace.core.money import round_half_up
from rightplace.foundation.reference.authorities import authorities
from rightplace.oversight.budgets import gap

CROYDON = "E09000008"


def test_the_services_of_every_authority_add_up_to_what_is_printed() -> None:
    told, off = 0, []
    for code in authorities():
        whole = gap.spend(code, gap.WHOLE)
        parts = [gap.spend(code, service) for service in gap.SERVICES]
        if whole is None or None in parts:
            continue
        told += 1
        if 2 * abs(sum(part for part in parts if part is not None) - whole) > len(parts) + 1:
            off.append(code)
    assert told > 140 and not off


def test_printed_figures_of_one_authority() -> None:
    assert gap.spend(CROYDON, "Children Looked After") == Fraction("61513.43")
    assert gap.section_251(CROYDON, "TotalLACFinance", "2024-25") == 73_664_990
    assert gap.section_251(CROYDON, "TotalLACFinance", "1999-00") is None


def test_the_gap_is_own_less_the_mean_a_child_of_the_others() -> None:
    others = gap.compared_with(CROYDON)
    assert CROYDON not in others["London"] and len(others["London"]) == 32
    one = next(
        each for each in gap.gaps(CROYDON, others["London"]) if each.service == "Children Looked After"
    )
    assert one.gap == round_half_up(one.own - one.at_mean)
    assert abs(one.gap - (one.printed[0] - one.printed[1])) <= 1
    assert all(each.gap == 0 for each in gap.gaps(CROYDON, (CROYDON,))), "beside itself there is none"


def test_a_gap_is_closed_evenly_by_what_the_scenario_says() -> None:
    assert gap.trajectory(11_192, 4) == (8_394, 5_596, 2_798, 0)
    assert gap.trajectory(1_000, 2, Fraction(1, 2)) == (750, 500)
