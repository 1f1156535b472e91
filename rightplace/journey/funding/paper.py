"""A document on paper: typst draws its parts as a tagged PDF; words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

from pathlib import Path

from rightplace.foundation.files.drawing import draw_pdf
from rightplace.journey.contracts.document import Document, as_json

TEMPLATE = Path(__file__).parent / "paper.typ"


def draw(document: Document, *, note: str = "") -> bytes:
    """The document as a PDF for print and for readers (PDF/UA-1); `note` stands at the foot of each page.

    The same values give the same bytes.
    """
    return draw_pdf(TEMPLATE, {**as_json(document), "note": note})
