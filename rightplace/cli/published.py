"""`rightplace export placements-standard`, `section-251`, `transparency`…: published tables into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.returns import write_files
from rightplace.cli.terminal import Json, print_json, say
from rightplace.site.cannot_start import CannotStart

OfAuthority = Annotated[str, typer.Option("--authority", help="The authority, by its name or its GSS code.")]
Year = Annotated[
    int, typer.Option("--year", help="The year in which the financial year ends: 2026 for 2025-26.")
]
Quarter = Annotated[
    int, typer.Option("--quarter", min=0, max=4, help="A quarter of it; the whole year without.")
]
To = Annotated[Path, typer.Option("--to", help="The folder to write into; made where it is not there.")]


def commands(app: typer.Typer) -> None:
    """Add the command of each kind of published table."""
    for code, words in COMMANDS.items():
        app.command(code, help=f"{words}\n\nExample: rightplace export {code} --authority Croydon --year 2026 --to tables",
                    short_help=words)(_command(code))  # fmt: skip
    app.command("placements-schema", short_help="The JSON Schema of the Placements Data Standard.")(
        placements_schema
    )


COMMANDS = {
    "placements-standard": "The Placements Data Standard v2 of an authority, as CSV and as JSON with its schema.",
    "census": "The regional census columns: who is placed on the last day.",
    "section-251": "Section 251 lines by sector, with income and net.",
    "return-tables": "Tables counted from the statutory return.",
    "transparency": "Spend over £500, for open data.",
    "foi": "The tables most asked for under freedom of information, small numbers hidden.",
}


def placements_schema(
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; standard output without it.")
    ] = None,
) -> None:
    """The JSON Schema that we publish for the Placements Data Standard v2. It needs no database.

    Example: rightplace export placements-schema --out placements-standard-v2.schema.json
    """
    from rightplace.exchange.placements_standard.files import schema_file

    text = schema_file().content.decode("utf-8")
    if out is None:
        typer.echo(text, nl=False)
        return
    write_files(out.parent, {out.name: text.encode("utf-8")})


def _command(code: str) -> Callable[..., None]:
    def export(
        authority: OfAuthority, year: Year, to: To, quarter: Quarter = 0, as_json: Json = False
    ) -> None:
        _export(code, authority, year, quarter, to, as_json)

    return export


def _export(code: str, authority: str, year: int, quarter: int, to: Path, as_json: bool) -> None:
    database.django_ready()
    from django.utils import timezone

    from rightplace.cli.export import _authority
    from rightplace.exchange.publishing.giving import give_tables
    from rightplace.exchange.publishing.kinds import KINDS
    from rightplace.exchange.sheets import Span
    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.access.scope import acting_as

    chosen, kind = _authority(authority), KINDS[code]
    if quarter and not kind.has_quarters:
        raise CannotStart(f"{kind.title} are made for whole years; leave --quarter out.")
    actor, files = system_actor(authority_id=chosen.pk), []
    for is_json in (False, True) if kind.has_json else (False,):
        with acting_as(actor):
            outcome = give_tables(
                by=actor,
                now=timezone.now(),
                authority=chosen,
                kind=kind,
                span=Span(year, quarter),
                as_json=is_json,
            )
        files += outcome.done()
    write_files(to, {file.name: file.content for file in files})
    written = [str(to / file.name) for file in files]
    if as_json:
        print_json({"files": written})
    else:
        say("\n".join(written))
