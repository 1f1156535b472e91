"""Published figures beside our own: those that come with the product, and those imported since from the public files."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rightplace.core.indicators.public_files import PrintedFigure, printed_figures
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.authorities import (
    ENGLAND,
    authorities,
    neighbours_ever,
    statistical_neighbours,
)
from rightplace.foundation.reference.published import Published, published, region_of, years_of
from rightplace.oversight.performance.models import PublishedFigure

UNKNOWN = Problem(
    "layout",
    "This is none of the public files of children looked after that are known: placement stability; number and rate; children"
    " on 31 March by characteristics; children missing.",
)
MOST_BYTES = 200_000_000
CHANGED = ("count", "of", "figure", "mark", "source", "imported_at")


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import took in: figures by indicator, the years they are of, and how many are kept back."""

    figures: Mapping[str, int]
    years: tuple[int, ...]
    kept_back: int


@action
def import_published(*, by: Actor, now: datetime, content: bytes, source: str) -> Outcome[Taken]:
    """Take in a public statistics file (CSV, also packed with gzip); the newest import of a figure stands.

    Refused: a file of no known layout. Cells that the publisher keeps back are kept as such.
    """
    try:
        rows = printed_figures(_unpacked(content))
    except (ValueError, OSError, zlib.error, EOFError):
        return refuse(UNKNOWN)
    if not rows:
        return refuse(Problem("empty", "The file holds no figure of an indicator that is counted here."))
    PublishedFigure.objects.bulk_create(
        [_row(one, source, now) for one in rows], batch_size=5_000, update_conflicts=True, update_fields=CHANGED,
        unique_fields=("indicator", "area", "year"),
    )  # fmt: skip
    taken = Taken(
        {code: sum(one.indicator == code for one in rows) for code in sorted({one.indicator for one in rows})},
        tuple(sorted({one.year for one in rows})), sum(bool(one.mark) for one in rows),
    )  # fmt: skip
    words = f"Published figures taken in: {source}, {len(rows):,} figures"
    audit(by=by, now=now, verb="import_published", words=words, subject="published_figures", subject_id=None)
    return Outcome(taken)


def _unpacked(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        return packed.read(MOST_BYTES)


def _row(one: PrintedFigure, source: str, now: datetime) -> PublishedFigure:
    return PublishedFigure(
        indicator=one.indicator, area=one.area, year=one.year, count=one.count, of=one.of, figure=one.figure, mark=one.mark,
        source=source[:200], imported_at=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """Printed figures of some indicators and areas: what was imported stands before what comes with the product."""

    imported: Mapping[tuple[str, str, int], Published]

    def of(self, code: str, area: str, year: int) -> Published | None:
        """What was printed of an area for the year to 31 March; None when nothing was."""
        return self.imported.get((code, area, year)) or published(code, area, year)

    def last_year(self, code: str) -> int | None:
        """The newest year of which anything was printed."""
        years = {*years_of(code), *(year for known, _, year in self.imported if known == code)}
        return max(years, default=None)

    def average(self, code: str, areas: Sequence[str], year: int) -> float | None:
        """The plain mean of some authorities, as tables of neighbours print it; kept-back ones are left out."""
        known = [
            row.figure for area in areas if (row := self.of(code, area, year)) and row.figure is not None
        ]
        return sum(known) / len(known) if known else None

    def beside(self, code: str, area: str, year: int) -> dict[str, float | None]:
        """What stands beside an authority's figure: its own printed one, its region's, its neighbours' mean, England's."""

        def figure(of: str) -> float | None:
            row = self.of(code, of, year)
            return row.figure if row else None

        neighbours = self.average(code, statistical_neighbours(area, year), year)
        return {
            "own": figure(area),
            "region": figure(region_of(area)),
            "neighbours": neighbours,
            "england": figure(ENGLAND),
        }

    def in_all(self, code: str, year: int) -> list[Published]:
        """The printed figures of all authorities, the lowest first; those kept back are left out."""
        rows = (self.of(code, area, year) for area in authorities())
        known = [row for row in rows if row and row.figure is not None]
        return sorted(known, key=lambda row: (row.figure or 0, row.area))


def printed_beside(area: str) -> Printed:
    """Every indicator of an authority and of those that it stands beside; one read."""
    return _imported(areas={area, region_of(area), ENGLAND, *neighbours_ever(area)})


def printed_of(code: str) -> Printed:
    """One indicator of every area; one read."""
    return _imported(code=code)


def _imported(areas: Collection[str] = (), code: str = "") -> Printed:
    rows = (
        PublishedFigure.objects.filter(area__in=areas)
        if areas
        else PublishedFigure.objects.filter(indicator=code)
    )
    known = rows.values_list("indicator", "area", "year", "count", "of", "figure", "mark")
    return Printed({row[:3]: Published(*row[1:]) for row in known})
