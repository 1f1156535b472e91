"""The matrix: every operation × every role × own row, the other side's row and a row that is not there."""

from __future__ import annotations

import csv
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from rightplace.api.section import Operation
from rightplace.api.urls import SECTIONS
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens.scopes import HOLDERS
from tests.api.caller import Caller
from tests.world import World

TABLE = Path(__file__).parents[1] / "rules" / "api_routes.csv"
FOUND = [one for section in SECTIONS for one in section.operations]
# What a parameter of an address names in the walked world.
KINDS = {"referral_id": "invitation", "setting_id": "setting", "payment_id": "remittance"}
SHARED = {"setting", "provider"}
BODIES = {
    "make_request": {"children": [{"child_number": "1001"}]}, "change_request": {"about": "Likes music."},
    "withdraw_request": {"reason": "Not needed"}, "decline_referral": {"reasons": ["no_vacancy"]},
    "ask_question": {"words": "Is there a garden?"}, "make_offer": {"referral_id": 1}, "change_offer": {},
    "withdraw_offer": {"reason": "Full"}, "confirm_start": {"started_on": "2026-11-20"},
    "end_placement": {"ended_on": "2026-11-20", "end_reason": "E4A"}, "state_vacancies": {"vacancies": 1},
    "send_invoice": {"number": "W-9", "invoiced_on": "2026-11-01", "lines": [
        {"starts_on": "2026-11-01", "ends_on": "2026-11-02", "net_pence": 100}]},
    "object_to_invoice": {"words": "Not ours"},
}  # fmt: skip
# Rows tried of each kind and side: one with each run, three in `make assure`.
ROWS = 3 if os.environ.get("RIGHTPLACE_ASSURE") else 1
REFUSED_AT_THE_DOOR = "not-yours"


def allowed() -> dict[tuple[str, str], set[str]]:
    """The oracle: the reviewed table, not the operations themselves."""
    with TABLE.open(newline="") as file:
        return {(row["method"], row["path"]): set(row["roles"].split()) for row in csv.DictReader(file)}


def one_of_each_role(world: World) -> dict[str, Actor]:
    """Somebody of Croydon in each role that can hold a token; Oakhouse's person for the providers."""
    cast = world.cast
    people = (
        cast.sadia, cast.moses, cast.ida, cast.bola, cast.fern, cast.pearl, cast.mel, cast.clem, cast.dev, cast.fin, cast.cora,
        cast.ana, cast.ada, cast.iggy, cast.priya,
    )  # fmt: skip
    return {who.role: who for who in people}


def paths(world: World, one: Operation) -> Iterator[tuple[str, str]]:
    """Each address to try with whose row it names: 'own', 'other', 'none', or '' where it names no row."""
    if "{" not in one.path:
        yield "", one.path
        return
    name = one.path.partition("{")[2].partition("}")[0]
    kind = KINDS.get(name, name.removesuffix("_id"))
    if kind == "line":
        kind = "none such"
    own = {scene[kind] for scene in world.ours if kind in scene}
    other = {scene[kind] for scene in world.theirs if kind in scene} - own
    rows = [("own", key) for key in sorted(own)[:ROWS]] + [("other", key) for key in sorted(other)[:ROWS]]
    for whose, key in [*rows, ("none", 10**9)]:
        yield (
            ("shared" if kind in SHARED and whose == "other" else whose),
            one.path.replace(f"{{{name}}}", str(key)),
        )


def ask(caller: Caller, one: Operation, path: str) -> int:
    """The status of one call; what it may have done is undone."""
    with transaction.atomic():
        body = BODIES.get(one.name)
        etag = '"1"' if one.takes_version else ""
        if one.method == "GET":
            status = caller.get(path).status_code
        else:
            key = "key-of-one-call" if one.is_post else ""
            status = caller.send(one.method, path, body, etag=etag, key=key).status_code
        transaction.set_rollback(True)
    return status


def test_every_role_meets_the_door_that_the_table_says(world: World) -> None:
    """No unexpected allow: a role that is not named gets 403 whatever the row, and never learns whether it is there."""
    people, table, cells, wrong = one_of_each_role(world), allowed(), Counter[str](), []
    assert set(people) == HOLDERS
    callers = {role: Caller(who) for role, who in people.items()}
    for one, (role, caller) in itertools.product(FOUND, callers.items()):
        may = role in table[one.method, one.path]
        for whose, path in paths(world, one):
            status = ask(caller, one, path)
            cells[whose] += 1
            is_own_provider = role == "provider" and whose == "shared"
            if not may and status != 403:
                wrong.append((role, one.method, path, status))
            if may and whose in {"other", "none"} and status != 404:
                wrong.append((role, one.method, path, whose, status))
            if may and whose in {"own", ""} and status >= 500:
                wrong.append((role, one.method, path, status))
            assert not (may and is_own_provider and status not in {404, 200, 412}), path
    assert wrong == []
    assert sum(cells.values()) > 500 * ROWS, cells
    assert cells["other"] > 65 * ROWS, cells


def test_a_token_without_the_scope_is_turned_away_everywhere(world: World) -> None:
    """Each role with a token of every scope but the one that the operation needs."""
    from rightplace.foundation.tokens.scopes import scopes_for

    people = one_of_each_role(world)
    for one in FOUND:
        if not one.scope:
            continue
        role = sorted(one.roles)[0]
        others = [scope for scope in scopes_for(role) if scope != one.scope]
        path = next(path for _, path in paths(world, one))
        assert ask(Caller(people[role], *others), one, path) == 403, one.name


@pytest.mark.parametrize("side", ["croydon", "sutton"])
def test_what_one_side_plants_the_other_never_reads(world: World, side: str) -> None:
    """Every list and row that Sutton's and Harbour's people can read holds no word of Croydon's child, and the reverse."""
    cast = world.sutton_cast if side == "croydon" else world.cast
    planted = world.cast.amber if side == "croydon" else world.cast.lena
    people = (cast.sadia, cast.bola, cast.dev, cast.fin, cast.quinn if side == "croydon" else cast.priya)
    words = (planted.first_name, planted.last_name, f'"{planted.local_number}"')
    for who in people:
        caller = Caller(who)
        for one in FOUND:
            if one.method == "GET" and who.role in one.roles:
                for _, path in paths(world, one):
                    text = caller.get(path).content.decode()
                    assert not [word for word in words if word in text], (who.name, path)
