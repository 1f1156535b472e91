"""A payment run killed at every commit and at every write of a file, then run again: nothing twice, nothing missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from rightplace.journey.ledger.models import Payment, PaymentItem, PaymentRun
from tests.cast import make_cast
from tests.figures import figure
from tests.paying import Till, broken, make_till, released
from tests.walked import connected_to, create_copy, drop

ROOT = Path(__file__).parents[2]
ALL = bool(os.environ.get("RIGHTPLACE_ASSURE"))
FEW = 2


@dataclass(frozen=True)
class Prepared:
    """A database with what is due, to be copied for each kill."""

    name: str
    till: Till
    pence: int


@pytest.fixture(scope="module")
def prepared(django_test_environment: None, django_db_blocker: object) -> Iterator[Prepared]:
    """Payables of three payees, one of them with something to recover."""
    name = f"test_rightplace_{os.getpid()}_paying"
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        create_copy(name, template or "template1")
        with connected_to(name):
            if template in {None, "template1"}:
                call_command("migrate", verbosity=0)
            with transaction.atomic():
                till = make_till(make_cast())
                amounts = [
                    (till.oakhouse, 100_000),
                    (till.oakhouse, 70_001),
                    (till.harbour, 90_000),
                    (till.harbour, -20_000),
                ]
                for payee, pence in [*amounts, (till.adams, 40_000)]:
                    released(till, payee, pence)
        yield Prepared(name, till, 280_001)
        drop(name)


def child(name: str, folder: Path, kill_at: int, till: Till) -> subprocess.CompletedProcess[str]:
    """The run carried on in a process of its own."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path=f"/{name}"))
    people = (str(till.proposer.user_id), str(till.approver.user_id))
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.paying_child", url, str(folder), str(kill_at), *people],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_run_killed_at_any_point_pays_once_when_it_is_run_again(
    prepared: Prepared, tmp_path: Path, django_db_blocker: object
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        connection.close()
        points = _tried(prepared, tmp_path / "whole", 0)
        wanted = (
            range(1, points + 1)
            if ALL
            else [1 + round(place * (points - 1) / (FEW - 1)) for place in range(FEW)]
        )
        for number in wanted:
            assert _tried(prepared, tmp_path / str(number), number) == -9
    figure(
        5, "kill points of a payment run (commits and writes of files); killed at", f"{points}; {len(wanted)}"
    )
    figure(5, "paid twice or not at all, files that differ", 0, 0, met=True)


def _tried(prepared: Prepared, folder: Path, kill_at: int) -> int:
    """Kill the run at a point in a copy, run it again, and look; how the first ended, or how many points a whole one has."""
    copy = f"{prepared.name}_{kill_at}"
    create_copy(copy, prepared.name)
    try:
        first = child(copy, folder, kill_at, prepared.till)
        if kill_at:
            assert first.returncode == -9, first.stderr
            again = child(copy, folder, 0, prepared.till)
            assert again.returncode == 0, again.stderr
        else:
            assert first.returncode == 0, first.stderr
        with connected_to(copy):
            _look(prepared, folder)
    finally:
        drop(copy)
    return first.returncode if kill_at else int(first.stdout)


def _look(prepared: Prepared, folder: Path) -> None:
    run = PaymentRun.objects.get()
    assert (run.state, run.total_pence) == ("paid", prepared.pence)
    assert sum(Payment.objects.values_list("pence", flat=True)) == prepared.pence
    assert PaymentItem.objects.count() == PaymentItem.objects.filter(is_live=True).count() == 5
    assert broken() == []
    kept = {one.file.name: bytes(one.file.content) for one in run.files.select_related("file")}
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".part"} == kept
    assert len(kept) == 3
