"""Whose turn the next bed is: in turn, furthest below its share, or its own bed, as the block's rule says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

IN_TURN = "in_turn"
BELOW_SHARE = "below_share"
OWN_BEDS = "own_beds"
TURN_RULES = {
    IN_TURN: "In turn: who has waited longest since its last turn is asked first",
    BELOW_SHARE: "By share: who is furthest below its share of the nights used so far is asked first",
    OWN_BEDS: "Own beds: each member fills its own number of beds; an empty one may go to who is furthest below its share",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: its share, the nights it has used so far, the beds it has now, and its last turn (0: none yet)."""

    key: int
    share: Fraction
    nights: int = 0
    beds_now: int = 0
    last_turn: int = 0


def turn_order(rule: str, members: Sequence[Standing], beds: int) -> list[int]:
    """All members in the order in which they are asked for the next bed; equal ones in the order given.

    Who passes makes way for the next in this order. ValueError for a rule that is not known.

    >>> turn_order("in_turn", [Standing(1, Fraction(1, 2), last_turn=3), Standing(2, Fraction(1, 2), last_turn=1)], 4)
    [2, 1]
    >>> turn_order("below_share", [Standing(1, Fraction(3, 5), 60), Standing(2, Fraction(2, 5), 20)], 5)
    [2, 1]
    """
    if rule not in TURN_RULES:
        raise ValueError(f"{rule} is no rule of turns")
    used = sum(one.nights for one in members)
    keys = {
        IN_TURN: lambda one: (Fraction(one.last_turn), Fraction(0)),
        BELOW_SHARE: lambda one: (one.nights - one.share * used, Fraction(one.last_turn)),
        OWN_BEDS: lambda one: (-max(one.share * beds - one.beds_now, Fraction(0)), one.nights - one.share * used),
    }  # fmt: skip
    return [one.key for one in sorted(members, key=keys[rule])]
