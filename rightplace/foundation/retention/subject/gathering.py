"""Gathering: table by table, in chunks that may stop anywhere and be taken up, with the words that may be about others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F

from rightplace.core.free_text import Span
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.retention.models import Redaction, SubjectMention, SubjectPart, SubjectRequest
from rightplace.foundation.retention.subject.documents import words_in
from rightplace.foundation.retention.subject.others import Others, others_of
from rightplace.foundation.retention.subject.reading import ROW, rows_after, tables_about, texts_in, values_of

CHUNK = 200
LONGEST = 300
MOST_CONTEXTS = 3
FILES = "files.StoredFile"


def begin(request: SubjectRequest) -> None:
    """Lay out the tables to read; safe to repeat."""
    SubjectPart.objects.bulk_create(
        [
            SubjectPart(authority_id=request.authority_id, request=request, table=model._meta.label)
            for model in tables_about(request.subject_kind)
        ],
        ignore_conflicts=True,
    )


def gather_chunk(request: SubjectRequest, others: Others | None = None) -> bool:
    """Read the next chunk of the first table that is not done, in the transaction of the caller; False when all are."""
    part = request.parts.select_for_update().filter(is_done=False).order_by("pk").first()
    if part is None:
        return False
    found = others or others_of(request.subject_kind, request.subject_id, request.authority_id)
    chunk = read_chunk(request, part.table, after=part.last_id)
    _flag(request, _flagged(chunk, found), chunk.unreadable)
    _mention(request, found.near.union(*(found.children_in(text) for text in _texts(chunk))))
    part.rows += len(chunk.rows)
    part.last_id = chunk.rows[-1][ROW] if chunk.rows else part.last_id
    part.sha256 = chained(part.sha256, chunk)
    part.is_done = len(chunk.rows) < CHUNK
    part.save()
    return True


@dataclass(slots=True)
class Chunk:
    """Some rows of one table: their values, the words of files by number, and files that only a person can read."""

    rows: list[dict[str, Any]]
    words: dict[int, str] = field(default_factory=dict)
    unreadable: dict[int, str] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)


def read_chunk(
    request: SubjectRequest, table: str, *, after: int, until: int | None = None, keep: bool = False
) -> Chunk:
    """The next rows of a table about the person; of files also their words, and their bytes where they are kept."""
    model = model_of(request, table)
    rows = rows_after(model, request.subject_kind, request.subject_id, after=after, until=until)[:CHUNK]
    found = list(rows)
    chunk = Chunk([values_of(row) for row in found])
    if table == FILES:
        _read_files(chunk, found, keep)
    return chunk


def model_of(request: SubjectRequest, table: str) -> type[models.Model]:
    """The table of this label, among those that may be read."""
    return next(model for model in tables_about(request.subject_kind) if model._meta.label == table)


def _read_files(chunk: Chunk, rows: Iterable[Any], keep: bool) -> None:
    contents = dict(StoredFile.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "content"))
    for row in rows:
        content = bytes(contents[row.pk])
        words = words_in(content, row.media_type)
        if words is None:
            chunk.unreadable[row.pk] = row.name
        else:
            chunk.words[row.pk] = words
        if keep:
            chunk.contents[row.pk] = content


def chained(before: str, chunk: Chunk) -> str:
    """The hash of all that was read so far of a table: of what was before and of this chunk."""
    written = json.dumps([chunk.rows, chunk.words, sorted(chunk.unreadable)], sort_keys=True)
    return hashlib.sha256(f"{before}{written}".encode()).hexdigest()


def _texts(chunk: Chunk) -> Iterator[str]:
    """Every text of some rows, and the words of their files."""
    for values in chunk.rows:
        yield from texts_in({name: value for name, value in values.items() if name != "sha256"})
    yield from chunk.words.values()


def _flagged(chunk: Chunk, others: Others) -> Iterator[tuple[Span, str]]:
    for text in _texts(chunk):
        yield from ((span, text) for span in others.spans_in(text))


def _mention(request: SubjectRequest, children: Iterable[int]) -> None:
    """Keep of which other children the record may speak: should one's case be restricted, now or later, the words close."""
    SubjectMention.objects.bulk_create(
        [
            SubjectMention(authority_id=request.authority_id, request=request, child_id=key)
            for key in sorted(children)
        ],
        ignore_conflicts=True,
    )


def _flag(request: SubjectRequest, found: Iterable[tuple[Span, str]], unreadable: dict[int, str]) -> None:
    """Add what was flagged to the review: each stretch of words once, with how often and where."""
    gathered: dict[str, Redaction] = {}
    for span, text in found:
        key = " ".join(span.text.split())[:LONGEST]
        row = gathered.get(key.casefold())
        if row is None:
            row = Redaction(
                authority_id=request.authority_id, request=request, text=key, why=span.why, times=0
            )
            row.contexts = []
            gathered[key.casefold()] = row
        row.times += 1
        if len(row.contexts) < MOST_CONTEXTS:
            row.contexts.append(_around(text, span))
    _merge(request, gathered)
    Redaction.objects.bulk_create(
        [
            Redaction(
                authority_id=request.authority_id,
                request=request,
                kind="file",
                text=f"{name} (file {number})"[:LONGEST],
                file_id=number,
                why="A file whose words cannot be read: look at it",
            )
            for number, name in unreadable.items()
        ],
        ignore_conflicts=True,
    )


def _merge(request: SubjectRequest, gathered: dict[str, Redaction]) -> None:
    held = {row.text.casefold(): row for row in request.redactions.filter(kind="words")} if gathered else {}
    new = []
    for key, row in gathered.items():
        if key in held:
            Redaction.objects.filter(pk=held[key].pk).update(times=F("times") + row.times)
        else:
            new.append(row)
    Redaction.objects.bulk_create(new, ignore_conflicts=True)


def _around(text: str, span: Span, reach: int = 50) -> str:
    lead, tail = "…" if span.start > reach else "", "…" if span.end + reach < len(text) else ""
    return f"{lead}{' '.join(text[max(0, span.start - reach) : span.end + reach].split())}{tail}"
