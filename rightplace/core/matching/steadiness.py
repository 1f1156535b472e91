"""How far the weights can move before the first three change: worked out in closed form, not searched for.

A value is a sum of weights times shares, so each pair of homes changes places at exactly one weight of a criterion
(all other weights as they are). The nearest such weight below and above is the room that the ranking leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.policy import STEPS, WEIGHT_NAMES
from rightplace.core.matching.valued import Valued

LEADERS = 3


@dataclass(frozen=True, slots=True)
class Room:
    """One criterion: its weight, and the weights between which the first three stay. None: without a limit."""

    code: str
    weight: float
    lowest: float | None
    highest: float | None

    @property
    def least(self) -> float | None:
        """How far the weight may move at most, in points, to the nearer side; None: however far."""
        sides = [abs(self.weight - side) for side in (self.lowest, self.highest) if side is not None]
        return min(sides, default=None)


@dataclass(frozen=True, slots=True)
class Steadiness:
    """The room of every criterion in use, in the order of the criteria."""

    rooms: tuple[Room, ...]

    @property
    def tightest(self) -> Room | None:
        """The criterion whose weight can move least, in proportion to it; None when none matters."""
        bound = [(room.least / room.weight, room) for room in self.rooms if room.least is not None]
        return min(bound, key=lambda pair: pair[0], default=(0.0, None))[1]

    @property
    def words(self) -> str:
        """One sentence for a page."""
        room = self.tightest
        if room is None:
            return "The first three stay the same whatever one weight is."
        name = f"“{WEIGHT_NAMES[room.code]}”"
        below = None if room.lowest is None else f"falls from {room.weight:g} to {room.lowest:.1f}"
        above = None if room.highest is None else f"rises from {room.weight:g} to {room.highest:.1f}"
        return f"The first three stay the same until the weight of {name} {' or '.join(filter(None, (below, above)))}."


def steadiness(valued: Valued, best: Sequence[int]) -> Steadiness:
    """How far each weight can move; `best` are the places in `valued.rows` of the first three, best first.

    The order of the three counts, and every other eligible row is a rival of the third.
    """
    leaders = list(best[:LEADERS])
    if not leaders:
        return Steadiness(())
    rivals = np.ones(len(valued.rows), dtype=np.bool_)
    rivals[leaders] = False
    ahead = _leads(valued.values, leaders, rivals)
    rooms = []
    for should, weight, shares in zip(valued.used, valued.weights, valued.shares, strict=True):
        down, up = _moves(ahead, _leads(shares.astype(np.int64), leaders, rivals))
        lowest = None if down is None or down > weight else (weight - down) / STEPS
        rooms.append(Room(should.code, weight / STEPS, lowest, None if up is None else (weight + up) / STEPS))
    return Steadiness(tuple(rooms))


def _leads(column: NDArray[np.int64], leaders: list[int], rivals: NDArray[np.bool_]) -> NDArray[np.int64]:
    """By how much each leader is ahead of the next, and the last of them of every rival."""
    first = column[leaders]
    return np.concatenate([first[:-1] - first[1:], first[-1] - column[rivals]])


def _moves(ahead: NDArray[np.int64], by_weight: NDArray[np.int64]) -> tuple[float | None, float | None]:
    """The smallest fall and the smallest rise of a weight that closes a lead."""
    gains, loses = by_weight > 0, by_weight < 0
    down = (ahead[gains] / by_weight[gains]).min() if gains.any() else None
    up = (ahead[loses] / -by_weight[loses]).min() if loses.any() else None
    return (None if down is None else float(down)), (None if up is None else float(up))
