"""`rightplace import`: other systems' files read into the registers, with a list of what could not be."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from rightplace.cli import case_system, database
from rightplace.cli.terminal import (
    CANNOT_RUN,
    FOUND_PROBLEMS,
    Json,
    print_json,
    progress,
    say,
    say_error,
)
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rightplace.core.problems import Problem
    from rightplace.exchange.findings import Finding
    from rightplace.exchange.runs import ImportReport
    from rightplace.exchange.spreadsheets.loading import Preview
    from rightplace.foundation.actions import Outcome
    from rightplace.foundation.organisations.models import Authority

SHOWN = 10

app = typer.Typer(rich_markup_mode=None, help="Read other systems' files.", no_args_is_help=True)

OfAuthority = Annotated[
    str, typer.Option("--authority", help="Whose rows they are: name or code (Croydon, 306).")
]
KeepGood = Annotated[
    bool, typer.Option("--keep-good", help="Take in what is good and leave the bad rows out.")
]
BadRows = Annotated[Path, typer.Option("--bad-rows", help="Where to list the rows that cannot be taken in.")]


app.command("case-extract", short_help="The case system’s nightly files.")(case_system.import_extract)


@app.command("ofsted", short_help="Ofsted's register and lists of providers.")
def ofsted(
    file: Annotated[
        Path | None, typer.Argument(help="A list as Ofsted publishes or sends it (CSV, XLSX, ODS).")
    ] = None,
    as_at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day, where it does not say.")
    ] = None,
    is_full: Annotated[
        bool | None,
        typer.Option("--full/--part", help="Whether what it leaves out has closed; else it is worked out."),
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Take in this region only; may be repeated.")
    ] = None,
    packaged: Annotated[
        bool, typer.Option("--packaged", help="The register of 31 March 2025 that comes with it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the register of providers up to date: the yearly register, joiners and leavers, or a council's own list.

    Settings are found by URN. Every change of grade, places, status and owner is kept. Homes whose address is withheld
    are placed by their constituency until a council's own list fills them in. The same file again changes nothing.

    Example: rightplace import ofsted providers_31_march_2025.csv
    """
    from rightplace.exchange.ofsted.packaged import PACKAGED

    path = PACKAGED if packaged else file
    if path is None:
        raise CannotStart(
            "Name the file to import, or say --packaged for the register that comes with Rightplace."
        )
    _must_exist(path, is_folder=False)
    database.django_ready()
    from django.utils import timezone

    from rightplace.exchange.ofsted.loading import import_ofsted
    from rightplace.foundation.access.actor import system_actor

    with progress("Importing the register") as advance:
        outcome = import_ofsted(
            by=system_actor(),
            now=timezone.now(),
            path=path,
            as_at=as_at.date() if as_at else None,
            is_full=is_full,
            regions=region or (),
            progress=advance,
        )
    _finish(outcome, as_json)


@app.command("ssda903", short_help="The statutory return of children looked after.")
def ssda903(
    folders: Annotated[
        list[Path],
        typer.Argument(help="Folders with header, episodes and UASC files, or with one folder a year."),
    ],
    authority: OfAuthority,
    year: Annotated[
        int | None, typer.Option(help="The year in which the collection ends, for a single return.")
    ] = None,
    keep_good: KeepGood = False,
    bad_rows: BadRows = Path("bad_rows.csv"),
    as_json: Json = False,
) -> None:
    """Take in statutory returns: children, legal statuses and past placements, one or several years.

    All or nothing: a first pass lists every bad row with file, line, column and reason, and stops. With --keep-good the
    children without a bad row are taken in. Later years bring earlier ones up to date.

    Example: rightplace import ssda903 returns/2023 returns/2024 --authority Croydon
    """
    for folder in folders:
        _must_exist(folder, is_folder=True)
    database.django_ready()
    from django.utils import timezone

    from rightplace.exchange.ssda903.loading import import_ssda903
    from rightplace.foundation.access.actor import system_actor

    chosen = _authority(authority)
    with progress("Importing the statutory return") as advance:
        outcome = import_ssda903(
            by=system_actor(authority_id=chosen.pk),
            authority=chosen,
            now=timezone.now(),
            folders=folders,
            year=year,
            keep_good=keep_good,
            progress=advance,
        )
    _list_bad_rows(outcome.value.findings if outcome.value else (), bad_rows)
    _finish(outcome, as_json)


@app.command("spreadsheet", short_help="A team's tracker of carers, vacancies or placements.")
def spreadsheet(
    file: Annotated[Path, typer.Argument(help="The tracker (CSV, XLSX, XLS, ODS).")],
    kind: Annotated[str, typer.Option("--as", help="What it lists: carers, vacancies or placements.")],
    authority: OfAuthority,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help='What a heading means: "Beds=places"; "Beds=" leaves it out.'),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would happen; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before writing.")] = False,
    keep_good: KeepGood = False,
    bad_rows: BadRows = Path("bad_rows.csv"),
    as_json: Json = False,
) -> None:
    """Take in a tracker that a team keeps in a spreadsheet, after a preview with the problems cell by cell.

    Headings are known by meaning; what --map says of them is remembered for the next time.

    Example: rightplace import spreadsheet carers.xlsx --as carers --authority Croydon --preview
    """
    _must_exist(file, is_folder=False)
    database.django_ready()
    from django.utils import timezone

    from rightplace.exchange.spreadsheets.loading import import_spreadsheet, preview_spreadsheet
    from rightplace.foundation.access.actor import system_actor

    chosen = _authority(authority)
    common: dict[str, Any] = {
        "by": system_actor(authority_id=chosen.pk),
        "authority": chosen,
        "kind": kind,
        "content": file.read_bytes(),
        "now": timezone.now(),
        "mapping": _mapping(map_ or []),
    }
    shown = preview_spreadsheet(**common)
    if shown.value is None:
        _refuse(shown.problems)
    _show_preview(shown.value, bad_rows)
    if preview:
        _end_preview(shown.value, as_json)
    if not yes and not (sys.stdin.isatty() and typer.confirm("Write this?", err=True)):
        raise CannotStart("Nothing was written: say --yes to write what the preview shows.")
    with progress("Writing") as advance:
        outcome = import_spreadsheet(
            **common, file_name=file.name, sha256=shown.value.sha256, keep_good=keep_good, progress=advance
        )
    _finish(outcome, as_json)


@app.command("payments", short_help="What councils publish of their spending.")
def payments(
    file: Annotated[
        Path, typer.Argument(help="Published spending (CSV, also packed with gzip, or a workbook).")
    ],
    council: Annotated[
        str, typer.Option(help="Who published it, where no column says so (North Tyneside).")
    ] = "",
    take_back: Annotated[
        int | None,
        typer.Option("--take-back", help="Take an earlier import back, by its number; the file is not read."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in published payments, and link who was paid to providers of the register by name.

    Layouts may vary; each payment is taken in once, whatever files it comes in. Names that are near but not sure wait for
    a person on the page Spending. Private persons' names are withheld.

    Example: rightplace import payments spending_2026_05.csv --council Leeds
    """
    if take_back is None:
        _must_exist(file, is_folder=False)
    database.django_ready()
    from django.utils import timezone

    from rightplace.exchange.published_payments.loading import import_payments, take_back_payments
    from rightplace.foundation.access.actor import system_actor

    if take_back is not None:
        gone = take_back_payments(by=system_actor(), now=timezone.now(), run_id=take_back)
        if gone.value is None:
            _refuse(gone.problems)
        typer.echo(f"Took back {gone.value:,} payments.")
        return
    with progress("Importing published spending") as advance:
        outcome = import_payments(
            by=system_actor(),
            now=timezone.now(),
            content=file.read_bytes(),
            file_name=file.name,
            council=council,
            progress=advance,
        )
    if outcome.is_done and not as_json:
        _show_spending()
    _finish(outcome, as_json)


@app.command("statistics", short_help="Published figures of children looked after.")
def statistics(
    file: Annotated[Path, typer.Argument(help="A public statistics file (CSV, also packed with gzip).")],
    as_json: Json = False,
) -> None:
    """Take in published figures of the Department for Education, to stand beside our own.

    Known are placement stability, number and rate, children on 31 March by characteristics, and children missing. The
    newest import of a figure stands; what the publisher keeps back stays kept back.

    Example: rightplace import statistics la_cla_placement_stability.csv
    """
    _must_exist(file, is_folder=False)
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.access.actor import system_actor
    from rightplace.oversight.performance.publishing import import_published

    outcome = import_published(by=system_actor(), now=timezone.now(), content=file.read_bytes(), source=file.name)
    if outcome.value is None:
        _refuse(outcome.problems)
    taken = outcome.value
    if as_json:
        print_json({"figures": dict(taken.figures), "years": list(taken.years), "kept_back": taken.kept_back})
        return
    for code, many in taken.figures.items():
        typer.echo(f"  {code:<28} {many:>6,} figures")
    typer.echo(f"Years {taken.years[0]} to {taken.years[-1]}; {taken.kept_back:,} kept back by the publisher.")


def _show_spending() -> None:
    """Everything that is held, by kind of home and year, and how much of it is linked."""
    from rightplace.core.money import pounds
    from rightplace.exchange.published_payments.queries import (
        KIND_WORDS,
        Wanted,
        by_year_and_kind,
        states_in_use,
    )
    from rightplace.register.providers.payees import STATES

    for row in by_year_and_kind(Wanted()):
        typer.echo(f"  {row.year}  {KIND_WORDS[row.kind]:<26} {row.payments:>8,}  {pounds(row.pence):>18}")
    for state, (many, pence) in states_in_use().items():
        typer.echo(f"  {STATES[state]:<22} {many:>6,} payees  {pounds(pence):>18}")


def _finish(outcome: Outcome[ImportReport], as_json: bool) -> None:
    """Say what an import came to, and leave with the exit code that fits."""
    if not outcome.is_done or outcome.value is None:
        if as_json and outcome.value is not None:
            print_json({**outcome.value.as_json(), "problems": [p.sentence for p in outcome.problems]})
        _refuse(outcome.problems)
    report = outcome.value
    if as_json:
        print_json(report.as_json())
    else:
        for sentence in (report.words, *report.notes, *_headings(report)):
            typer.echo(sentence)
        _show(report.findings)
    if report.rows_bad:
        raise typer.Exit(FOUND_PROBLEMS)


def _refuse(problems: Iterable[Problem]) -> NoReturn:
    say_error("\n".join(problem.sentence for problem in problems))
    raise typer.Exit(CANNOT_RUN)


def _headings(report: ImportReport) -> list[str]:
    """What was not understood of the headings, with what each may mean."""
    said = []
    for headings in report.headings:
        for heading in headings.not_understood:
            guess = headings.suggestions.get(heading)
            said.append(
                f"Heading not understood: “{heading}”" + (f" (does it mean {guess}?)" if guess else "") + "."
            )
    return said


def _show(findings: Sequence[Finding]) -> None:
    for f in findings[:SHOWN]:
        where = ", ".join(filter(None, (f.file, f.sheet, f"line {f.line}", f.column)))
        typer.echo(f"  {where}: {f.reason} ({f.value!r})" if f.value else f"  {where}: {f.reason}")
    if len(findings) > SHOWN:
        typer.echo(f"  … and {len(findings) - SHOWN:,} more.")


def _show_preview(shown: Preview, bad_rows: Path) -> None:
    deeds = shown.deeds
    say(
        f"{len(shown.rows):,} rows: {deeds['add']:,} to add, {deeds['change']:,} to change, "
        f"{deeds['same']:,} as held, {deeds['bad']:,} that cannot be taken in."
    )
    for name, heading in shown.headings.understood.items():
        say(f"  “{heading}” is {shown.kind.layout.words(name)}")
    for heading in shown.headings.not_understood:
        say(f"  “{heading}” is not understood and left out")
    _list_bad_rows(shown.findings, bad_rows)


def _end_preview(shown: Preview, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "deeds": dict(shown.deeds),
                "mapping": dict(shown.mapping),
                "rows": [{"line": row.line, "deed": row.deed, "values": row.values} for row in shown.rows],
                "findings": [
                    {"line": f.line, "column": f.column, "reason": f.reason} for f in shown.findings
                ],
            }
        )
    else:
        _show(shown.findings)
    raise typer.Exit(FOUND_PROBLEMS if shown.deeds["bad"] else 0)


def _list_bad_rows(findings: Sequence[Finding], file: Path) -> None:
    """Write the list of rows that cannot be taken in, when there are any."""
    from rightplace.exchange.findings import findings_csv

    bad = [finding for finding in findings if finding.is_bad]
    if not bad:
        return
    try:
        file.write_text(findings_csv(bad), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CannotStart(
            f"{file} cannot be written ({error.strerror}); name another with --bad-rows."
        ) from None
    say(f"The rows that cannot be taken in are listed in {file}.")


def _authority(name: str) -> Authority:
    from rightplace.foundation.organisations.models import Authority
    from rightplace.foundation.reference.authorities import authorities, find_authority

    facts = find_authority(name)
    codes = {a.dfe_code: a.code for a in authorities().values()}
    code = facts.code if facts else codes.get(name, name.upper())
    found = (
        Authority.objects.filter(gss_code=code).first() or Authority.objects.filter(name__iexact=name).first()
    )
    if found is None:
        known = (
            ", ".join(Authority.objects.order_by("name").values_list("name", flat=True)[:20]) or "none yet"
        )
        raise CannotStart(f"There is no authority “{name}”; there are: {known}.")
    return found


def _mapping(pairs: list[str]) -> dict[str, str]:
    """What headings mean, from "Heading=field"."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise CannotStart(
            f"--map needs a heading, an equals sign and a field, as in “Beds=places”, not “{wrong[0]}”."
        )
    return {heading.strip(): name.strip() for heading, _, name in (pair.rpartition("=") for pair in pairs)}


def _must_exist(path: Path, *, is_folder: bool) -> None:
    if is_folder and not path.is_dir():
        raise CannotStart(f"There is no folder {path}.")
    if not is_folder and not path.is_file():
        raise CannotStart(f"There is no file {path}.")
