"""The bundle: a page to read, every table as CSV and JSON, the stored files; what the review hid is hidden everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from django.utils import timezone

from rightplace.foundation.retention.models import SUBJECTS, Redaction, SubjectPart, SubjectRequest
from rightplace.foundation.retention.rules import tables_kept
from rightplace.foundation.retention.subject.gathering import CHUNK, Chunk, chained, read_chunk
from rightplace.foundation.retention.subject.hiding import Hider
from rightplace.foundation.retention.subject.reading import ROW

ROWS_ON_PAGE = 200
_DANGEROUS = re.compile(r"\s*[=+\-@\t\r]")
STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{border-bottom:1px solid #bbb;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}h2{margin-top:2.5rem}summary{cursor:pointer}.quiet{color:#505a5f}"
)


class Changed(Exception):
    """The record has changed since it was gathered: what nobody reviewed must not leave."""


def build_bundle(request: SubjectRequest, now: datetime) -> bytes:
    """The bundle as the bytes of a zip; Changed when the rows are not those that were reviewed."""
    hider = Hider(
        request.redactions.filter(kind="words").exclude(verdict="show").values_list("text", flat=True)
    )
    closed = set(
        Redaction.objects.filter(request=request, kind="file")
        .exclude(verdict="show")
        .values_list("file_id", flat=True)
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        sections = [
            _add_table(archive, request, part, hider, closed) for part in request.parts.order_by("pk")
        ]
        archive.writestr("index.html", _page(request, [one for one in sections if one], now))
    return kept.getvalue()


def _add_table(
    archive: zipfile.ZipFile,
    request: SubjectRequest,
    part: SubjectPart,
    hider: Hider,
    closed: set[int | None],
) -> str:
    """One table into the archive; its section of the page."""
    rows: list[dict[str, Any]] = []
    digest = ""
    for chunk in _chunks(request, part):
        digest = chained(digest, chunk)
        rows += [hider.hide_in(values) for values in chunk.rows]
        _add_files(archive, chunk, hider, closed)
    if digest != part.sha256:
        raise Changed(part.table)
    if not rows:
        return ""
    name = _file_name(part.table)
    archive.writestr(f"data/{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
    archive.writestr(f"data/{name}.csv", "\ufeff" + _csv(rows))
    return _section(part.table, name, rows)


def _chunks(request: SubjectRequest, part: SubjectPart) -> Iterator[Chunk]:
    after = 0
    while True:
        chunk = read_chunk(request, part.table, after=after, until=part.last_id, keep=True)
        yield chunk
        if len(chunk.rows) < CHUNK:
            return
        after = chunk.rows[-1][ROW]


def _add_files(archive: zipfile.ZipFile, chunk: Chunk, hider: Hider, closed: set[int | None]) -> None:
    """Files as they are where nothing of others stands in them; else their words with others hidden; or nothing."""
    names = {row[ROW]: hider.hide(str(row.get("name", "file"))) for row in chunk.rows}
    for number, content in chunk.contents.items():
        if number in closed:
            continue
        name = f"files/{number}-{re.sub(r'[^A-Za-z0-9._-]+', '-', names[number])}"
        words = chunk.words.get(number)
        hidden = hider.hide(words) if words is not None else None
        if hidden == words:
            archive.writestr(name, content)
        else:
            archive.writestr(f"{name}.words.txt", hidden or "")


def _csv(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name, "")) for name in names] for row in rows)
    return kept.getvalue()


def _cell(value: Any) -> str:
    text = _in_words(value)
    return f"'{text}" if _DANGEROUS.match(text) else text


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_in_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_in_words(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _file_name(table: str) -> str:
    return table.replace(".", "-").lower()


def _section(table: str, name: str, rows: list[dict[str, Any]]) -> str:
    why = escape(tables_kept()[table].why_held)
    count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
    shown = "".join(_row(row) for row in rows[:ROWS_ON_PAGE])
    more = (
        ""
        if len(rows) <= ROWS_ON_PAGE
        else f'<p class="quiet">The first {ROWS_ON_PAGE} rows; all are in the files.</p>'
    )
    links = f'<a href="data/{name}.csv">CSV</a> · <a href="data/{name}.json">JSON</a>'
    return f"<h2>{why}</h2><p class='quiet'>{count} · {links}</p><details><summary>Show</summary>{shown}{more}</details>"


def _row(row: Mapping[str, Any]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name.replace('_', ' ').capitalize())}</th><td>{escape(_in_words(value))}</td></tr>"
        for name, value in row.items()
    )
    return f"<table>{cells}</table>"


def _page(request: SubjectRequest, sections: list[str], now: datetime) -> str:
    day = f"{timezone.localtime(now):%-d %B %Y}"
    what = SUBJECTS[request.subject_kind].lower()
    hidden = request.redactions.exclude(verdict="show").count()
    return (
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{request.reference}</title><style>{STYLE}</style>'
        f"<h1>What {escape(str(request.authority))} holds</h1>"
        f"<p>In answer to request {request.reference}, received on {request.received_on:%-d %B %Y}, about {what} number "
        f"{request.subject_id}. Put together on {day}.</p>"
        f"<p>Words about other people are hidden in {hidden} places where telling you would tell of them (Data Protection "
        "Act 2018, schedule 2, paragraph 16). You may ask for a fact to be put right, or complain to the Information "
        "Commissioner.</p>"
        f"<p>The folder “data” holds every table as CSV and JSON; “files” the documents. {FILES_WORDS}</p>"
        f"{''.join(sections)}</html>"
    )


FILES_WORDS = "Where a document speaks of others, its words are given with theirs hidden."
