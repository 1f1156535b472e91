"""A real Chromium for the browser tests: found, or the tests fail with the line that says how to get it.

Pages that throw an error, or that the content security policy had to stop, fail their test too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.find_chromium import HOW_TO_GET_IT, find_chromium

HERE = Path(__file__).parent
SCREEN = {"width": 1280, "height": 900}
SECONDS = 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests of a process."""
    path = find_chromium()
    if path is None:
        pytest.fail(HOW_TO_GET_IT)
    # Playwright runs an event loop in this thread; Django would then refuse the database in the tests themselves.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile: no cookies, British English, London time."""
    made = chromium.new_context(locale="en-GB", timezone_id="Europe/London", viewport=SCREEN)
    made.set_default_timeout(SECONDS * 1000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on a script error or on anything the content security policy stopped."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    yield opened
    assert faults == []


def _is_fault(message: object) -> bool:
    return getattr(message, "type", "") == "error" and "Content Security Policy" in getattr(
        message, "text", ""
    )
