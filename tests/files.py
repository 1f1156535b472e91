"""Real small files for tests that send one: what only begins like a PDF or a picture is refused."""

from __future__ import annotations

import io

from PIL import Image
from pypdf import PdfWriter


def pdf(words: str = "", **metadata: str) -> bytes:
    """A PDF of one empty page; with a title or author where given."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    if words or metadata:
        writer.add_metadata({"/Title": words, **{f"/{name}": value for name, value in metadata.items()}})
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def picture(kind: str = "PNG", *, size: tuple[int, int] = (8, 8), artist: str = "") -> bytes:
    """A small picture; with a name in its EXIF where given."""
    kept = io.BytesIO()
    made = Image.new("RGB", size, (0, 120, 80))
    exif = Image.Exif()
    if artist:
        exif[0x013B], exif[0x010E] = artist, artist
    made.save(kept, kind, exif=exif)
    return kept.getvalue()


PDF = pdf()
PNG = picture()
JPEG = picture("JPEG")
