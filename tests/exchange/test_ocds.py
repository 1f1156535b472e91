"""Releases of the Open Contracting Data Standard: read, kept, given back equal; our own are whole; what is not one says why."""

from __future__ import annotations

import copy
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rightplace.core.problems import Problem
from rightplace.exchange.ocds.models import PublicRelease
from rightplace.exchange.ocds.reading import as_package, import_releases, read_releases
from rightplace.exchange.ocds.structure import package_faults, release_faults
from rightplace.exchange.ocds.writing import Notified, Party, release
from tests.cast import NOW, Cast

SAMPLE = Path(
    os.environ.get("RIGHTPLACE_OCDS", Path(__file__).parents[1] / "data" / "ocds" / "releases.json")
)
HELD: list[dict[str, Any]] = json.loads(SAMPLE.read_bytes())["releases"]
TOLD = Notified(
    "ocds-000000-t-1", "t-1-contract", "contract", datetime(2026, 11, 2, 10, tzinfo=UTC), "T-00001", "Four beds", "", "awarded",
    "further_competition", "Further competition on a lot", "", None, datetime(2026, 11, 1, 12, tzinfo=UTC), date(2027, 1, 1),
    date(2028, 1, 1), Party("a", "Croydon", "buyer"), 2, Party("b", "Oakhouse", "supplier"), 123_456_05,
    datetime(2026, 11, 2, tzinfo=UTC), [("Care", 70), ("Whole cost", 30)],
)  # fmt: skip


def test_real_releases_come_in_and_go_out_equal(cast: Cast) -> None:
    done = import_releases(by=cast.cora, now=NOW, content=SAMPLE.read_bytes()).done()
    assert (done.added, done.bad) == (len(HELD), ())
    kept = {row.number: row.body for row in PublicRelease.objects.all()}
    assert kept == {one["id"]: one for one in HELD}
    package = as_package(
        [kept[one["id"]] for one in HELD], uri="https://example.org/x", publisher="Test", now=NOW
    )
    assert package["releases"] == HELD
    assert package_faults(package) == []
    again = import_releases(by=cast.cora, now=NOW, content=SAMPLE.read_bytes()).done()
    assert (again.added, again.known) == (0, len(HELD))


def test_our_own_release_is_whole() -> None:
    body = release(TOLD)
    assert release_faults(body, is_own=True) == []
    assert body["awards"][0]["value"] == {"amount": 123456.05, "currency": "GBP"}
    assert body["contracts"][0]["awardID"] == body["awards"][0]["id"]
    assert "description" not in body["tender"]


FAULTS = [
    (("ocid",), None, "release/ocid: is missing"),
    (("ocid",), "x-1", "no registered prefix"),
    (("date",), "2026-11-02", "no date with time and zone"),
    (("tag",), ["award", "bid"], "“bid” is not in the list tag"),
    (("tag",), "award", "has to be a list"),
    (("tender", "id"), None, "release/tender/id: is missing"),
    (("tender", "status"), "done", "not in the list tenderStatus"),
    (("awards", 0, "value", "amount"), "12", "has to be a number"),
    (("awards", 0, "suppliers", 0, "id"), "z", "not among the parties"),
    (("contracts", 0, "awardID"), "z", "is not in the release"),
    (("buyer",), [], "is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "words"), FAULTS, ids=lambda one: str(one)[:30])
def test_what_is_no_release_says_where_and_why(place: tuple[Any, ...], value: Any, words: str) -> None:
    body = copy.deepcopy(release(TOLD))
    inside: Any = body
    for step in place[:-1]:
        inside = inside[step]
    if value is None:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    assert words in " ".join(release_faults(body, is_own=True))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"releases": 3}', b"[" * 100_000, b'{"releases": [1, null]}']
)
def test_a_file_that_holds_none_is_refused(cast: Cast, content: bytes) -> None:
    outcome = import_releases(by=cast.cora, now=NOW, content=content)
    assert [problem.field for problem in outcome.problems] == ["file"]


def test_a_bad_release_among_good_ones_is_left_out_and_told(cast: Cast) -> None:
    content = json.dumps([*HELD, {**HELD[0], "id": "bad", "tag": ["nonsense"]}]).encode()
    read = read_releases(content)
    assert not isinstance(read, Problem)
    assert [name for name, _ in read.bad] == ["bad"]
    assert import_releases(by=cast.cora, now=NOW, content=content).done().added == len(HELD)
