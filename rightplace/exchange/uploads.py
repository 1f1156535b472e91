"""From the bytes of a file to sheets of text, refusing early what is too large or not a table.

The content decides what a file is, never its name. Workbooks are read in a child process with little memory
and time (`workbook_reader`), because a small file can be made to unfold into a very large one.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from rightplace.core.problems import Problem
from rightplace.exchange.document_reader import DOCUMENT
from rightplace.foundation.files.archives import Bounds, archive_fault
from rightplace.foundation.files.taking import ARCHIVE_WORDS

MEGABYTE = 1_000_000
LINES_OF_A_ROW = 4
"""Cells may hold line ends; more than this for each row of the most is no table."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken in: bytes as given and unpacked, parts of a workbook, rows, columns, characters of a line."""

    bytes_given: int = 50 * MEGABYTE
    bytes_unpacked: int = 200 * MEGABYTE
    times_unpacked: int = 200
    entries: int = 2_000
    rows: int = 500_000
    columns: int = 500
    line: int = MEGABYTE
    seconds: int = 60
    memory: int = 2_000 * MEGABYTE


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text as they stand in a file, each with the line on which it starts, counted from 1."""

    name: str
    rows: list[list[str]]
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that could be opened: its kind, and its sheets or the delimited text still to be split."""

    kind: str
    sheets: tuple[Sheet, ...]
    delimited: str = ""


_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"BZh", "a packed file (bzip2)"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a word-processor document"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_WANTED = "Give a CSV file or a workbook (.xlsx, .xls or .ods)."


def open_table(content: bytes, *, limits: Limits = LIMITS) -> Opened | Problem:
    """Open the bytes of a file as sheets of text, or say in a sentence why it was refused."""
    if not content.strip():
        return Problem("empty", "The file is empty.")
    if len(content) > limits.bytes_given:
        return _too_large(f"it has {_megabytes(len(content))}", limits)
    if content.startswith(b"\x1f\x8b"):
        return _open_gzip(content, limits)
    if content.startswith(b"PK\x03\x04"):
        return _check_zip(content, limits) or _open_workbook(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _open_workbook(content, limits)
    for start, words in _FOREIGN:
        if content.lstrip()[: len(start)] == start:
            return Problem("wrong_type", f"This is {words}, not a table. {_WANTED}")
    return _open_text(content)


def open_document(content: bytes, *, limits: Limits = LIMITS) -> Opened | Problem:
    """Open a Word document's tables as sheets; any other file as `open_table` does."""
    if not content.startswith(b"PK\x03\x04") or not _is_document(content):
        return open_table(content, limits=limits)
    if len(content) > limits.bytes_given:
        return _too_large(f"it has {_megabytes(len(content))}", limits)
    return _check_zip(content, limits, {DOCUMENT}) or _open_workbook(content, limits, "document_reader")


def _is_document(content: bytes) -> bool:
    try:
        return DOCUMENT in zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def split_text(text: str, delimiter: str, *, limits: Limits = LIMITS) -> Sheet | Problem:
    """Split delimited text into rows, keeping the line on which each starts; blank rows are left out."""
    if why := _endless(text, limits):
        return _too_large(why, limits)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
            if len(rows) > limits.rows or len(row) > limits.columns:
                return _too_large("it has too many rows or columns", limits)
    except csv.Error:
        return Problem("broken", f"Line {line} cannot be read as a row: is a quotation mark left open?")
    return Sheet("", rows, lines)


def _endless(text: str, limits: Limits) -> str:
    """Why text is not worth splitting: a line of commas alone becomes a list of millions of cells."""
    if text.count("\n") + text.count("\r") > limits.rows * LINES_OF_A_ROW:
        return "it has too many rows"
    if max(map(len, io.StringIO(text, newline="")), default=0) > limits.line:
        return "a line of it has no end"
    return ""


def first_rows(text: str, delimiter: str, count: int) -> list[list[str]]:
    """The first rows of delimited text, read leniently: to see which delimiter makes sense."""
    head = "\n".join(text[: count * 5_000].splitlines()[:count])
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    except csv.Error:
        return rows  # a cell without end: what was read before it
    return rows


def _open_gzip(content: bytes, limits: Limits) -> Opened | Problem:
    unpacking = zlib.decompressobj(wbits=31)
    most = min(limits.bytes_unpacked, max(len(content) * limits.times_unpacked, MEGABYTE))
    try:
        text = unpacking.decompress(content, most)
    except zlib.error:
        return Problem("broken", "The packed file is damaged and cannot be opened.")
    if unpacking.unconsumed_tail:
        return _too_large("it unpacks into a far larger one", limits)
    if text.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        return Problem("wrong_type", f"This is a packed file inside a packed file. {_WANTED}")
    return open_table(text, limits=Limits(bytes_given=limits.bytes_unpacked))


def _open_text(content: bytes) -> Opened | Problem:
    decoded = _decode(content)
    if decoded is None:
        return Problem("wrong_type", f"This is not text that can be read as a table. {_WANTED}")
    text, encoding = decoded
    return Opened(f"CSV, {encoding}", (), text)


def _decode(content: bytes) -> tuple[str, str] | None:
    """The text and its encoding: by its mark, else UTF-8, else that of Windows for Western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = ["utf-16"]
    elif b"\x00" in content[:2000]:
        attempts = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    else:
        attempts = ["utf-8-sig", "cp1252"]
    for encoding in attempts:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not any(ch in text[:2000] for ch in "\x01\x02\x03\x04\x05\x06\x07\x08"):
            return text, encoding
    return None


def _check_zip(content: bytes, limits: Limits, parts: Set[str] = WORKBOOKS) -> Problem | None:
    """Look into a workbook before it is opened: how many parts, how large, and whether that is true."""
    bounds = Bounds(limits.bytes_unpacked, limits.entries, limits.times_unpacked, limits.rows)
    fault = archive_fault(content, bounds)
    if fault == "too_large":
        return _too_large("it unpacks into a far larger one", limits)
    if fault == "broken":
        return Problem("broken", "The workbook is damaged or protected by a password, and cannot be opened.")
    if fault:
        return Problem("wrong_type", ARCHIVE_WORDS[fault])
    if not parts & set(zipfile.ZipFile(io.BytesIO(content)).namelist()):
        return Problem("wrong_type", f"This is an archive, not a workbook. {_WANTED}")
    return None


def _open_workbook(content: bytes, limits: Limits, reader: str = "workbook_reader") -> Opened | Problem:
    """Read a workbook (or a document) in a child process that may use only so much memory and time."""
    command = [sys.executable, "-m", f"rightplace.exchange.{reader}"]
    bounds = [str(limits.memory), str(limits.seconds), str(limits.rows), str(limits.columns)]
    try:
        done = subprocess.run(
            [*command, *bounds], input=content, capture_output=True, timeout=limits.seconds + 5
        )
    except subprocess.TimeoutExpired:
        return _too_large("it takes too long to open", limits)
    if done.returncode == 3:
        return Problem("broken", "The workbook is damaged or protected by a password, and cannot be opened.")
    if done.returncode != 0:
        return _too_large("it takes too much memory or time, rows or columns to open", limits)
    return Opened("workbook", tuple(_sheets(json.loads(done.stdout))))


def _sheets(found: list[tuple[str, list[list[str]]]]) -> Iterator[Sheet]:
    for name, rows in found:
        numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(row)]
        yield Sheet(name, [row for _, row in numbered], [line for line, _ in numbered])


def _too_large(why: str, limits: Limits) -> Problem:
    most = f"The most is {_megabytes(limits.bytes_given)}, {limits.rows:,} rows and {limits.columns} columns."
    return Problem("too_large", f"The file is too large: {why}. {most}")


def _megabytes(size: int) -> str:
    return f"{max(size // MEGABYTE, 1):,} MB"
