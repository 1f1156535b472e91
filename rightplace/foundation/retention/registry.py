"""Which rows are about one person: found over every table from its keys, so that a new table is found by itself.

A table leads to a child (a household, a contract, a person) by its own key, by a plain number named after it (`child_id`), by
a path that the packaged table states, or through the nearest table that does. What a table holds nothing of is stated as “-”.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import ForeignObjectRel, QuerySet

from rightplace.foundation.retention.rules import tables_kept

TARGETS = {
    "child": "children.Child",
    "household": "carers.Household",
    "applicant": "fostering.Applicant",
    "contract": "contracts.Contract",
    "user": "access.User",
}
# Rows about a person are those that name the person; what hangs on a case a member of staff worked on is the child's.
DIRECT_ONLY = {"user"}
PLAIN = {
    "child": ("child_id",),
    "household": ("household_id",),
    "applicant": (),
    "contract": ("contract_id",),
    "user": ("user_id", "actor_id", "made_by_id"),
}
NOT_ABOUT = "-"
UNPLACED = "unplaced"
FILES = "files.StoredFile"


def tables() -> Iterator[type[models.Model]]:
    """Every table there is, of ours and of the libraries."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield model


def unplaced() -> list[str]:
    """Tables that no row of the packaged table places: a new table must say what kind of record it is."""
    return sorted(model._meta.label for model in tables() if model._meta.label not in tables_kept())


def kind_of(model: type[models.Model]) -> str:
    """The kind of record that a table is."""
    kept = tables_kept().get(model._meta.label)
    return kept.kind if kept else UNPLACED


@cache
def paths_to(subject_kind: str) -> Mapping[type[models.Model], tuple[str, ...]]:
    """For each table that leads to the subject: the look-ups from its rows to the subject's number."""
    found: dict[type[models.Model], tuple[str, ...]] = {}
    for model in tables():
        if paths := _own_paths(model, subject_kind):
            found[model] = paths
    if subject_kind not in DIRECT_ONLY:
        _follow(found)
        _add_files(found)
    return {model: paths for model, paths in found.items() if paths != (NOT_ABOUT,)}


def _own_paths(model: type[models.Model], subject_kind: str) -> tuple[str, ...]:
    """The paths that the table states, or those of its own keys and plain numbers."""
    kept = tables_kept().get(model._meta.label)
    stated: tuple[str, ...] = getattr(kept, subject_kind, ()) if kept else ()
    if stated:
        return stated
    target = apps.get_model(TARGETS[subject_kind])
    if model is target:
        return ("pk",)
    keys = [f.name for f in model._meta.fields if f.related_model is target]
    plain = [f.name for f in model._meta.fields if f.name in PLAIN[subject_kind] and not f.is_relation]
    return (*keys, *plain)


def _follow(found: dict[type[models.Model], tuple[str, ...]]) -> None:
    """Add the tables whose rows hang on one that is found, nearest first, by every key that leads there."""
    while True:
        nearer = {}
        for model in tables():
            if model not in found and (paths := _through_keys(model, found)):
                nearer[model] = paths
        if not nearer:
            return
        found.update(nearer)


def _through_keys(
    model: type[models.Model], found: Mapping[type[models.Model], tuple[str, ...]]
) -> tuple[str, ...]:
    """The paths through keys of this table; a file is no way to a record, the record is the way to its file."""
    paths = []
    for field in model._meta.fields:
        there = field.related_model
        if field.is_relation and isinstance(there, type) and there._meta.label != FILES:
            paths += [_joined(field.name, path) for path in found.get(there, ()) if path != NOT_ABOUT]
    return tuple(paths)


def _add_files(found: dict[type[models.Model], tuple[str, ...]]) -> None:
    """A stored file is about whom the rows that refer to it are about: “@table.key:path from that table”."""
    files = apps.get_model(FILES)
    paths = []
    for there, key in referring(files):
        paths += [f"@{there._meta.label}.{key}:{path}" for path in found.get(there, ()) if path != NOT_ABOUT]
    if paths:
        found[files] = tuple(paths)


def referring(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Every table with a key to this one, with the name of the key; also those that cannot be asked from this side."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many
    ]


def through(path: str) -> tuple[type[models.Model], str, str]:
    """The table, its key and the path from it, of a path that goes through the rows that refer to a file."""
    label, path = path.removeprefix("@").split(":")
    table, _, key = label.rpartition(".")
    return apps.get_model(table), key, path


def by_path(model: type[models.Model], path: str, subject_id: int) -> QuerySet[models.Model]:
    """The rows of a table that one path leads from to the subject, as a query of their numbers."""
    if path.startswith("@"):
        there, key, rest = through(path)
        return model._base_manager.filter(pk__in=there._base_manager.filter(**{rest: subject_id}).values(key))
    return model._base_manager.filter(**{path: subject_id})


def _joined(name: str, path: str) -> str:
    return name if path == "pk" else f"{name}__{path}"


def rows_about(model: type[models.Model], subject_kind: str, subject_id: int) -> QuerySet[models.Model]:
    """The rows of a table that are about the subject, each once, by number."""
    numbers: set[int] = set()
    for path in paths_to(subject_kind).get(model, ()):
        # Each path by itself and read at once: joined into one query, ways through many rows would multiply.
        numbers.update(by_path(model, path, subject_id).order_by().values_list("pk", flat=True))
    return model._base_manager.filter(pk__in=numbers).order_by("pk")


def record_of(subject_kind: str, subject_id: int) -> dict[type[models.Model], list[int]]:
    """Every row about the subject, by table: the numbers of the rows."""
    found = {}
    for model in paths_to(subject_kind):
        numbers = list(rows_about(model, subject_kind, subject_id).values_list("pk", flat=True))
        if numbers:
            found[model] = numbers
    return found
