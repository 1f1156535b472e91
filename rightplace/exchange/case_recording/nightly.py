"""The night's exchange of every authority whose case system leaves its files in a folder: in first, then out.

Below the folder of `RIGHTPLACE_CASE_FOLDER` each authority has its own, named by its GSS code: `in` is what the case system
wrote, `out/2026-11-02` what it may read of that night. With good rows alone kept, so that one bad row does not hold up a
night; whoever makes returns is told what was left out, and of a night that failed.

A file that is half written is not taken in: one touched a moment ago, one whose last line does not end, or far fewer rows
than last time. It is tried again later in the night; the night's last try tells. A night that went through is not done again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.case_recording.giving import give_extract
from rightplace.exchange.case_recording.taking import KIND, take_extract
from rightplace.exchange.runs import source_of
from rightplace.exchange.sheets import HandedFile
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.organisations.models import Authority

LINK = "/commissioning/case-system/"
STILL = timedelta(minutes=5)
"""How long nobody has written into a folder whose files count as whole."""
FEWEST = 0.9
"""Of the rows of last time; fewer by more than SOME are taken in by hand alone."""
SOME = 20


def exchange_all(now: datetime, *, is_last_try: bool = True) -> int:
    """Exchange with every case system that has a folder; gives how many went through. The last try of a night tells."""
    folder = Path(settings.CASE_FOLDER) if settings.CASE_FOLDER else None
    if folder is None:
        return 0
    went = 0
    for authority in Authority.objects.order_by("pk"):
        problems = _exchange(authority, folder / authority.gss_code, now)
        if problems and is_last_try:
            _tell(authority, problems, now)
        went += problems == []
    return went


def _exchange(authority: Authority, folder: Path, now: datetime) -> list[Problem] | None:
    """What went wrong; None where there is nothing to exchange."""
    by, last = system_actor(authority_id=authority.pk), _last_run(authority)
    if not (folder / "in").is_dir():
        # By hand people take files in without any folder.
        was_there = last is not None and last.made_by == by.name
        return [Problem("folder", "Its folder is not there.")] if was_there else None
    out = folder / "out" / f"{timezone.localdate(now):%Y-%m-%d}"
    try:
        files, as_at = files_in(folder / "in")
        if problems := list(_not_whole(files, as_at, last, now)):
            return problems
        if _is_done(files, last, out):
            return []
        return _both_ways(by, authority, files, as_at, out, now)
    except OSError as fault:
        return [Problem("folder", f"Its folder cannot be used: {fault.strerror}.")]


def _both_ways(
    by: Actor, authority: Authority, files: Sequence[GivenFile], as_at: datetime, out: Path, now: datetime
) -> list[Problem]:
    taken = take_extract(
        by=by, now=now, authority=authority, files=files, as_at=timezone.localdate(as_at), keep_good=True
    )
    given = give_extract(by=by, now=now, authority=authority)
    write_night(out, given.done())
    return list(taken.problems)


def _last_run(authority: Authority) -> ImportRun | None:
    runs = ImportRun.objects.filter(authority=authority, kind=KIND, finished_at__isnull=False)
    return runs.order_by("-finished_at", "-pk").first()


def _is_done(files: Sequence[GivenFile], last: ImportRun | None, out: Path) -> bool:
    is_same = last is not None and last.sha256 == source_of([one.content for one in files], name="").sha256
    return is_same and out.is_dir()


def _not_whole(
    files: Sequence[GivenFile], as_at: datetime, last: ImportRun | None, now: datetime
) -> Iterator[Problem]:
    """What tells that the case system has not written all of its files."""
    if files and abs(now - as_at) < STILL:
        yield Problem("still_written", "Its files are still being written.")
    for file in files:
        # The zero bytes are those of a text with two bytes for each letter.
        if file.content.strip(b"\x00") and not file.content.rstrip(b"\x00").endswith((b"\n", b"\r")):
            yield Problem("half", f"{file.name} is half written: its last line does not end.")
    rows = sum(max(0, file.content.count(b"\n") - 1) for file in files)
    if files and last is not None and rows < min(last.rows_read * FEWEST, last.rows_read - SOME):
        words = f"It has {rows:,} rows, and the last one had {last.rows_read:,}. Take it in by hand if that is right."
        yield Problem("far_fewer", words)


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


def write_night(folder: Path, files: Sequence[HandedFile]) -> None:
    """All files of a night at once: the folder is under its name only when each of them is whole."""
    if folder.is_dir():
        write_files(folder, files)
        return
    part = folder.with_name(f"{folder.name}.part")
    write_files(part, files)
    os.replace(part, folder)


def _tell(authority: Authority, problems: Sequence[Problem], now: datetime) -> None:
    words = f"The night’s exchange with the case system failed: {problems[0].sentence}"
    tell_role(authority_id=authority.pk, role=ANALYST, words=words[:300], link=LINK, now=now)
