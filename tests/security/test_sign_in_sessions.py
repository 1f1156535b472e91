"""Sessions: how long they last, why one is out, ending one's own, and what a new password ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from rightplace.foundation.access.models import Counted, Session, User
from rightplace.foundation.access.sessions import (
    IDLE_AT_MOST,
    LONG_AT_MOST,
    clear_old,
    device_of,
    hashed,
    sessions_of,
)
from rightplace.foundation.notices.models import OutgoingEmail
from tests.cast import Cast
from tests.security.coming_in import PASSWORD, QUICK, code_of, come_in, is_in, with_app, with_password
from tests.security.entering import post

NEW = "four brown geese at dusk"


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    """The real hash takes its time on purpose."""
    with override_settings(**QUICK):
        yield


@pytest.fixture
def bola(cast: Cast) -> User:
    """A broker with a password."""
    return with_password(cast.bola)


def row_of(client: Client) -> Session:
    return Session.objects.get(session_key=hashed(client.cookies["sessionid"].value))


def seen(client: Client, ago: timedelta) -> None:
    """The last request of this browser was so long ago."""
    Session.objects.filter(pk=row_of(client).pk).update(seen_at=timezone.now() - ago)


def started(client: Client, ago: timedelta) -> None:
    """This browser signed in so long ago, and was used just now."""
    session = client.session
    session["started_at"] = (timezone.now() - ago).timestamp()
    session.save()


def why_out(client: Client) -> str:
    """Where a browser that is out is sent; the sentence of the sign-in page."""
    answer = client.get("/notices/")
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    return page.split('rp-why-out">')[1].split("What was saved")[0].strip() if "rp-why-out" in page else ""


def test_the_limits_are_those_of_the_assurance_table() -> None:
    print(f"a session: idle at most {IDLE_AT_MOST}, at most {LONG_AT_MOST} in all")
    assert timedelta(minutes=30) >= IDLE_AT_MOST
    assert timedelta(hours=12) >= LONG_AT_MOST


def test_after_thirty_minutes_without_a_request_one_is_out_and_told_why(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    seen(client, timedelta(minutes=29, seconds=50))
    assert is_in(client)
    seen(client, timedelta(minutes=30))
    assert why_out(client) == "You were signed out because this browser was not used for 30 minutes."
    assert not is_in(client)


def test_each_request_starts_the_thirty_minutes_again(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    for _ in range(3):
        seen(client, timedelta(minutes=20))
        assert is_in(client)
    assert timezone.now() - row_of(client).seen_at < timedelta(seconds=30)


def test_after_twelve_hours_one_is_out_however_busy(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    started(client, timedelta(hours=11, minutes=59, seconds=50))
    assert is_in(client)
    started(client, timedelta(hours=12))
    assert why_out(client) == "You were signed out because you had been signed in for 12 hours."
    assert not is_in(client)


def test_one_comes_back_to_the_page_one_was_on(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    seen(client, timedelta(hours=1))
    answer = client.post(
        "/notices/read/", {"once": "x"}, headers={"referer": "http://testserver/notices/?page=2"}
    )
    assert answer["Location"] == "/sign-in/?next=%2Fnotices%2F&because=idle"


@pytest.mark.parametrize("because", ["<script>alert(1)</script>", "nonsense", ""])
def test_only_known_reasons_are_shown(cast: Cast, because: str) -> None:
    page = Client().get("/sign-in/", {"because": because}).content.decode()
    assert "rp-why-out" not in page
    assert "<script>alert" not in page


def test_a_planted_session_key_is_not_the_one_that_comes_in(bola: User) -> None:
    secret, client = with_app(bola), Client()
    planted = client.session
    planted["kept"] = "by an attacker"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    keys = {planted.session_key}
    client.post("/sign-in/", {"username": bola.username, "password": PASSWORD})
    keys.add(client.cookies["sessionid"].value)
    client.post("/sign-in/second-step/", {"code": code_of(secret)})
    keys.add(client.cookies["sessionid"].value)
    assert len(keys) == 3, "a new key at each step"
    attacker = Client()
    attacker.cookies["sessionid"] = planted.session_key
    assert not is_in(attacker)


def test_the_database_does_not_hold_the_key_itself(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    key = client.cookies["sessionid"].value
    assert not Session.objects.filter(session_key=key).exists()
    thief = Client()
    thief.cookies["sessionid"] = row_of(client).pk
    assert not is_in(thief)


def test_ones_own_sessions_are_listed_and_can_be_ended(bola: User) -> None:
    secret = with_app(bola)
    phone, laptop, old = (come_in(bola, secret, steps_on=n) for n in (-1, 0, 1))
    assert sessions_of(bola.pk, now=timezone.now()).count() == 3
    assert post(laptop, "/account/sessions/end/", session=row_of(phone).pk).status_code == 303
    assert (is_in(phone), is_in(laptop), is_in(old)) == (False, True, True)
    assert post(laptop, "/account/sessions/end/").status_code == 303
    assert (is_in(laptop), is_in(old)) == (True, False)


def test_a_session_of_another_cannot_be_ended(cast: Cast, bola: User) -> None:
    theirs = with_password(cast.moses)
    victim, client = come_in(theirs, with_app(theirs)), come_in(bola, with_app(bola))
    assert post(client, "/account/sessions/end/", session=row_of(victim).pk).status_code == 404
    assert is_in(victim)


def test_a_new_password_ends_every_other_session_and_an_email_tells(bola: User) -> None:
    secret = with_app(bola)
    phone, laptop = come_in(bola, secret, steps_on=-1), come_in(bola, secret)
    assert post(laptop, "/account/password/", old="wrong", password=NEW).status_code == 422
    assert post(laptop, "/account/password/", old=PASSWORD, password="password1234").status_code == 422
    assert post(laptop, "/account/password/", old=PASSWORD, password=NEW).status_code == 303
    assert (is_in(phone), is_in(laptop)) == (False, True)
    body = OutgoingEmail.objects.get(to=bola.email).body
    assert "password of your account has been changed" in body
    assert NEW not in body


def test_a_closed_account_is_out_at_the_next_request(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    User.objects.filter(pk=bola.pk).update(is_active=False)
    assert not is_in(client)


def test_the_cookies_carry_their_flags(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    cookie = client.cookies["sessionid"]
    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert client.cookies["csrftoken"]["samesite"] == "Lax" if "csrftoken" in client.cookies else True


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/",
        "/sign-in/second-step/",
        "/sign-in/set-up/",
        "/sign-in/forgotten/",
        "/sign-in/passkey/",
        "/sign-in/passkey-options/",
        "/invitation/",
        "/sign-in/new-password/",
        "/sign-out/",
    ],
)
def test_every_form_before_one_is_in_needs_its_token(cast: Cast, address: str) -> None:
    assert (
        Client(enforce_csrf_checks=True).post(address, {"username": "bola", "password": "x"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Firefox on Linux"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_words_that_its_owner_knows(said: str, words: str) -> None:
    assert device_of({"HTTP_USER_AGENT": said}) == words


def test_a_session_was_started_when_its_owner_signed_in(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    row = row_of(client)
    assert row.user_id == bola.pk
    assert isinstance(row.started_at, datetime)
    assert timezone.now() - row.started_at < timedelta(minutes=1)


def test_what_is_over_is_cleared_away(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    assert clear_old(timezone.now()) == 0
    Session.objects.filter(pk=row_of(client).pk).update(expire_date=timezone.now() - timedelta(hours=1))
    Counted.objects.create(cache_key="over", value="", expires=timezone.now() - timedelta(hours=1))
    assert clear_old(timezone.now()) == 2
