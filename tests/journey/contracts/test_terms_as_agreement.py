"""The versions of a contract as one agreement: what is due is the same to the penny, line by line and month by month."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Agreement,
    PriceKind,
    PriceLine,
    PriceUnit,
    Version,
    agreed_lines,
    as_expected,
    dated_charges,
    rate_segments,
    schedule,
    segment_problems,
)
from rightplace.journey.contracts.terms import Terms, agreement_from, ruling
from tests.core.strategies import agreements, price_lines


@st.composite
def contracts(draw: st.DrawFn) -> tuple[list[Terms], Period]:
    """A stay, and one to three sets of terms for it, some from the same day, some from before the stay."""
    first, stay = draw(agreements())
    terms = [Terms(stay.start, tuple(first))]
    for _ in range(draw(st.integers(0, 2))):
        start = max(terms[-1].starts_on, stay.start + timedelta(days=draw(st.integers(-20, 400))))
        terms.append(Terms(start, tuple(draw(st.lists(price_lines(stay), max_size=4)))))
    return terms, stay


@settings(max_examples=60)
@given(contracts())
def test_versions_as_one_agreement_come_to_what_each_comes_to_alone(
    contract: tuple[list[Terms], Period],
) -> None:
    terms, stay = contract
    assume(all((line.quantity * 100) % 1 == 0 for each in terms for line in each.lines))
    # A block is paid beyond the stay: of its lines alone, over the stay, less is due.
    assume(all(line.kind != PriceKind.BLOCK for each in terms for line in each.lines))
    agreement = agreement_from(terms, stay)
    assert segment_problems(rate_segments(agreement)) == []
    found = {(row.line, row.part): row.pence for row in dated_charges(as_expected(agreement))}
    alone: dict[tuple[int, date], int] = {}
    firsts = [sum(len(each.lines) for each in terms[:place]) for place in range(len(terms))]
    for place, part in ruling(terms, stay):
        for charge in schedule(terms[place].lines, part):
            alone[firsts[place] + charge.line, charge.period.start.replace(day=1)] = charge.pence
    assert found == {key: pence for key, pence in alone.items() if pence}


def test_a_new_version_ends_the_lines_of_the_one_before() -> None:
    stay = Period(date(2026, 4, 1), date(2026, 7, 1))
    old, new = (PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, pence) for pence in (100_00, 110_00))
    once = PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 50_00)
    lines = agreed_lines(
        [Version(stay.start, ((1, old), (2, once))), Version(date(2026, 5, 1), ((3, new),))], stay
    )
    assert [(line.number, line.starts_on, line.ends_on, line.dates) for line in lines] == [
        (1, stay.start, date(2026, 5, 1), ()),
        (2, None, None, (stay.start,)),
        (3, date(2026, 5, 1), None, ()),
    ]
    rates = rate_segments(Agreement(1, stay, lines))
    assert np.unique(rates.line).tolist() == [1, 2, 3]
