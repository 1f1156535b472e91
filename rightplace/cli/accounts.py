"""`rightplace user`: accounts and the roles they hold."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated, Any

import typer

from rightplace.cli import database
from rightplace.cli.terminal import FOUND_PROBLEMS, Json, print_json, say, say_error
from rightplace.core.problems import Problem

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


@app.command("list")
def list_people(
    held_in: Annotated[str, typer.Option("--in", help="Only this authority or provider, by its name.")] = "",
    as_json: Json = False,
) -> None:
    """Who holds which role today, and whether they have a second step.

    Example: rightplace user list --in Croydon
    """
    database.django_ready()
    rows = _roles_held(held_in)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        step = "second step" if row["second_step"] else "no second step yet"
        typer.echo(
            f"{row['username']:<40} {row['role']:<20} {row['held_in']:<30} since {row['since']}, {step}"
        )


@app.command("leave")
def leave(username: Username) -> None:
    """End every role of a person now, with every session and API token, and close the account.

    Example: rightplace user leave sam@example.org
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.access.people import record_leaver

    now = timezone.now()
    today, person_id = timezone.localdate(now), _person(username)
    outcome = record_leaver(by=system_actor(), now=now, person_id=person_id, ends_on=today)
    _end_well(outcome.problems, f"{username} has left: roles, sessions and tokens have ended.")


@app.command("reset-second-step")
def reset_second_step(username: Username) -> None:
    """Remove the second steps of somebody who has lost them all; they set up a new one at the next sign-in.

    Make sure first that it is really them. Example: rightplace user reset-second-step sam@example.org
    """
    database.django_ready()
    from django.utils import timezone

    from rightplace.foundation.access import people
    from rightplace.foundation.access.actor import system_actor

    outcome = people.reset_second_step(by=system_actor(), now=timezone.now(), person_id=_person(username))
    _end_well(outcome.problems, f"{username} sets up a new second step at the next sign-in.")


def _person(username: str) -> int:
    """The number of a person by user name or e-mail address; 0 for nobody."""
    from rightplace.foundation.access.backend import person_called

    user = person_called(username)
    return user.pk if user else 0


def _end_well(problems: tuple[Problem, ...], said: str) -> None:
    if problems:
        say_error("\n".join(problem.sentence for problem in problems))
        raise typer.Exit(FOUND_PROBLEMS)
    say(said)


def _roles_held(held_in: str) -> list[dict[str, Any]]:
    from django.utils import timezone

    from rightplace.foundation.access.models import Membership
    from rightplace.foundation.access.queries import not_over
    from rightplace.foundation.access.second_steps import has_second_step

    rows = Membership.objects.filter(not_over(timezone.localdate()), user__is_active=True)
    rows = rows.select_related("user", "authority", "provider", "consortium").order_by(
        "user__username", "role"
    )
    found = [
        {
            "username": row.user.username,
            "name": str(row.user),
            "role": row.role,
            "held_in": str(row.authority or row.provider or row.consortium),
            "since": str(row.starts_on),
            "second_step": has_second_step(row.user),
        }
        for row in rows
    ]
    return [row for row in found if not held_in or str(row["held_in"]).lower() == held_in.lower()]


def _print_added(username: str, role: str, password: str | None, as_json: bool) -> None:
    if as_json:
        print_json({"username": username, "role": role, "password": password})
        return
    say(f"{username} now holds the role {role}.")
    if password:
        say(f"Password of a new account, shown this once: {password}")
