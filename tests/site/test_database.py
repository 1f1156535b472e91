"""Where the database is: addresses taken apart, and the embedded server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from rightplace.site.cannot_start import CannotStart
from rightplace.site.database import (
    check_reachable,
    data_folder,
    database_url,
    django_database,
    embedded_url,
    is_in_the_clear,
)
from tests.cli.shell import environment


def test_an_address_over_tcp_is_taken_apart() -> None:
    made = django_database("postgresql://sam:p%40ss@db.example.org:6432/placements?sslmode=require")
    parts = {name: made[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    assert parts == {
        "NAME": "placements",
        "USER": "sam",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("postgresql://sam@db.example.org/placements", True),
        ("postgresql://sam@10.0.0.7/placements?sslmode=prefer", True),
        ("postgresql://sam@db.example.org/placements?sslmode=verify-full", False),
        ("postgresql://sam@127.0.0.1/placements", False),
        ("postgresql://sam@/placements?host=/run/postgresql", False),
    ],
)
def test_a_connection_that_could_be_read_on_its_way_is_known(url: str, is_open: bool) -> None:
    assert is_in_the_clear(url) is is_open


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, (False, False)),
        ({"RIGHTPLACE_EMAIL_HOST": "mail.example.org"}, (True, False)),
        ({"RIGHTPLACE_EMAIL_HOST": "mail.example.org", "RIGHTPLACE_EMAIL_TLS": "tls"}, (False, True)),
        ({"RIGHTPLACE_EMAIL_HOST": "mail.example.org", "RIGHTPLACE_EMAIL_TLS": "off"}, (False, False)),
    ],
)
def test_mail_to_another_machine_goes_out_encrypted(given: dict[str, str], found: tuple[bool, bool]) -> None:
    code = "from rightplace.site import settings as s; print(s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(RIGHTPLACE_NO_DATABASE="1", **given), check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(one) for one in found]


def test_an_address_of_a_socket_is_taken_apart() -> None:
    made = django_database("postgresql://postgres@/rightplace?host=/var/run/some%20where")
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("/var/run/some where", "", "rightplace")


def test_an_address_without_a_database_means_ours() -> None:
    assert django_database("postgresql://localhost")["NAME"] == "rightplace"


@pytest.mark.parametrize("url", ["mysql://localhost/rightplace", "postgresql://[half", "no address"])
def test_what_is_no_address_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL is not a PostgreSQL address; write it as"):
        django_database(url)


def test_a_database_that_does_not_answer_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"cannot be reached .*; start PostgreSQL or correct DATABASE_URL"):
        check_reachable(f"postgresql://postgres@/rightplace?host={tmp_path}")


def test_a_password_is_never_repeated_in_the_sentence() -> None:
    with pytest.raises(CannotStart) as refusal:
        check_reachable("postgresql://sam:very-secret@127.0.0.1:9/rightplace")
    assert "very-secret" not in str(refusal.value)


def test_the_data_folder_is_the_one_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RIGHTPLACE_DATA", str(tmp_path / "here"))
    assert data_folder() == tmp_path / "here"


def test_a_checkout_keeps_its_data_in_var(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RIGHTPLACE_DATA")
    assert data_folder() == Path(__file__).resolve().parents[2] / "var"


def test_without_a_database_the_address_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTPLACE_NO_DATABASE", "1")
    assert "/nonexistent" in database_url()


def test_the_server_of_the_tests_is_a_real_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    # Writers of the reference, which other tests run in this process, leave it set.
    monkeypatch.delenv("RIGHTPLACE_NO_DATABASE", raising=False)
    with psycopg.connect(database_url()) as connection:
        assert connection.info.server_version >= 150000


def test_a_throwaway_server_does_not_wait_for_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RIGHTPLACE_DATA", str(tmp_path))
    with psycopg.connect(embedded_url(throwaway=True)) as connection:
        settle_until_off(connection)
        assert connection.execute("SELECT current_database()").fetchone() == ("rightplace",)


def settle_until_off(connection: psycopg.Connection) -> None:
    """The server takes a new setting up a moment after it is told."""
    for _ in range(50):
        if connection.execute("SHOW fsync").fetchone() == ("off",):
            return
        time.sleep(0.1)
    raise AssertionError("fsync is still on")


def test_a_server_whose_last_process_was_killed_is_stopped_by_the_next(tmp_path: Path) -> None:
    code = "import os, rightplace.site.database as d; d.embedded_url(); os.kill(os.getpid(), 9)"
    chosen = environment(RIGHTPLACE_DATA=str(tmp_path))
    subprocess.run([sys.executable, "-c", code], env=chosen, check=False)
    assert (tmp_path / "postgres" / "postmaster.pid").exists()
    code = "import rightplace.site.database as d; d.check_reachable(d.embedded_url())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=chosen, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_server_that_replays_its_log_for_longer_than_the_wheel_waits_is_waited_for(tmp_path: Path) -> None:
    """As after a restore of gigabytes: each piece of log asked for takes six seconds here, and there is none."""
    code = "import rightplace.site.database as d; d.check_reachable(d.embedded_url())"
    chosen = environment(RIGHTPLACE_DATA=str(tmp_path))
    start = [sys.executable, "-c", code]
    subprocess.run(start, env=chosen, check=True)
    folder = tmp_path / "postgres"
    with (folder / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 6; false'\n")
    shutil.copymode(folder / "PG_VERSION", folder / "postgresql.auto.conf")
    (folder / "recovery.signal").touch()
    shutil.chown(folder / "recovery.signal", folder.owner())
    begun = time.monotonic()
    done = subprocess.run(start, env=chosen, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - begun > 10


def test_a_long_path_to_the_data_still_has_a_short_socket(tmp_path: Path) -> None:
    chosen = environment(RIGHTPLACE_DATA=str(tmp_path / ("long" * 30)))
    code = "import rightplace.site.database as d; u = d.embedded_url(); d.check_reachable(u); print(u)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=chosen, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split("host=")[1].strip()) < 90
