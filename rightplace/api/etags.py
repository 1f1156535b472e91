"""ETags: the version of a row and a hash of what was shown. Writing needs the version, reading may skip what is known."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest

from rightplace.api.problems import ApiProblem

_TAG = re.compile(r'"([1-9][0-9]{0,8})(?:-[0-9a-f]+)?"\Z')


def etag_of(version: int | None, body: bytes) -> str:
    """The tag of an answer: `"7-3f2a…"` for a row in its 7th version, a hash alone for a list."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the caller has this answer already (If-None-Match)."""
    header = request.headers.get("If-None-Match", "")
    listed = [one.strip().removeprefix("W/") for one in header.split(",")]
    return tag in listed or "*" in listed


def version_seen(request: HttpRequest) -> int:
    """The version that If-Match names. The hash beside it is not looked at: it also covers clocks, which move alone."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        raise ApiProblem("version-missing")
    found = _TAG.match(header)
    if found is None:
        raise ApiProblem("unreadable", "If-Match is no ETag that was given out here.")
    return int(found[1])
