"""Totals by budget code and part that are kept right one placement at a time: a change costs a fraction of a millisecond."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from rightplace.core.pricing.columns import Segments
from rightplace.core.pricing.running import Days, Ints
from rightplace.core.pricing.totals import totals_by_code


@dataclass(slots=True, eq=False)
class Budget:
    """What many placements come to: `pence` has a row for each budget code and a column for each part between the cuts.

    `put` takes a placement's new segments, gives what the totals move by, and moves them.
    """

    segments: Segments
    cuts: Days
    pence: Ints
    changed: dict[int, Segments] = field(default_factory=dict)

    @classmethod
    def of(cls, segments: Segments, cuts: Days, codes: int) -> Self:
        """The totals of all segments for so many budget codes."""
        return cls(segments, cuts, totals_by_code(segments, cuts, codes))

    def held(self, placement: int) -> Segments:
        """The segments of a placement as they stand."""
        found = self.changed.get(placement)
        return self.segments.taken(self.segments.rows_of(placement)) if found is None else found

    def put(self, placement: int, segments: Segments) -> Ints:
        """Put other segments in the place of a placement's; gives the change of the totals, by code and part."""
        codes = len(self.pence)
        change = totals_by_code(segments, self.cuts, codes) - totals_by_code(
            self.held(placement), self.cuts, codes
        )
        self.changed[placement] = segments
        self.pence = np.add(self.pence, change)
        return change
