"""`rightplace user`: accounts and the roles they hold."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import FOUND_PROBLEMS, Json, print_json, say, say_error

app = typer.Typer(
    rich_markup_mode=None, help="Give people accounts and roles, and see who has which.", no_args_is_help=True
)

Username = Annotated[
    str, typer.Argument(help="What the person signs in with, for example an e-mail address.")
]
Role = Annotated[
    str, typer.Option(help="For example broker, social_worker, provider (all: rightplace user roles).")
]
HeldIn = Annotated[str, typer.Option("--in", help="The authority, provider or consortium, by its name.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command("add")
def add(
    username: Username,
    role: Role,
    held_in: HeldIn,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    password_stdin: FromInput = False,
    as_json: Json = False,
) -> None:
    """Give a person an account, or a further role to one who has an account.

    Without --password-stdin a password is made and printed once.

    Example: rightplace user add sam@example.org --name "Sam Okoro" --role broker --in Croydon
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.access.actions import NewAccount, add_account
    from rightplace.foundation.access.actor import system_actor

    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(15)
    account = NewAccount(username, name or username, role, held_in, password)
    outcome = add_account(account=account, by=system_actor(), now=timezone.now())
    if not outcome.is_done:
        say_error("\n".join(problem.sentence for problem in outcome.problems))
        raise typer.Exit(FOUND_PROBLEMS)
    _print_added(username, role, None if password_stdin else password, as_json)


@app.command("roles")
def list_roles(as_json: Json = False) -> None:
    """The roles, what each is for and where it is held."""
    from rightplace.foundation.access.roles import ROLES

    if as_json:
        print_json(
            [{"role": role.code, "held_in": role.held_in, "purpose": role.purpose} for role in ROLES.values()]
        )
        return
    for role in ROLES.values():
        typer.echo(f"{role.code:<20} held in a {role.held_in:<11} to {role.purpose}")


def _print_added(username: str, role: str, password: str | None, as_json: bool) -> None:
    if as_json:
        print_json({"username": username, "role": role, "password": password})
        return
    say(f"{username} now holds the role {role}.")
    if password:
        say(f"Password of a new account, shown this once: {password}")
