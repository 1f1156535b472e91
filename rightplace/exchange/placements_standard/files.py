"""The standard's files: JSON by our published schema, and one flat CSV of the same records."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rightplace.exchange.placements_standard.gathering import flat
from rightplace.exchange.placements_standard.record import Record
from rightplace.exchange.placements_standard.schema import EXTENSIONS, LEFT_OUT, fields, schema
from rightplace.exchange.sheets import HandedFile, Sheet, Span

NAME = "placements-standard-v2"
COLUMNS = (
    *(field["name"] for _, field in fields() if field["name"] not in LEFT_OUT),
    *EXTENSIONS["properties"],
)


def json_file(records: Sequence[Record], span: Span) -> HandedFile:
    """The records as the schema has them."""
    content = {"standard": "Placements Data Standard", "version": "v2", "records": list(records)}
    return HandedFile(f"{NAME}-{span.slug}.json", "application/json", _json(content))


def schema_file() -> HandedFile:
    """The schema that the JSON keeps to."""
    return HandedFile(f"{NAME}.schema.json", "application/schema+json", _json(schema()))


def sheet(records: Sequence[Record]) -> Sheet:
    """The same records in one table: one row a placement, one column a field."""
    rows = tuple(tuple(row.get(name, "") for name in COLUMNS) for row in flat(records))
    return Sheet(
        NAME, "Placements Data Standard v2", COLUMNS, rows,
        "One row for each placement that began in the time and was agreed through a request.",
    )  # fmt: skip


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
