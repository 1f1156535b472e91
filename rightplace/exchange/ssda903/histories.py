"""From the episodes of several years to one history of each child: stays in placements, and legal statuses.

Pure. A change of legal status alone (reason L) does not end a stay. The record of a later year replaces that of an
earlier one for the same episode (child and first day). What would put a child in two places at once is a finding,
never mended by guessing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rightplace.exchange.findings import Finding

LEGAL_STATUS_ONLY = "L"
STILL_LOOKED_AFTER = "X1"


@dataclass(frozen=True, slots=True)
class Stay:
    """A child in one placement from `start` until `end` (half-open; None: still there), by its statutory codes.

    `year` is that of the return that states it; `line` and `file` say where. A stay that is held already has
    its `id`; one made by the work itself (not imported) is `is_fixed` and is never changed from here.
    """

    child: str
    start: date
    end: date | None
    place: str
    provider: str = ""
    urn: str = ""
    home_postcode: str = ""
    place_postcode: str = ""
    start_reason: str = ""
    end_reason: str = ""
    change_reason: str = ""
    year: int = 0
    line: int = 0
    file: str = ""
    id: int | None = None
    is_fixed: bool = False

    @property
    def content(self) -> tuple[object, ...]:
        """All that is written of a stay: what must differ for a row to change."""
        codes = (self.place, self.provider, self.urn, self.home_postcode, self.place_postcode)
        return (self.start, self.end, *codes, self.start_reason, self.end_reason, self.change_reason)

    def continues_as(self, later: Stay) -> bool:
        """Whether `later` is the same stay under another legal status."""
        return later.start_reason == LEGAL_STATUS_ONLY and self.place == later.place and self.urn == later.urn


@dataclass(frozen=True, slots=True)
class Status:
    """A legal status of a child for a half-open period, as stated by the return of `year`."""

    child: str
    code: str
    start: date
    end: date | None
    year: int = 0

    @property
    def content(self) -> tuple[object, ...]:
        """All that is written of a legal status."""
        return (self.code, self.start, self.end)


@dataclass(frozen=True, slots=True)
class History:
    """A child's stays and legal statuses in order, none overlapping another."""

    stays: tuple[Stay, ...]
    statuses: tuple[Status, ...]


def make_history(stays: Iterable[Stay], statuses: Iterable[Status], findings: list[Finding]) -> History:
    """One child's history from everything stated and held; overlaps of stays are added to `findings`."""
    return History(tuple(_settle(_latest(stays), findings)), tuple(_settle_statuses(statuses)))


def _latest(stays: Iterable[Stay]) -> list[Stay]:
    """One stay for each first day, that of the latest return, in order; what the work itself made comes first."""
    found = list(stays)
    held = [stay for stay in found if stay.id is not None and stay.end is not None]
    by_start: dict[date, Stay] = {}
    for stay in (_ended_since(stay, held) for stay in found):
        known = by_start.get(stay.start)
        if known is None or (not known.is_fixed and (stay.is_fixed or stay.year >= known.year)):
            keeps_its_row = known is not None and known.id is not None and stay.id is None
            by_start[stay.start] = replace(stay, id=known.id) if known and keeps_its_row else stay
    return [by_start[start] for start in sorted(by_start)]


def _ended_since(stay: Stay, held: Sequence[Stay]) -> Stay:
    """A stay that a return leaves open, with the end that is held when that came after the return's year.

    A return says only that the child still lived there on its last 31 March.
    """
    if stay.end is None and stay.id is None and stay.year:
        for known in held:
            is_same = known.place == stay.place and known.urn == stay.urn
            if is_same and known.start <= stay.start and known.end and known.end > date(stay.year, 3, 31):
                return replace(
                    stay, end=known.end, end_reason=known.end_reason, change_reason=known.change_reason
                )
    return stay


def _settle(stays: Sequence[Stay], findings: list[Finding]) -> list[Stay]:
    settled: list[Stay] = []
    for stay in stays:
        if stay.end == stay.start:
            continue
        before = settled[-1] if settled else None
        if before is None or not _touch(before, stay):
            settled.append(stay)
        elif before.continues_as(stay) and not before.is_fixed:
            settled[-1] = _joined(before, stay)
        elif _overlap(before, stay):
            findings.append(_overlap_finding(before, stay))
        else:
            settled.append(stay)
    return settled


def _touch(before: Stay, stay: Stay) -> bool:
    return before.end is None or before.end >= stay.start


def _overlap(before: Stay, stay: Stay) -> bool:
    return before.end is None or before.end > stay.start


def _joined(before: Stay, more: Stay) -> Stay:
    """A stay that goes on under another legal status. What an older return says of its middle is known already."""
    if more.year < before.year and _overlap(before, more):
        return before
    return replace(
        before,
        end=more.end,
        end_reason=more.end_reason,
        change_reason=more.change_reason,
        home_postcode=more.home_postcode or before.home_postcode,
        place_postcode=more.place_postcode or before.place_postcode,
        year=more.year,
    )


def _overlap_finding(before: Stay, stay: Stay) -> Finding:
    until = f"ended only on {before.end:%d/%m/%Y}" if before.end else "has no end"
    source = f"line {before.line}" if before.line else "a placement that is held already"
    reason = f"The child is in two placements: {source}, from {before.start:%d/%m/%Y}, {until}."
    at = stay if stay.line else before
    return Finding(at.line, "DECOM", f"{stay.start:%d/%m/%Y}", reason, True, at.file)


def _settle_statuses(statuses: Iterable[Status]) -> list[Status]:
    """Legal statuses in order, each ended at the latest by the next; the same one in a row becomes one."""
    by_start: dict[date, Status] = {}
    for status in statuses:
        known = by_start.get(status.start)
        if status.end != status.start and (known is None or status.year >= known.year):
            by_start[status.start] = status
    settled: list[Status] = []
    for start in sorted(by_start):
        status = by_start[start]
        if settled and _reaches(settled[-1], start):
            before = settled[-1]
            if before.code == status.code:
                settled[-1] = replace(before, end=_later_end(before, status))
                continue
            settled[-1] = replace(before, end=start)
        settled.append(status)
    return settled


def _reaches(before: Status, start: date) -> bool:
    return before.end is None or before.end >= start


def _later_end(before: Status, status: Status) -> date | None:
    """The end that the later return states; of two of one return, the later day."""
    if status.year > before.year or before.end is None or status.end is None:
        return status.end if status.year >= before.year else before.end
    return max(before.end, status.end)
