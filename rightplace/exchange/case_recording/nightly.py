"""The night's exchange of every authority whose case system leaves its files in a folder: in first, then out.

Below the folder of `RIGHTPLACE_CASE_FOLDER` each authority has its own, named by its GSS code: `in` is what the case system
wrote, `out/2026-11-02` what it may read of that night. With good rows alone kept, so that one bad row does not hold up a
night; whoever makes returns is told what was left out, and of a night that failed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.case_recording.giving import give_extract
from rightplace.exchange.case_recording.taking import take_extract
from rightplace.exchange.sheets import HandedFile
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.organisations.models import Authority

LINK = "/commissioning/case-system/"


def exchange_all(now: datetime) -> int:
    """Exchange with every case system that has a folder; gives how many went through."""
    folder = Path(settings.CASE_FOLDER) if settings.CASE_FOLDER else None
    if folder is None:
        return 0
    return sum(
        _exchange(one, folder / one.gss_code, now)
        for one in Authority.objects.order_by("pk")
        if (folder / one.gss_code / "in").is_dir()
    )


def _exchange(authority: Authority, folder: Path, now: datetime) -> bool:
    by = system_actor(authority_id=authority.pk)
    try:
        files, as_at = files_in(folder / "in")
        taken = take_extract(
            by=by, now=now, authority=authority, files=files, as_at=as_at.date(), keep_good=True
        )
        given = give_extract(by=by, now=now, authority=authority)
        write_files(folder / "out" / f"{timezone.localdate(now):%Y-%m-%d}", given.done())
    except OSError as fault:
        return _told(authority, [Problem("folder", f"Its folder cannot be used: {fault.strerror}.")], now)
    return _told(authority, taken.problems, now)


def files_in(folder: Path) -> tuple[list[GivenFile], datetime]:
    """The files that the case system left, in order of name, and when the newest of them was written."""
    paths = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".txt") and path.is_file()
    )
    written = max((path.stat().st_mtime for path in paths), default=0.0)
    at = datetime.fromtimestamp(written, tz=timezone.get_current_timezone())
    return [GivenFile(path.name, path.read_bytes()) for path in paths], at


def write_files(folder: Path, files: Sequence[HandedFile]) -> None:
    """Each file whole or not at all: it is under its name only once all of it is on the disk. Done again it replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        part = folder / f"{file.name}.part"
        with part.open("wb") as out:
            out.write(file.content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, folder / file.name)


def _told(authority: Authority, problems: Sequence[Problem], now: datetime) -> bool:
    if problems:
        words = f"The night’s exchange with the case system failed: {problems[0].sentence}"
        tell_role(authority_id=authority.pk, role=ANALYST, words=words[:300], link=LINK, now=now)
    return not problems
