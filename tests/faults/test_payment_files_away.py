"""The files of payment runs into a folder that fails three times in ten: each is there once and whole, or not at all."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

from rightplace.exchange.payments_system.handing import hand_over
from rightplace.foundation.files.models import StoredFile
from tests.figures import figure

RUNS = 200
FAULTS = 0.3


def files_of(run: int) -> list[StoredFile]:
    """What is kept of a run."""
    content = f"run {run}\r\n".encode() * 500
    return [StoredFile(name=f"PR-{run:06d}-{kind}", content=content) for kind in ("bacs.txt", "ledger.csv")]


def break_it(folder: Path, run: int, chance: random.Random) -> None:
    """One fault by chance: killed in mid-write, a folder that is gone, another thing in its place, one file of two there."""
    first = files_of(run)[0]
    fault = chance.choice(("half", "gone", "no folder", "one of two"))
    if fault == "half":
        folder.mkdir(exist_ok=True)
        (folder / f"{first.name}.part").write_bytes(bytes(first.content)[:700])
    elif fault == "one of two":
        hand_over([first], folder)
    else:
        folder.rename(folder.with_name("kept"))
        if fault == "no folder":
            folder.write_text("a file where a folder should be")


def mend(folder: Path) -> None:
    """The folder as it was, with what was handed over meanwhile."""
    kept = folder.with_name("kept")
    if not kept.exists():
        return
    if folder.is_file():
        folder.unlink()
    elif folder.is_dir():
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        shutil.rmtree(folder)
    kept.rename(folder)


def test_every_file_is_there_once_and_whole(tmp_path: Path) -> None:
    chance, folder, faults, half = random.Random(28), tmp_path / "bank", 0, 0
    hand_over(files_of(0), folder)
    for run in range(1, RUNS + 1):
        is_handed = False
        while not is_handed:
            if chance.random() < FAULTS:
                break_it(folder, run, chance)
                faults += 1
            with suppress(OSError):  # the command says so, and whoever ran it runs it again
                is_handed = len(hand_over(files_of(run), folder)) == 2
            mend(folder)
            half += sum(path.stat().st_size % 500 != 0 for path in folder.glob("*.txt"))
    expected = {file.name: bytes(file.content) for run in range(RUNS + 1) for file in files_of(run)}
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = f"{2 * RUNS + 2}; {faults}; {len(found)}"
    figure(28, "files of payment runs; faults; there once and whole", told, "all", met=found == expected)
    assert found == expected
    assert half == 0
    assert faults > RUNS * FAULTS / 2
