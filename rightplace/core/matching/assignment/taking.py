"""Taking ways one after another, each where it still fits: the plain way, and the start of every better one."""

from __future__ import annotations

import numpy as np

from rightplace.core.matching.assignment.columns import BOTH, Apart, Columns, Room
from rightplace.core.matching.assignment.problem import Bools, Floats


def take_in_order(columns: Columns, room: Room, apart: Apart, rank: Floats | None = None) -> Bools:
    """Take columns from the highest `rank` (points for each child unless given) down; groups whole, nobody twice."""
    order = np.argsort(-(columns.points / columns.size if rank is None else rank), kind="stable")
    whole = order[columns.unit[order] == columns.group[order]]
    taken = np.zeros(len(columns), dtype=bool)
    beds, left, sex = room.beds.tolist(), room.open_beds.tolist(), room.sex.tolist()
    one_sex, start, other = room.takes_one_sex.tolist(), apart.start.tolist(), apart.other
    group, home, size = (each[whole].tolist() for each in (columns.group, columns.home, columns.size))
    kind, emergency = columns.sex[whole].tolist(), columns.is_emergency[whole].tolist()
    done: set[int] = set()
    closed: set[tuple[int, int]] = set()
    for row, g, h, many, k, urgent in zip(whole.tolist(), group, home, size, kind, emergency, strict=True):
        if g in done or many > (beds[h] if urgent else left[h]) or (g, h) in closed:
            continue
        if one_sex[h] and (k == BOTH or (k and sex[h] and sex[h] != k)):
            continue
        taken[row] = True
        done.add(g)
        beds[h] -= many
        left[h] = min(left[h] - (0 if urgent else many), beds[h])
        sex[h] = sex[h] or k
        closed.update((int(each), h) for each in other[start[g] : start[g + 1]])
    return taken
