"""Taking a file in: the one way for every upload. Its content decides what it is; what is kept is clean.

A short list of kinds, by their first bytes; a size; nothing that unfolds, runs, or is two kinds at once. Pictures and PDFs are
opened and written anew in a child process with little memory and time, which takes places, names and scripts out of them.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.files import cleaning
from rightplace.foundation.files.archives import Bounds, archive_fault
from rightplace.foundation.files.models import StoredFile

MEGABYTE = 2**20
PDF, PNG, JPEG, XLSX, CSV = "pdf", "png", "jpeg", "xlsx", "csv"
MEDIA_TYPES = {
    PDF: "application/pdf", PNG: "image/png", JPEG: "image/jpeg", CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
ENDINGS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", XLSX: ".xlsx", CSV: ".csv"}
WORDS = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG", XLSX: "Excel (.xlsx)", CSV: "CSV"}
DOCUMENTS = (PDF, PNG, JPEG)
TABLES = (XLSX, CSV)
CHILD_MEMORY, CHILD_SECONDS = 512 * MEGABYTE, 10
BOUNDS = Bounds(unpacked=200_000_000, entries=2_000, times=200, rows=500_000)
LONGEST_NAME = 100
ARCHIVE_WORDS = {
    "too_large": "The file unpacks into a far larger one.",
    "nested": "The file holds another packed file.",
    "outside": "The file names places outside itself.",
    "locked": "The file is locked with a password.",
    "macros": "The file holds macros. Save it without them.",
    "entities": "The file holds definitions that no office program writes.",
    "mixed": "The file is more than one kind at once.",
    "broken": "The file is damaged and cannot be opened.",
}
CHILD_WORDS = {
    cleaning.CANNOT_READ: ("broken", "The file is damaged or locked with a password, and cannot be opened."),
    cleaning.TOO_LARGE: ("too_large", "The picture or document is too large to open."),
    cleaning.MAY_RUN: (
        "may_run",
        "The document holds a script or another file. Print it to PDF again and send that.",
    ),
}


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file as it may be kept: a safe name, its kind by content, and clean bytes."""

    name: str
    media_type: str
    content: bytes


def take_file(
    name: str, content: bytes, *, kinds: tuple[str, ...] = DOCUMENTS, most_bytes: int = 5 * MEGABYTE
) -> TakenFile | Problem:
    """The file as it may be kept, or why it is refused, at the field `file`."""
    if not content:
        return _no("empty", "The file is empty.")
    if len(content) > most_bytes:
        return _no(
            "too_large",
            f"The file is larger than {most_bytes // MEGABYTE} MB. Make it smaller, or send part of it.",
        )
    kind = kind_of(content)
    if kind not in kinds:
        wanted = [WORDS[one] for one in kinds]
        return _no("wrong_type", f"The file must be a {', '.join(wanted[:-1])} or {wanted[-1]}.")
    clean = _cleaned(content, kind)
    return clean if isinstance(clean, Problem) else TakenFile(safe_name(name, kind), MEDIA_TYPES[kind], clean)


def store_file(
    taken: TakenFile, *, authority_id: int, provider_id: int | None, made_by: str, now: datetime
) -> StoredFile:
    """Keep a taken file in the database, outside any folder that is served."""
    return StoredFile.objects.create(
        authority_id=authority_id,
        provider_id=provider_id,
        name=taken.name,
        media_type=taken.media_type,
        size=len(taken.content),
        sha256=hashlib.sha256(taken.content).hexdigest(),
        content=taken.content,
        made_at=now,
        made_by=made_by,
    )


def kind_of(content: bytes) -> str:
    """What a file is by its first bytes; empty for what is on no list."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK\x03\x04"):
        return XLSX if b"xl/" in content else ""
    return CSV if _is_text(content) else ""


def safe_name(name: str, kind: str) -> str:
    """A file's name without path, control characters or quotes, with the one ending that its content has."""
    last = re.split(r"[\\/]", name)[-1]
    kept = re.sub(r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069"<>|:*?;%]', "", last).strip(". ")
    stem = re.sub(r"(\.(pdf|png|jpe?g|xlsx|csv))+$", "", kept, flags=re.IGNORECASE)[:LONGEST_NAME].strip(". ")
    return (stem or "file") + ENDINGS[kind]


def _cleaned(content: bytes, kind: str) -> bytes | Problem:
    if kind == XLSX:
        fault = archive_fault(content, BOUNDS)
        return _no(fault, ARCHIVE_WORDS[fault]) if fault else content
    if kind == CSV:
        return content
    return _written_anew(content, kind)


def _written_anew(content: bytes, kind: str) -> bytes | Problem:
    """Open and write it again in a child process; whatever is not the picture or the pages stays behind."""
    if (
        kind in {PNG, JPEG}
        and (pixels := picture_size(content)) is not None
        and pixels > cleaning.MOST_PIXELS
    ):
        return _no(*CHILD_WORDS[cleaning.TOO_LARGE])
    command = [
        sys.executable,
        "-m",
        "rightplace.foundation.files.cleaning",
        "pdf" if kind == PDF else "picture",
    ]
    try:
        done = subprocess.run(
            [*command, str(CHILD_MEMORY), str(CHILD_SECONDS)], input=content, capture_output=True, timeout=CHILD_SECONDS + 5
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _no(*CHILD_WORDS[cleaning.TOO_LARGE])
    if done.returncode:
        return _no(*CHILD_WORDS.get(done.returncode, CHILD_WORDS[cleaning.TOO_LARGE]))
    return done.stdout


def picture_size(content: bytes) -> int | None:
    """The pixels that a PNG says it has, from its first bytes; None for other kinds."""
    if not content.startswith(b"\x89PNG") or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big") * int.from_bytes(content[20:24], "big")


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    if (
        head.lstrip()[:1] in {b"<", b"{"}
        or b"\x00" in head
        or head.startswith((b"MZ", b"\x7fELF", b"Rar!", b"GIF8", b"#!"))
    ):
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return all(byte >= 32 or byte in b"\t\r\n" for byte in head)
    return True


def _no(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, "file")
