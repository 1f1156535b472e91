"""Handing out stored files: always as a download, never guessed at, in a box of its own where a browser opens it anyway."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from rightplace.foundation.files.models import StoredFile

# Whatever a file holds, nothing in it runs, loads or sends.
SANDBOX = "default-src 'none'; sandbox"


def as_download(file: StoredFile) -> HttpResponse:
    """The file as an attachment under its stored name, with a content policy of its own and without sniffing."""
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store"
    return response
