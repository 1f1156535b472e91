"""Statements of the database and script in every search, filter, sort and page of every list: the answer of a word that
is nowhere, never an error, and nothing comes back alive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from django.test import Client

from tests.figures import figure
from tests.rules.addresses import ANYONE, Address
from tests.security.attacks.hostile import SCRIPTS, STATEMENTS, came_alive
from tests.security.crawl import IS_WHOLE, Opened
from tests.security.entering import Browsers
from tests.world import World

T = TypeVar("T")
NOWHERE = "qzxw nowhere"
ODD: tuple[object, ...] = (["a", "b'"], "9" * 5_000, "\x00", "\ud7ff\U0010ffff", "-1", "1e400")
FILTER = re.compile(r'<(?:input|select)[^>]*\sname="([\w-]+)"')
SORT = re.compile(r"[?&;]sort=(-?[\w.]+)")


def lists(world: World, pages: list[Opened]) -> list[tuple[Address, Client, set[str]]]:
    """Every page without a row in its address, by the first who may, with the names of what it can be asked."""
    clients, found = Browsers(world.actors), {}
    for each in pages:
        if each.is_own and not each.address.parameters and each.address.roles != {ANYONE}:
            found.setdefault(each.address.name, (each.address, clients[each.who], asked(each.body)))
    return list(found.values())


def asked(body: str) -> set[str]:
    """The entries of the page's filters, and sort and page."""
    forms = re.findall(r'<form[^>]*method="get".*?</form>', body, re.DOTALL | re.IGNORECASE)
    return {name for form in forms for name in FILTER.findall(form)} | {"q", "sort", "page", "download"}


def some(values: Sequence[T], turn: int, number: int) -> list[T]:
    """All of these in `make assure`; else as many as said, others for the next list."""
    return list(values) if IS_WHOLE else [values[(turn * number + each) % len(values)] for each in range(number)]


def rows(body: str) -> int:
    return body.count("<tr")


def test_a_statement_in_any_parameter_is_only_a_word(world: World, pages: list[Opened]) -> None:
    tried, wrong, known = 0, [], lists(world, pages)
    for turn, (address, client, names) in enumerate(known):
        path = f"/{address.pattern}"
        texts = names - {"sort", "page", "download"}
        plain = client.get(path, dict.fromkeys(texts, NOWHERE))
        for statement in some(STATEMENTS, turn, 2):
            answer = client.get(
                path, {**dict.fromkeys(texts, statement), "page": statement, "sort": statement}
            )
            tried += len(names)
            if answer.status_code >= 500 or answer.status_code != plain.status_code:
                wrong.append(f"{address.name} {statement}: {answer.status_code}")
            elif rows(answer.getvalue().decode("utf-8", "replace")) != rows(
                plain.getvalue().decode("utf-8", "replace")
            ):
                wrong.append(f"{address.name} {statement}: other rows")
    print(f"{len(known)} lists, {tried} parameters tried with a statement")
    figure(21, "parameters tried with a statement", tried)
    figure(21, "errors or other answers", len(wrong), 0, met=not wrong)
    assert tried > 1_000
    assert wrong == []


def test_a_script_in_any_parameter_comes_back_as_text(world: World, pages: list[Opened]) -> None:
    wrong = []
    for turn, (address, client, names) in enumerate(lists(world, pages)):
        for payload in some(SCRIPTS[::3], turn, 1):
            answer = client.get(f"/{address.pattern}", dict.fromkeys(names - {"download"}, payload))
            wrong += [f"{address.name}: {answer.status_code}"] if answer.status_code >= 500 else []
            wrong += [
                f"{address.name}: {each}" for each in came_alive(answer.getvalue().decode("utf-8", "replace"))
            ]
    assert wrong == []


def test_every_parameter_given_twice_or_without_end_breaks_nothing(world: World, pages: list[Opened]) -> None:
    wrong = []
    for turn, (address, client, names) in enumerate(lists(world, pages)):
        for value in some(ODD, turn, 1):
            answer = client.get(f"/{address.pattern}", dict.fromkeys(names, value))
            wrong += (
                [f"{address.name} {str(value)[:20]!r}: {answer.status_code}"]
                if answer.status_code >= 500
                else []
            )
    assert wrong == []
