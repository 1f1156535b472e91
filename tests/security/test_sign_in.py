"""Signing in: a new key, no way out of the site, rights that end at the next request, and only a demonstration is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.organisations.models import Authority
from tests.cast import Cast
from tests.security.coming_in import PASSWORD, QUICK, code_of, give_code, with_app, with_password
from tests.security.entering import post, signed_in


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    """The real hash takes its time on purpose."""
    with override_settings(**QUICK):
        yield


def _enter(client: Client, user: User, address: str = "/sign-in/", password: str = PASSWORD) -> object:
    """Both steps; the answer of the last one."""
    secret = with_app(user)
    first = client.post(address, {"username": user.username, "password": password})
    return give_code(client, code_of(secret)) if first.status_code == 303 else first


def test_signing_in_gives_the_session_a_new_key(cast: Cast) -> None:
    user, client = with_password(cast.bola), Client()
    planted = client.session
    planted["kept"] = "by an attacker"
    planted.save()
    before = client.cookies["sessionid"] = planted.session_key
    assert _enter(client, user).status_code == 303
    assert client.cookies["sessionid"].value != before


def test_a_demonstrations_click_gives_a_new_key_too(cast: Cast) -> None:
    client = Client()
    planted = client.session
    planted["kept"] = "by an attacker"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    membership = Membership.objects.get(user_id=cast.bola.user_id)
    assert client.post("/sign-in/", {"membership": membership.pk}).status_code == 303
    assert client.cookies["sessionid"].value != planted.session_key


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\t//evil",
    ],
)
def test_nobody_is_led_out_of_the_site_after_signing_in(cast: Cast, goal: str) -> None:
    answer = _enter(Client(), with_password(cast.bola), f"/sign-in/?next={goal}")
    assert answer.status_code == 303
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]


def test_one_is_led_back_to_the_page_one_wanted(cast: Cast) -> None:
    first = Client().get("/notices/")
    assert first["Location"] == "/sign-in/?next=%2Fnotices%2F"
    assert _enter(Client(), with_password(cast.bola), first["Location"])["Location"] == "/notices/"


def test_a_wrong_password_says_the_same_as_an_unknown_name(cast: Cast) -> None:
    user = with_password(cast.bola)
    wrong = _enter(Client(), user, password="no")
    unknown = Client().post("/sign-in/", {"username": "nobody-here", "password": "no"})
    assert wrong.status_code == unknown.status_code == 422
    words = "The user name or the password is not right, or you hold no role at present."
    assert words in wrong.content.decode()
    assert words in unknown.content.decode()


def test_signing_out_ends_the_session_on_the_server(cast: Cast) -> None:
    client = signed_in(cast.bola)
    kept = client.cookies["sessionid"].value
    assert client.get("/notices/").status_code == 200
    assert post(client, "/sign-out/").status_code == 303
    client.cookies["sessionid"] = kept
    assert client.get("/notices/").status_code == 302


def test_signing_out_needs_a_form(cast: Cast) -> None:
    assert signed_in(cast.bola).get("/sign-out/").status_code == 405


def test_a_right_that_was_taken_away_is_gone_at_the_next_request(cast: Cast) -> None:
    client = signed_in(cast.bola)
    assert client.get("/brokerage/searches/").status_code == 200
    Membership.objects.filter(user_id=cast.bola.user_id).update(ends_on=timezone.localdate())
    assert client.get("/brokerage/searches/").status_code == 302


def test_a_right_that_begins_tomorrow_does_not_open_today(cast: Cast) -> None:
    client = signed_in(cast.bola)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Membership.objects.filter(user_id=cast.bola.user_id).update(starts_on=tomorrow)
    assert client.get("/brokerage/searches/").status_code == 302


def test_an_account_that_was_closed_is_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.bola)
    User.objects.filter(pk=cast.bola.user_id).update(is_active=False)
    assert client.get("/brokerage/searches/").status_code == 302


def test_the_membership_of_another_in_ones_session_opens_nothing(cast: Cast) -> None:
    client = signed_in(cast.bola)
    session = client.session
    session["membership"] = Membership.objects.get(user_id=cast.dev.user_id).pk
    session.save()
    assert client.get("/panel/").status_code == 302


def test_one_real_authority_closes_the_demonstrations_door(cast: Cast) -> None:
    Authority.objects.filter(pk=cast.sutton.pk).update(is_demo=False)
    membership = Membership.objects.get(user_id=cast.bola.user_id)
    assert Client().post("/sign-in/", {"membership": membership.pk}).status_code == 422
    assert 'name="membership"' not in Client().get("/sign-in/").content.decode()


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(cast.bola).cookies
    assert post(client, "/notices/read/").status_code == 403


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(cast: Cast) -> None:
    client = Client()
    _enter(client, with_password(cast.bola))
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) <= 12 * 60 * 60
