"""The child process that opens a picture or a PDF and writes it anew: bytes in, clean bytes out, within memory and time.

Run as `python -m rightplace.foundation.files.cleaning KIND MEMORY SECONDS`. Pictures lose everything but their pixels (EXIF,
places, thumbnails, whatever hangs behind); PDFs lose their metadata and scripts. It exits with 0: written; 3: cannot be read;
4: too large; 5: holds what may run (a script, a file in the file); anything else: it ran out of what it was given.
"""

from __future__ import annotations

import io
import resource
import sys

CANNOT_READ, TOO_LARGE, MAY_RUN = 3, 4, 5
MOST_PIXELS = 25_000_000
MOST_PAGES = 500
# Names of a PDF's objects that run, open or carry something.
RUNNING = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/RichMedia",
    "/XFA",
    "/OpenAction",
    "/AA",
)


def main(arguments: list[str]) -> int:
    """Read standard input, write the clean file to standard output."""
    kind, memory, seconds = arguments[0], int(arguments[1]), int(arguments[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    content = sys.stdin.buffer.read()
    code, clean = clean_pdf(content) if kind == "pdf" else clean_picture(content)
    sys.stdout.buffer.write(clean)
    return code


def clean_picture(content: bytes) -> tuple[int, bytes]:
    """The pixels of a PNG or JPEG, turned as they were meant to be seen, in a new file of the same kind."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            # The size stands in the head: nothing is unpacked before it is known to be bearable.
            if picture.width * picture.height > MOST_PIXELS:
                return TOO_LARGE, b""
            kind = picture.format or "PNG"
            turned = ImageOps.exif_transpose(picture)
            plain = Image.new(turned.mode, turned.size)
            if turned.mode == "P" and (palette := turned.getpalette()):
                plain.putpalette(palette)
            plain.paste(turned)
            kept = io.BytesIO()
            plain.save(kept, kind, **({"quality": 90} if kind == "JPEG" else {}))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return CANNOT_READ, b""
    return 0, kept.getvalue()


def clean_pdf(content: bytes) -> tuple[int, bytes]:
    """The pages of a PDF in a new file without metadata; refused when it is locked or holds what may run."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return CANNOT_READ, b""
        if len(reader.pages) > MOST_PAGES:
            return TOO_LARGE, b""
        if _may_run(reader):
            return MAY_RUN, b""
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.metadata = None
        kept = io.BytesIO()
        writer.write(kept)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        return CANNOT_READ, b""
    return 0, kept.getvalue()


def _may_run(reader: object) -> bool:
    """Whether the catalogue, its names or any page names something that runs or carries a file."""
    from pypdf.generic import DictionaryObject

    root = reader.trailer["/Root"].get_object()  # type: ignore[attr-defined]  # a reader
    names = root.get("/Names", DictionaryObject()).get_object()
    action = root.get("/OpenAction")
    opens = isinstance(action, DictionaryObject) or "/AA" in root
    held = (
        any(name in names for name in RUNNING)
        or "/XFA" in root.get("/AcroForm", DictionaryObject()).get_object()
    )
    pages = any("/AA" in page for page in reader.pages)  # type: ignore[attr-defined]  # a reader
    return bool(opens or held or pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
