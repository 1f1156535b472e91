"""`rightplace user`: who has which role, recording a leaver, helping after a lost phone."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from rightplace.cli.main import app
from rightplace.foundation.access import second_steps
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.organisations.models import Authority

ADD_SAM = ["user", "add", "sam@example.org", "--name", "Sam Okoro", "--role", "broker", "--in", "Croydon"]


def rightplace(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def sam(db: None) -> User:
    """A broker in Croydon."""
    Authority.objects.create(name="Croydon", gss_code="E09000008")
    assert rightplace(*ADD_SAM).exit_code == 0
    return User.objects.get(username="sam@example.org")


def test_the_address_of_an_account_is_known_when_it_signs_in_with_one(sam: User) -> None:
    assert sam.email == "sam@example.org"


def test_the_list_says_who_holds_which_role_where(sam: User) -> None:
    (row,) = json.loads(rightplace("user", "list", "--json").stdout)
    assert (row["username"], row["role"], row["held_in"], row["second_step"]) == (
        sam.username,
        "broker",
        "Croydon",
        False,
    )
    assert "no second step yet" in rightplace("user", "list", "--in", "croydon").stdout
    assert rightplace("user", "list", "--in", "Sutton").stdout == ""


def test_a_leaver_holds_no_role_and_the_account_is_closed(sam: User) -> None:
    assert rightplace("user", "leave", "SAM@example.org").exit_code == 0
    sam.refresh_from_db()
    assert not sam.is_active
    assert Membership.objects.get(user=sam).ends_on is not None
    assert rightplace("user", "leave", "sam@example.org").exit_code == 1
    assert rightplace("user", "leave", "nobody@example.org").exit_code == 1


def test_a_second_step_is_removed(sam: User) -> None:
    second_steps.add_app(sam, second_steps.new_secret(), 1)
    assert rightplace("user", "reset-second-step", sam.username).exit_code == 0
    assert not second_steps.has_second_step(sam)
