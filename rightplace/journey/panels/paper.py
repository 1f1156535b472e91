"""A panel's papers as PDF: typst draws the parts; words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.drawing import draw_pdf
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.contracts.document import Block, Document, Section, as_json, clean

TEMPLATE = Path(__file__).parent / "paper.typ"
SYNTHETIC = "Demonstration: everybody in this document is invented."


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of a paper, at level 1 or 2, perhaps on a new page."""

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    is_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """Papers or minutes: title, when, of which authority, a mark for each page, and the parts."""

    title: str
    when: str
    authority: str
    mark: str
    note: str
    parts: tuple[Part, ...]


def paper_pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1); the same values give the same bytes."""
    return draw_pdf(TEMPLATE, _cleaned(_given(paper)))


def _cleaned(value: Any) -> Any:
    """Every text within without control characters and odd line ends."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return value


def _given(paper: Paper) -> dict[str, Any]:
    sections = tuple(Section(part.heading, part.blocks) for part in paper.parts)
    drawn = as_json(Document(paper.title, paper.mark, paper.authority, sections))["sections"]
    for section, part in zip(drawn, paper.parts, strict=True):
        section |= {"level": part.level, "new_page": part.is_new_page}
    return {
        "title": paper.title, "when": paper.when, "authority": paper.authority, "mark": paper.mark, "note": paper.note,
        "sections": drawn,
    }  # fmt: skip


def kept_file(paper: Paper, name: str, *, authority_id: int, by: Actor, now: datetime) -> StoredFile:
    """The paper drawn and kept, with its SHA-256."""
    content = paper_pdf(paper)
    return StoredFile.objects.create(
        authority_id=authority_id,
        name=name,
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=now,
        made_by=by.name,
    )
