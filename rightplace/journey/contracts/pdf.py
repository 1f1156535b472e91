"""The contract on paper: typst draws the document's parts; words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rightplace.foundation.files.drawing import draw_pdf

TEMPLATE = Path(__file__).parent / "contract.typ"


@dataclass(frozen=True, slots=True)
class Mark:
    """One side's place for a signature; without a name it is still empty."""

    party: str
    name: str = ""
    at: str = ""
    text_sha256: str = ""


def contract_pdf(document: dict[str, Any], *, text_sha256: str, signatures: Sequence[Mark]) -> bytes:
    """The document (as `document.as_json` gives it) as a tagged PDF; the same values give the same bytes."""
    given = {**document, "text_sha256": text_sha256, "signatures": [asdict(mark) for mark in signatures]}
    return draw_pdf(TEMPLATE, given)
