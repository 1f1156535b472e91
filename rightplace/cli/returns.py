"""`rightplace check return` and `rightplace export ssda903`: the statutory return, checked from files and written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rightplace.cli.terminal import CANNOT_RUN, DONE, FOUND_PROBLEMS, Json, print_json, say, say_error
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rightplace.core.problems import Problem
    from rightplace.exchange.ssda903.rules.running import Ruling
    from rightplace.exchange.ssda903.whole import Whole

SHOWN = 10

Year = Annotated[
    int | None, typer.Option("--year", help="The year in which the collection ends: 2025 for 2024-25.")
]


def check_return(
    files: Annotated[
        list[Path], typer.Argument(help="The files of the return, CSV or XML, or their folder.")
    ],
    year: Year = None,
    last: Annotated[
        list[Path] | None, typer.Option("--last", help="Last year's files or folder; may be repeated.")
    ] = None,
    authority: Annotated[
        str, typer.Option("--authority", help="The authority, by name or code (Croydon, E09000008, 306).")
    ] = "",
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Ask this rule alone; may be repeated.")
    ] = None,
    taken_on: Annotated[
        datetime | None,
        typer.Option(
            "--taken-on",
            formats=["%Y-%m-%d"],
            help="The day it was taken, of a year that goes on: 2026-11-30.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a statutory return (SSDA903) against every published rule of its year. No database is asked.

    Each rule that fails is listed with its message and the lines it fails on. With last year's files the rules that
    hold the two years against each other are asked too. Exit code 1 when something was found.
    A year that goes on is checked as if it had ended, unless the day on which the return was taken is given.

    Example: rightplace check return returns/2025 --year 2025 --last returns/2024 --authority Croydon
    """
    os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
    from rightplace.exchange.ssda903.ruling import as_json as told
    from rightplace.exchange.ssda903.ruling import check_whole

    whole = _read(files, year, as_json)
    before = _read(last, whole.year - 1, as_json) if last else None
    ruling = check_whole(
        whole, last=before, authority=_code_of(authority), only=rule, hand_over=True,
        taken_on=taken_on.date() if taken_on else None,
    )  # fmt: skip
    if as_json:
        print_json(told(whole, ruling))
    else:
        _tell(whole, ruling)
    raise typer.Exit(FOUND_PROBLEMS if ruling.failing or whole.notes else DONE)


def export_return(
    authority: Annotated[
        str, typer.Option("--authority", help="The authority, by its name or its GSS code.")
    ],
    year: Annotated[int, typer.Option("--year", help="The year in which the collection ends.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write into; made where it is not there.")],
    as_xml: Annotated[bool, typer.Option("--xml", help="One XML document instead of CSV files.")] = False,
    as_json: Json = False,
) -> None:
    """The statutory return (SSDA903) of an authority, made from what is recorded, and checked against its rules.

    Episodes come from placements and legal statuses; health, reviews and the like from what was imported or entered.
    Exit code 1 when a rule found something; the files are written all the same. The export becomes an entry.

    Example: rightplace export ssda903 --authority Croydon --year 2026 --to return
    """
    from rightplace.cli import database

    database.django_ready()
    from django.utils import timezone

    from rightplace.cli.export import _authority
    from rightplace.exchange.ssda903.exporting import make_return, record_export
    from rightplace.exchange.ssda903.ruling import as_json as told
    from rightplace.exchange.ssda903.schema import as_words, schema_faults
    from rightplace.exchange.ssda903.writing import return_files, write_xml
    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.access.scope import acting_as

    chosen = _authority(authority)
    actor = system_actor(authority_id=chosen.pk)
    with acting_as(actor):
        made = make_return(chosen, year, taken_on=timezone.localdate(_now()))
    files = {"ssda903.xml": write_xml(made.whole.tables)} if as_xml else return_files(made.whole.tables, year)
    write_files(to, files)
    beside = as_words(schema_faults(files["ssda903.xml"])) if as_xml else []
    with _recorded():
        record_export(chosen, year, by=actor, now=_now(), rows=made.whole.rows)
    if as_json:
        print_json(told(made.whole, made.ruling))
    else:
        _tell(made.whole, made.ruling)
    for words in beside:
        say_error(f"Not by the Department’s schema: {words}")
    raise typer.Exit(FOUND_PROBLEMS if made.ruling.failing or beside else DONE)


@contextmanager
def _recorded() -> Iterator[None]:
    """One transaction that leaves its entry in the audit trail."""
    from django.db import transaction

    from rightplace.foundation.audit.record import recording

    with transaction.atomic(), recording():
        yield


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def write_files(to: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name into a folder, made where it is not there."""
    try:
        to.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (to / name).write_bytes(content)
    except OSError as error:
        raise CannotStart(f"The files cannot be written into {to} ({error.strerror}).") from None


def _read(paths: Sequence[Path], year: int | None, as_json: bool) -> Whole:
    from rightplace.exchange.ssda903.whole import Whole, files_in, read_whole

    for path in paths:
        if not path.exists():
            raise CannotStart(f"There is no file or folder {path}.")
    found = read_whole(files_in(paths), year=year)
    return found if isinstance(found, Whole) else _refuse(found, as_json)


def _refuse(problems: Sequence[Problem], as_json: bool) -> NoReturn:
    if as_json:
        print_json({"problems": [{"code": p.code, "sentence": p.sentence} for p in problems]})
    for problem in problems:
        say_error(problem.sentence)
    raise typer.Exit(CANNOT_RUN)


def _code_of(authority: str) -> str:
    from rightplace.foundation.reference.authorities import authorities, find_authority

    if not authority or authority.upper() in authorities():
        return authority.upper()
    found = find_authority(authority)
    if found is None:
        raise CannotStart(f"There is no authority “{authority}” in England; name it as Croydon or E09000008.")
    return found.code


def _tell(whole: Whole, ruling: Ruling) -> None:
    from rightplace.exchange.ssda903.ruling import message

    say(
        f"The return of {whole.year - 1}-{whole.year % 100:02d}: {whole.rows:,} rows in {len(whole.tables)} files."
    )
    for note in whole.notes:
        say(f"{note.file}, line {note.line}: {note.reason}")
    for code, tables in ruling.failing.items():
        typer.echo(f"{code}  {message(code, whole.year).words}")
        for table, rows in tables.items():
            lines = ", ".join(str(whole.line(row)) for row in rows[:SHOWN])
            more = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
            typer.echo(f"      {table} ({whole.files.get(table, 'last year')}), line {lines}{more}")
    asked = len(ruling.passed) + len(ruling.failing)
    say(f"{asked} rules asked, {len(ruling.failing)} found something in {ruling.count:,} rows.")
    if ruling.not_asked:
        say(f"{len(ruling.not_asked)} rules were not asked: files or facts that they need were not given.")
