"""Destroying one record: every row about it in every table, and nothing of anybody else's.

A row that brothers and sisters share goes with the last of them. A foster carer's household keeps its empty row, as the records
of children may speak of its number. The audit trail is not touched: it holds numbers and words that name no child, and what
names one is sealed under a key that goes with the record (see `sealing`).
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models import Count

from rightplace.foundation.retention.registry import (
    by_path,
    kind_of,
    paths_to,
    referring,
    rows_about,
    through,
)

NEVER_ERASED = frozenset(
    {"audit", "certificate", "staff_account", "organisation", "provider_record", "library"}
)
# What a panel decided on a contract's dearer variation is the child's record: it lets go of the contract and stays.
KEPT_LONGER = frozenset({("contract", "looked_after_child")})
EMPTIED: dict[str, dict[str, Any]] = {
    "carers.Household": {
        "carers": "", "address": "", "postcode": "", "latitude": None, "longitude": None, "located_by": "",
        "languages": [], "faiths": [], "ethnicity": "", "own_children_ages": [], "skills": [], "status": "left",
    },
}  # fmt: skip
Rows = dict[type[models.Model], set[int]]


class Stuck(Exception):
    """A record cannot go, because a row that stays needs it."""


def erase(subject_kind: str, subject_id: int) -> dict[str, int]:
    """Destroy every row of a record within the transaction: how many rows of which table.

    Stuck names the table whose rows would be left without what they need; then nothing of the record is touched.
    """
    doomed = _doomed(subject_kind, subject_id)
    for model, numbers in doomed.items():
        _let_go(model, numbers, doomed)
    counts = {}
    for model, numbers in doomed.items():
        rows = model._base_manager.filter(pk__in=numbers)
        if model._meta.label in EMPTIED:
            rows.update(**_emptied(model, subject_id))
        else:
            rows._raw_delete(rows.db)  # past Django's collector: every row is known here
        counts[model._meta.label] = len(numbers)
    _prove_whole()
    return dict(sorted(counts.items()))


def _doomed(subject_kind: str, subject_id: int) -> Rows:
    """The rows to destroy, by table."""
    found: Rows = {}
    for model in paths_to(subject_kind):
        if kind_of(model) in NEVER_ERASED or (subject_kind, kind_of(model)) in KEPT_LONGER:
            continue
        numbers = set(rows_about(model, subject_kind, subject_id).values_list("pk", flat=True))
        if subject_kind == "household" and kind_of(model) != "carer_household":
            continue
        if numbers := numbers - _shared(model, subject_kind, subject_id, numbers):
            found[model] = numbers
    return found


def _shared(model: type[models.Model], subject_kind: str, subject_id: int, numbers: set[int]) -> set[int]:
    """Rows that are about another such record too, by each way that leads to this one."""
    alone: set[int] = set()
    for path in paths_to(subject_kind)[model]:
        by_this_way = set(
            by_path(model, path, subject_id).filter(pk__in=numbers).values_list("pk", flat=True)
        )
        alone |= by_this_way - _of_several(model, path, by_this_way)
    return numbers - alone


def _of_several(model: type[models.Model], path: str, numbers: set[int]) -> set[int]:
    """Rows from which a path leads to more than one subject."""
    if path.startswith("@"):
        there, key, rest = through(path)
        rows = there._base_manager.filter(**{f"{key}__in": numbers}).values(key)
        return set(
            rows.annotate(rp_subjects=Count(rest, distinct=True))
            .filter(rp_subjects__gt=1)
            .values_list(key, flat=True)
        )
    counted = model._base_manager.filter(pk__in=numbers).annotate(rp_subjects=Count(path, distinct=True))
    return set(counted.filter(rp_subjects__gt=1).values_list("pk", flat=True))


def _let_go(model: type[models.Model], numbers: set[int], doomed: Rows) -> None:
    """Rows that stay let go of those that do not: a key that may be empty is emptied."""
    if model._meta.label in EMPTIED:
        return
    for there, key in referring(model):
        staying = there._base_manager.filter(**{f"{key}__in": numbers}).exclude(pk__in=doomed.get(there, ()))
        if not staying.exists():
            continue
        if not there._meta.get_field(key).null:
            raise Stuck(f"Rows of {there._meta.label} stay and need it.")
        staying.update(**{key: None})


def _emptied(model: type[models.Model], subject_id: int) -> dict[str, Any]:
    """What the columns of a row are set to that stays as a number only."""
    return {**EMPTIED[model._meta.label], "reference": f"destroyed {subject_id}"[:20]}


def _prove_whole() -> None:
    """Let the database check every key now, so that a record goes whole or not at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
