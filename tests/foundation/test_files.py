"""Files taken in: by content, clean of names and places, and refused early when they unfold, run, or are two things at once."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from rightplace.core.problems import Problem
from rightplace.foundation.files.taking import DOCUMENTS, TABLES, TakenFile, safe_name, take_file
from tests.files import pdf, picture

NAME = "Jude Marlowe"
EVERY = (*DOCUMENTS, *TABLES)


def zipped(entries: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def workbook(extra: dict[str, bytes] | None = None, sheet: bytes = b"<row></row>") -> bytes:
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet, **(extra or {})})


def flood() -> bytes:
    """A PNG that says it is 60,000 by 60,000."""
    body = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    head = b"IHDR" + body
    chunk = len(body).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\x00" * 64


def with_script() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def with_file_inside() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("a.exe", b"MZ")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


BAD = {
    "nothing": (b"", "empty"),
    "a program": (b"MZ\x90\x00", "wrong_type"),
    "a page": (b"<html><script>1</script>", "wrong_type"),
    "a drawing that runs": (b"<svg onload=1>", "wrong_type"),
    "an archive": (zipped({"a.txt": b"x"}), "wrong_type"),
    "a picture in name only": (b"\x89PNG\r\n\x1a\n nothing", "broken"),
    "a PDF in name only": (b"%PDF-1.7 nothing", "broken"),
    "a flood of pixels": (flood(), "too_large"),
    "a PDF with a script": (with_script(), "may_run"),
    "a PDF with a file inside": (with_file_inside(), "may_run"),
    "rows without end": (workbook(sheet=b"<row></row>" * 600_000), "too_large"),
    "a bomb": (workbook({"xl/media/zeros": b"\x00" * 150_000_000}), "too_large"),
    "an archive in a workbook": (workbook({"xl/embeddings/a.bin": zipped({"b": b"c"})}), "nested"),
    "a way out of the folder": (workbook({"../../etc/passwd": b"root"}), "outside"),
    "macros": (workbook({"xl/vbaProject.bin": b"x"}), "macros"),
    "a damaged workbook": (workbook()[:-30], "broken"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_could_harm_is_refused_in_words(kind: str) -> None:
    content, code = BAD[kind]
    refused = take_file("a.pdf", content, kinds=EVERY, most_bytes=20_000_000)
    assert isinstance(refused, Problem)
    assert (refused.code, refused.field) == (code, "file")
    assert refused.sentence.endswith((".", "again and send that."))


MEASURED = """
import json, resource, sys
from rightplace.foundation.files.taking import DOCUMENTS, TABLES, take_file
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
refused = take_file("a", content, kinds=(*DOCUMENTS, *TABLES), most_bytes=20_000_000)
here, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([refused.code, here.ru_maxrss - before, child.ru_utime + child.ru_stime]))
"""


@pytest.mark.parametrize(
    "kind",
    ["a flood of pixels", "a bomb", "rows without end", "an archive in a workbook", "a PDF with a script"],
)
def test_refusing_costs_little_time_and_memory(kind: str, record_property: object) -> None:
    """At most one second of the processor and 64 MB more than before, in the process that asks and in the one that opens."""
    content, code = BAD[kind]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    bare = {"RIGHTPLACE_NO_DATABASE": "1", "DJANGO_SETTINGS_MODULE": "rightplace.site.settings", "PATH": ""}
    script = "import django; django.setup()\n" + MEASURED
    done = subprocess.run(
        [sys.executable, "-c", script], input=content, capture_output=True, check=True, env=bare
    )
    refused, more, seconds = json.loads(done.stdout)
    assert refused == code
    assert more <= 64 * 1024
    assert seconds <= 1
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime < 10


OPENED = """
import resource, subprocess, sys
command = [sys.executable, "-m", "rightplace.foundation.files.cleaning", sys.argv[1], str(2**29), "10"]
done = subprocess.run(command, stdin=sys.stdin, stdout=subprocess.DEVNULL)
child = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, child.ru_maxrss, child.ru_utime + child.ru_stime)
"""


@pytest.mark.parametrize(
    ("kind", "name"),
    [("picture", "a flood of pixels"), ("pdf", "a PDF with a script"), ("pdf", "a PDF in name only")],
)
def test_the_child_process_refuses_within_its_limits(kind: str, name: str) -> None:
    """Measured from a small process, as a forked child is first counted with the memory of its parent."""
    done = subprocess.run(
        [sys.executable, "-c", OPENED, kind], input=BAD[name][0], capture_output=True, check=True
    )
    code, kilobytes, seconds = done.stdout.split()
    assert int(code) in {3, 4, 5}
    assert int(kilobytes) <= 64 * 1024
    assert float(seconds) <= 1


def test_a_picture_keeps_its_pixels_and_loses_who_and_where() -> None:
    for kind, name in (("JPEG", "photo.jpg"), ("PNG", "photo.png")):
        given = picture(kind, size=(40, 30), artist=NAME)
        assert NAME.encode() in given
        taken = take_file(name, given)
        assert isinstance(taken, TakenFile)
        assert NAME.encode() not in taken.content
        again = Image.open(io.BytesIO(taken.content))
        assert (again.size, dict(again.getexif())) == ((40, 30), {})


def test_what_hangs_behind_a_picture_stays_behind() -> None:
    taken = take_file("photo.png", picture() + b"PK\x03\x04 <script>1</script>")
    assert isinstance(taken, TakenFile)
    assert b"<script>" not in taken.content
    assert b"PK\x03\x04" not in taken.content


def test_a_pdf_loses_its_title_author_and_what_hangs_behind() -> None:
    taken = take_file("plan.pdf", pdf(f"Plan of {NAME}", Author=NAME) + b"\nPK\x03\x04" + NAME.encode())
    assert isinstance(taken, TakenFile)
    assert NAME.encode() not in taken.content
    read = PdfReader(io.BytesIO(taken.content))
    assert len(read.pages) == 1
    assert NAME not in str(read.metadata)


def test_tables_pass_as_they_are() -> None:
    for name, content in (("a.csv", b"name,places\nElm House,4\n"), ("a.xlsx", workbook())):
        taken = take_file(name, content, kinds=TABLES)
        assert isinstance(taken, TakenFile)
        assert taken.content == content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("report.pdf.exe.pdf", "report.pdf.exe.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("", "file.pdf"),
        ("report.PDF.pdf", "report.pdf"),
    ],
)
def test_a_name_keeps_no_path_no_trick_and_one_ending(given: str, kept: str) -> None:
    assert safe_name(given, "pdf") == kept
