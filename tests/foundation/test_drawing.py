"""Whatever somebody has typed, the paper is made: what the fonts cannot draw stands as a square."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from rightplace.foundation.files.drawing import SQUARE
from rightplace.foundation.retention.certificate import certificate_pdf
from rightplace.journey.contracts.document import Document, Facts, Grid, Section, Words, as_json
from rightplace.journey.contracts.pdf import Mark, contract_pdf
from rightplace.journey.funding.paper import draw
from rightplace.journey.panels.paper import Paper, Part, paper_pdf

ODD = (
    "Happy \U0001f600 at home",
    "\u4f60\u597d",
    "a\x00b\x07c",
    "\u0627\u0644",
    "\U0001f468\u200d\U0001f469",
)
DRAWN = "Zo\u00eb O\u2019Brien \u2013 \u20ac5, \u0141\u00f3d\u017a, \u041a\u0438\u0457\u0432"


def blocks(words: str) -> tuple[Words, Facts, Grid]:
    grid = Grid("Prices", ("For", "Pence"), ((words, "1"),))
    return (Words(words), Facts(((words, words),)), grid)


def document(words: str) -> Document:
    return Document(words, "IPC-000001", words, (Section(words, blocks(words)),))


def contract(words: str) -> bytes:
    marks = (Mark(words, words, "today", "0" * 64), Mark("For the provider"))
    return contract_pdf(as_json(document(words)), text_sha256="0" * 64, signatures=marks)


def paper(words: str) -> bytes:
    return paper_pdf(Paper(words, "today", words, "mark", "note", (Part(words, blocks(words)),)))


def certificate(words: str) -> bytes:
    facts = {
        "reference": "D-1", "authority": words, "agreed": [words, ""], "finished": "today", "counts": {words: 1}, "rows": 1,
        "items": [[words] * 6],
    }  # fmt: skip
    return certificate_pdf(facts, "0" * 64)


PAPERS: dict[str, Callable[[str], bytes]] = {
    "certificate": certificate,
    "contract": contract,
    "panel paper": paper,
    "funding form": lambda words: draw(document(words), note=words),
}


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_an_emoji_or_another_script_does_not_stop_a_paper(kind: str) -> None:
    """All at once: each alone would only be slower."""
    made = PAPERS[kind](" ".join(ODD))
    assert made == PAPERS[kind](" ".join(ODD))
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert SQUARE in words
    assert "at home" in words


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_what_the_fonts_can_draw_is_drawn(kind: str) -> None:
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(PAPERS[kind](DRAWN))).pages)
    assert SQUARE not in words
    assert "Zoë O’Brien" in words
