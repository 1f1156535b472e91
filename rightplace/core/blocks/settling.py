"""The cost of a month of shared beds, divided between the authorities that keep them: cost, risk and reward.

1. **Cost of filled nights.** Who had a child in a bed bears the price of those bed nights: the month's cost over all its bed
   nights, whether they were filled or not.
2. **Handed over.** A night of an empty bed that was handed to an authority at an agreed price costs that authority this price.
3. **Risk and reward.** What is then left of the cost is the risk: the empty nights, and what was handed over for less than it
   cost. It is borne by the members' shares, or by those who used less than their share, as the rule of the block says. Where
   beds were handed over for more than all that, what is left is below zero: the reward, which goes to all by their shares.

The parts add up to the cost, to the penny: each division rounds its running totals, in the order of the members. Source: the
risk and gain share of joint block contracts of English councils (shared beds, nominations and voids), stated as a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

from rightplace.core.money import round_half_up
from rightplace.core.problems import Problem

BY_SHARE = "by_share"
BY_UNUSED = "by_unused"
RISK_RULES = {
    BY_SHARE: "Empty nights are borne by the members’ shares",
    BY_UNUSED: "Empty nights are borne by members who used less than their share, in proportion to what they left unused",
}
REWARD_TO = "What handing beds over brings above the cost goes to all members by their shares"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a block with its share of the whole."""

    key: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Handed:
    """Empty nights that an authority took over, and what it pays for them in all."""

    key: int
    nights: int
    pence: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one authority bears of a month, in pence; `risk_pence` below zero is its reward."""

    key: int
    nights: int
    used_pence: int
    handed_nights: int
    handed_pence: int
    risk_pence: int

    @property
    def pence(self) -> int:
        """All of it."""
        return self.used_pence + self.handed_pence + self.risk_pence


@dataclass(frozen=True, slots=True)
class Settled:
    """A month divided: the parts of the members in their order, then of others who took beds over; and what is at risk."""

    parts: tuple[Part, ...]
    risk_pence: int

    @property
    def pence(self) -> int:
        """What the parts add up to: the cost."""
        return sum(part.pence for part in self.parts)


def member_problems(members: Sequence[Member], field: str = "") -> list[Problem]:
    """Why these are not the members of a block: none, one twice, a share of nothing, or shares that are not the whole."""
    if not members:
        return [Problem("no_members", "Say who keeps the beds.", field)]
    if len({one.key for one in members}) < len(members):
        return [Problem("twice", "An authority stands here twice.", field)]
    if any(one.share <= 0 for one in members):
        return [Problem("no_share", "Each member has a share above nothing.", field)]
    if sum(one.share for one in members) != 1:
        return [Problem("not_whole", "The members’ shares must add up to the whole.", field)]
    return []


def settle(
    cost_pence: int,
    bed_nights: int,
    members: Sequence[Member],
    used: Mapping[int, int],
    handed: Sequence[Handed] = (),
    risk_rule: str = BY_SHARE,
) -> Settled:
    """Divide a month's cost (pence) of so many bed nights; `used` are the nights of each member by its key.

    ValueError where the members are none, or more nights were used than there were, or by an authority that is no member.

    >>> half = Fraction(1, 2)
    >>> found = settle(620_000, 62, [Member(1, half), Member(2, half)], {1: 31, 2: 11})
    >>> [(part.used_pence, part.risk_pence, part.pence) for part in found.parts]
    [(310000, 100000, 410000), (110000, 100000, 210000)]
    """
    if member_problems(members) or set(used) - {one.key for one in members}:
        raise ValueError("these are not the members of the block")
    taken = sum(used.values()) + sum(one.nights for one in handed)
    if bed_nights < 0 or taken > bed_nights or min([0, *used.values()]) < 0:
        raise ValueError("more nights were used than there were")
    nights = [used.get(one.key, 0) for one in members]
    filled = _divided(Fraction(cost_pence, bed_nights) if bed_nights else Fraction(0), nights)
    rest = cost_pence - sum(filled) - sum(one.pence for one in handed)
    risks = _by_weights(rest, _weights(members, nights, bed_nights, risk_rule if rest > 0 else BY_SHARE))
    others = [one.key for one in handed]
    order = [*(one.key for one in members), *sorted(set(others) - {one.key for one in members})]
    own = {one.key: place for place, one in enumerate(members)}
    parts = tuple(
        Part(
            key, nights[own[key]] if key in own else 0, filled[own[key]] if key in own else 0,
            sum(one.nights for one in handed if one.key == key), sum(one.pence for one in handed if one.key == key),
            risks[own[key]] if key in own else 0,
        )
        for key in order
    )  # fmt: skip
    return Settled(parts, rest)


def _weights(
    members: Sequence[Member], nights: Sequence[int], bed_nights: int, risk_rule: str
) -> list[Fraction]:
    """In which proportion what is left is borne; by shares where nobody left anything unused."""
    shares = [one.share for one in members]
    if risk_rule != BY_UNUSED:
        return shares
    unused = [
        max(share * bed_nights - slept, Fraction(0)) for share, slept in zip(shares, nights, strict=True)
    ]
    return unused if any(unused) else shares


def _divided(price: Fraction, nights: Sequence[int]) -> list[int]:
    """What so many nights at a price cost each, rounded as a running total over all."""
    return [
        round_half_up(price * after) - round_half_up(price * before)
        for before, after in pairwise(accumulate(nights, initial=0))
    ]


def _by_weights(pence: int, weights: Sequence[Fraction]) -> list[int]:
    """An amount in proportion to weights, rounded as a running total: the parts add up to it. Below zero it is the mirror."""
    sign, size, whole = (-1 if pence < 0 else 1), abs(pence), sum(weights)
    return [
        sign * (round_half_up(size * after / whole) - round_half_up(size * before / whole))
        for before, after in pairwise(accumulate(weights, initial=Fraction(0)))
    ]
