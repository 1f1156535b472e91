"""The main job in real Chromium, by role: axe finds nothing on any page of it, phones need no sideways scroll.

With RIGHTPLACE_PICTURES=1 it also writes the pictures that the README and the guides show (docs/pictures).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from rightplace.foundation.access.actor import Actor
from tests.browser.conftest import SCREEN, SECONDS
from tests.cast import Cast, make_cast

PICTURES = Path("docs/pictures")
# The pictures that the README and the guides show; the rest is checked but not kept.
PICTURED = frozenset(
    (
        "social-work-home child step-needs request quality-check search-overview search-left-out portal-referral offer-price "
        "offers-compared choose permission contract-issued placement finance-schedule portal-home-phone"
    ).split()
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHY = "Her carers have given notice. She has lived with them for a year and must move before the end of the month."
ABOUT = "She is funny and caring, loves drawing and looks after the neighbours' rabbits. She wants to become a vet."


class Desk:
    """One person's browser; every page that is looked at is checked and, when wanted, pictured."""

    def __init__(self, browser: Browser, address: str, actor: Actor) -> None:
        self.context: BrowserContext = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", viewport=SCREEN
        )
        self.context.set_default_timeout(SECONDS * 1000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda one: self.faults.append(one.text) if "Content Security Policy" in one.text else None,
        )
        self.address = address
        self.page.goto(f"{address}/sign-in/")
        person = self.page.locator("button", has_text=actor.name).first
        person.evaluate(
            "b => { for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
        )
        person.click()
        self.page.wait_for_load_state()

    def has_page(self, path: str) -> bool:
        """Whether there is a page for this person, and not a file, a refusal or another address to go to."""
        answer = self.context.request.get(f"{self.address}{path}", max_redirects=0)
        assert answer.status < 500, f"{path}: {answer.status}"
        return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")

    def opens(self, path: str) -> Desk:
        """Go to a page of the site."""
        answer = self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self

    def looks(self, name: str) -> Desk:
        """Check the page as it stands for everyone's access, wide and narrow, and keep its picture."""
        found = (
            Axe()
            .run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
            .response["violations"]
        )
        assert [(each["id"], each["nodes"][0]["html"][:300]) for each in found] == [], (
            f"{name} at {self.page.url}"
        )
        self.pictures(name)
        self.page.set_viewport_size({"width": 390, "height": 800})
        is_narrow = self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        self.pictures(f"{name}-phone")
        self.page.set_viewport_size(SCREEN)
        assert is_narrow, f"{name} needs sideways scroll on a phone"
        assert self.faults == []
        return self

    def pictures(self, name: str) -> None:
        """Keep the picture of this page when it is one that the documents show."""
        if os.environ.get("RIGHTPLACE_PICTURES") and name in PICTURED:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def fills(self, **entries: object) -> Desk:
        """Fill in entries by their names; `__` stands for a hyphen; radios and checkboxes by their value."""
        for key, value in entries.items():
            name = key.replace("__", "-")
            found = self.page.locator(f"[name='{name}']")
            kind = found.first.get_attribute("type") or ""
            if value == "on":
                found.first.check(force=True)
            elif kind in {"radio", "checkbox"}:
                self.page.locator(f"[name='{name}'][value='{value}']").check(force=True)
            elif found.first.evaluate("e => e.tagName") == "SELECT":
                found.first.select_option(str(value))
            else:
                found.first.fill(str(value))
        return self

    def presses(self, words: str) -> Desk:
        """Press a button by its words and wait for the next page."""
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    def link(self, pattern: str) -> str:
        """The first address on the page that fits."""
        hrefs = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        return next(href for href in hrefs if re.fullmatch(pattern, href))


@pytest.fixture
def people(
    chromium: Browser, live_server: object, transactional_db: None
) -> Iterator[tuple[Cast, dict[str, Desk]]]:
    """The cast, each with a browser of their own once they come to the door."""
    cast = make_cast()
    names = ("sadia", "moses", "bola", "dev", "pearl", "fin", "cora", "fern", "priya", "conrad")
    desks = {name: Desk(chromium, str(live_server), getattr(cast, name)) for name in names}
    yield cast, desks
    for desk in desks.values():
        desk.context.close()


def day(name: str, on: date) -> dict[str, object]:
    """A date as its three boxes."""
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.mark.timeout(600)
def test_the_main_job_in_a_browser(people: tuple[Cast, dict[str, Desk]]) -> None:
    cast, desks = people
    needed = timezone.localdate() + timedelta(days=20)
    request = _ask(cast, desks["sadia"], needed)
    search = _search(desks["bola"], request)
    _offer(desks["priya"], needed)
    _choose(desks["bola"], desks["moses"], search)
    _approve_and_sign(cast, desks)
    _homes_of_desks(desks)


def _ask(cast: Cast, sadia: Desk, needed: date) -> str:
    sadia.looks("social-work-home").opens("/social-work/children/").looks("children")
    sadia.opens(f"/social-work/children/{cast.amber.pk}/").looks("child")
    sadia.opens(f"/social-work/children/{cast.amber.pk}/start/").looks("request-start")
    sadia.page.locator("main form button[type=submit]").first.click()
    sadia.page.wait_for_load_state()
    found = re.search(r"/social-work/requests/(\d+)/", sadia.page.url)
    assert found
    base = f"/social-work/requests/{found.group(1)}/"
    sadia.opens(f"{base}steps/why/").looks("step-why")
    sadia.fills(why_now=WHY, about=ABOUT, **day("needed_by", needed)).presses("Save and continue")
    sadia.looks("step-children").presses("Save and continue")
    sadia.fills(risks_to_child="self_harm", self_harm_severity="2")
    sadia.fills(
        self_harm_evidence="Has cut her arms twice since the summer; talking to a trusted adult helps her to stop."
    )
    sadia.fills(child_view="I want to stay near my friends and see my mum.").looks("step-needs").presses(
        "Save and continue"
    )
    sadia.fills(
        residential_suitability="preferred",
        foster_suitability="unsuitable",
        living_companions="with_others",
        pets="can",
    )
    sadia.looks("step-home").presses("Save and continue")
    sadia.fills(
        health_words="Mild asthma, inhaler before sport.",
        contact_words="Sees her mother every other Saturday.",
    )
    sadia.fills(
        keep_school="yes", school_words="Should stay at her present school.", cultural_needs="not_required"
    )
    sadia.looks("step-identity").presses("Save and continue")
    sadia.looks("step-places").presses("Save and continue")
    sadia.fills(own_bedroom="essential", supports_contact="desirable").looks("step-criteria").presses(
        "Save and continue"
    )
    sadia.fills(outcomes__0__area="safety", outcomes__0__words="She feels safe enough not to hurt herself")
    sadia.fills(outcomes__0__measure="No self-harm for three months").looks("step-outcomes").presses(
        "Save and continue"
    )
    sadia.fills(likely_weeks="26").looks("step-cost").presses("Save and continue")
    sadia.opens(f"{base}steps/check/").looks("step-check")
    sadia.page.locator("main form button[type=submit]").last.click()
    sadia.page.wait_for_load_state()
    sadia.looks("request")
    return found.group(1)


def _search(bola: Desk, request: str) -> str:
    bola.opens("/brokerage/").looks("brokerage-home")
    bola.opens(f"/brokerage/requests/{request}/check/").looks("quality-check").presses(
        "Pass the quality check"
    )
    bola.opens(f"/brokerage/requests/{request}/search/").looks("search-open")
    bola.fills(strategy="all_at_once", override_reason="No own carer is free this month.").presses(
        "Open the search"
    )
    found = re.search(r"/brokerage/searches/\d+/", bola.page.url)
    assert found
    for part in ("", "own-carers/", "homes/", "left-out/", "asked/", "questions/"):
        bola.opens(f"{found.group()}{part}").looks(f"search-{part.strip('/') or 'overview'}")
    return found.group()


def _offer(priya: Desk, needed: date) -> None:
    priya.opens("/portal/").looks("portal-home").opens("/portal/referrals/").looks("portal-referrals")
    priya.opens(priya.link(r"/portal/referrals/\d+/")).looks("portal-referral-cover").presses(
        "Open the referral"
    )
    priya.looks("portal-referral").presses("Make or go on with an offer")
    found = re.search(r"/portal/offers/\d+/", priya.page.url)
    assert found
    priya.opens(f"{found.group()}place/").fills(**day("starts_on", needed))
    priya.fills(
        support_words="Two adults by day, one awake at night.", others_at_home="Two young people, 13 and 15."
    )
    priya.looks("offer-place").presses("Save and continue")
    priya.fills(lines__0__kind="core_fee", lines__0__amount_pence="4250.00", lines__0__unit="week")
    priya.looks("offer-price").presses("Save and continue")
    names = priya.page.eval_on_selector_all("main [name]", "all => all.map(e => e.name)")
    priya.fills(**{name: "Our staff do this every day." for name in names if name.startswith("how_")})
    priya.fills(**{name: "yes" for name in names if name.startswith("met_")})
    priya.looks("offer-answers").presses("Save and continue")
    priya.looks("offer-evidence").opens(found.group()).looks("offer-check").presses("Submit the offer")
    priya.looks("offer-submitted").opens("/portal/offers/").looks("portal-offers").opens(
        "/portal/homes/"
    ).looks("portal-homes")


def _choose(bola: Desk, moses: Desk, search: str) -> None:
    bola.opens(f"{search}offers/").looks("offers-sealed").opens(search).presses("Close now")
    bola.opens(f"{search}offers/").looks("offers-compared")
    moses.opens(f"{search}offers/")
    moses.opens(moses.link(r".*/choose/\d+/")).looks("choose")
    moses.fills(
        reason="It meets every need and keeps her school.", few_offers_reason="Only one home has a place."
    )
    moses.presses("Choose and ask permission").looks("permission-asked")


def _approve_and_sign(cast: Cast, desks: dict[str, Desk]) -> None:
    dev, bola, priya, fin = desks["dev"], desks["bola"], desks["priya"], desks["fin"]
    dev.opens("/panel/").looks("panel-home").opens(dev.link(r"/panel/permissions/\d+/")).looks("permission")
    dev.fills(conditions="Review the night staffing after six weeks.").presses("Approve").looks(
        "permission-given"
    )
    bola.opens("/contracts/").looks("contracts").opens(bola.link(r"/contracts/\d+/")).looks("contract-draft")
    contract = bola.page.url
    bola.presses("Issue for signature").looks("contract-issued")
    bola.fills(signed_name=cast.bola.name, has_read="on").presses("Sign")
    priya.opens("/portal/contracts/").looks("portal-contracts").opens(priya.link(r"/portal/contracts/\d+/"))
    priya.looks("portal-contract").fills(signed_name=cast.priya.name, has_read="on").presses("Sign")
    bola.opens(contract).looks("contract-in-force").opens("/placements/").looks("placements")
    bola.opens(bola.link(r"/placements/\d+/")).looks("placement").opens(
        bola.page.url + "confirm_start/"
    ).looks("placement-start")
    fin.opens("/finance/").looks("finance-home").opens("/finance/schedule/").looks("finance-schedule")
    fin.opens("/finance/contracts/").looks("finance-contracts").opens(
        fin.link(r"/finance/contracts/\d+/")
    ).looks("finance-contract")
    priya.opens("/portal/payments/").looks("portal-payments")


def _homes_of_desks(desks: dict[str, Desk]) -> None:
    for name, path in (
        ("cora", "/commissioning/"),
        ("conrad", "/region/"),
        ("fern", "/brokerage/"),
        ("pearl", "/panel/limits/"),
    ):
        desks[name].opens(path).looks(f"{name}-home")
        desks[name].opens("/notices/").looks("notices")
