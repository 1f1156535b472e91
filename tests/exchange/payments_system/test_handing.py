"""Files of a run handed over into a folder: whole, once, and never over something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rightplace.exchange.payments_system.handing import hand_over
from rightplace.foundation.files.models import StoredFile


def test_files_are_written_once_and_left_when_they_are_there(tmp_path: Path) -> None:
    file = StoredFile(name="PR-000001-bacs.txt", content=b"VOL1")
    (path,) = hand_over([file], tmp_path / "bacs")
    before = path.stat().st_mtime_ns
    assert hand_over([file], tmp_path / "bacs") == [path]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (b"VOL1", before)
    assert [one.name for one in path.parent.iterdir()] == ["PR-000001-bacs.txt"]


def test_a_file_with_another_content_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"something else")
    with pytest.raises(FileExistsError):
        hand_over([StoredFile(name="../x.txt", content=b"VOL1")], tmp_path)
    assert (tmp_path / "x.txt").read_bytes() == b"something else"
