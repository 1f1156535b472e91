"""`rightplace import case-extract` and `rightplace export case-extract`: one exchange with a case system, by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import DONE, FOUND_PROBLEMS, Json, print_json, say
from rightplace.site.cannot_start import CannotStart

OfAuthority = Annotated[str, typer.Option("--authority", help="The authority, by its name or its GSS code.")]


def import_extract(
    folder: Annotated[Path, typer.Argument(help="The folder with the case system’s files (CSV).")],
    authority: OfAuthority,
    as_at: Annotated[
        datetime | None,
        typer.Option("--as-at", formats=["%Y-%m-%d"], help="Of which day it is; an older one is refused."),
    ] = None,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Leave children with a bad row out and take the rest.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take an extract of the case system in: children, legal statuses, workers, reviews, times missing.

    All or nothing unless told to keep the good; the same extract again changes nothing. Differences are listed for people.

    Example: rightplace import case-extract nightly/in --authority Croydon
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.cli.export import _authority
    from rightplace.exchange.case_recording.nightly import files_in
    from rightplace.exchange.case_recording.taking import take_extract
    from rightplace.foundation.access.actor import system_actor

    chosen = _authority(authority)
    try:
        files, _ = files_in(folder)
    except OSError as error:
        raise CannotStart(f"The folder {folder} cannot be read ({error.strerror}).") from None
    outcome = take_extract(
        by=system_actor(authority_id=chosen.pk), now=timezone.now(), authority=chosen, files=files,
        as_at=as_at.date() if as_at else None, keep_good=keep_good,
    )  # fmt: skip
    if not outcome.is_done:
        raise CannotStart("\n".join(problem.sentence for problem in outcome.problems))
    report = outcome.done()
    if as_json:
        print_json(report.as_json())
    else:
        say("\n".join([report.words, *report.notes]))
    raise typer.Exit(FOUND_PROBLEMS if report.rows_bad else DONE)


def export_extract(
    authority: OfAuthority,
    to: Annotated[Path, typer.Option("--to", help="The folder that the case system reads.")],
    as_json: Json = False,
) -> None:
    """Placements, costs and outcomes of every linked child, as CSV for the case system; each file whole or not at all.

    Example: rightplace export case-extract --authority Croydon --to nightly/out
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.cli.export import _authority
    from rightplace.exchange.case_recording.giving import give_extract
    from rightplace.exchange.case_recording.nightly import write_files
    from rightplace.foundation.access.actor import system_actor

    chosen = _authority(authority)
    files = give_extract(by=system_actor(authority_id=chosen.pk), now=timezone.now(), authority=chosen).done()
    try:
        write_files(to, files)
    except OSError as error:
        raise CannotStart(f"The files cannot be written into {to} ({error.strerror}).") from None
    told = [str(to / file.name) for file in files]
    if as_json:
        print_json({"files": told})
    else:
        say("\n".join(told))
