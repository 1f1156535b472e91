"""The words in stored files, as far as they can be read: a picture can only be looked at by a person."""

from __future__ import annotations

import io
import zipfile

MOST_CHARACTERS = 2_000_000
PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def words_in(content: bytes, media_type: str) -> str | None:
    """The words of a file; None where only a person can read it (a picture, a scan, a damaged file)."""
    try:
        if media_type == PDF or content[:5] == b"%PDF-":
            return _pdf(content)
        if content[:4] == b"PK\x03\x04":
            return _workbook(content)
        if media_type.startswith("image/"):
            return None
        return content.decode("utf-8")[:MOST_CHARACTERS]
    except (UnicodeDecodeError, ValueError, OSError, KeyError, zipfile.BadZipFile):
        return None


def _pdf(content: bytes) -> str | None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(io.BytesIO(content)).pages
        words = "\n".join(page.extract_text() for page in pages)
    except PyPdfError:
        return None
    # A page without words is a scan: a person must look at it.
    return words[:MOST_CHARACTERS] if words.strip() else None


def _workbook(content: bytes) -> str | None:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except CalamineError:
        return None
    lines = ("\t".join(str(cell) for cell in row) for sheet in sheets for row in sheet)
    return "\n".join(lines)[:MOST_CHARACTERS]
