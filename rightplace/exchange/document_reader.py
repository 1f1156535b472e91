"""The child process that opens a Word document: bytes in, its tables as sheets of text out, within stated memory and time.

Run as `python -m rightplace.exchange.document_reader MEMORY SECONDS ROWS COLUMNS`, with the exits of `workbook_reader`. Only
`word/document.xml` is read; definitions of entities were refused before (`foundation/files/archives`).
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from rightplace.exchange.workbook_reader import CANNOT_READ, TOO_MANY

DOCUMENT = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def main(arguments: list[str]) -> int:
    """Read the document on standard input; write `[[name, rows of text]]` of its tables to standard output."""
    memory, seconds, rows, columns = (int(argument) for argument in arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as archive:
            found = tables_of(archive.read(DOCUMENT))
    except (zipfile.BadZipFile, KeyError, ParseError, ValueError):
        return CANNOT_READ
    if any(len(table) > rows or any(len(row) > columns for row in table) for table in found):
        return TOO_MANY
    json.dump([[f"Table {number}", table] for number, table in enumerate(found, start=1)], sys.stdout)
    return 0


def tables_of(document: bytes) -> list[list[list[str]]]:
    """Every table of the document in order, as rows of text; a cell over several columns leaves those after it empty."""
    root = fromstring(document, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    return [[list(_cells(row)) for row in table.iterfind(f"{WORD}tr")] for table in root.iter(f"{WORD}tbl")]


def _cells(row: Element) -> Iterator[str]:
    for cell in row.iterfind(f"{WORD}tc"):
        paragraphs = (
            "".join(one.text or "" for one in part.iter(f"{WORD}t")) for part in cell.iter(f"{WORD}p")
        )
        yield " ".join(filter(None, paragraphs)).replace("\x00", "")
        span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
        wide = span.get(f"{WORD}val", "1") if span is not None else "1"
        yield from [""] * (int(wide) - 1 if wide.isdecimal() and len(wide) < 4 else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
