"""`rightplace check costs`: past payments held against contracts and placements, from spreadsheets; no database is asked."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from rightplace.cli.terminal import CANNOT_RUN, DONE, FOUND_PROBLEMS, Json, print_json, say, say_error
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rightplace.core.problems import Problem
    from rightplace.exchange.cost_check.checking import CostCheckResult, CostFinding, Read

SHOWN = 10


def costs(
    contracts: Annotated[Path, typer.Option(help="Contracts and prices (CSV or a workbook).")],
    payments: Annotated[Path, typer.Option(help="The payments, a line for each.")],
    placements: Annotated[
        Path | None, typer.Option(help="Placements: when each child arrived and left.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the whole result as a workbook (.xlsx).")] = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Look for missed payments from this night."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="And up to this day, not included."),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help='What a heading means: "payments:Care days=quantity"; nothing behind = leaves it out.',
        ),
    ] = None,
    end_means: Annotated[
        str,
        typer.Option(
            "--to", help="What “to” means in the payments: last-night or day-after; else it is worked out."
        ),
    ] = "",
    tolerance: Annotated[int, typer.Option(help="Pence that each line may be off.")] = 2,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Check what can be read and leave bad rows out.")
    ] = False,
    bad_rows: Annotated[Path, typer.Option("--bad-rows", help="Where to list what cannot be read.")] = Path(
        "bad_rows.csv"
    ),
    as_json: Json = False,
) -> None:
    """Find double, missed and wrong payments in past spending: contracts, placements and payments as spreadsheets.

    Headings are known by meaning; references are enough, no child's name is needed. Nothing is written into Rightplace.
    The exit code is 1 when something was found.

    Example: rightplace check costs --contracts contracts.csv --placements placements.csv --payments payments.csv --out found.xlsx
    """
    _ready()
    read = _read(contracts, placements, payments, from_, until, map_ or [], end_means, tolerance)
    _list_bad(read, bad_rows)
    if read.rows_bad and not keep_good:
        say_error(
            f"{read.rows_bad:,} rows cannot be read. Mend them, or say --keep-good to leave them out. Nothing was checked."
        )
        raise typer.Exit(CANNOT_RUN)
    from rightplace.core.checking.invoices import Tolerance
    from rightplace.exchange.cost_check.checking import check_costs

    result = check_costs(read, Tolerance(pence=tolerance))
    if out:
        _write(out, result)
    print_json(_as_json(result)) if as_json else _show(result)
    raise typer.Exit(FOUND_PROBLEMS if result.findings else DONE)


def _ready() -> None:
    """Only the readers of files are needed, which ask no database: none is started."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
        django.setup()


def _read(
    contracts: Path, placements: Path | None, payments: Path, from_: datetime | None, until: datetime | None,
    map_: list[str], end_means: str, tolerance: int,
) -> Read:  # fmt: skip
    from rightplace.core.checking.invoices import Tolerance
    from rightplace.exchange.cost_check.checking import Given, read_files
    from rightplace.exchange.cost_check.columns import FILE_LIMITS

    if end_means not in {"", "last-night", "day-after"}:
        raise CannotStart("--to is last-night or day-after.")
    given = Given(
        contracts=_content(contracts), payments=_content(payments), placements=_content(placements) if placements else b"",
        mappings=_mappings(map_), end_means=end_means.replace("-", "_"), starts_on=from_.date() if from_ else None,
        ends_on=until.date() if until else None, tolerance=Tolerance(pence=tolerance),
    )  # fmt: skip
    read = read_files(given, limits=FILE_LIMITS)
    if isinstance(read, list):
        _refuse(read)
    if read.starts_on >= read.ends_on:
        raise CannotStart("--until must be after --from.")
    return read


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise CannotStart(f"There is no file {path}.")
    return path.read_bytes()


def _mappings(pairs: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        file, colon, rest = pair.partition(":")
        heading, equals, name = rest.rpartition("=")
        if not colon or not equals:
            raise CannotStart(
                f"--map needs a file, a heading and a field, as in “payments:Care days=quantity”, not “{pair}”."
            )
        found.setdefault(file.strip(), {})[heading.strip()] = name.strip()
    return found


def _list_bad(read: Read, bad_rows: Path) -> None:
    from dataclasses import replace

    from rightplace.exchange.findings import findings_csv

    bad = [replace(one, file=columns.sort.code) for columns in read.files for one in columns.bad]
    if not bad:
        return
    try:
        bad_rows.write_text(findings_csv(bad), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CannotStart(
            f"{bad_rows} cannot be written ({error.strerror}); name another with --bad-rows."
        ) from None
    say(f"What cannot be read is listed in {bad_rows}.")


def _write(out: Path, result: CostCheckResult) -> None:
    from rightplace.exchange.cost_check.report import workbook

    try:
        out.write_bytes(workbook(result, result.findings, result.by_kind(), result.by_provider()))
    except OSError as error:
        raise CannotStart(f"{out} cannot be written ({error.strerror}).") from None
    say(f"The whole result is in {out}.")


def _show(result: CostCheckResult) -> None:
    from rightplace.core.money import pounds
    from rightplace.exchange.cost_check.checking import WORDS_BY_KIND

    typer.echo(
        f"{result.lines:,} payments of {pounds(result.paid_pence)} held against {result.contracts:,} contracts, "
        f"nights from {result.starts_on:%-d %B %Y} up to {result.ends_on:%-d %B %Y}."
    )
    typer.echo(
        f"Paid and not owed: {pounds(result.owed_back_pence)}. Owed and not paid: {pounds(result.still_due_pence)}."
    )
    for kind, many, pence in result.by_kind():
        typer.echo(f"  {WORDS_BY_KIND[kind].name:<18} {many:>8,}  {pounds(pence):>18}")
    for one in result.findings[:SHOWN]:
        where = f"line {one.line}" if one.line else one.contract
        typer.echo(
            f"  {WORDS_BY_KIND[one.kind].name}, {one.provider}, {where}: {pounds(one.pence)}. {one.words}"
        )
    if len(result.findings) > SHOWN:
        typer.echo(f"  … and {len(result.findings) - SHOWN:,} more; --out writes all.")
    for note in result.notes:
        typer.echo(note)


def _as_json(result: CostCheckResult) -> dict[str, Any]:
    totals = {
        name: [{name: key, "findings": many, "pence": pence} for key, many, pence in rows]
        for name, rows in (("kind", result.by_kind()), ("provider", result.by_provider()))
    }
    return {
        "starts_on": result.starts_on, "ends_on": result.ends_on, "contracts": result.contracts, "lines": result.lines,
        "rows_bad": result.rows_bad, "paid_pence": result.paid_pence, "owed_back_pence": result.owed_back_pence,
        "still_due_pence": result.still_due_pence, "notes": list(result.notes), "by_kind": totals["kind"],
        "by_provider": totals["provider"], "findings": [_finding_json(one) for one in result.findings],
    }  # fmt: skip


def _finding_json(one: CostFinding) -> dict[str, Any]:
    from dataclasses import asdict

    from rightplace.exchange.cost_check.checking import WORDS_BY_KIND

    return {**asdict(one), "nights": one.nights, "clause": WORDS_BY_KIND[one.kind].clause}


def _refuse(problems: Iterable[Problem]) -> NoReturn:
    say_error("\n".join(f"{one.field}: {one.sentence}" if one.field else one.sentence for one in problems))
    raise typer.Exit(CANNOT_RUN)
