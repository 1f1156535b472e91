"""The nightly exchange with a case system whose folder fails three times in ten: all arrives once, and nothing by half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rightplace.exchange.case_recording import nightly
from rightplace.exchange.case_recording.models import CaseIdentity
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.foundation.notices.models import Notice
from rightplace.register.children.models import Child, LegalStatus
from tests.cast import NOW, Cast
from tests.faults.faulty_folder import CaseFolder
from tests.figures import figure

NIGHTS = int(os.environ.get("RIGHTPLACE_NIGHTS", "15"))
FAULTS = 0.3
TRIES = (2, 3, 4, 5)
AT_FIRST = 40
GIVEN = {"placements.csv", "costs.csv", "outcomes.csv"}
ROOT = Path(nightly.__file__).resolve().parents[2]


def extract(persons: int) -> dict[str, str]:
    """Everybody whom the case system knows on a night: each with a status and a review."""
    numbers = range(1, persons + 1)
    return {
        "persons": "Person ID,Forename,Surname,Date of Birth,Sex\n"
        + "".join(f"N{n},First{n},Last{n},{born(n):%d/%m/%Y},Male\n" for n in numbers),
        "statuses": "Person ID,Legal Status,Legal Status Start,Legal Status End\n"
        + "".join(f"N{n},C2 Full care order,01/09/2026,\n" for n in numbers),
        "reviews": "Person ID,Review Date,Participation Code\n"
        + "".join(f"N{n},21/09/2026,PN1\n" for n in numbers),
    }


def born(number: int) -> date:
    """A day of birth of its own for each."""
    return date(2012, 1, 1) + timedelta(days=number)


def arrived(cast: Cast) -> tuple[int, int, int, int]:
    """How many persons, children, statuses and reviews are here of those whom the case system knows."""
    children = Child.objects.filter(authority=cast.croydon, last_name__startswith="Last")
    statuses = LegalStatus.objects.filter(child__in=children, code="C2")
    reviews = ReturnRow.objects.filter(child__in=children, module="Reviews")
    known = CaseIdentity.objects.filter(person__startswith="N", state="linked")
    return known.count(), children.count(), statuses.count(), reviews.count()


def tries(night: datetime) -> Iterator[tuple[datetime, bool]]:
    """The worker's hours of a night, and whether it is the last."""
    for hour in TRIES:
        yield night.replace(hour=hour, minute=30), hour == TRIES[-1]


@pytest.fixture
def folder(cast: Cast, tmp_path: Path, settings: object) -> CaseFolder:
    settings.CASE_FOLDER = str(tmp_path)  # type: ignore[attr-defined]  # a fixture of pytest-django
    return CaseFolder(tmp_path / cast.croydon.gss_code, seed=28)


def test_all_arrives_once_and_nothing_by_half(cast: Cast, folder: CaseFolder) -> None:
    known, half, failed, asked = AT_FIRST, list[object](), 0, 0
    folder.write(extract(known), NOW)
    assert nightly.exchange_all(NOW) == 1
    for number in range(1, NIGHTS + 1):
        texts, before = extract(AT_FIRST + number), arrived(cast)
        for now, is_last in tries(NOW + timedelta(days=number)):
            asked += 1
            fault = folder.break_one(texts, now) if folder.chance.random() < FAULTS else ""
            if not fault:
                folder.write(texts, now)
            went = nightly.exchange_all(now, is_last_try=is_last)
            half += [(number, fault)] if arrived(cast) not in {before, (AT_FIRST + number,) * 4} else []
            failed += is_last and not went
    folder.write(extract(AT_FIRST + NIGHTS), NOW + timedelta(days=NIGHTS + 1))
    assert nightly.exchange_all(NOW + timedelta(days=NIGHTS + 1)) == 1
    write_figures(folder, arrived(cast), half, asked)
    assert half == []
    assert arrived(cast) == (AT_FIRST + NIGHTS,) * 4
    assert Notice.objects.filter(words__startswith="The night’s exchange").count() == failed
    nights = [path for path in (folder.place / "out").iterdir() if path.suffix != ".part"]
    assert all({one.name for one in night.iterdir()} == GIVEN for night in nights)
    assert len(folder.done) == len(folder.faults) or NIGHTS < 40


def write_figures(folder: CaseFolder, found: tuple[int, ...], half: list[object], asked: int) -> None:
    """What was measured, for the assurance table."""
    faults = sum(folder.done.values())
    figure(
        28,
        "case system: nights; tries; faults; persons told of; arrived once",
        f"{NIGHTS}; {asked}; {faults}; {AT_FIRST + NIGHTS}; {found[0]}",
        "all",
        met=set(found) == {AT_FIRST + NIGHTS},
    )
    figure(28, "case system: tries after which something was here by half", len(half), 0, met=not half)


def test_a_night_that_went_through_is_not_done_again(cast: Cast, folder: CaseFolder) -> None:
    folder.write(extract(AT_FIRST), NOW)
    assert nightly.exchange_all(NOW) == 1
    out = next((folder.place / "out").iterdir())
    before = [path.stat().st_mtime_ns for path in sorted(out.iterdir())]
    assert nightly.exchange_all(NOW + timedelta(hours=1)) == 1
    assert [path.stat().st_mtime_ns for path in sorted(out.iterdir())] == before


def test_a_folder_that_was_never_there_is_nobodys_fault(cast: Cast, folder: CaseFolder) -> None:
    assert nightly.exchange_all(NOW) == 0
    assert not Notice.objects.filter(words__startswith="The night’s exchange").exists()


def test_a_folder_that_was_there_is_missed(cast: Cast, folder: CaseFolder) -> None:
    folder.write(extract(AT_FIRST), NOW)
    nightly.exchange_all(NOW)
    folder.mend()
    assert nightly.exchange_all(NOW + timedelta(days=1), is_last_try=False) == 0
    assert not Notice.objects.filter(words__contains="not there").exists()
    assert nightly.exchange_all(NOW + timedelta(days=1)) == 0
    assert Notice.objects.get(words__contains="not there").role == "analyst"


def test_no_page_waits_for_a_folder_of_another_system() -> None:
    """Pages take uploads and give downloads; folders are read and written by the worker and the command line alone."""
    words = ("CASE_FOLDER", "case_recording.nightly", "payments_system.handing")
    found = {
        str(path.relative_to(ROOT))
        for part in ("desks", "api", "oversight", "journey", "register")
        for path in (ROOT / part).rglob("*.py")
        if any(word in path.read_text() for word in words)
    }
    figure(28, "modules of pages that wait for another system's folder", len(found), 0, met=not found)
    assert found == set()
