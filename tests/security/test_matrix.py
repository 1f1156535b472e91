"""The matrix: every address × method × everyone who can sign in × whose row it names; the oracle is the reviewed table.

Asked of the doors that the URL map itself leads to. Where the oracle says no, the door must (403); where it says yes and the
row is another authority's, another provider's or nobody's, the page must not find it (404). Own rows by those who may are
opened in full elsewhere (`crawl`).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import uuid4

from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from tests.rules.addresses import ANYONE, Address, addresses, reviewed
from tests.security.crawl import IS_WHOLE
from tests.world import World

FEWEST_CELLS, MOST_SECONDS = 20_000, 300
# A row that is not one's own is looked for in the database: every third such cell with each run, all in `make assure`.
EVERY = 1 if IS_WHOLE else 3
ALLOWED = {name: set(roles.split()) for name, (_, _, roles) in reviewed().items()}
NOWHERE = 999_999_999
FACTORY = RequestFactory()


class _Anything(dict[str, int]):
    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int:
        return NOWHERE


def test_every_cell_of_the_matrix(world: World, plain_refusals: None) -> None:
    began, cells, wrong, looked_for = time.monotonic(), Counter[str](), [], 0
    memberships = _memberships(world)
    for address in _addresses():
        paths = tuple(_path(address, scenes) for scenes in (world.ours, world.theirs))
        for who, actor in _everyone(world):
            for scope, path in _scopes(address, paths, who):
                for method in (one for one in address.methods if one != "HEAD"):
                    kind, expected = _expected(address, method, actor, scope)
                    looked_for += kind == "foreign row"
                    if kind == "opened elsewhere" or (kind == "foreign row" and looked_for % EVERY):
                        continue
                    found = _status(method, path, actor, memberships.get(who), is_whole=kind == "foreign row")
                    cells[kind] += 1
                    wrong += [(address.name, method, who, scope, found)] if found not in expected else []
    seconds, total = time.monotonic() - began, sum(cells.values())
    print(f"matrix: {total:,} cells in {seconds:.0f} s, {len(wrong)} unexpected; {dict(cells)}")
    assert wrong == []
    assert total >= FEWEST_CELLS
    assert seconds <= MOST_SECONDS


def _addresses() -> list[Address]:
    return [one for one in addresses() if one.roles and one.roles != {ANYONE} and one.is_known]


def _everyone(world: World) -> Iterator[tuple[str, Actor | None]]:
    yield from world.actors.items()
    yield "nobody", None


def _path(address: Address, scenes: tuple[dict[str, int], ...]) -> str | None:
    """The address of the first row of a side that it can name."""
    return next((found[0] for scene in scenes if (found := address.filled(scene))), None)


def _scopes(address: Address, paths: tuple[str | None, ...], who: str) -> Iterator[tuple[str, str]]:
    """One's own row, the other side's, and one that is not there; an address that names none has one cell."""
    if not address.parameters:
        yield "none", f"/{address.pattern}"
        return
    own, other = paths if who.startswith(("croydon", "oakhouse")) else reversed(paths)
    yield from ((scope, path) for scope, path in (("own", own), ("other", other)) if path is not None)
    yield "nowhere", address.filled(_Anything())[0]


def _expected(address: Address, method: str, actor: Actor | None, scope: str) -> tuple[str, set[int]]:
    if actor is None:
        return "nobody signed in", {302}
    if actor.role not in ALLOWED.get(address.name, set()):
        return "role not at the door", {403}
    if scope in {"other", "nowhere"} and address.names_a_row:
        return "foreign row", {404}
    return "opened elsewhere", set()


def _memberships(world: World) -> dict[str, Membership]:
    return {
        who: Membership.objects.select_related("user", "authority").get(user_id=actor.user_id, role=actor.role)
        for who, actor in world.actors.items()
    }


def _status(method: str, path: str, actor: Actor | None, membership: Membership | None, *, is_whole: bool) -> int:
    view, args, kwargs = resolve(path)
    request = _request(method, path, actor, membership)
    if not is_whole or actor is None:
        return view(request, *args, **kwargs).status_code
    with transaction.atomic():
        status = _in_scope(lambda: view(request, *args, **kwargs), actor)
        transaction.set_rollback(True)
    return status


def _in_scope(view: Callable[[], HttpResponse], actor: Actor) -> int:
    try:
        with acting_as(actor):
            return view().status_code
    except Http404:
        return 404


def _request(method: str, path: str, actor: Actor | None, membership: Membership | None) -> HttpRequest:
    entries = {"once": str(uuid4()), "version": 1}
    request = FACTORY.get(path) if method == "GET" else FACTORY.post(path, entries)
    request.actor, request.membership, request.visit = actor, membership, None  # type: ignore[attr-defined]  # as the middleware sets them
    request.session, request.htmx = SessionBase(), False  # type: ignore[attr-defined]  # as the middleware sets them
    request.user = membership.user if membership else _Nobody()  # type: ignore[assignment]  # somebody not signed in
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # as the middleware sets them
    return request


class _Nobody:
    is_authenticated = False
    pk = None
