"""Other ways to use the pages, and to attack them, in real Chromium: keyboard only, no scripts, 400% zoom, planted script.

Zoom of 400% on a screen of 1280 is a page of 320 (WCAG 2.2, 1.4.10). Script planted in every free text must neither run
nor make the browser report that our own content policy had to stop something.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page

from tests.browser.test_main_job import Desk
from tests.figures import figure
from tests.rules.addresses import addresses
from tests.security.attacks.hostile import SCRIPTS, plant
from tests.world import World, make_world

WATCH = """
  window.__alive = []; window.planted = (n) => window.__alive.push(n);
  window.__stopped = [];
  document.addEventListener("securitypolicyviolation", (e) => window.__stopped.push(e.violatedDirective + " " + e.blockedURI));
"""
PAGES_OF_ONE = 4
PEOPLE = {"bola": "broker", "priya": "provider", "dev": "director", "sadia": "social_worker"}
SEEN_FOCUS = """
  () => { const s = getComputedStyle(document.activeElement);
          return (s.outlineStyle !== "none" && s.outlineWidth !== "0px") || s.boxShadow !== "none" || s.backgroundColor !== ""; }
"""


@pytest.fixture
def world(live_server: object, transactional_db: None) -> World:
    """The walked world, for a browser."""
    with transaction.atomic():
        return make_world()


@pytest.fixture
def desks(chromium: Browser, live_server: object, world: World) -> Iterator[dict[str, Desk]]:
    """Some of its people, signed in, each with eyes for what comes alive."""
    made = {name: Desk(chromium, str(live_server), getattr(world.cast, name)) for name in PEOPLE}
    for desk in made.values():
        desk.context.add_init_script(WATCH)
    yield made
    for desk in made.values():
        desk.context.close()


def paths(world: World, desk: Desk, role: str) -> list[str]:
    """Pages that this role may open, of our own rows, spread over its desk."""
    known: dict[str, int] = {}
    for scene in reversed(world.ours):
        known |= scene
    own = [
        one
        for one in addresses()
        if role in one.roles and "GET" in one.methods and one.is_known and len(one.roles) < 8
    ]
    found = [path for one in own for path in one.filled(known)[:1]]
    step = max(len(found) // (2 * PAGES_OF_ONE), 1)
    return [path for path in found[::step] if desk.has_page(path)][:PAGES_OF_ONE]


@pytest.mark.timeout(300)
def test_no_page_needs_sideways_scroll_at_400_percent_and_planted_script_does_not_run(
    world: World, desks: dict[str, Desk]
) -> None:
    wide = [
        found
        for name, desk in desks.items()
        for path in paths(world, desk, PEOPLE[name])
        for found in _wide(desk, path)
    ]
    with transaction.atomic():
        columns, _ = plant(SCRIPTS)
    seen = [_alive(desk, path) for name, desk in desks.items() for path in paths(world, desk, PEOPLE[name])]
    shown = [words for words, _ in seen if "planted(" in words]
    alive = [found for _, several in seen for found in several]
    print(
        f"{len(seen)} pages in Chromium, {len(shown)} with planted words of {columns} columns, {len(alive)} executions or reports"
    )
    figure(21, "pages in Chromium with planted script", len(shown))
    figure(21, "executions or reports in Chromium", len(alive), 0, met=not alive)
    figure(31, "pages that scroll sideways at 400%", len(wide), 0, met=not wide)
    assert alive == []
    assert len(shown) >= len(seen) // 3
    assert wide == []


def _wide(desk: Desk, path: str) -> list[str]:
    desk.page.set_viewport_size({"width": 320, "height": 700})
    answer = desk.page.goto(f"{desk.address}{path}")
    assert answer is not None
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    return [f"{path}: {width} wide"] if answer.ok and width > 320 else []


def _alive(desk: Desk, path: str) -> tuple[str, list[str]]:
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    answer = desk.page.goto(f"{desk.address}{path}")
    assert answer is not None
    assert answer.status < 500, path
    desk.page.wait_for_load_state()
    came = desk.page.evaluate("[...(window.__alive || []), ...(window.__stopped || [])]")
    return desk.page.content(), [f"{path}: {one}" for one in (*came, *asked)]


def focus(page: Page, wanted: str, *, most: int = 120) -> None:
    """Press Tab until what is wanted has the focus, which must be seen on each stop."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by the keyboard at {page.url}")


@pytest.mark.timeout(300)
def test_a_request_is_begun_with_the_keyboard_alone_and_without_scripts(
    chromium: Browser, world: World, desks: dict[str, Desk]
) -> None:
    sadia = desks["sadia"]
    sadia.opens(f"/social-work/children/{world.cast.amber.pk}/start/")
    focus(sadia.page, ".govuk-skip-link", most=1)
    focus(sadia.page, "main form button[type=submit]")
    with sadia.page.expect_navigation():
        sadia.page.keyboard.press("Enter")
    base = sadia.page.url.split("/steps/")[0].rstrip("/")
    sadia.page.goto(f"{base}/steps/why/")
    focus(sadia.page, "[name=why_now]")
    sadia.page.keyboard.type("Her carers have given notice.")
    focus(sadia.page, "main form button[type=submit]")
    with sadia.page.expect_navigation():
        sadia.page.keyboard.press("Enter")
    sadia.page.goto(f"{base}/steps/why/")
    assert sadia.page.input_value("[name=why_now]") == "Her carers have given notice."
    _without_scripts(chromium, sadia, base)


def _without_scripts(chromium: Browser, sadia: Desk, base: str) -> None:
    context = chromium.new_context(java_script_enabled=False, storage_state=sadia.context.storage_state())
    page = context.new_page()
    page.goto(f"{base}/steps/why/")
    page.fill("[name=why_now]", "Her carers have given notice, said without scripts.")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"{base}/steps/why/")
    assert page.input_value("[name=why_now]") == "Her carers have given notice, said without scripts."
    page.goto(f"{sadia.address}/social-work/children/?q=Amber")
    assert "Amber" in page.locator("main").inner_text()
    context.close()
