"""Hiding small numbers in a table that is published, so that nobody in it can be told by taking others away.

The rule: a count from 1 to 5 is not shown (the convention of the Department's statistics of children looked after until
rounding came in, and of the Information Commissioner's guidance on anonymisation: a small cell may tell who it is). A cell
that could be worked out from the total and the others is not shown either: of a row of counts with its total either none
is hidden, or those hidden leave more than one way to fill each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_HIDDEN = 5
"""The largest count that is hidden for its smallness."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts as they may be shown; None for a hidden one. `total` is None where only hiding it keeps the rest."""

    counts: tuple[int | None, ...]
    total: int | None


def without_small(counts: Sequence[int], *, largest: int = LARGEST_HIDDEN) -> Shown:
    """Hide counts from 1 to `largest`, then the next smallest until no hidden one can be worked out.

    What is hidden is known to be one or more. It can be worked out where it is alone, or where the hidden ones come to
    no more than their number. Where hiding every count above nothing does not help, the total is hidden too.
    ValueError for a count below nothing.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A count is never below nothing.")
    hidden = {at for at, count in enumerate(counts) if 0 < count <= largest}
    others = sorted((count, at) for at, count in enumerate(counts) if count > largest)
    while hidden and others and not _is_safe(counts, hidden):
        hidden.add(others.pop(0)[1])
    is_safe = not hidden or _is_safe(counts, hidden)
    shown = tuple(None if at in hidden else count for at, count in enumerate(counts))
    return Shown(shown, sum(counts) if is_safe else None)


def _is_safe(counts: Sequence[int], hidden: set[int]) -> bool:
    return len(hidden) > 1 and sum(counts[at] for at in hidden) > len(hidden)
