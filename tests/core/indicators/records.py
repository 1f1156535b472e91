"""A small record for tests of indicators, in rows that read like sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from rightplace.core.indicators import OPEN, Care, Children, Happened, Record, Searches, Stays

Stay = tuple[int, str, str, int]
"""Child, first day, day after the last ("" while it lasts), home."""

Happening = tuple[str, int, int, str, float]
"""Kind, key, child (0: none), day, value."""


def days(texts: Sequence[str]) -> np.ndarray:
    return np.array([np.datetime64(text, "D") if text else OPEN for text in texts], dtype="datetime64[D]")


def record_of(
    stays: Sequence[Stay] = (), *, places: Sequence[str] = (), miles: Sequence[float] = (), outside: Sequence[int] = (),
    own: Sequence[bool] = (), changes: Sequence[str] = (), care: Sequence[tuple[int, str, str, str]] | None = None,
    born: dict[int, str] | None = None, uasc: Sequence[int] = (), siblings: Sequence[tuple[int, int]] = (),
    searches: Sequence[tuple[int, str, str, int]] = (), population: int = 0, far: Sequence[int] = (),
    school: Sequence[float] = (), registered: Sequence[str] = (), closed: Sequence[str] = (),
    happened: Sequence[Happening] = (),
) -> Record:  # fmt: skip
    """A record. Without `care`, children are looked after (C2) from their first stay until the end of their last."""
    rows = list(stays)
    if care is None:
        care = [
            (
                child,
                min(one[1] for one in rows if one[0] == child),
                max(one[2] or "~" for one in rows if one[0] == child),
                "C2",
            )
            for child in sorted({one[0] for one in rows})
        ]
        care = [(child, start, "" if end == "~" else end, status) for child, start, end, status in care]
    keys = np.array(sorted({one[0] for one in care}), dtype=np.int64)
    born = born or {}
    return Record.of(
        Children(keys, days([born.get(int(key), "2014-06-01") for key in keys]), np.isin(keys, list(uasc))),
        Care(
            np.array([one[0] for one in care], dtype=np.int64), days([one[1] for one in care]), days([one[2] for one in care]),
            np.array([one[3] for one in care] or [""]).astype(str)[: len(care)],
        ),
        Stays(
            np.arange(1, len(rows) + 1), np.array([one[0] for one in rows], dtype=np.int64), days([one[1] for one in rows]),
            days([one[2] for one in rows]), np.array([one[3] for one in rows], dtype=np.int64),
            np.array(list(places) or ["U6"] * len(rows), dtype=str), np.array(list(own) or [True] * len(rows)),
            np.array(list(miles) or [3.0] * len(rows)), np.array(list(outside) or [0] * len(rows), dtype=np.int8),
            np.array(list(changes) or [""] * len(rows), dtype=str), np.array(list(far) or [0] * len(rows), dtype=np.int8),
            np.array(list(school) or [1.0] * len(rows)), days(list(registered) or ["2000-01-01"] * len(rows)),
            days(list(closed) or [""] * len(rows)),
        ),
        np.array(siblings, dtype=np.int64).reshape(-1, 2),
        Searches(
            np.arange(1, len(searches) + 1), np.array([one[0] for one in searches], dtype=np.int64),
            days([one[1] for one in searches]),
            np.array([np.datetime64(one[2] or "NaT", "D") for one in searches], dtype="datetime64[D]"),
            np.array([one[3] for one in searches], dtype=np.int64),
        ),
        population,
        Happened(
            np.array([one[0] for one in happened], dtype=str), np.array([one[1] for one in happened], dtype=np.int64),
            np.array([one[2] for one in happened], dtype=np.int64), days([one[3] for one in happened]),
            np.array([one[4] for one in happened], dtype=float), days(["" for _ in happened]),
        ),
    )  # fmt: skip


YEAR = (date(2025, 4, 1), date(2026, 4, 1))
