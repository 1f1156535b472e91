"""The second step: nobody comes in without one, a code counts once, recovery codes and passkeys, changing them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, override_settings

from rightplace.foundation.access import second_steps
from rightplace.foundation.access.models import User
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.foundation.organisations.models import Authority
from tests.cast import Cast
from tests.security.coming_in import (
    QUICK,
    code_of,
    come_in,
    give_code,
    give_password,
    is_in,
    with_app,
    with_password,
)
from tests.security.entering import post


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    """The real hash takes its time on purpose."""
    with override_settings(**QUICK):
        yield


@pytest.fixture
def bola(cast: Cast) -> User:
    """A broker with a password."""
    return with_password(cast.bola)


def test_a_password_alone_opens_no_page(bola: User) -> None:
    secret, client = with_app(bola), Client()
    assert give_password(client, bola)["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    assert give_code(client, code_of(secret)).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize("who", ["bola", "sadia", "ada", "conrad", "priya"])
def test_whoever_has_no_second_step_is_led_to_set_one_up_before_any_page_opens(cast: Cast, who: str) -> None:
    user, client = with_password(getattr(cast, who)), Client()
    assert give_password(client, user, goal="/notices/")["Location"] == "/sign-in/set-up/"
    assert not is_in(client)
    page = client.get("/sign-in/set-up/")
    assert b"data:image/svg+xml;base64," in page.content
    assert client.post("/sign-in/set-up/", {"code": "000000"}).status_code == 422
    assert not is_in(client)
    answer = client.post("/sign-in/set-up/", {"code": code_of(client.session["app_secret"])})
    assert answer["Location"] == "/account/recovery-codes/"
    codes = client.get("/account/recovery-codes/").content.decode()
    assert codes.count("rp-codes__code") == 10
    assert post(client, "/account/recovery-codes/kept/")["Location"] == "/notices/"
    assert "rp-codes__code" not in client.get("/account/recovery-codes/").content.decode()


def test_setting_up_is_no_way_round_a_second_step_that_is_there(bola: User) -> None:
    with_app(bola)
    client = Client()
    give_password(client, bola)
    assert client.get("/sign-in/set-up/")["Location"] == "/sign-in/"
    assert client.post("/sign-in/set-up/", {"code": "123456"})["Location"] == "/sign-in/"
    assert client.post("/sign-in/passkey-options/", {"to": "make"}).status_code == 403
    assert not is_in(client)


def test_a_code_is_taken_once_also_within_its_thirty_seconds(bola: User) -> None:
    secret = with_app(bola)
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, bola)
    assert give_code(first, code).status_code == 303
    assert give_code(second, code).status_code == 422
    assert not is_in(second)


def test_after_a_later_code_an_earlier_one_is_refused(bola: User) -> None:
    secret = with_app(bola)
    assert second_steps.take_code(bola, code_of(secret, 1)) is not None
    assert second_steps.take_code(bola, code_of(secret, 0)) is None
    assert second_steps.take_code(bola, code_of(secret, -1)) is None


def test_a_code_of_two_minutes_ago_or_ahead_is_refused(bola: User) -> None:
    secret = with_app(bola)
    assert [second_steps.take_code(bola, code_of(secret, steps)) for steps in (-4, -2, 2, 4)] == [None] * 4


@pytest.mark.django_db(transaction=True)
def test_of_eight_browsers_with_the_same_code_one_comes_in(db_people: User) -> None:
    secret = with_app(db_people)
    code = code_of(secret)

    def take(_: int) -> bool:
        try:
            return second_steps.take_code(db_people, code) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


@pytest.fixture
def db_people(transactional_db: None) -> User:
    """An account in a database where transactions are real."""
    return User.objects.create_user("real", "real@example.org", None)


def test_each_recovery_code_opens_the_account_once(bola: User) -> None:
    with_app(bola)
    code = second_steps.new_recovery_codes(bola)[3]
    client = Client()
    give_password(client, bola)
    assert give_code(client, code).status_code == 303
    again = Client()
    give_password(again, bola)
    assert give_code(again, code).status_code == 422
    assert second_steps.recovery_codes_left(bola) == 9


def test_secrets_are_kept_encrypted(bola: User) -> None:
    secret = with_app(bola)
    codes = second_steps.new_recovery_codes(bola)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert codes[0].replace(" ", "") not in kept


def test_the_second_step_must_follow_within_a_quarter_of_an_hour(bola: User) -> None:
    secret, client = with_app(bola), Client()
    give_password(client, bola)
    session = client.session
    session["entering"] = {**session["entering"], "at": time.time() - 901}
    session.save()
    assert give_code(client, code_of(secret))["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_second_step_without_a_first_leads_to_the_beginning(cast: Cast) -> None:
    assert Client().post("/sign-in/second-step/", {"code": "123456"})["Location"] == "/sign-in/"


def test_an_account_closed_between_the_steps_does_not_come_in(bola: User) -> None:
    secret, client = with_app(bola), Client()
    give_password(client, bola)
    User.objects.filter(pk=bola.pk).update(is_active=False)
    assert give_code(client, code_of(secret))["Location"] == "/sign-in/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "sent", ["", "null", "[]", "{}", '{"id": 1}', '{"response": {"userHandle": "eA"}}', "not json"]
)
def test_a_passkey_that_proves_nothing_is_refused(bola: User, sent: str) -> None:
    client = Client()
    client.post("/sign-in/passkey-options/", {"to": "show"})
    assert client.post("/sign-in/passkey/", {"credential": sent})["Location"] == "/sign-in/"
    assert not is_in(client)


def test_the_last_second_step_cannot_be_removed(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    key = second_steps.second_steps(bola)[0].key
    assert post(client, "/account/second-step/remove/", step=key).status_code == 422
    assert second_steps.has_second_step(bola)


def test_a_second_step_of_another_cannot_be_removed(cast: Cast, bola: User) -> None:
    client = come_in(bola, with_app(bola))
    theirs = with_password(cast.moses)
    with_app(theirs)
    key = second_steps.second_steps(theirs)[0].key
    assert post(client, "/account/second-step/remove/", step=key).status_code == 409
    assert second_steps.has_second_step(theirs)


@pytest.mark.parametrize("address", ["/account/app/", "/account/passkey/"])
def test_changing_second_steps_asks_again_who_it_is_after_a_quarter_of_an_hour(
    bola: User, address: str
) -> None:
    Authority.objects.update(is_demo=False)
    secret = with_app(bola)
    client = come_in(bola, secret)
    session = client.session
    session["confirmed_at"] = time.time() - 901
    session.save()
    assert client.get(address)["Location"].startswith("/account/confirm/")
    assert post(client, "/account/recovery-codes/new/")["Location"].startswith("/account/confirm/")
    assert post(client, f"/account/confirm/?next={address}", code="111111").status_code == 422
    answer = post(client, f"/account/confirm/?next={address}", code=code_of(secret, 1))
    assert (answer.status_code, answer["Location"]) == (303, address)


def test_an_email_tells_of_a_new_second_step_and_names_no_secret(bola: User) -> None:
    client = come_in(bola, with_app(bola))
    assert post(client, "/account/recovery-codes/new/").status_code == 303
    mail = OutgoingEmail.objects.get(to=bola.email)
    assert "recovery codes" in mail.body
    assert not any(code in mail.body for code in client.session["recovery_codes_to_show"])
