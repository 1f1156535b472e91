"""Dumps and restores: every row comes back and is proved; nothing with data is replaced unasked; nothing is ever lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from rightplace.site.backup import restoring
from rightplace.site.backup.dump import make_dump
from rightplace.site.backup.proofs import proof_of_rows
from rightplace.site.backup.sealed import private_key, public_key
from rightplace.site.cannot_start import CannotStart
from tests.cli.shell import run, sentence_of
from tests.faults.conftest import Dumped, short_folder
from tests.figures import figure


def quiet(words: str, done: int, total: int) -> None:
    """No progress."""


@pytest.fixture
def beside(dumped: Dumped) -> Iterator[str]:
    """The dump loaded into a new database of the test server; its address."""
    name = f"test_rightplace_{os.getpid()}_restored"
    restoring.load_dump(dumped.made.path, private_key(dumped.private.read_text()), dumped.url, name, quiet)
    yield restoring.database_beside(dumped.url, name)
    restoring.drop(dumped.url, name)


def test_every_row_and_every_chain_comes_back(dumped: Dumped, beside: str) -> None:
    proof = proof_of_rows(beside, dumped.made.manifest)
    assert proof.is_ok, proof.sentence
    assert dumped.made.manifest.rows["requests_placementrequest"] > 5


def test_a_row_that_is_missing_is_named(dumped: Dumped, beside: str) -> None:
    with psycopg.connect(beside) as connection:
        connection.execute("DELETE FROM notices_notice WHERE id = (SELECT min(id) FROM notices_notice)")
    assert "notices_notice" in proof_of_rows(beside, dumped.made.manifest).sentence


def test_a_chain_that_ends_elsewhere_is_named(dumped: Dumped, beside: str) -> None:
    chain = next(iter(dumped.made.manifest.heads))
    other = replace(dumped.made.manifest, heads={**dumped.made.manifest.heads, chain: (1, "00")})
    assert f"chain {chain}" in proof_of_rows(beside, other).sentence


def test_the_command_proves_a_backup_and_changes_nothing(dumped: Dumped) -> None:
    done = run(
        "restore",
        str(dumped.made.path),
        "--key",
        str(dumped.private),
        "--verify",
        "--json",
        DATABASE_URL=dumped.url,
    )
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [check["name"] for check in told["checks"]] == ["rows", "audit", "schedule", "ledger"]
    assert all(check["is_ok"] for check in told["checks"])
    figure(10, "restore of a dump, proved: seconds (small)", told["seconds"], "≤ 900 s")


def test_a_database_with_data_is_not_replaced_unasked(dumped: Dumped) -> None:
    done = run("restore", str(dumped.made.path), "--key", str(dumped.private), DATABASE_URL=dumped.url)
    assert done.returncode == 2
    assert "holds data, so it is not replaced; add --over" in done.stderr


def test_a_backup_is_always_sealed(tmp_path: Path) -> None:
    assert "A backup is always sealed" in sentence_of(run("backup", "--to", str(tmp_path)))


def test_a_backup_is_never_written_over(dumped: Dumped, tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    make_dump(dumped.url, tmp_path, public_key(dumped.public), now=now, advance=quiet)
    with pytest.raises(CannotStart, match="never written over"):
        make_dump(dumped.url, tmp_path, public_key(dumped.public), now=now, advance=quiet)


def test_who_does_not_see_every_row_makes_no_backup(dumped: Dumped, tmp_path: Path) -> None:
    """Row security hides rows in silence, so such a backup would look whole and not be."""
    with psycopg.connect(dumped.url, autocommit=True) as connection:
        role = f"sees_little_{os.getpid()}"
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        try:
            with pytest.raises(CannotStart, match="does not see every row"):
                address = dumped.url.replace("postgres@", f"{role}@")
                make_dump(address, tmp_path, public_key(dumped.public), now=datetime.now(UTC), advance=quiet)
        finally:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")
    assert not list(tmp_path.iterdir())


TRIES = """
import os, sys
os.setgid(65534); os.setuid(65534)
assert all(os.path.exists(path) for path in sys.argv[1:])  # it is seen, so that a refusal means something
gone = 0
for path in sys.argv[1:]:
    for harm in (os.unlink, lambda p: os.rename(p, p + '.x'), lambda p: open(p, 'r+b').truncate(0)):
        try:
            harm(path); gone += 1
        except PermissionError:
            pass
print(gone)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try")
def test_another_user_can_neither_delete_nor_change_a_backup(dumped: Dumped) -> None:
    """The user that serves is not the one that writes the store: whoever takes the server deletes nothing."""
    store = short_folder()
    made = make_dump(dumped.url, store, public_key(dumped.public), now=datetime.now(UTC), advance=quiet)
    done = subprocess.run(
        [sys.executable, "-c", TRIES, str(made.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"
    assert made.path.stat().st_size == made.sealed_bytes
    shutil.rmtree(store)
    figure(11, "backups deleted or changed by the application's user, of 3 tries", 0, 0)


def test_the_role_of_the_pages_reaches_no_file(dumped: Dumped) -> None:
    harms = (
        "COPY (SELECT 1) TO PROGRAM 'rm -rf /mnt/backups'", "COPY (SELECT 1) TO '/tmp/anything'",
        "SELECT pg_ls_dir('.')", "SELECT pg_read_file('/etc/passwd')", "SELECT lo_export(1, '/tmp/anything')",
        "SELECT pg_drop_replication_slot('rightplace_backup')",
    )  # fmt: skip
    with psycopg.connect(dumped.url, autocommit=True) as connection:
        connection.execute("SET ROLE rightplace_app")
        for harm in harms:
            with pytest.raises(psycopg.Error, match="permission denied|must be superuser|replication"):
                connection.execute(harm)
