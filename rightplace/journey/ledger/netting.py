"""What of a payee's payables goes into a payment: all that is due, less what is to be recovered, never below zero.

Pure. What was paid too much is taken back from the payee's next payment, the oldest first, in parts where it is more than the
payment; what is left waits for the one after. Source: the usual practice of council creditors' sections, and the term of
contracts that lets a purchaser set off what it has overpaid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of a payable, in pence: above zero to be paid, below zero to be recovered."""

    payable_id: int
    pence: int


def netted(opens: Iterable[Open]) -> list[Open]:
    """The parts that go into one payment, in the order given; they add up to zero or more.

    >>> netted([Open(1, 1000), Open(2, -300), Open(3, -900)])
    [Open(payable_id=1, pence=1000), Open(payable_id=2, pence=-300), Open(payable_id=3, pence=-700)]
    """
    rows = list(opens)
    left = sum(one.pence for one in rows if one.pence > 0)
    found = []
    for one in rows:
        part = one.pence if one.pence > 0 else max(one.pence, -left)
        if part:
            found.append(Open(one.payable_id, part))
        left += min(part, 0)
    return found


def not_set_off(opens: Iterable[Open]) -> list[Open]:
    """What is left to recover once all that is to be paid was set off against it, the oldest first: to be invoiced.

    >>> not_set_off([Open(1, 1000), Open(2, -300), Open(3, -900)])
    [Open(payable_id=3, pence=-200)]
    """
    rows = list(opens)
    taken = {part.payable_id: part.pence for part in netted(rows)}
    left = [Open(one.payable_id, one.pence - taken.get(one.payable_id, 0)) for one in rows]
    return [one for one in left if one.pence < 0]
