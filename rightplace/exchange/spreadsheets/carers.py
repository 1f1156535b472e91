"""Own carers from a tracker: households by reference, and their terms of approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.exchange.bulk import insert_rows, update_rows
from rightplace.exchange.spreadsheets.reading import TrackerRow
from rightplace.foundation.reference.places import locate
from rightplace.register.carers.models import Approval, Household

TERMS = ("places", "min_age", "max_age", "sexes")
_DEFAULT_TERMS = {"min_age": 0, "max_age": 17, "sexes": ""}


def decide(rows: Sequence[TrackerRow], *, authority_id: int, today: date) -> None:
    """Say of each row what an import does with it, and note ages that are out of order."""
    households = Household.objects.filter(authority_id=authority_id)
    held: dict[str, Household] = {household.reference: household for household in households}
    terms = _terms_held(authority_id, today)
    for row in rows:
        youngest, oldest = row.values.get("min_age", 0), row.values.get("max_age", 17)
        if youngest > oldest:
            row.note("min_age", "The youngest age is above the oldest.")
        if row.is_bad:
            row.deed = "bad"
            continue
        known = held.get(row.values["reference"])
        if known is None:
            row.deed = "add"
        else:
            is_same = all(getattr(known, name) == value for name, value in _household(row).items())
            is_same = is_same and _terms(row, terms.get(known.pk)) == terms.get(known.pk)
            row.deed = "same" if is_same else "change"


def write(rows: Sequence[TrackerRow], *, authority_id: int, today: date) -> None:
    """Write the households and approvals of rows that add or change."""
    new = [row for row in rows if row.deed == "add"]
    default = Household()
    blank = {name: getattr(default, name) for row in new for name in _household(row)}
    insert_rows(Household, [{**blank, **_household(row), "authority_id": authority_id} for row in new])
    ids = dict(Household.objects.filter(authority_id=authority_id).values_list("reference", "id"))
    for row in rows:
        if row.deed == "change":
            update_rows(Household, [{"id": ids[row.values["reference"]], **_household(row)}], add=["version"])
        if row.deed in ("add", "change"):
            _write_terms(row, ids[row.values["reference"]], authority_id, today)


def _household(row: TrackerRow) -> dict[str, Any]:
    """The columns of the household that a row states, with its place by postcode."""
    values = {name: value for name, value in row.values.items() if name not in (*TERMS, "approved_on")}
    if "postcode" in values:
        located = locate(values["postcode"])
        values["latitude"] = located.point.latitude if located else None
        values["longitude"] = located.point.longitude if located else None
        values["located_by"] = str(located.precision) if located else ""
    return values


def _terms_held(authority_id: int, today: date) -> dict[int, dict[str, Any]]:
    rows = Approval.objects.filter(authority_id=authority_id, period__contains=today)
    return {
        row["household_id"]: {name: row[name] for name in TERMS}
        for row in rows.values("household_id", *TERMS)
    }


def _terms(row: TrackerRow, held: dict[str, Any] | None) -> dict[str, Any]:
    return {
        **_DEFAULT_TERMS,
        **(held or {}),
        **{name: row.values[name] for name in TERMS if name in row.values},
    }


def _write_terms(row: TrackerRow, household_id: int, authority_id: int, today: date) -> None:
    """New terms end the old ones on the day they begin; terms said to begin no later than the old correct them."""
    held = Approval.objects.filter(household_id=household_id, period__contains=today).first()
    terms = _terms(row, {name: getattr(held, name) for name in TERMS} if held else None)
    starts_on = row.values.get("approved_on") or today
    if held is None:
        period = DateRange(min(starts_on, today), None)
        Approval.objects.create(authority_id=authority_id, household_id=household_id, period=period, **terms)
    elif held.period.lower < starts_on <= today and terms != {name: getattr(held, name) for name in TERMS}:
        ends_on = held.period.upper
        Approval.objects.filter(pk=held.pk).update(period=DateRange(held.period.lower, starts_on))
        period = DateRange(starts_on, ends_on)
        Approval.objects.create(authority_id=authority_id, household_id=household_id, period=period, **terms)
    else:
        Approval.objects.filter(pk=held.pk).update(**terms)
