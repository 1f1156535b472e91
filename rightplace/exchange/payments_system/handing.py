"""Handing the files of a run over as files in a folder: whole or not at all, however often it is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rightplace.foundation.files.models import StoredFile


def hand_over(files: Iterable[StoredFile], folder: Path) -> list[Path]:
    """Write the kept files into a folder and give their paths. A file is under its name only once all of it is on the disk.

    One that is there already with the same content is left; FileExistsError for one with another content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_hand_one(file.name, bytes(file.content), folder) for file in files]


def _hand_one(name: str, content: bytes, folder: Path) -> Path:
    path = folder / Path(name).name
    if path.exists():
        if path.read_bytes() != content:
            raise FileExistsError(f"{path} holds something else")
        return path
    part = path.with_suffix(f"{path.suffix}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, path)
    return path
