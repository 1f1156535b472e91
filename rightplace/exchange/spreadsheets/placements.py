"""Placements from a tracker: found by the child's number and the first day, never two at once for a child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.exchange.bulk import insert_rows, update_rows
from rightplace.exchange.spreadsheets.reading import TrackerRow
from rightplace.foundation.files.models import ImportRun
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting

SOURCE = "spreadsheet"
_CODES = (
    "place_code",
    "provider_code",
    "urn",
    "change_reason",
    "end_words",
    "home_postcode",
    "place_postcode",
)
_OF_CHILD = ("born_on", "sex", "first_name", "last_name")


Span = tuple[str, date, date | None, TrackerRow | None]
"""A child's number, first day, end, and the row that states it (None: it is held)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is held: children by number, households by reference, settings by URN, placements by child and day."""

    children: Mapping[str, int]
    households: Mapping[str, int]
    settings: Mapping[str, tuple[int, int]]
    placements: Mapping[tuple[str, date], Placement]


def known(rows: Sequence[TrackerRow], authority_id: int) -> Known:
    """What is held of the children, carers and homes that the rows name."""
    numbers = {row.values["child"] for row in rows if "child" in row.values}
    urns = {row.values["urn"] for row in rows if "urn" in row.values}
    of_authority = {"authority_id": authority_id}
    children = Child.objects.filter(**of_authority, local_number__in=numbers).values_list(
        "local_number", "id"
    )
    households = Household.objects.filter(**of_authority).values_list("reference", "id")
    settings = Setting.objects.filter(urn__in=urns).values_list("urn", "id", "provider_id")
    lived = Placement.objects.filter(LIVED, **of_authority, child__local_number__in=numbers).select_related(
        "child"
    )
    placements = {(p.child.local_number, p.period.lower): p for p in lived.order_by("id")}
    by_urn = {urn: (pk, owner) for urn, pk, owner in settings}
    return Known(dict(children), dict(households), by_urn, placements)


def decide(rows: Sequence[TrackerRow], *, authority_id: int, today: date) -> None:
    """Say of each row what an import does with it; unknown children and places and overlaps are bad."""
    held = known(rows, authority_id)
    named = {row.values.get("child") for row in rows if _introduces(row)} | set(held.children)
    for row in rows:
        if not row.is_bad:
            _check(row, held, named, today)
    _check_overlaps(rows, held)
    still_named = {row.values.get("child") for row in rows if _introduces(row)} | set(held.children)
    for row in rows:
        if not row.is_bad and row.values["child"] not in still_named:
            row.note("child", "The row that introduces this child is kept out.")
        if row.is_bad:
            row.deed = "bad"
            continue
        placement = held.placements.get((row.values["child"], row.values["start"]))
        if placement is None:
            row.deed = "add"
        else:
            row.deed = "same" if _is_as_held(row, placement) else "change"


def write(rows: Sequence[TrackerRow], *, authority_id: int, run: ImportRun) -> None:
    """Write children that are new, then the placements of rows that add or change."""
    held = known(rows, authority_id)
    new: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.deed == "add" and _introduces(row) and row.values["child"] not in held.children:
            child = {name: row.values.get(name, "") for name in _OF_CHILD}
            number = row.values["child"]
            new.setdefault(number, {"authority_id": authority_id, "local_number": number, **child})
    insert_rows(Child, list(new.values()))
    held = known(rows, authority_id)
    changed = [
        {"id": held.placements[row.values["child"], row.values["start"]].pk, **_columns(row, held, run)}
        for row in rows
        if row.deed == "change"
    ]
    for one in changed:
        update_rows(Placement, [one], add=["version"])
    insert_rows(
        Placement,
        [
            {
                "authority_id": authority_id,
                "child_id": held.children[row.values["child"]],
                "source": SOURCE,
                **dict.fromkeys(_CODES, ""),
                **_columns(row, held, run),
            }
            for row in rows
            if row.deed == "add"
        ],
    )


def _introduces(row: TrackerRow) -> bool:
    """Whether a row says enough of a child to add it."""
    return not row.is_bad and {"born_on", "sex"} <= row.values.keys()


def _check(row: TrackerRow, held: Known, named: Set[str | None], today: date) -> None:
    values = row.values
    if values["child"] not in named:
        row.note("child", "This child is not known: give date of birth and sex to add the child.")
    if (end := values.get("end")) and end <= values["start"]:
        row.note("end", "The placement ends before its first night.")
    if values["start"] > today or values.get("end", today) > today:
        row.note("start", "A placement of the past cannot begin or end in the future.")
    if (urn := values.get("urn")) and urn not in held.settings:
        row.note("urn", "No setting of the register has this URN.", is_bad=False)
    if (household := values.get("household")) and household not in held.households:
        row.note("household", "No own carers have this reference.")


def _check_overlaps(rows: Sequence[TrackerRow], held: Known) -> None:
    """No child in two placements at once: among the rows, and with what is held and not restated."""
    stated = {(row.values["child"], row.values["start"]): row for row in rows if not row.is_bad}
    spans: list[Span] = [(key[0], key[1], row.values.get("end"), row) for key, row in stated.items()]
    spans += [
        (key[0], key[1], p.period.upper, None) for key, p in held.placements.items() if key not in stated
    ]
    for before, after in _neighbours(sorted(spans, key=lambda span: (span[0], span[1]))):
        if before[2] is None or before[2] > after[1]:
            row = after[3] or before[3]
            if row is not None:
                row.note(
                    "start", f"The child is in two placements: one from {before[1]:%d/%m/%Y} had not ended."
                )


def _neighbours(spans: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    for before, after in pairwise(spans):
        if before[0] == after[0]:
            yield before, after


def _is_as_held(row: TrackerRow, placement: Placement) -> bool:
    is_same = all(getattr(placement, name) == row.values[name] for name in _CODES if name in row.values)
    return is_same and placement.period.upper == row.values.get("end")


def _columns(row: TrackerRow, held: Known, run: ImportRun) -> dict[str, Any]:
    values = row.values
    setting, owner = held.settings.get(values.get("urn", ""), (None, None))
    household = held.households.get(values.get("household", ""))
    end = values.get("end")
    return {
        **{name: values[name] for name in _CODES if name in values},
        "period": DateRange(values["start"], end),
        "state": "ended" if end else "started",
        "setting_id": None if household else setting,
        "provider_id": None if household else owner,
        "household_id": household,
        "import_run_id": run.pk,
    }
