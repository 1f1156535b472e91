"""Looking into a packed file without unpacking it into memory: how large it truly is, what lies in it, whether it lies."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PIECE = 64 * 1024
NESTED = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
# What starts definitions of entities, from which XML attacks are made, also in the wide encodings. In the text of a cell
# it is always written &lt;!DOCTYPE.
DEFINITIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
# What the standard library raises at a packed file that is cut off, false, encrypted or packed in an unknown way.
BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most a packed file may come to: bytes unpacked, parts, times its own size, and rows of a sheet."""

    unpacked: int
    entries: int
    times: int
    rows: int


def archive_fault(content: bytes, bounds: Bounds) -> str:
    """Why a packed file is refused, in a word of `WORDS`; empty when it is sound. Reads in pieces and stops early.

    Neither the sizes that the file states nor its names are trusted: a part is unpacked piece by piece (never kept) until a
    bound is passed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if archive.start_dir > len(content) or not content.startswith(b"PK\x03\x04"):
                return "mixed"
            if fault := _stated(entries, len(content), bounds):
                return fault
            return _unpacked(archive, entries, len(content), bounds)
    except BROKEN:
        return "broken"


def _stated(entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> str:
    stated = sum(entry.file_size for entry in entries)
    if len(entries) > bounds.entries or stated > bounds.unpacked:
        return "too_large"
    if stated > 1_000_000 and stated > size * bounds.times:
        return "too_large"
    if any(is_outside(entry.filename) for entry in entries):
        return "outside"
    if any(entry.flag_bits & 1 for entry in entries):
        return "locked"
    return "macros" if any("vbaproject" in entry.filename.lower() for entry in entries) else ""


def is_outside(name: str) -> bool:
    """Whether a name would be written outside the folder it is unpacked into (zip slip)."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> str:
    total = 0
    for entry in entries:
        rows, before = 0, b""
        for number, piece in enumerate(_pieces(archive, entry)):
            total += len(piece)
            rows += piece.count(b"<row")
            if number == 0 and piece.startswith(NESTED):
                return "nested"
            if any(mark in before + piece for mark in DEFINITIONS):
                return "entities"
            before = piece[-40:]
            if (
                total > bounds.unpacked
                or (total > 1_000_000 and total > size * bounds.times)
                or rows > bounds.rows
            ):
                return "too_large"
    return ""


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            yield piece
