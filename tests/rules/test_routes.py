"""Every address has a door, and a table that people review says who may pass it."""

from __future__ import annotations

import pytest
from django.urls import path

from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import ROLES
from tests.rules import addresses
from tests.rules.addresses import Address

FOUND = addresses.addresses()
REVIEWED = addresses.reviewed()


def test_every_address_has_a_door_and_a_name() -> None:
    assert [each.pattern for each in FOUND if not each.roles or not each.methods or each.name.endswith("None")] == []


def test_no_two_addresses_share_a_name() -> None:
    names = [each.name for each in FOUND]
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_every_role_at_a_door_exists() -> None:
    known = set(ROLES) | {addresses.ANYONE}
    assert {each.name: sorted(each.roles - known) for each in FOUND if each.roles - known} == {}


def test_the_reviewed_table_says_the_same_as_the_doors() -> None:
    """A new address fails here with the line to add to tests/rules/routes.csv, once somebody has thought about it."""
    wrong = [",".join(each.row) for each in FOUND if REVIEWED.get(each.name) != each.row]
    assert wrong == [], "Think about who may, then put these lines into tests/rules/routes.csv:\n" + "\n".join(wrong)


def test_the_reviewed_table_names_no_address_that_has_gone() -> None:
    assert sorted(set(REVIEWED) - {each.name for each in FOUND}) == []


def test_every_parameter_of_an_address_is_known() -> None:
    assert all(isinstance(each.parameters, list) for each in FOUND)


def test_the_portal_lets_in_providers_only_and_nobody_else_lets_providers_in() -> None:
    inside = {each.name for each in FOUND if "provider" in each.roles and not each.pattern.startswith("portal/")}
    portal = [each.name for each in FOUND if each.pattern.startswith("portal/") and each.roles != {"provider"}]
    assert portal == []
    own_account = {each.name for each in FOUND if each.pattern.startswith("account/")}
    assert inside - own_account == {"sign_out", "switch_role", "notices", "notices_read"}


def test_what_is_open_to_anyone_is_a_short_list() -> None:
    known = {"home", "sign_in", "about", "accessibility", "privacy", "cookies", "components"}
    # Before one is in: the steps of signing in, and the links of e-mails.
    known |= {"second_step", "set_up_second_step", "passkey_options", "sign_in_with_passkey", "sign_in_elsewhere"}
    known |= {"sign_in_elsewhere_back", "forgotten_password", "new_password", "account_invitation"}
    # A member’s private calendar address: it says when and where, and names no child.
    known |= {"panel:feed"}
    # A link that a worker gives: a child's own page of a review, and a survey; each leads nowhere else.
    known |= {"child_review", "child_thanks", "answer_survey", "survey_thanks"}
    assert {each.name for each in FOUND if each.roles == {addresses.ANYONE}} == known


@pytest.mark.parametrize("before", ["contracts/", "x/requests/"])
def test_a_key_is_named_by_what_stands_before_it(before: str) -> None:
    one = Address("x", f"{before}<int:key>/", ("GET",), frozenset({"broker"}), "")
    assert one.parameters[0][1] in {"contract", "request"}


def test_an_unknown_parameter_says_what_to_do() -> None:
    with pytest.raises(KeyError, match=r"Add it to tests/rules/addresses\.py"):
        _ = Address("x", "strange/<int:key>/", ("GET",), frozenset(), "").parameters


def test_an_address_without_a_door_would_be_found() -> None:
    bare = path("bare/", lambda request: None, name="bare")
    kept = page("kept/", lambda request: None, roles=("broker",), name="kept")
    found = {each.name: each for each in addresses._walk([bare, kept], "", "")}
    assert not found["bare"].roles
    assert found["kept"].row == ("kept", "GET", "broker")
