"""The matrix: every address × every role × every method; and every verb aimed at a row of the other side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from rightplace.foundation.access.roles import ROLES
from tests.rules.addresses import ANYONE, SHARED, Address, addresses, reviewed
from tests.security.crawl import IS_WHOLE, of_role
from tests.security.entering import post, signed_in
from tests.world import World

GUARDED = [each for each in addresses() if each.roles != {ANYONE} and each.is_known]
ALLOWED = {name: set(roles.split()) for name, (_, _, roles) in reviewed().items()}
VERBS = [each for each in GUARDED if "POST" in each.methods and each.names_a_row]
ANY_ROW = defaultdict(lambda: 1)


def methods_of(address: Address) -> list[str]:
    return [method for method in address.methods if method != "HEAD"]


def ask(client: Client, method: str, path: str) -> int:
    """The status of one request; what it may have done is undone."""
    with transaction.atomic():
        status = client.get(path).status_code if method == "GET" else post(client, path, version=1).status_code
        transaction.set_rollback(True)
    return status


def path_of(address: Address) -> str:
    return address.filled(_Every())[0]


class _Every(dict[str, int]):
    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int:
        return 1


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_that_the_table_does_not_name_is_turned_away(world: World, plain_refusals: None, role: str) -> None:
    """The oracle is the reviewed table, not the door itself. Every third door with each run, all in `make assure`."""
    who = of_role(world, role)[0][0]
    client = signed_in(world.actors[who])
    shut = [each for each in GUARDED if role not in ALLOWED.get(each.name, set())]
    assert shut
    shut = shut if IS_WHOLE else shut[sorted(ROLES).index(role) % 3 :: 3]
    found = {(each.name, method): ask(client, method, path_of(each)) for each in shut for method in methods_of(each)}
    assert {cell: status for cell, status in found.items() if status != 403} == {}


def test_somebody_not_signed_in_is_sent_to_sign_in_and_told_nothing(world: World) -> None:
    client = Client()
    for address in GUARDED:
        for method in methods_of(address):
            answer = client.get(path_of(address)) if method == "GET" else post(client, path_of(address))
            assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/"), address


@pytest.mark.parametrize("role", sorted({role for each in VERBS for role in each.roles}))
def test_no_verb_reaches_a_row_of_the_other_side(world: World, role: str) -> None:
    wrong = []
    for who, is_ours in of_role(world, role):
        client = signed_in(world.actors[who])
        for address in (each for each in VERBS if role in each.roles):
            for path in _foreign(address, world.theirs if is_ours else world.ours):
                status = ask(client, "POST", path)
                wrong += [(address.name, path, who, status)] if status != 404 else []
    assert wrong == []


def _foreign(address: Address, scenes: tuple[dict[str, int], ...]) -> Iterator[str]:
    for scene in scenes:
        if found := address.filled(scene):
            yield from found[:1]
            return


def test_a_verb_takes_no_get_and_changes_nothing_by_it(world: World) -> None:
    for address in GUARDED:
        if "GET" not in address.methods:
            who = of_role(world, min(address.roles))[0][0]
            assert ask(signed_in(world.actors[who]), "GET", path_of(address)) == 405, address


def kinds_apart(address: Address) -> list[str]:
    """The kinds of rows in an address that belong to somebody: a home of the market is everybody's."""
    return [kind for _, kind in address.parameters if kind and kind not in SHARED]


def test_ids_of_two_sides_mixed_in_one_address_lead_nowhere(world: World) -> None:
    """Our search with their candidate, our question in their search: never a page."""
    mixed = [each for each in GUARDED if len(kinds_apart(each)) > 1 and "GET" in each.methods]
    assert mixed
    for address in mixed:
        kinds = kinds_apart(address)
        for ours, theirs in zip(world.ours, world.theirs, strict=True):
            if all(kind in ours for kind in kinds):
                path = address.filled({**ours, kinds[-1]: theirs[kinds[-1]]})[0]
                who = next(w for r in sorted(address.roles) for w, is_ours in of_role(world, r) if is_ours)
                assert ask(signed_in(world.actors[who]), "GET", path) in {404}, (address, path)
