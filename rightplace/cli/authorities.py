"""`rightplace authority`: the authorities that use this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import FOUND_PROBLEMS, Json, print_json, say, say_error

app = typer.Typer(
    rich_markup_mode=None, help="Let authorities in, and see which are there.", no_args_is_help=True
)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The authority, by the name it goes by, such as Croydon.")],
    consortium: Annotated[str, typer.Option(help="The consortium it commissions with, if any.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="A team of social workers; repeat for more.")] = None,
    as_json: Json = False,
) -> None:
    """Let an authority in; again, it adds the teams and the consortium that are not there yet.

    Example: rightplace authority add Croydon --consortium "South London" --team "Children looked after 1"
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.organisations.actions import add_authority

    outcome = add_authority(
        by=system_actor(), now=timezone.now(), name=name, consortium=consortium, teams=team or ()
    )
    if not outcome.is_done:
        say_error("\n".join(problem.sentence for problem in outcome.problems))
        raise typer.Exit(FOUND_PROBLEMS)
    row = outcome.done()
    if as_json:
        print_json({"name": row.name, "gss_code": row.gss_code, "dfe_code": row.dfe_code})
        return
    say(
        f'{row.name} ({row.gss_code}) is in. Next: rightplace user add NAME --role access_officer --in "{row.name}"'
    )


@app.command("list")
def list_authorities(as_json: Json = False) -> None:
    """The authorities that are in, with their consortium and how many teams they have."""
    database.django_ready()
    from django.db.models import Count

    from rightplace.foundation.organisations.models import Authority

    rows = Authority.objects.select_related("consortium").annotate(of=Count("teams")).order_by("name")
    if as_json:
        print_json([{"name": row.name, "gss_code": row.gss_code, "teams": row.of} for row in rows])
        return
    for row in rows:
        typer.echo(f"{row.name:<28} {row.gss_code}  {row.consortium or 'alone'}, {row.of} teams")
