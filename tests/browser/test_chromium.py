"""The browser of these tests is real: it runs a page and its script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page


def test_chromium_runs_a_page_and_its_script(page: Page) -> None:
    page.set_content("<p id='says'></p><script>document.getElementById('says').textContent = 6 * 7</script>")
    assert page.text_content("#says") == "42"


@pytest.mark.parametrize("path", ["/", "/static/vendor/govuk-frontend.min.css"])
def test_the_product_answers_a_browser(page: Page, live_server: object, path: str) -> None:
    response = page.goto(f"{live_server}{path}")
    assert response is not None
    assert response.status == 200
