"""Writing a return: a CSV file for each module, as the guide lays them out, or one XML document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import polars as pl

from rightplace.exchange.ssda903.rules.tables import FILES, columns_of, tables_of
from rightplace.exchange.ssda903.xml import write_xml

__all__ = ["return_files", "return_zip", "write_csv", "write_xml"]

WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the same return gives the same bytes."""


def write_csv(table: str, rows: pl.DataFrame, year: int) -> bytes:
    """A module as CSV in UTF-8: its columns of the year in their order, a line end after each row, empty cells without quotes."""
    cells = [
        pl.col(name).replace("", None) if name in rows.columns else pl.lit(None).alias(name)
        for name in columns_of(table, year)
    ]
    kept = io.BytesIO()
    rows.select(cells).write_csv(kept, quote_style="necessary")
    return kept.getvalue()


def return_files(tables: Mapping[str, pl.DataFrame], year: int) -> dict[str, bytes]:
    """The CSV files of a return by name; modules that the year does not have are left out."""
    known = [table for table in tables_of(year) if table in tables]
    return {f"{FILES[table]}.csv": write_csv(table, tables[table], year) for table in known}


def return_zip(files: Mapping[str, bytes]) -> bytes:
    """Files as one archive, the same bytes for the same files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, WRITTEN_AT), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
