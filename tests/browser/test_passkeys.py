"""Passkeys in real Chromium with a virtual authenticator, under our content policy; and axe on the pages of signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, Page

from rightplace.foundation.access import second_steps
from rightplace.foundation.access.models import User
from tests.cast import Cast, make_cast
from tests.security.coming_in import PASSWORD, QUICK, code_of, with_password

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def device(context: BrowserContext, page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A device with a fingerprint reader, as far as the browser knows."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    yield session, key
    session.send("WebAuthn.disable")


@pytest.fixture
def here(live_server: object, settings: object) -> str:
    """The site by the name under which browsers allow passkeys without HTTPS."""
    for name, value in QUICK.items():
        setattr(settings, name, value)
    return live_server.url.replace("127.0.0.1", "localhost")  # type: ignore[attr-defined]  # pytest-django gives no type


def give_password(page: Page, here: str, user: User) -> None:
    page.goto(f"{here}/sign-in/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def checked(page: Page) -> None:
    """Axe finds nothing, and a phone needs no sideways scroll."""
    found = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    )
    assert found.violations_count == 0, found.generate_report()
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    assert size
    page.set_viewport_size(size)


def test_a_passkey_is_made_used_as_second_step_and_alone(
    transactional_db: None, page: Page, here: str, device: tuple[CDPSession, str]
) -> None:
    cast: Cast = make_cast()
    user = with_password(cast.bola)
    session, key = device
    give_password(page, here, user)
    page.wait_for_url("**/sign-in/set-up/")
    checked(page)
    page.fill("[name=name]", "work laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/account/recovery-codes/")
    checked(page)
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/brokerage/")
    assert [step.name for step in second_steps.second_steps(user)] == ["work laptop"]
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto(f"{here}/account/")
    checked(page)

    page.context.clear_cookies()
    give_password(page, here, user)
    page.wait_for_url("**/sign-in/second-step/")
    checked(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/brokerage/")

    page.context.clear_cookies()
    page.goto(f"{here}/sign-in/?next=/notices/")
    checked(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/notices/")

    page.context.clear_cookies()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{here}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text(re.compile("Nothing was chosen|did not work|not recognised")).wait_for()
    page.goto(f"{here}/brokerage/")
    assert "/sign-in/" in page.url, "without the owner's finger the device opens nothing"


def test_a_password_can_be_shown_and_an_app_set_up(transactional_db: None, page: Page, here: str) -> None:
    user = with_password(make_cast().sadia)
    page.goto(f"{here}/sign-in/")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Show password").click()
    assert page.get_attribute("[name=password]", "type") == "text"
    give_password(page, here, user)
    page.wait_for_url("**/sign-in/set-up/")
    page.get_by_text("I cannot scan it").click()
    secret = page.inner_text(".rp-key").replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    page.wait_for_url("**/account/recovery-codes/")
