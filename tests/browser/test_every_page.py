"""Every page there is, in real Chromium: axe finds nothing, 320 pixels need no sideways scroll, no script fails.

Each address is opened by somebody of a role that it lets in, on a row of theirs. With every `make test` some of them, by
turns of the day; with RIGHTPLACE_PAGES=all every one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import Browser

from rightplace.foundation.access.actor import Actor
from tests.browser.conftest import SCREEN
from tests.browser.test_main_job import RULES, Desk
from tests.figures import figure
from tests.rules.addresses import Address, addresses
from tests.world import World, make_world

PAGES = os.environ.get("RIGHTPLACE_PAGES", "16")
REFLOWED = {"width": 320, "height": 700}
LEAVES = frozenset({"sign_out"})


@pytest.fixture
def world(live_server: object, transactional_db: None) -> World:
    """The walked world, for a browser."""
    with transaction.atomic():
        return make_world()


def in_turn() -> list[Address]:
    """The addresses of today's run."""
    every = [one for one in addresses() if "GET" in one.methods and one.is_known and one.name not in LEAVES]
    if PAGES == "all":
        return every
    step = max(len(every) // int(PAGES), 1)
    return every[datetime.now(UTC).timetuple().tm_yday % step :: step]


def openers(world: World, address: Address) -> list[Actor]:
    """Who of ours may open it, whose role has the least to open first."""
    reach = {role: sum(role in one.roles for one in addresses()) for role in address.roles}
    ours = {actor.role: actor for name, actor in world.actors.items() if not name.startswith("sutton")}
    return [ours[role] for role in sorted(reach, key=lambda role: (reach[role], role)) if role in ours]


def paths(world: World, address: Address) -> Iterator[str]:
    """The address filled in with the rows of each scene."""
    known: dict[str, int] = {}
    for scene in reversed(world.ours):
        known |= scene
    yield from dict.fromkeys(path for rows in (known, *world.ours) for path in address.filled(rows))


class Desks:
    """One browser's profile for each person who is needed, opened once."""

    def __init__(self, chromium: Browser, address: str, world: World) -> None:
        self.chromium, self.address, self.world = chromium, address, world
        self.made: dict[str, Desk] = {}

    def opens(self, address: Address) -> tuple[Desk, str] | None:
        """The desk at which this address is a page, standing on it; none where it is a file or nothing to read."""
        for actor in openers(self.world, address) or [self.world.cast.sadia]:
            if actor.role not in self.made:
                self.made[actor.role] = Desk(self.chromium, self.address, actor)
            desk = self.made[actor.role]
            for path in paths(self.world, address):
                if desk.has_page(path):
                    return desk.opens(path), path
        return None


def wrong_with(desk: Desk, path: str) -> list[str]:
    """What axe finds on the page that is open, whether it needs sideways scroll when zoomed, and which scripts failed."""
    found = Axe().run(desk.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    wrong = [f"{path}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]
    desk.page.set_viewport_size(REFLOWED)
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    desk.page.set_viewport_size(SCREEN)
    wrong += [f"{path}: {width} wide at 400%"] if width > REFLOWED["width"] else []
    wrong += [f"{path}: {fault}" for fault in desk.faults]
    desk.faults.clear()
    return wrong


@pytest.mark.timeout(3600)
def test_no_page_shuts_anybody_out(chromium: Browser, live_server: object, world: World) -> None:
    desks, wrong, opened, closed = Desks(chromium, str(live_server), world), [], 0, []
    for address in in_turn():
        stood = desks.opens(address)
        if stood:
            opened += 1
            wrong += wrong_with(*stood)
        else:
            closed.append(address.name)
    figure(31, "pages of every role opened with axe and at 400%", opened)
    figure(
        31, "violations of WCAG 2.2 A/AA, sideways scrolls and failed scripts", len(wrong), 0, met=not wrong
    )
    print(f"{opened} pages, {len(wrong)} faults", *wrong, sep="\n")
    print(f"files, and pages of a state that no row of the world is in: {' '.join(closed)}")
    assert opened > len(in_turn()) // 3
    assert wrong == []
