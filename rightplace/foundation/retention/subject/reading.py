"""Rows as plain values that a person can read: what each column says, without keys, hashes or the bytes of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.foundation.retention.registry import kind_of, paths_to, rows_about
from rightplace.foundation.retention.rules import tables_kept

# Keys of sign-in, of forms and of jobs tell nothing about a person; requests for data are answered elsewhere.
LEFT_OUT = frozenset({"session", "submission", "job", "subject_request", "library", "organisation"})
# Names that may stand: homes and organisations are public facts, staff act for the authority (DPA 2018, sch 2, para 17).
NAMED = frozenset(
    {"access.User", "organisations.Provider", "organisations.Authority", "organisations.Team", "providers.Setting"}
)  # fmt: skip
# The number of the row itself; no column has a space in its name (shares of costs have one called “row”).
ROW = "row number"
HIDDEN_COLUMNS = frozenset({"password", "key", "hash", "previous_hash", "content", "secret_sha256"})


def tables_about(subject_kind: str) -> list[type[models.Model]]:
    """The tables that can hold rows about such a person, in a fixed order."""
    found = [model for model in paths_to(subject_kind) if kind_of(model) not in LEFT_OUT]
    order = {label: place for place, label in enumerate(tables_kept())}
    return sorted(found, key=lambda model: (order.get(model._meta.label, len(order)), model._meta.label))


def rows_after(
    model: type[models.Model], subject_kind: str, subject_id: int, *, after: int, until: int | None = None
) -> QuerySet[Any]:
    """The rows about the person with a number above `after` (and up to `until`), in order; the bytes of files left out."""
    rows = rows_about(model, subject_kind, subject_id).filter(pk__gt=after)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    heavy = [field.name for field in model._meta.fields if isinstance(field, models.BinaryField)]
    return rows.defer(*heavy) if heavy else rows


def values_of(row: models.Model) -> dict[str, Any]:
    """The columns of a row by name, as plain values for JSON; empty ones are left out."""
    found: dict[str, Any] = {ROW: row.pk}
    for field in row._meta.fields:
        if field.primary_key or field.name in HIDDEN_COLUMNS or isinstance(field, models.BinaryField):
            continue
        value = _key(field, row) if field.is_relation else plain(getattr(row, field.attname))
        if value not in (None, "", [], {}):
            found[field.name] = value
    return found


def plain(value: Any) -> Any:
    """A value as JSON holds it: days and moments in words of ISO, ranges as two days."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date | Decimal):
        return str(value)
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return [plain(value.lower), plain(value.upper)]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _key(field: Any, row: models.Model) -> str | None:
    number = getattr(row, field.attname)
    if number is None:
        return None
    label = field.related_model._meta.label
    if label in NAMED:
        return names_of(label).get(number) or f"number {number}"
    return f"{field.related_model._meta.verbose_name} {number}"


@cache
def _names(label: str) -> dict[int, str]:
    from django.apps import apps

    return {row.pk: str(row) for row in apps.get_model(label)._base_manager.all().iterator()}


def names_of(label: str) -> dict[int, str]:
    """The names of the rows of a table that may be named, read once for a run."""
    return _names(label)


def forget_names() -> None:
    """Read names anew in the next run."""
    _names.cache_clear()


def texts_in(values: Any) -> Iterator[str]:
    """Every text that stands in plain values, wherever."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, Mapping):
        for one in values.values():
            yield from texts_in(one)
    elif isinstance(values, list):
        for one in values:
            yield from texts_in(one)
