"""Anchors: the heads of the chains, written outside the database every hour, against a tail that is cut with its head.

Each anchor is a file of its own in the folder that RIGHTPLACE_ANCHORS names (by default `anchors` in the data folder): keep
it on another machine or on storage that cannot be changed. A file is written whole or not at all and never again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from rightplace.foundation.audit.queries import ChainReport, Head, check_chains

OLDEST = timedelta(hours=1)
BETWEEN_LOOKS = timedelta(minutes=15)
_HEADS = "SELECT authority_id, number, encode(hash, 'hex') FROM audit_auditchain ORDER BY authority_id"
_PATTERN = "heads-*.json"


def write_anchor(folder: Path, now: datetime) -> Path:
    """Write the heads of all chains as they stand into a file of this moment; the file."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        heads = [
            Head(int(authority), int(number), str(found)) for authority, number, found in cursor.fetchall()
        ]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _name(now)
    draft = path.with_suffix(".draft")
    with draft.open("x") as file:
        json.dump({"at": now.isoformat(), "heads": [asdict(head) for head in heads]}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    path.chmod(0o400)
    return path


def anchors_in(folder: Path) -> list[Path]:
    """The anchors that were kept, the oldest first."""
    return sorted(folder.glob(_PATTERN))


def heads_in(path: Path) -> tuple[Head, ...]:
    """The heads of an anchor."""
    return tuple(Head(**row) for row in json.loads(path.read_text())["heads"])


def is_due(folder: Path, now: datetime) -> bool:
    """Whether the newest anchor is as old as an anchor may become, or there is none.

    One from the future was written while the clock was wrong, and keeps no other from being written.
    """
    kept = [path for path in anchors_in(folder) if path.name <= _name(now)]
    if not kept:
        return True
    return now - datetime.fromisoformat(json.loads(kept[-1].read_text())["at"]) >= OLDEST - BETWEEN_LOOKS


def _name(now: datetime) -> str:
    return f"heads-{now:%Y%m%dT%H%M%S%fZ}.json"


def check_against_anchors(folder: Path) -> ChainReport:
    """Prove the chains, and that every head that was ever anchored is still in its place."""
    return check_chains(anchors=heads_kept(folder))


def heads_kept(folder: Path) -> tuple[Head, ...]:
    """Every head in every anchor, each once. Two hashes for one place both count: one of them is not in its place.

    ValueError names an anchor that cannot be read.
    """
    found: set[Head] = set()
    for path in anchors_in(folder):
        try:
            found.update(head for head in heads_in(path) if head.number)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} cannot be read ({type(error).__name__})") from error
    return tuple(found)
