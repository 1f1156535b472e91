"""The frame of every page: signing in, roles, notices, the words of errors, nothing inline."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from rightplace.core.problems import Problem
from rightplace.desks import layout
from rightplace.desks.layout import errors
from rightplace.desks.layout.context import ACCENTS, DEMO_WORDS, accent_of
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.notices.models import Notice
from tests.cast import LONG_AGO, NOW, Cast

FOLDER = Path(layout.__file__).parent
OPEN_PAGES = ("/sign-in/", "/about/", "/accessibility/", "/privacy/", "/cookies/", "/components/")


def signed_in(actor: Actor) -> Client:
    client = Client()
    membership = Membership.objects.get(user_id=actor.user_id, role=actor.role)
    answer = client.post("/sign-in/", {"membership": membership.pk})
    assert answer.status_code == 303
    return client


def post(client: Client, address: str, **entries: object) -> int:
    return client.post(address, {"once": str(uuid4()), **entries}).status_code


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_open_pages_say_that_this_is_a_demonstration_and_hold_nothing_inline(
    cast: Cast, address: str
) -> None:
    page = Client().get(address).content.decode()
    assert DEMO_WORDS in page
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", page)


def test_the_demonstration_lists_its_people_by_place(cast: Cast) -> None:
    page = Client().get("/sign-in/").content.decode()
    places = re.findall(r'rp-people-place__name">([^<]+) <', page)
    assert places == ["Croydon", "South London (test)", "Sutton", "Harbour Fostering", "Oakhouse Care Ltd"]
    assert page.count('name="membership"') == Membership.objects.count()


def test_outside_a_demonstration_nobody_can_be_tried(cast: Cast) -> None:
    cast.sutton.is_demo = False
    cast.sutton.save()
    page = Client().get("/sign-in/").content.decode()
    assert 'name="membership"' not in page
    assert DEMO_WORDS not in page
    assert Client().get("/components/").status_code == 404


def test_the_top_says_who_acts_for_whom_and_what_is_unread(cast: Cast) -> None:
    Notice.objects.create(
        authority=cast.croydon, role=roles.BROKER, words="<b>Three</b> offers are in", at=NOW
    )
    page = signed_in(cast.bola).get("/notices/").content.decode()
    assert "Bola Adeyemi" in page
    assert '<span class="rp-bar-top__place">Croydon</span>' in page
    assert 'rp-notices__count--some">1<' in page
    assert "&lt;b&gt;Three&lt;/b&gt; offers are in" in page


def test_notices_can_be_marked_as_read(cast: Cast) -> None:
    Notice.objects.create(authority=cast.croydon, role=roles.BROKER, words="Three offers are in", at=NOW)
    client = signed_in(cast.bola)
    assert post(client, "/notices/read/") == 303
    assert "rp-notices__count--some" not in client.get("/notices/").content.decode()


def test_a_second_role_can_be_switched_to(cast: Cast) -> None:
    second = Membership.objects.create(
        user_id=cast.bola.user_id, role=roles.FOSTERING_OFFICER, authority=cast.croydon, starts_on=LONG_AGO
    )
    client = signed_in(cast.bola)
    assert "Switch to Fostering officer" in client.get("/notices/").content.decode()
    assert post(client, "/switch-role/", membership=second.pk) == 303
    assert (
        '<span class="rp-person__role">Fostering officer</span>' in client.get("/notices/").content.decode()
    )


def test_nobody_switches_to_the_role_of_another(cast: Cast) -> None:
    theirs = Membership.objects.get(user_id=cast.moses.user_id)
    assert post(signed_in(cast.bola), "/switch-role/", membership=theirs.pk) == 404


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_says_what_happened_and_where_to_go_on(db: None, rf: RequestFactory, status: int) -> None:
    answer = errors.error_page(rf.get("/"), status)
    page = answer.content.decode()
    assert answer.status_code == status
    assert errors.WORDS[status][0] in page
    assert 'href="/"' in page


def test_a_refusal_gives_all_its_reasons(db: None, rf: RequestFactory) -> None:
    problems = [Problem("a", "The start is before the contract."), Problem("b", "The place is taken.")]
    page = errors.refused(rf.get("/"), problems)
    assert page.status_code == 422
    assert all(problem.sentence in page.content.decode() for problem in problems)


@pytest.mark.parametrize("answer", [errors.server_error, errors.unavailable])
def test_when_everything_is_broken_the_page_asks_the_database_nothing(answer: object) -> None:
    page = answer(HttpRequest())  # type: ignore[operator]  # a view
    assert page.status_code in {500, 503}


def test_every_accent_is_legible_on_white_and_under_white() -> None:
    css = (FOLDER / "static" / "layout" / "rightplace.css").read_text()
    for accent in ACCENTS:
        found = re.search(rf'data-accent="{accent}"\] {{ --rp-accent: #(\w{{6}})', css)
        assert found, accent
        assert contrast_with_white(found[1]) >= 5.5, accent


def test_an_unknown_theme_is_given_one_of_the_accents() -> None:
    assert accent_of("") == "pine"
    assert accent_of("plum") == "plum"
    assert accent_of("something-else") in ACCENTS


def contrast_with_white(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05
    )
