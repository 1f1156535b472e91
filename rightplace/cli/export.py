"""`rightplace export`: tables as CSV that no spreadsheet program runs as formulas, and the document of the API."""

from __future__ import annotations

import csv
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from rightplace.cli import case_system, database, published, returns
from rightplace.cli.terminal import Json, print_json, say
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from rightplace.foundation.organisations.models import Authority

AUDIT_COLUMNS = [
    *("number", "at", "verb", "words", "actor_name", "actor_role"),
    *("subject", "subject_id", "child_id", "is_look"),
]

REQUEST_COLUMNS = [
    *("id", "state", "urgency", "is_emergency", "needed_by", "created_at", "submitted_at", "checked_at"),
    *("closed_at", "close_reason", "social_worker", "broker", "team", "likely_weeks"),
]

app = typer.Typer(
    rich_markup_mode=None, help="Write tables as CSV, with every formula made harmless.", no_args_is_help=True
)

app.command("ssda903", short_help="The statutory return of an authority, checked.")(returns.export_return)
published.commands(app)
app.command("case-extract", short_help="Placements, costs and outcomes for the case system.")(
    case_system.export_extract
)

OfAuthority = Annotated[str, typer.Option("--authority", help="The authority, by its name or its GSS code.")]
Out = Annotated[Path | None, typer.Option("--out", help="The file to write; standard output without it.")]


@app.command("audit")
def audit_trail(authority: OfAuthority, out: Out = None) -> None:
    """One authority's audit trail, oldest first. The export itself becomes an entry.

    Example: rightplace export audit --authority Croydon --out trail.csv
    """
    database.django_ready()
    from rightplace.foundation.audit.models import AuditEntry

    chosen = _authority(authority)
    _record(chosen, "the audit trail")
    entries = AuditEntry.objects.filter(authority_id=chosen.pk).order_by("number")
    rows = ([getattr(entry, name) for name in AUDIT_COLUMNS] for entry in entries.iterator(chunk_size=2000))
    _write(out, AUDIT_COLUMNS, rows)


@app.command("requests")
def requests(authority: OfAuthority, out: Out = None) -> None:
    """One authority's placement requests, newest first, without drafts and without any child's name.

    Example: rightplace export requests --authority E09000008 --out requests.csv
    """
    database.django_ready()
    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.access.scope import acting_as
    from rightplace.journey.requests import queries

    chosen = _authority(authority)
    _record(chosen, "the requests")
    actor = system_actor(authority_id=chosen.pk)
    with acting_as(actor):
        asked = queries.requests(actor).iterator(chunk_size=2000)
        _write(out, REQUEST_COLUMNS, ([getattr(row, name) for name in REQUEST_COLUMNS] for row in asked))


@app.command("run-files")
def run_files(
    authority: OfAuthority,
    run: Annotated[int, typer.Option("--run", help="The number of the payment run, as 12 for PR-000012.")],
    to: Annotated[Path, typer.Option("--to", help="The folder that the bank’s software reads.")],
    as_json: Json = False,
) -> None:
    """The files of a payment run into a folder, whole or not at all; done again it changes nothing.

    Example: rightplace export run-files --authority Croydon --run 12 --to /secure/bacs
    """
    database.django_ready()
    from rightplace.exchange.payments_system.handing import hand_over
    from rightplace.foundation.files.models import StoredFile
    from rightplace.journey.ledger.models import RunFile

    chosen = _authority(authority)
    kept = RunFile.objects.filter(authority_id=chosen.pk, run_id=run)
    files = list(StoredFile.objects.filter(pk__in=kept.values("file_id")).order_by("name"))
    if not files:
        raise CannotStart(
            f"Payment run {run} of {chosen.name} is not there, or its files have not been made."
        )
    _record(chosen, f"the files of payment run {run}")
    try:
        paths = hand_over(files, to)
    except OSError as error:
        raise CannotStart(f"The files cannot be written into {to}: {error}.") from None
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    else:
        say("\n".join(str(path) for path in paths))


@app.command("continuity")
def continuity(
    authority: OfAuthority,
    out: Annotated[Path, typer.Option("--out", help="The file to write; keep it where this server is not.")],
    reason: Annotated[str, typer.Option(help="Why it is made; it goes into the audit trail.")],
    passphrase_file: Annotated[
        Path | None, typer.Option(help="A file with the passphrase; without it one is made and shown once.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The continuity pack: who is where, whom to call, the next eight weeks' payments, in one encrypted PDF.

    Any PDF reader opens it with the passphrase; the lists are attached to it as CSV. It holds carers' addresses.

    Example: rightplace export continuity --authority Croydon --out croydon.pdf --reason "Weekly pack"
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.exchange.continuity.gathering import gather_pack
    from rightplace.exchange.continuity.pack import sealed_pack
    from rightplace.foundation.access.actor import system_actor

    chosen, passphrase = _authority(authority), _passphrase(passphrase_file)
    by, now = system_actor(authority_id=chosen.pk), timezone.now()
    pack = gather_pack(chosen, by=by, now=now, today=timezone.localdate(), reason=reason)
    _write_once(out, sealed_pack(pack, passphrase))
    told = {"file": out, "children": len(pack.children), "payments": len(pack.payments), "pence": pack.pence}
    shown = {} if passphrase_file else {"passphrase": passphrase}
    if as_json:
        print_json(told | shown)
        return
    say(
        f"{out}: {len(pack.children):,} children, {len(pack.payments):,} payments of £{pack.pence / 100:,.2f}."
    )
    if shown:
        say(f"Its passphrase, shown this once; keep it apart from the file: {passphrase}")


def _passphrase(file: Path | None) -> str:
    if file is None:
        return "-".join(secrets.token_hex(3) for _ in range(5))
    try:
        words = file.read_text().strip()
    except OSError as error:
        raise CannotStart(f"The passphrase file {file} cannot be read ({error.strerror}).") from None
    if len(words) < 16:
        raise CannotStart(
            f"The passphrase in {file} is too short; use 16 characters or more, or leave it to us."
        )
    return words


def _write_once(out: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise CannotStart(
            f"{out} cannot be written ({error.strerror}); name a new file with --out."
        ) from None


@app.command("openapi")
def openapi(out: Out = None) -> None:
    """The OpenAPI document of the API. It needs no database.

    Example: rightplace export openapi --out docs/reference/openapi.json
    """
    os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
    import django

    django.setup()
    from rightplace.api.document import text_of
    from rightplace.api.reading import the_document

    with _opened(out) as stream:
        stream.write(text_of(the_document()))


def _authority(name: str) -> Authority:
    from django.db.models import Q

    from rightplace.foundation.organisations.models import Authority

    found = Authority.objects.filter(Q(name__iexact=name) | Q(gss_code__iexact=name)).first()
    if found is None:
        known = (
            ", ".join(Authority.objects.order_by("name").values_list("name", flat=True)[:20]) or "none yet"
        )
        raise CannotStart(f"There is no authority “{name}”; there are: {known}.")
    return found


def _record(authority: Authority, what: str) -> None:
    from django.db import transaction
    from django.utils import timezone

    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.audit.record import audit, recording

    words = f"Exported {what} of {authority} by the command line"
    with transaction.atomic(), recording():
        by = system_actor(authority_id=authority.pk)
        audit(
            by=by,
            now=timezone.now(),
            verb="export",
            words=words,
            subject="authority",
            subject_id=authority.pk,
        )


def _write(out: Path | None, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rightplace.exchange.cells import neutral_cell

    count = 0
    with _opened(out) as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - read after the loop
            writer.writerow(["" if value is None else neutral_cell(str(value)) for value in row])
    say(f"{count:,} rows written{f' to {out}' if out else ''}.")


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    try:
        with out.open("w", newline="", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise CannotStart(
            f"{out} cannot be written ({error.strerror}); name another file with --out."
        ) from None
