"""kill -9 of web, worker and database while people work: nothing confirmed is lost, nothing half, nothing twice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Dumped
from tests.faults.kills import Harm, harm
from tests.faults.standing import Installation
from tests.figures import figure

WEB = ["web", "worker", "web"] * int(os.environ.get("RIGHTPLACE_WEB_KILLS", "1"))
DATABASE = ["database"] * int(os.environ.get("RIGHTPLACE_DATABASE_KILLS", "1"))
JOURNEYS = int(os.environ.get("RIGHTPLACE_JOURNEYS", "12"))
NEXT_PAGE_SECONDS = 2.0
DATABASE_SECONDS = 10.0


@pytest.fixture(scope="module")
def served(place: Installation) -> Iterator[Installation]:
    """The installation, served with its worker."""
    place.serve()
    yield place
    place.stop()


def write_figures(row: int, found: Harm) -> None:
    """What was measured, for the assurance table."""
    deeds = len(found.noted.acknowledged)
    figure(row, "kills", ", ".join(f"{n} of {kind}" for kind, n in found.kills.items()))
    figure(
        row,
        "journeys; acknowledged deeds; sent again",
        f"{found.journeys}; {deeds}; {found.noted.sent_again}",
    )
    figure(row, "lost, half, twice or told twice", len(found.wrong), 0, met=not found.wrong)
    for kind, seconds in found.next_page.items():
        most = DATABASE_SECONDS if kind == "database" else NEXT_PAGE_SECONDS
        figure(
            row,
            f"next page after a kill of {kind}, most seconds",
            seconds,
            f"≤ {most:g} s",
            met=seconds <= most,
        )


def test_web_and_worker_killed_while_people_work(served: Installation, dumped: Dumped) -> None:
    found = harm(served, dumped.cards, WEB, seed=1, journeys=JOURNEYS)
    write_figures(1, found)
    assert found.wrong == []
    assert found.killed == len(WEB) and len(found.noted.acknowledged) > 5
    assert found.next_page["web"] <= NEXT_PAGE_SECONDS


def test_the_database_killed_while_people_work(served: Installation, dumped: Dumped) -> None:
    """Nobody of ours restarts anything: `serve` starts its database again and every process connects anew."""
    web = served.web_processes()
    found = harm(served, dumped.cards, DATABASE, seed=2, journeys=JOURNEYS)
    write_figures(2, found)
    assert found.wrong == []
    assert len(found.noted.acknowledged) > 3
    assert found.next_page["database"] <= DATABASE_SECONDS
    assert served.web_processes() == web
