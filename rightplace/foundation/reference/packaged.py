"""Reading the reference facts that ship in `data/`: small tables and boundaries, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read_text(name: str) -> str:
    """The text of a packaged file by its path below `data/`; unpacked when its name ends in .gz."""
    content = (DATA / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a packaged table, each by its column names."""
    return tuple(csv.DictReader(io.StringIO(read_text(name))))


@cache
def read_json(name: str) -> Any:
    """A packaged JSON document. Do not change what you are given: everyone shares it."""
    return json.loads(read_text(name))
