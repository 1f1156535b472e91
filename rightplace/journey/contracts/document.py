"""The contract as a document: headed sections of paragraphs, facts and tables; and the same in plain words.

Pure and deterministic: the same agreement always gives the same text, and the text is what both sides sign. Page and
PDF are drawn from the same parts, so that nothing can stand in one of them only.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; line breaks in it are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Keys and values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `numbers` names the columns of figures by place, `total` marks a last row that adds up."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    has_total: bool = False


Block = Words | Facts | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the contract."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole contract."""

    title: str
    reference: str
    authority: str
    sections: tuple[Section, ...]


def clean(text: str) -> str:
    """Text as people typed it, without control characters, odd line ends and space at the ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c for c in line.replace("\t", " ") if c.isprintable()).rstrip() for line in lines)
    return "\n".join(kept).strip()


def plain_text(document: Document) -> str:
    """The document in plain words, line by line; ends with one line break."""
    lines = [document.title, document.reference, document.authority]
    for number, section in enumerate(document.sections, 1):
        lines += ["", "", f"{number}. {section.heading}"]
        for block in section.blocks:
            lines += ["", *_lines(block)]
    return "\n".join(lines) + "\n"


def text_hash(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal: what a signature is for."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(document: Document) -> dict[str, Any]:
    """The document as plain values, to be kept and to be drawn."""
    return {
        "title": document.title,
        "reference": document.reference,
        "authority": document.authority,
        "sections": [
            {"heading": section.heading, "blocks": [_block_json(block) for block in section.blocks]}
            for section in document.sections
        ],
    }


def _block_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Words):
        return {"kind": "words", "text": block.text}
    if isinstance(block, Facts):
        return {"kind": "facts", "rows": [list(row) for row in block.rows]}
    return {
        "kind": "grid",
        "caption": block.caption,
        "head": list(block.head),
        "rows": [list(row) for row in block.rows],
        "numbers": list(block.numbers),
        "has_total": block.has_total,
    }


def _lines(block: Block) -> list[str]:
    if isinstance(block, Words):
        return [piece for line in block.text.split("\n") for piece in textwrap.wrap(line, WIDTH) or [""]]
    if isinstance(block, Facts):
        return [f"{key}: {_one_line(value)}" for key, value in block.rows]
    return _grid_lines(block)


def _grid_lines(grid: Grid) -> list[str]:
    """Short tables in columns; where a cell is long, each row as its own paragraph."""
    rows = [tuple(_one_line(cell) for cell in row) for row in grid.rows]
    widths = [max(len(row[place]) for row in [grid.head, *rows]) for place in range(len(grid.head))]
    if sum(widths) + 2 * len(widths) > WIDTH:
        return [grid.caption, *_row_paragraphs(grid.head, rows)]
    return [grid.caption, *(_aligned(row, widths, grid.numbers) for row in [grid.head, *rows])]


def _aligned(row: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if place in numbers else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def _row_paragraphs(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for row in rows:
        named = [f"{name}: {cell}" for name, cell in zip(head, row, strict=True) if cell]
        for place, line in enumerate(named):
            first = "- " if place == 0 else "  "
            lines += textwrap.wrap(line, WIDTH, initial_indent=first, subsequent_indent="  ")
    return lines


def _one_line(text: str) -> str:
    return " ".join(text.split())
