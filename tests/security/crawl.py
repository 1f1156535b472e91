"""Opening every page that somebody may open, and keeping what came back as plain values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.rules.addresses import ANYONE, Address, addresses
from tests.security.entering import Browsers
from tests.security.forms import Form, forms_in
from tests.world import World

# With each test run, what tells most for its time; `make assure` opens and sends everything.
IS_WHOLE = bool(os.environ.get("RIGHTPLACE_ASSURE"))
_WRITES = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
_LOOKS = "SELECT '', count(*) FROM audit_auditentry WHERE is_look"
DEPTH, EVERY = 12, 3


@dataclass(frozen=True)
class Opened:
    """One page as one person opened it."""

    address: Address
    path: str
    who: str
    is_own: bool
    status: int
    body: str
    headers: Mapping[str, str]
    writes: frozenset[str]
    looks: int
    queries: int
    models: tuple[str, ...]

    @cached_property
    def forms(self) -> list[Form]:
        """Every form of the page that is sent by POST."""
        return forms_in(self.body, self.path) if "<form" in self.body else []

    def __str__(self) -> str:
        return f"{self.status} {self.address.name} {self.path} as {self.who}"


def of_role(world: World, role: str) -> list[tuple[str, bool]]:
    """Who holds a role, and whether the rows of `World.ours` are theirs."""
    return [(who, who.startswith(("croydon", "oakhouse"))) for who, actor in world.actors.items() if actor.role == role]


def open_all(world: World) -> list[Opened]:
    """Every page by those who may: the first role at the door opens every scene of its own, the others one.

    Rows of the other side are asked for too, wherever an address names one. In `make assure` all roles of both sides do
    all that; else the first role does, every third of the others, and every third page of the other side. (The matrix
    asks everybody for every row, and looks at the answer only.)
    """
    browsers = Browsers(world.actors)
    known = [address for address in addresses() if "GET" in address.methods and address.is_known]
    return [each for turn, address in enumerate(known) for each in _open(world, browsers, address, turn)]


def _open(world: World, browsers: Browsers, address: Address, turn: int) -> Iterator[Opened]:
    if address.roles == {ANYONE}:
        yield opened(Client(raise_request_exception=False), address, f"/{address.pattern}", "nobody", True)
        return
    is_shown = False
    for who, is_ours, place in _at_the_door(world, address):
        is_turn = IS_WHOLE or (place + turn) % EVERY == 0
        if is_shown and not is_turn and not (place == 0 and is_ours):
            continue
        for one in _opened_by(world, browsers[who], address, who, is_ours, is_first=place == 0):
            is_shown |= one.status == 200 and one.is_own
            yield one


def _at_the_door(world: World, address: Address) -> Iterator[tuple[str, bool, int]]:
    """Who may, whether they are of our side, and the place of their role; of the other side only the first role."""
    for place, role in enumerate(sorted(address.roles)):
        for who, is_ours in of_role(world, role):
            if is_ours or place == 0:
                yield who, is_ours, place


def _opened_by(
    world: World, client: Client, address: Address, who: str, is_ours: bool, *, is_first: bool
) -> Iterator[Opened]:
    own, other = (world.ours, world.theirs) if is_ours else (world.theirs, world.ours)
    for path in _paths(address, own, is_thorough=is_ours and is_first):
        yield opened(client, address, path, who, True)
    if address.names_a_row and (IS_WHOLE or (is_ours and is_first)):
        for path in _paths(address, other, is_thorough=False):
            yield opened(client, address, path, who, False)


def _paths(address: Address, scenes: tuple[Mapping[str, int], ...], *, is_thorough: bool) -> list[str]:
    """Addresses of the rows of all scenes, or of the first that has such rows."""
    found = list(dict.fromkeys(path for scene in scenes for path in address.filled(scene)))
    return found if is_thorough else found[:1]


def opened(client: Client, address: Address, path: str, who: str, is_own: bool) -> Opened:
    """Open one page and undo what it may have written."""
    with transaction.atomic():
        before = _writes_and_looks()
        with counting() as count:
            response = client.get(path)
        body = _body(response)
        after = _writes_and_looks()
        kept = Opened(
            address, path, who, is_own, response.status_code, body, dict(response.headers),
            frozenset(table for table, n in after.items() if table and n != before.get(table, 0)),
            after[""] - before[""], count(), tuple(found_models(response)),
        )  # fmt: skip
        transaction.set_rollback(True)
    return kept


def unique_forms(pages: list[Opened]) -> dict[str, tuple[Opened, Form]]:
    """One of each form of Croydon and Oakhouse: by the address that it is sent to and its entries."""
    found: dict[str, tuple[Opened, Form]] = {}
    for each in pages:
        if each.is_own and each.who.startswith(("croydon", "oakhouse")) and each.status == 200:
            for form in each.forms:
                match = resolve(form.action.split("?")[0])
                step = match.kwargs.get("slug") or match.kwargs.get("verb") or ""
                found.setdefault(f"{match.view_name} {step} {'version' in form.entries}", (each, form))
    return {key: found[key] for key in sorted(found) if not key.startswith(("sign_out", "switch_role"))}


class counting:  # noqa: N801  # reads as a verb where it is used
    """Counts the statements of a block."""

    def __enter__(self) -> Any:
        self.number = 0
        self.wrapped = connection.execute_wrapper(self._count)
        self.wrapped.__enter__()
        return lambda: self.number

    def __exit__(self, *problem: object) -> None:
        self.wrapped.__exit__(*problem)

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


def _body(response: HttpResponse) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # only streaming answers have it
    return content.decode("utf-8", "replace")


def writes() -> dict[str, int]:
    """How many rows were written in each table since the transaction began, also those undone since."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITES)
        return dict(cursor.fetchall())


def _writes_and_looks() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_WRITES} UNION ALL {_LOOKS}")
        return dict(cursor.fetchall())


def found_models(response: HttpResponse) -> Iterator[str]:
    """Where in a page's context a row of a table is to be found, walking everything that a template can reach."""
    seen: set[int] = set()
    for context in getattr(response, "context", None) or ():
        for layer in context if isinstance(context, list) or hasattr(context, "dicts") else [context]:
            values = layer.items() if isinstance(layer, Mapping) else ()
            for name, value in values:
                if name not in {"request", "block", "forloop", "csrf_token", "messages", "self"}:
                    yield from _models_in(value, name, seen, 0)


def _models_in(value: object, path: str, seen: set[int], depth: int) -> Iterator[str]:
    if id(value) in seen or depth > DEPTH or isinstance(value, str | bytes | int | float | type | None.__class__):
        return
    seen.add(id(value))
    if isinstance(value, models.Model | models.QuerySet | models.Manager):
        yield f"{path}: {type(value).__name__} {getattr(getattr(value, 'model', type(value)), '__name__', '')}"
        return
    for name, inner in _inside(value):
        yield from _models_in(inner, f"{path}.{name}", seen, depth + 1)


def _inside(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((str(place), inner) for place, inner in enumerate(value))
    elif type(value).__module__.startswith("rightplace") or hasattr(value, "object_list"):
        names = [*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())]
        yield from ((name, getattr(value, name, None)) for name in names if isinstance(name, str))
