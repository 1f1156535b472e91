"""What is set off against a payment: never below zero, the oldest first, and no penny of it lost."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from rightplace.journey.ledger import netting
from rightplace.journey.ledger.netting import Open, netted


def test_the_example_holds() -> None:
    assert doctest.testmod(netting).failed == 0


@given(st.lists(st.integers(-(10**6), 10**6)))
def test_a_payment_is_never_below_zero_and_takes_back_what_it_can(amounts: list[int]) -> None:
    opens = [Open(place, pence) for place, pence in enumerate(amounts)]
    parts = netted(opens)
    total = sum(part.pence for part in parts)
    assert total == max(sum(amounts), 0)
    wanted = {one.payable_id: one.pence for one in opens}
    for part in parts:
        whole = wanted[part.payable_id]
        assert part.pence == whole if whole > 0 else whole <= part.pence < 0
