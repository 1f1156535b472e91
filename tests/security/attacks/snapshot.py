"""What a form wrote, in a shape in which two runs of the same form can be compared."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.apps import apps
from django.db import models

# Rows that every form leaves: its key, its session, the trail (whose words are compared, not its links).
BESIDE = {"django_session", "access_submission", "audit_auditchain"}
# The trail's words and numbers name rows; what it says of who, what and where is compared.
OF_THE_TRAIL = {"details", "words", "subject_id", "number", "hash", "previous_hash"}
# References and addresses of rows, moments, digests and secrets of links within words; not a moment of the year that is planted.
DRAWN_WORDS = re.compile(
    r"\b(?!2099)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
    r"|\b[A-Z]{2}-[0-9A-Z]{6}\b|/\d+/|\bpayable:\d+|\bsource_id=\d+|key': '\w+:\d+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b"
    r"|\b[0-9a-f]{32,64}\b|[\w-]+:[\w-]{6}:[\w-]{43}"
)
PLANTED_YEAR = 2099


def rows_of(tables: set[str], known: dict[str, int]) -> Counter[str]:
    """The rows of these tables, without what is drawn anew each time (moments, keys, digests, numbers of new rows)."""
    found: Counter[str] = Counter()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in tables - BESIDE:
            for row in model._base_manager.all():
                found[_said(model, row, known)] += 1
    return found


def numbers() -> dict[str, int]:
    """The highest row number of each table, to tell new rows from those that were there."""
    return {
        model._meta.db_table: model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        for model in apps.get_models()
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    }


def _said(model: type[models.Model], row: models.Model, known: dict[str, int]) -> str:
    is_trail = model._meta.db_table.startswith("audit_")
    said = [model._meta.db_table]
    for field in model._meta.concrete_fields:
        if not (is_trail and field.name in OF_THE_TRAIL) and "sha256" not in field.name:
            said.append(f"{field.name}={_kept(field, getattr(row, field.attname), known)}")
    return DRAWN_WORDS.sub("…", " ".join(said))


def _kept(field: models.Field[Any, Any], value: Any, known: dict[str, int]) -> Any:
    if isinstance(field, models.DateTimeField):
        return value if value and value.year == PLANTED_YEAR else "moment"
    if isinstance(field, models.UUIDField | models.BinaryField):
        return "drawn"
    pointed = (
        field.related_model
        if isinstance(field, models.ForeignKey)
        else field.model
        if field.primary_key
        else None
    )
    if pointed is not None and isinstance(value, int):
        return "new" if value > known.get(pointed._meta.db_table, 0) else value
    return value
