"""Every operation of the API stands in a table that people review; and every role meets the door that the table says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from rightplace.api.section import Operation
from rightplace.api.urls import SECTIONS
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.tokens.scopes import HOLDERS, SCOPES, scopes_for

TABLE = Path(__file__).with_name("api_routes.csv")
FOUND = [one for section in SECTIONS for one in section.operations]
OPEN = {"openapi", "docs", "nowhere"}


def row_of(one: Operation) -> str:
    """As in the table: method, path, scope, roles."""
    return ",".join([one.method, one.path, one.scope, " ".join(sorted(one.roles))])


def reviewed() -> list[str]:
    with TABLE.open(newline="") as file:
        return [",".join(row) for row in csv.reader(file)][1:]


def test_the_reviewed_table_says_the_same_as_the_operations() -> None:
    """A new operation fails here with the line to add to tests/rules/api_routes.csv, once somebody has thought about it."""
    new = [row_of(one) for one in FOUND if row_of(one) not in reviewed()]
    assert new == [], (
        "Think about who may, then put these lines into tests/rules/api_routes.csv:\n" + "\n".join(new)
    )


def test_the_reviewed_table_names_no_operation_that_has_gone() -> None:
    assert sorted(set(reviewed()) - {row_of(one) for one in FOUND}) == []


def test_every_address_under_api_is_an_operation_or_open_on_purpose() -> None:
    names = {pattern.name for pattern in _patterns() if str(pattern.pattern).startswith(("api/", "^api"))}
    assert {name for name in names if name not in {one.name for one in FOUND}} == OPEN


def _patterns() -> list:
    included = [one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "api"]
    return [pattern for one in included for pattern in one.url_patterns]


def test_every_operation_states_roles_that_can_hold_a_token_and_a_scope_that_exists() -> None:
    for one in FOUND:
        assert one.roles
        assert one.roles <= HOLDERS
        assert one.scope in SCOPES or one.name == "read_me"
        if one.scope:
            assert all(one.scope in scopes_for(role) for role in one.roles), (
                f"{one.name}: a role cannot hold its scope"
            )


def test_a_scope_to_read_writes_nothing() -> None:
    assert {one.scope.partition(":")[0] for one in FOUND if one.method != "GET"} == {"write"}
    assert {one.scope.partition(":")[0] for one in FOUND if one.method == "GET"} == {"read", ""}


def test_no_address_of_the_api_names_a_person() -> None:
    """Names and numbers of children stand in no address, where logs would keep them."""
    assert all(re.fullmatch(r"(/[a-z-]+|/\{[a-z]+_id\})+", one.path) for one in FOUND)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_provider_sees_only_what_providers_may(role: str) -> None:
    """A provider's token and a staff token share offers, referrals, contracts, payments and vacancies, never requests."""
    may = {one.path.split("/")[1] for one in FOUND if role in one.roles}
    if role == "provider":
        assert may == {
            "me", "offers", "referrals", "contracts", "schedule-lines", "vacancies", "invoices", "payments",
        }  # fmt: skip
    if role == "consortium_officer":
        assert may == set()
