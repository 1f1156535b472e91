"""A case system's folder that fails on purpose: half-written files, a folder that vanishes, a file twice, errors of reading."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

UNREADABLE = "/proc/self/mem"
"""Opens, and gives an error of the disk when it is read."""


class CaseFolder:
    """What the case system writes for one authority; `done` counts the faults."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place, self.chance, self.done = place, random.Random(seed), Counter[str]()
        self.faults: dict[str, Callable[[Mapping[str, str], datetime], None]] = {
            "cut within a line": self._cut_within_a_line,
            "cut after a line": self._cut_after_a_line,
            "still being written": self._still_written,
            "a folder that vanishes": self._vanish,
            "a file twice": self._twice,
            "an error of the disk": self._unreadable,
            "nothing can be given back": self._no_way_out,
        }

    def write(self, texts: Mapping[str, str], at: datetime) -> None:
        """All files of a night, whole, and written an hour ago."""
        self.mend()
        self._put(texts, at - timedelta(hours=1))

    def break_one(self, texts: Mapping[str, str], now: datetime) -> str:
        """One fault by chance; its name."""
        fault = self.chance.choice(list(self.faults))
        self.done[fault] += 1
        self.mend()
        self.faults[fault](texts, now - timedelta(hours=1))
        return fault

    def mend(self) -> None:
        """As if nothing had been."""
        for path in (self.place / "in", self.place / "away"):
            shutil.rmtree(path, ignore_errors=True)
        if (self.place / "out").is_file():
            (self.place / "out").unlink()
            (self.place / "kept").rename(self.place / "out")

    def _put(self, texts: Mapping[str, str], at: datetime) -> None:
        folder = self.place / "in"
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / f"{name}.csv").write_text(text)
            os.utime(folder / f"{name}.csv", (at.timestamp(), at.timestamp()))

    def _cut_within_a_line(self, texts: Mapping[str, str], at: datetime) -> None:
        name = self.chance.choice(list(texts))
        text = texts[name]
        end = self.chance.randrange(text.index("\n") + 2, len(text))
        self._put({**texts, name: text[:end].rstrip("\n")}, at)

    def _cut_after_a_line(self, texts: Mapping[str, str], at: datetime) -> None:
        name = self.chance.choice(list(texts))
        lines = texts[name].splitlines(keepends=True)
        self._put({**texts, name: "".join(lines[: len(lines) // 3])}, at)

    def _still_written(self, texts: Mapping[str, str], at: datetime) -> None:
        name = self.chance.choice(list(texts))
        lines = texts[name].splitlines(keepends=True)
        self._put({**texts, name: "".join(lines[: len(lines) - 3])}, at + timedelta(hours=1))

    def _vanish(self, texts: Mapping[str, str], at: datetime) -> None:
        """Nothing is left of it."""

    def _twice(self, texts: Mapping[str, str], at: datetime) -> None:
        name = self.chance.choice(list(texts))
        self._put({**texts, f"{name} (1)": texts[name]}, at)

    def _unreadable(self, texts: Mapping[str, str], at: datetime) -> None:
        name = self.chance.choice(list(texts))
        self._put(texts, at)
        (self.place / "in" / f"{name}.csv").unlink()
        (self.place / "in" / f"{name}.csv").symlink_to(UNREADABLE)

    def _no_way_out(self, texts: Mapping[str, str], at: datetime) -> None:
        """Taken in, and then what was to be given cannot be written: the case system never hears of it."""
        self._put(texts, at)
        out = self.place / "out"
        out.mkdir(exist_ok=True)
        out.rename(self.place / "kept")
        out.write_text("a file where a folder should be")
