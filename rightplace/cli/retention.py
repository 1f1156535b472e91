"""`rightplace retention`: list what is past its time, carry out what two persons agreed, clear what is kept for days only."""

from __future__ import annotations

import typer

from rightplace.cli import database
from rightplace.cli.terminal import Json, print_json, say

app = typer.Typer(
    rich_markup_mode=None, help="Keep records as long as the law says, and no longer.", no_args_is_help=True
)


@app.command("propose")
def propose(as_json: Json = False) -> None:
    """List what is past its time, in every authority without an open list. Nothing is destroyed.

    Example: rightplace retention propose
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.retention.tasks import propose_everywhere

    _print("lists", propose_everywhere(timezone.now()), "lists proposed; two persons agree to each", as_json)


@app.command("carry-on")
def carry_on(as_json: Json = False) -> None:
    """Carry out the lists that two persons agreed to, until none is left; it may be stopped and run again.

    Example: rightplace retention carry-on
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.retention.destroying import carry_on as destroy

    total = 0
    while done := destroy(timezone.now()):
        total += done
    _print("records", total, "records dealt with", as_json)


@app.command("clear")
def clear(as_json: Json = False) -> None:
    """Clear sessions, old notices, e-mails sent, uploads that nobody confirmed and the like.

    Example: rightplace retention clear
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.retention.clearing import clear_what_is_old

    counts = clear_what_is_old(now=timezone.now()).done()
    if as_json:
        print_json(counts)
        return
    for kind, number in counts.items():
        say(f"{kind.replace('_', ' '):<18} {number:>8,}")


def _print(name: str, number: int, words: str, as_json: bool) -> None:
    if as_json:
        print_json({name: number})
    else:
        say(f"{number:,} {words}.")
