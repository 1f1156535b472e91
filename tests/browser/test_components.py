"""The gallery of components in a real browser: axe finds nothing, phones need no sideways scroll, no scripts needed."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.cast import make_cast

WIDTHS = (1280, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def address(live_server: object, transactional_db: None) -> str:
    """The gallery of a demonstration."""
    make_cast()
    return f"{live_server}/components/"


def violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_any_component(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_nothing_in_a_form_with_errors(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(address)
    assert page.get_by_text("Enter needed by").count() == 2
    assert violations(page) == []


def test_rows_and_choices_work_without_scripts(chromium: Browser, address: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.fill("#id_title", "Sibling pair")
    assert page.is_visible("#id_move_words")
    page.click("button[name=add]")
    page.wait_for_selector("text=Price line 3")
    page.click("button[name=remove] >> nth=0")
    page.wait_for_selector("text=Price line 3", state="detached")
    assert page.input_value("#id_lines-0-service") == "Mentoring, 4 hours"
    assert page.input_value("#id_title") == "Sibling pair"


def test_a_choice_shows_its_own_entries(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#id_move_words", state="hidden")
    page.check("#id_move_2")
    assert page.is_visible("#id_move_words")


def test_a_filter_changes_the_list_its_chips_and_the_address_without_a_new_page(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.evaluate("window.kept = true")
    page.select_option("#id_need", "foster")
    page.wait_for_selector(".rp-filter-chip")
    page.click("#requests-by-offers")
    page.wait_for_selector("[aria-sort=ascending] #requests-by-offers")
    assert page.url.endswith("?words=&need=foster&sort=offers")
    assert page.evaluate("window.kept")


def test_the_skip_link_leads_to_the_content(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body.js-enabled")
    page.evaluate("document.activeElement.blur()")
    page.focus(".govuk-skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
