"""The child process that opens a workbook: bytes in, sheets of text out, within stated memory and time.

Run as `python -m rightplace.exchange.workbook_reader MEMORY SECONDS ROWS COLUMNS`. It exits with 0: read;
3: cannot be read; 4: too many rows or columns; anything else: it ran out of what it was given.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

CANNOT_READ = 3
TOO_MANY = 4


def main(arguments: list[str]) -> int:
    """Read the workbook on standard input; write `[[sheet name, rows of text]]` to standard output."""
    memory, seconds, rows, columns = (int(argument) for argument in arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OSError):
        return CANNOT_READ
    if any(sheet.total_height > rows or sheet.total_width > columns for sheet in sheets):
        return TOO_MANY
    found = [
        [s.name, [[as_text(cell) for cell in row] for row in s.to_python(skip_empty_area=False)]]
        for s in sheets
    ]
    json.dump(found, sys.stdout)
    return 0


def as_text(cell: Any) -> str:
    """A cell as text: dates as 2025-03-31, whole numbers without a point, yes and no as TRUE and FALSE."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    # A workbook can hold a null character under an escape; no database text can.
    return str(cell).replace("\x00", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
