"""Lines of a contract whose nights overlap, taken together: most come to what is expected, and need no explanation.

That is how split lines (fee and support apart, weeks of a month), merged lines (several months on one), part months and
credit notes match without any rule of their own: what was billed for a stretch of nights is what was agreed for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.pricing.running import FIRST_DAY, Days, Ints

_MOST_BITS = 62


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Placed lines in order of contract and date, and the stretches of nights that they make up together.

    `order` is the place of each line in the claims and `stretch` the stretch that it is in; for each stretch its contract,
    nights, net pence, number of lines, and what was expected.
    """

    order: Ints
    stretch: Ints
    contract: Ints
    start: Days
    end: Days
    net: Ints
    lines: Ints
    expected: Ints


def stretches_of(claims: Claims) -> Stretches:
    """The stretches of all lines that have a contract."""
    order = _in_order(claims)
    lines = claims.lines
    contract, start, end = lines.contract[order], lines.start[order], lines.end[order]
    furthest = _furthest_end(contract, end)
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (contract[1:] != contract[:-1]) | (start[1:] >= furthest[:-1])
    firsts = np.flatnonzero(is_new)
    many = np.diff(np.append(firsts, len(order)))
    ends = furthest[np.append(firsts[1:], len(order)) - 1] if len(order) else end
    net = np.add.reduceat(lines.net[order], firsts) if len(order) else lines.net[order]
    expected = claims.contracts.expected(contract[firsts], start[firsts], ends)
    return Stretches(order, np.cumsum(is_new) - 1, contract[firsts], start[firsts], ends, net, many, expected)


def balanced(claims: Claims, stretches: Stretches) -> NDArray[np.bool_]:
    """For each stretch, whether what was billed is what was expected, within the tolerance."""
    off = np.abs(stretches.net - stretches.expected)
    is_right: NDArray[np.bool_] = off <= claims.allowed(stretches.expected, stretches.lines)
    return is_right


def _in_order(claims: Claims) -> Ints:
    """The placed lines by contract, first night and place. Packed into one number each where they fit: sorted at once."""
    lines = claims.lines
    placed = np.flatnonzero(claims.is_placed)
    contract, start = lines.contract[placed], lines.start[placed].astype(np.int64)
    if not len(placed):
        return placed
    first = int(start.min())
    days, rows = int(start.max() - first).bit_length(), len(lines).bit_length()
    if len(claims.contracts).bit_length() + days + rows > _MOST_BITS:
        return placed[np.lexsort((placed, start, contract))]
    packed = (contract << (days + rows)) | ((start - first) << rows) | placed
    packed.sort()
    return packed & ((1 << rows) - 1)


def _furthest_end(contract: Ints, end: Days) -> Days:
    """The latest end among the lines of the contract up to each."""
    packed = (contract << 20) | (end - FIRST_DAY)
    furthest = np.maximum.accumulate(packed) & ((1 << 20) - 1)
    return (furthest + FIRST_DAY).astype(np.int32)
