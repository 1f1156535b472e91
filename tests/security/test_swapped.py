"""Identifiers swapped in paths, queries, hidden entries and choices of forms: the other side's bring and change nothing."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

import pytest
from django.db import transaction
from django.test import Client

from rightplace.foundation.audit.models import AuditEntry
from tests.figures import figure
from tests.rules.addresses import ANYONE, addresses
from tests.security.crawl import IS_WHOLE, Opened, of_role
from tests.security.entering import Browsers
from tests.security.forms import Form
from tests.world import World

Forms = dict[str, tuple[Opened, Form]]

FOREIGN_WORDS = (b"Quillfeather", b"Hartnell", b"Castle family", b"Zinnia Mews", b"FC-SUTTON")
QUERIES = (
    "person",
    "child",
    "request",
    "contract",
    "provider",
    "home",
    "setting",
    "household",
    "search",
    "page",
    "key",
    "id",
)
IDS_AN_ENTRY, FEWEST = 4, 200
NEVER = {"once", "csrfmiddlewaretoken", "version"}
# For the long run: how many more by chance, and for how many seconds at the most.
MORE = int(os.environ.get("RIGHTPLACE_SWAPS", "0"))
MOST_SECONDS = float(os.environ.get("RIGHTPLACE_SWAP_SECONDS", "3600"))
Swap = tuple[str, Client, tuple[str, dict[str, object] | None]]


@pytest.mark.timeout(0 if MORE else 300)
def test_swapped_identifiers_bring_and_change_nothing_of_the_other_side(
    world: World, unique_forms: Forms
) -> None:
    swaps, wrong = Counter[str](), []
    sutton = AuditEntry.objects.filter(authority_id=world.cast.sutton.pk).count()
    clients = Browsers(world.actors)
    foreign = sorted({value for scene in world.theirs for value in scene.values()})
    usual = islice(_all(world, unique_forms, clients, foreign), 0, None, 1 if IS_WHOLE else 9)
    by_chance = islice(_by_chance(world, unique_forms, clients, foreign), MORE)
    until = time.monotonic() + MOST_SECONDS
    for where, client, sent in chain(usual, by_chance):
        if time.monotonic() > until:
            break
        with transaction.atomic():
            answer = client.post(sent[0], sent[1]) if sent[1] is not None else client.get(sent[0])
            body = b"".join(answer) if answer.streaming else answer.content
            swaps[where] += 1
            if answer.status_code >= 500 or any(word in body for word in FOREIGN_WORDS):
                wrong.append((where, sent[0], answer.status_code))
            if AuditEntry.objects.filter(authority_id=world.cast.sutton.pk).count() != sutton:
                wrong.append((where, sent[0], "changed something of Sutton"))
            transaction.set_rollback(True)
    print(
        f"identifiers swapped: {sum(swaps.values()):,} ({dict(swaps)}), {len(wrong)} reached the other side"
    )
    figure(14, "identifiers swapped", sum(swaps.values()))
    figure(14, "answers with the other side's words, errors, changes", len(wrong), 0, met=not wrong)
    assert wrong == []
    assert sum(swaps.values()) >= FEWEST


def _by_chance(
    world: World, unique_forms: Forms, clients: dict[str, Client], foreign: list[int]
) -> Iterator[Swap]:
    """Without end: any of their numbers in any place of any address, list or form, by anybody of ours who may enter it."""
    chance = random.Random(20261122)
    known = [
        each for each in addresses() if "GET" in each.methods and each.is_known and each.roles != {ANYONE}
    ]
    rows = [(each, _ours(world, each.roles)) for each in known if each.names_a_row]
    lists = [(f"/{each.pattern}", _ours(world, each.roles)) for each in known if not each.parameters]
    named = [(each, form, name) for each, form in unique_forms.values() for name, _ in _named(form)]
    while True:
        address, who = chance.choice([one for one in rows if one[1]])
        numbers = {kind: chance.choice(foreign) for _, kind in address.parameters if kind}
        yield from (
            ("path", clients[chance.choice(who)], (path, None)) for path in address.filled(numbers)[:1]
        )
        path, who = chance.choice([one for one in lists if one[1]])
        asked = f"{path}?{chance.choice(QUERIES)}={chance.choice(foreign)}"
        yield "query", clients[chance.choice(who)], (asked, None)
        each, form, name = chance.choice(named)
        entries = form.filled(**{**form.chosen(), name: str(chance.choice(foreign))})
        yield "entry", clients[each.who], (form.action, entries)


def _ours(world: World, roles: frozenset[str] | set[str]) -> list[str]:
    return [who for role in sorted(roles) for who, is_ours in of_role(world, role) if is_ours]


def _all(world: World, unique_forms: Forms, clients: dict[str, Client], foreign: list[int]) -> Iterator[Swap]:
    for path, who in _foreign_paths(world):
        yield "path", clients[who], (path, None)
    for path, who in _lists():
        for name in QUERIES:
            asker = next((w for r in who for w, is_ours in of_role(world, r) if is_ours), None)
            if asker:
                yield "query", clients[asker], (f"{path}?{name}={foreign[len(name) % len(foreign)]}", None)
    for each, form in unique_forms.values():
        for name, values in _named(form):
            for number in [n for n in foreign if str(n) not in values][:IDS_AN_ENTRY]:
                entries = form.filled(**{**form.chosen(), name: str(number)})
                where = "hidden entry" if form.kinds.get(name) == "hidden" else "choice"
                yield where, clients[each.who], (form.action, entries)


def _foreign_paths(world: World) -> Iterator[tuple[str, str]]:
    for address in addresses():
        if (
            "GET" in address.methods
            and address.is_known
            and address.names_a_row
            and address.roles != {ANYONE}
        ):
            who = next(
                (w for r in sorted(address.roles) for w, is_ours in of_role(world, r) if is_ours), None
            )
            for scene in world.theirs if who else ():
                yield from ((path, who or "") for path in address.filled(scene)[:1])


def _lists() -> Iterator[tuple[str, list[str]]]:
    for address in addresses():
        if (
            "GET" in address.methods
            and address.is_known
            and not address.parameters
            and address.roles != {ANYONE}
        ):
            yield f"/{address.pattern}", sorted(address.roles)


def _named(form: Form) -> Iterator[tuple[str, set[str]]]:
    """Entries of a form whose values are numbers of rows."""
    for name in form.kinds:
        values = {*form.entries.get(name, []), *form.choices.get(name, [])} - {""}
        if name not in NEVER and values and all(value.isdecimal() for value in values):
            yield name, values
