"""Identity tokens of a sign-on service: which let somebody in, which do not, and that none of them leaves the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access.sign_on import SignOnService
from tests.cast import Cast
from tests.security.bent_service import ACCESS_TOKEN, BentService, bent_service, signed
from tests.security.coming_in import is_in
from tests.security.test_sign_in_elsewhere import configured, email_of

HOUR = 3600


@pytest.fixture
def bent(cast: Cast) -> Iterator[BentService]:
    """Croydon's service, configured."""
    with bent_service() as server:
        made = SignOnService(
            "croydon", "Croydon", server.address, "rightplace", "s", "Croydon", ("amr", "mfa")
        )
        with configured(made):
            yield server


def come_back(
    client: Client, bent: BentService, cast: Cast, how: str = "RS256", **other: Any
) -> HttpResponse:
    """Off to the service and back with a token that says something else than usual."""
    leave = client.get("/sign-in/elsewhere/", {"with": "croydon"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leave["Location"]).query).items()}
    bent.token = signed(bent.usual(**{"nonce": asked["nonce"], "email": email_of(cast), **other}), how)
    return client.get("/sign-in/elsewhere/back/", {"code": "one", "state": asked["state"]})


def test_a_right_token_lets_its_person_in(cast: Cast, bent: BentService) -> None:
    client = Client()
    come_back(client, bent, cast)
    assert is_in(client)


@pytest.mark.parametrize("how", ["PS256", "RS512"])
def test_other_ways_of_signing_with_the_services_key_are_taken(
    cast: Cast, bent: BentService, how: str
) -> None:
    client = Client()
    come_back(client, bent, cast, how)
    assert is_in(client)


@pytest.mark.parametrize("how", ["none", "HS256"])
def test_a_token_without_a_signature_of_its_key_lets_nobody_in(
    cast: Cast, bent: BentService, how: str
) -> None:
    client = Client()
    assert come_back(client, bent, cast, how)["Location"] == "/sign-in/"
    assert not is_in(client)


WRONG = {
    "over": {"exp": -HOUR},
    "over for a minute": {"exp": -60},
    "not yet": {"nbf": HOUR},
    "of tomorrow": {"iat": 24 * HOUR, "exp": 25 * HOUR},
    "for ever": {"exp": None},
    "of no time": {"iat": None},
    "for another": {"aud": "another-product"},
    "for others": {"aud": ["another-product", "a-third"]},
    "for nobody": {"aud": None},
    "of another issuer": {"iss": "https://login.example.org"},
    "of nobody": {"sub": None},
    "an access token": {"nonce": None, "scope": "openid"},
    "another's sign-on": {"nonce": "another"},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_token_out_of_its_time_for_another_or_of_another_kind_lets_nobody_in(
    cast: Cast, bent: BentService, case: str
) -> None:
    now = int(time.time())
    other = {name: now + value if isinstance(value, int) else value for name, value in WRONG[case].items()}
    client = Client()
    assert come_back(client, bent, cast, **other)["Location"] == "/sign-in/"
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_identity_token_opens_no_door_of_the_api(cast: Cast, bent: BentService) -> None:
    come_back(Client(), bent, cast)
    for token in (bent.token, ACCESS_TOKEN):
        answer = Client().get("/api/v1/requests", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


def test_no_token_of_the_service_is_kept_or_handed_to_the_browser(cast: Cast, bent: BentService) -> None:
    client = Client()
    answers = [come_back(client, bent, cast), client.get("/notices/")]
    told = [answer.content.decode() + str(answer.headers) + str(answer.cookies) for answer in answers]
    held = [str(one.get_decoded()) for one in Session.objects.all()]
    for token in (bent.token, ACCESS_TOKEN):
        assert not any(token in words for words in (*told, *held))
    assert not SocialToken.objects.exists()
