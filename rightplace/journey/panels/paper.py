"""A panel's papers as PDF: typst draws the parts; words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.contracts.document import Block, Document, Section, as_json, clean

TEMPLATE = Path(__file__).parent / "paper.typ"
# What the fonts at hand draw for certain: Latin, Greek and Cyrillic letters, general punctuation and signs of currency.
DRAWN = r"\n\u0020-\u007e\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u20a0-\u20bf"
UNDRAWN = re.compile(f"[^{DRAWN}]")
SQUARE = "\u25a1"
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
    """The paper as a tagged PDF (PDF/UA-1); the same values give the same bytes.

    A letter that the fonts at hand cannot draw, as of a script they do not hold, is shown as a square: an accessible PDF
    may hold no letter without a drawing.
    """
    import typst  # here, so that no page that draws no PDF loads it

    try:
        return _compiled(paper, plain=False)
    except typst.TypstError:
        return _compiled(paper, plain=True)


def _compiled(paper: Paper, *, plain: bool) -> bytes:
    import typst

    text = json.dumps(_cleaned(_given(paper), plain))
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"document": text},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def _cleaned(value: Any, plain: bool) -> Any:
    """Every text within without control characters; `plain`, without letters that may have no drawing."""
    if isinstance(value, str):
        return UNDRAWN.sub(SQUARE, clean(value)) if plain else clean(value)
    if isinstance(value, list):
        return [_cleaned(one, plain) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one, plain) for key, one in value.items()}
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
