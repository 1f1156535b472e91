"""A fault of set-up is one sentence that says how to mend it, and exit code 2; never a traceback."""

from __future__ import annotations

import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import ROOT, environment, run, sentence_of


def test_a_port_that_is_taken_is_named_with_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", PORT=str(port))
    assert done.returncode == 2
    assert sentence_of(done) == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use); "
        f"stop the program that has it, or choose another: PORT={port + 1}."
    )


def test_a_number_that_is_no_port_is_refused() -> None:
    done = run("serve", "--port", "70000")
    assert (done.returncode, "choose one from 1 to 65535" in sentence_of(done)) == (2, True)


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("migrate", RIGHTPLACE_DATA=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert sentence_of(done) == (
        f"The data folder {tmp_path}/file/data cannot be written to (Not a directory); "
        "make it writable, or set RIGHTPLACE_DATA to another folder."
    )


def test_a_database_that_does_not_answer_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = run("migrate", DATABASE_URL=f"postgresql://sam:secret@127.0.0.1:{port}/rightplace")
    assert done.returncode == 2
    assert "start PostgreSQL or correct DATABASE_URL" in sentence_of(done)
    assert "secret" not in done.stderr


def test_an_address_that_is_not_postgresql_is_one_sentence() -> None:
    done = run("check", DATABASE_URL="mysql://localhost/rightplace")
    assert done.returncode == 2
    assert "write it as postgresql://" in sentence_of(done)


def test_an_old_python_is_told_what_to_do() -> None:
    fake = "import sys, runpy; sys.version_info = (3, 9, 2); sys.argv = ['prepare']; "
    fake += "runpy.run_path('tools/prepare.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", fake], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert sentence_of(done).startswith("Rightplace needs Python 3.11 or newer; this is 3.9.")


def test_an_unknown_command_is_refused_with_exit_code_2() -> None:
    assert run("serv").returncode == 2


def test_prepare_does_nothing_when_the_lock_has_not_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prepare = runpy.run_path(str(ROOT / "tools" / "prepare.py"))
    scope = prepare["is_done"].__globals__
    monkeypatch.setitem(scope, "VENV", str(tmp_path))
    monkeypatch.setitem(scope, "PYTHON", sys.executable)
    (tmp_path / "rightplace-lock").write_text("this-lock\nbase\ndev")
    assert prepare["is_done"]("this-lock", [])
    assert prepare["is_done"]("this-lock", ["dev"])
    assert not prepare["is_done"]("this-lock", ["assets"])
    assert not prepare["is_done"]("another-lock", [])
