"""Script, templates and markup in every free text of every table: each page that could show them shows them as text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.test import Client

from tests.figures import figure
from tests.rules.addresses import ANYONE, Address, addresses
from tests.security.attacks.hostile import SCRIPTS, came_alive, plant
from tests.security.crawl import IS_WHOLE, of_role
from tests.security.entering import Browsers
from tests.world import World

FEWEST_COLUMNS = 70
FEWEST_PAGES = 120


def visits(world: World) -> Iterator[tuple[Client, Address, str]]:
    """Every page of our own rows (of the first two of a kind; of all in `make assure`), by the first role at its door."""
    clients = Browsers(world.actors)
    for address in addresses():
        if "GET" in address.methods and address.is_known:
            who = "nobody" if address.roles == {ANYONE} else _first(world, address)
            client = Client(raise_request_exception=False) if who == "nobody" else clients[who]
            paths = dict.fromkeys(path for scene in world.ours for path in address.filled(scene))
            for path in islice(paths, None if IS_WHOLE else 2):
                yield client, address, path


def _first(world: World, address: Address) -> str:
    ours = (who for role in sorted(address.roles) for who, is_ours in of_role(world, role) if is_ours)
    return next(
        ours, next((who for role in sorted(address.roles) for who, _ in of_role(world, role)), "nobody")
    )


def test_nothing_that_is_kept_comes_alive_on_any_page(world: World) -> None:
    columns, refused = plant(SCRIPTS)
    assert columns >= FEWEST_COLUMNS, refused
    alive, broken, shown, planted = [], [], 0, 0
    for client, address, path in visits(world):
        answer = client.get(path)
        body = answer.getvalue().decode("utf-8", "replace")
        broken += [f"{answer.status_code} {address.name} {path}"] if answer.status_code >= 500 else []
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            shown += answer.status_code == 200
            planted += "planted(" in body or "7191*7193" in body
            alive += [f"{address.name} {path}: {each}" for each in came_alive(body)]
    print(
        f"{columns} columns, {len(refused)} refused it; {shown} pages, {planted} answers with planted words, {len(alive)} alive"
    )
    figure(21, "columns with planted script", columns)
    figure(21, "pages opened on them", shown)
    figure(21, "elements or attributes that came alive", len(alive), 0, met=not alive)
    assert broken == []
    assert alive == []
    assert shown >= FEWEST_PAGES
    assert planted >= FEWEST_PAGES // 2


def test_the_eyes_see_what_comes_alive() -> None:
    for payload in SCRIPTS[:8]:
        assert came_alive(f'<p title="{payload}">') + came_alive(f"<p title='{payload}'>{payload}") != [], (
            payload
        )
    assert came_alive("<p>{{7191*7193}}</p>") == []
    assert came_alive("<p>51724863</p>") != []
