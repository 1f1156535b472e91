"""Reviews, times missing and social workers of an extract, held as rows of the statutory return that tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Max

from rightplace.exchange.case_recording.stated import Allocated, Extract, Held, Spell
from rightplace.exchange.ssda903.deriving import written, year_of
from rightplace.exchange.ssda903.given import collection_year
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR
from rightplace.exchange.ssda903.rules.tables import tables_of
from rightplace.foundation.organisations.models import Authority

Rows = dict[tuple[str, int, int], list[dict[str, str]]]
"""Cells by module, collection year and child."""
MODULES = {"reviews": "Reviews", "missing": "Missing", "workers": "SWEpisodes"}


def hold_returned(
    authority: Authority, extract: Extract, children: Mapping[str, int], born: Mapping[int, date], *, now: datetime, today: date
) -> int:  # fmt: skip
    """Hold what the extract states, child by child, in place of what was held of the same years. Gives how many changed."""
    wanted: Rows = defaultdict(list)
    since: dict[str, int] = {}
    for file, module in MODULES.items():
        if file not in extract.files:
            continue
        for stated in getattr(extract, file):
            child = children.get(stated.person)
            if child is None or child not in born:
                continue
            for year, cells in _told(stated, today):
                wanted[module, year, child].append({"DOB": written(born[child]), **cells})
                since[module] = min(since.get(module, year), year)
    return sum(
        _bring(authority, module, first, set(children.values()), wanted, now)
        for module, first in since.items()
    )


def _told(stated: Held | Spell | Allocated, today: date) -> Iterable[tuple[int, dict[str, str]]]:
    """The row of each collection year in which something lies."""
    if isinstance(stated, Held):
        yield _year(stated.on), {"REVIEW": written(stated.on), "REVIEW_CODE": stated.code}
        return
    if isinstance(stated, Allocated) and not (stated.number and stated.reason):
        return  # the return wants both, and neither is made up
    for year in range(_year(stated.start), _year(min(stated.end or today, today)) + 1):
        _, last = year_of(year)
        if stated.start <= last and "SWEpisodes" in (
            tables_of(year) if isinstance(stated, Allocated) else ("SWEpisodes",)
        ):
            end = stated.end if stated.end is not None and stated.end <= last else None
            yield year, _lasting(stated, end)


def _lasting(stated: Spell | Allocated, end: date | None) -> dict[str, str]:
    if isinstance(stated, Allocated):
        return {
            "SW_ID": stated.number, "SW_DECOM": written(stated.start), "SW_DEC": written(end), "SW_REASON": stated.reason,
        }  # fmt: skip
    return {"MISSING": stated.code, "MIS_START": written(stated.start), "MIS_END": written(end)}


def _year(day: date) -> int:
    return max(collection_year(day), FIRST_YEAR)


def _bring(
    authority: Authority, module: str, since: int, among: set[int], wanted: Rows, now: datetime
) -> int:
    held: Rows = defaultdict(list)
    rows = ReturnRow.objects.filter(authority=authority, module=module, year__gte=since, child_id__in=among)
    for row in rows.order_by("position"):
        held[module, row.year, row.child_id].append(row.cells)
    places = {place for place in (*held, *wanted) if place[0] == module}
    changed = [place for place in sorted(places) if held.get(place, []) != _filled(wanted.get(place, []))]
    for _, year, child in changed:
        _replace(authority, module, year, child, _filled(wanted.get((module, year, child), [])), now)
    return len(changed)


def _filled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Cells as the return holds them: what is blank is not there."""
    return [{name: value for name, value in cells.items() if value} for cells in rows]


def _replace(
    authority: Authority, module: str, year: int, child: int, rows: list[dict[str, str]], now: datetime
) -> None:
    of_year = ReturnRow.objects.filter(authority=authority, module=module, year=year)
    of_year.filter(child_id=child).delete()
    last = of_year.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    ReturnRow.objects.bulk_create(
        ReturnRow(
            authority=authority, child_id=child, year=year, module=module, position=at, cells=cells, stated_at=now,
            stated_by="The case system",
        )
        for at, cells in enumerate(rows, first)
    )  # fmt: skip
