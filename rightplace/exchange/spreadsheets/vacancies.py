"""Vacancies from a tracker: what is said of the free beds of registered settings, found by URN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rightplace.exchange.bulk import update_rows
from rightplace.exchange.spreadsheets.reading import TrackerRow
from rightplace.register.providers.models import Setting

STATED = ("vacancies_stated", "min_age", "max_age", "sexes", "weekly_from_pence")


def decide(rows: Sequence[TrackerRow]) -> None:
    """Say of each row what an import does with it; an unknown URN, or more vacancies than places, is bad."""
    wanted = [row.values["urn"] for row in rows if "urn" in row.values]
    held = {
        s["urn"]: s for s in Setting.objects.filter(urn__in=wanted).values("urn", "places", "status", *STATED)
    }
    for row in rows:
        known = held.get(row.values.get("urn", ""))
        if not row.is_bad and known is None:
            row.note("urn", "No setting of the register has this URN.")
        if not row.is_bad and known:
            _check(row, known["places"], str(known["status"]))
        if row.is_bad or known is None:
            row.deed = "bad"
        else:
            is_same = all(known[name] == row.values[name] for name in STATED if name in row.values)
            row.deed = "same" if is_same else "change"


def write(rows: Sequence[TrackerRow], *, now: datetime) -> None:
    """Write what is stated; a figure that is stated again as it was is fresh again."""
    wanted = [row.values["urn"] for row in rows if row.deed in ("change", "same")]
    ids = dict(Setting.objects.filter(urn__in=wanted).values_list("urn", "id"))
    for row in rows:
        if row.deed in ("change", "same"):
            stated = {name: row.values[name] for name in STATED if name in row.values}
            changed = ["version"] if row.deed == "change" else []
            update_rows(
                Setting, [{"id": ids[row.values["urn"]], "vacancies_stated_at": now, **stated}], add=changed
            )


def _check(row: TrackerRow, places: int | None, status: str) -> None:
    if places is not None and row.values["vacancies_stated"] > places:
        row.note("vacancies_stated", f"More vacancies than the {places} places of the registration.")
    if status == "ended":
        row.note("urn", "The registration of this setting has ended.")
    if row.values.get("min_age", 0) > row.values.get("max_age", 25):
        row.note("min_age", "The youngest age is above the oldest.")
