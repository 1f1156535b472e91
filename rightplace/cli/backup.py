"""`rightplace backup`: dumps, following the log, and the keys; `restore` is the way back."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import DONE, Json, print_json, progress, say
from rightplace.site.cannot_start import CannotStart

KEY_VARIABLE = "RIGHTPLACE_BACKUP_TO"

app = typer.Typer(
    rich_markup_mode=None, help="Back the whole database up, sealed with a public key; see also restore."
)

Store = Annotated[
    Path | None, typer.Option("--to", help="The folder for backups: on another machine, if it is to help.")
]
PublicKey = Annotated[
    str, typer.Option("--key", envvar=KEY_VARIABLE, help="The public key, from rightplace backup key.")
]
Every = Annotated[float, typer.Option(help="Seconds of writing that may be lost, about.")]
Spool = Annotated[
    Path | None,
    typer.Option(help="Where the log is received before it is sealed; in the data folder without it."),
]
NewBase = Annotated[bool, typer.Option("--new-base", help="Begin a new series with a new base backup.")]


@app.callback(invoke_without_command=True)
def dump(context: typer.Context, to: Store = None, key: PublicKey = "", as_json: Json = False) -> None:
    """Write the whole database into one sealed file. Nothing is ever written over or deleted.

    Example: rightplace backup --to /mnt/backups --key rightplace-backup-to-…
    """
    if context.invoked_subcommand is not None:
        return
    from rightplace.site.backup.dump import make_dump
    from rightplace.site.backup.sealed import public_key

    folder, reader = _store(to), public_key(_asked(key))
    url = database.reachable_url()
    with progress("Backing up") as advance:
        made = make_dump(
            url, folder, reader, now=datetime.now(UTC), advance=advance, secret_key=kept_secret_key()
        )
    rows = sum(made.manifest.rows.values())
    if as_json:
        print_json(
            {
                "file": made.path,
                "sealed_bytes": made.sealed_bytes,
                "rows": rows,
                "made_at": made.manifest.made_at,
            }
        )
    else:
        say(
            f"{made.path}: {rows:,} rows in {made.sealed_bytes / 1e6:,.1f} MB. Prove it with: rightplace restore --verify"
        )


@app.command("key")
def key_pair(
    out: Annotated[
        Path, typer.Option("--out", help="The file for the private key; keep it away from the server.")
    ],
    as_json: Json = False,
) -> None:
    """Make a pair of keys: the private one into a file, the public one onto the screen.

    The server needs the public key only, so whoever takes the server can read no backup. Without the private key
    nobody can: keep two copies of it in two places.

    Example: rightplace backup key --out backup.key
    """
    from rightplace.site.backup.sealed import make_keys

    private, public = make_keys()
    try:
        with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "w") as stream:
            stream.write(f"{private}\n")
    except OSError as error:
        raise CannotStart(
            f"{out} cannot be written ({error.strerror}); name a new file with --out."
        ) from None
    if as_json:
        print_json({"public_key": public, "private_key_file": out})
    else:
        say(f"The private key is in {out}. Take it away from this machine; it is needed to restore.")
        typer.echo(public)


@app.command("follow")
def follow(
    to: Store = None, key: PublicKey = "", every: Every = 20.0, spool: Spool = None, new_base: NewBase = False
) -> None:
    """Keep a base backup and ship the log after it, until stopped: at most some seconds of writing can be lost.

    Run it as a service of a user who may write the store, best on the machine that has the store. Ctrl+C or
    SIGTERM ships what is finished and ends.

    Example: rightplace backup follow --to /mnt/backups --every 20
    """
    from rightplace.site.backup.following import Follower
    from rightplace.site.backup.sealed import public_key
    from rightplace.site.database import data_folder

    reader = public_key(_asked(key))
    database.reachable_url()
    follower = Follower(
        url=database.reachable_url, store=_store(to), spool=spool or data_folder() / "backup-spool",
        reader=reader, secret_key=kept_secret_key(), every=every,
    )  # fmt: skip
    stopped = _when_told_to_stop()
    with progress("Base backup") as advance:
        series = follower.series(advance, new_base=new_base)
    say(f"Following into {series.folder}. Press Ctrl+C to stop.")
    follower.follow(should_stop=lambda: bool(stopped), advance=advance)
    say(f"Stopped; {follower.shipped} pieces of the log were shipped.")


@app.command("unfollow")
def unfollow() -> None:
    """Stop keeping the log for a follower that will not come back.

    Example: rightplace backup unfollow
    """
    from rightplace.site.backup.following import stop_following

    was_kept = stop_following(database.reachable_url())
    say("The log is no longer kept for a follower." if was_kept else "The log was not kept for any follower.")
    raise typer.Exit(DONE)


def kept_secret_key() -> str:
    """The key of sessions and second factors when it lies in the data folder; empty when the environment gives it."""
    from rightplace.site.database import data_folder

    kept = data_folder() / "secret_key"
    is_ours = not os.environ.get("RIGHTPLACE_SECRET_KEY") and kept.exists()
    return kept.read_text().strip() if is_ours else ""


def _store(folder: Path | None) -> Path:
    if folder is None:
        raise CannotStart(
            "Where to? Name the folder of the backups, as in: rightplace backup --to /mnt/backups"
        )
    if not folder.is_dir():
        raise CannotStart(f"There is no folder {folder} for the backup; make it, or name another with --to.")
    return folder


def _asked(key: str) -> str:
    if not key:
        raise CannotStart(
            f"A backup is always sealed: give the public key with --key or {KEY_VARIABLE} (rightplace backup key)."
        )
    return key


def _when_told_to_stop() -> list[int]:
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    return told
