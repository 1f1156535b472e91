"""A document on paper: typst draws its parts as a tagged PDF; words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

import json
from pathlib import Path

from rightplace.journey.contracts.document import Document, as_json

TEMPLATE = Path(__file__).parent / "paper.typ"


def draw(document: Document, *, note: str = "") -> bytes:
    """The document as a PDF for print and for readers (PDF/UA-1); `note` stands at the foot of each page.

    The same values give the same bytes.
    """
    import typst  # here, so that no page that draws no PDF loads it

    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"document": json.dumps({**as_json(document), "note": note})},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)
