"""Single sign-on against a real OpenID Connect provider on loopback: who comes in, who does not, and what is checked."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.sign_on import SignOnService, sign_on_services
from rightplace.foundation.organisations.models import Authority
from tests.cast import Cast
from tests.security.coming_in import code_of, give_code, is_in, with_app

SERVER = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own; its address."""
    port = free_port()
    process = subprocess.Popen([*SERVER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    for _ in range(100):
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", timeout=1)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def service(issuer: str, cast: Cast) -> Iterator[SignOnService]:
    """Croydon's sign-on service, which vouches for Croydon's people."""
    made = SignOnService(
        "croydon", "Croydon Council", issuer, "rightplace", "a secret", "Croydon", ("amr", "mfa")
    )
    with configured(made):
        yield made


def configured(made: SignOnService, **app: Any) -> Any:
    """The settings of an installation with this service."""
    known = made.as_app()
    known["settings"] = {**known["settings"], **app}
    return override_settings(
        SIGN_ON={made.key: made},
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [known]}},
        SITE_ADDRESS="http://testserver",
    )


def known_there(issuer: str, sub: str, **claims: object) -> None:
    """Somebody at the provider."""
    assert httpx.put(f"{issuer}/users/{sub}", json=claims).status_code == 204


def there_and_back(
    client: Client, sub: str, change: dict[str, str] | None = None, goal: str = ""
) -> HttpResponse:
    """Off to the provider, sign on there as somebody, and back; what comes back may be changed on the way."""
    leave = client.get("/sign-in/elsewhere/", {"with": "croydon", **({"next": goal} if goal else {})})
    assert leave.status_code == 302, leave.content
    if leave["Location"].startswith("/"):
        return leave
    answer = httpx.post(leave["Location"], data={"sub": sub})
    came = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    return client.get("/sign-in/elsewhere/back/", {**came, **(change or {})})


def said(client: Client) -> str:
    return client.get("/sign-in/").content.decode()


def email_of(cast: Cast) -> str:
    return User.objects.get(pk=cast.bola.user_id).email


def test_somebody_known_by_a_verified_address_comes_in_after_our_second_step(
    cast: Cast, service: SignOnService
) -> None:
    known_there(service.issuer, "b-1", email=email_of(cast), email_verified=True)
    secret, client = with_app(User.objects.get(pk=cast.bola.user_id)), Client()
    assert there_and_back(client, "b-1", goal="/notices/")["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    assert give_code(client, code_of(secret))["Location"] == "/notices/"
    assert is_in(client)
    assert SocialAccount.objects.get(provider="croydon", uid="b-1").user_id == cast.bola.user_id


def test_a_service_that_has_asked_for_a_second_factor_itself_is_enough(
    cast: Cast, service: SignOnService
) -> None:
    known_there(service.issuer, "b-2", email=email_of(cast), email_verified=True, amr=["pwd", "mfa"])
    client = Client()
    assert there_and_back(client, "b-2").status_code == 303
    assert is_in(client)


@pytest.mark.parametrize("claims", [{"amr": ["pwd"]}, {"amr": "mf"}, {}, {"acr": "mfa"}])
def test_another_claim_does_not_stand_for_a_second_factor(
    cast: Cast, service: SignOnService, claims: dict[str, Any]
) -> None:
    known_there(service.issuer, "b-3", email=email_of(cast), email_verified=True, **claims)
    client = Client()
    assert there_and_back(client, "b-3")["Location"] == "/sign-in/set-up/"
    assert not is_in(client)


def test_later_the_services_own_number_is_enough_and_the_address_no_matter(
    cast: Cast, service: SignOnService
) -> None:
    known_there(service.issuer, "b-4", email=email_of(cast), email_verified=True, amr=["mfa"])
    there_and_back(Client(), "b-4")
    known_there(service.issuer, "b-4", email="married@example.org", email_verified=True, amr=["mfa"])
    client = Client()
    there_and_back(client, "b-4")
    assert is_in(client)


@pytest.mark.parametrize(
    "claims",
    [{"email_verified": False}, {}, {"email_verified": "true"}, {"email_verified": 1}],
)
def test_an_address_that_is_not_verified_lets_nobody_in(
    cast: Cast, service: SignOnService, claims: dict[str, Any]
) -> None:
    known_there(service.issuer, "b-5", email=email_of(cast), amr=["mfa"], **claims)
    client = Client()
    there_and_back(client, "b-5")
    assert not is_in(client)
    assert "no account here goes with it" in said(client)
    assert not SocialAccount.objects.exists()


def test_somebody_without_an_account_is_not_given_one(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "x-1", email="stranger@example.org", email_verified=True, amr=["mfa"])
    before, client = User.objects.count(), Client()
    there_and_back(client, "x-1")
    assert not is_in(client)
    assert User.objects.count() == before


def test_an_empty_address_matches_nobody_without_one(cast: Cast, service: SignOnService) -> None:
    User.objects.filter(pk=cast.bola.user_id).update(email="")
    known_there(service.issuer, "x-2", email="", email_verified=True, amr=["mfa"])
    client = Client()
    there_and_back(client, "x-2")
    assert not is_in(client)


@pytest.mark.parametrize("who", ["brenda", "conrad", "priya"])
def test_a_service_does_not_vouch_for_people_of_another_place(
    cast: Cast, service: SignOnService, who: str
) -> None:
    theirs = User.objects.get(pk=getattr(cast, who).user_id)
    known_there(service.issuer, "x-3", email=theirs.email, email_verified=True, amr=["mfa"])
    client = Client()
    there_and_back(client, "x-3")
    assert not is_in(client)


def test_nor_for_somebody_who_works_in_two_places(cast: Cast, service: SignOnService) -> None:
    Membership.objects.create(
        user_id=cast.bola.user_id, role="broker", authority=cast.sutton, starts_on="2020-01-01"
    )
    known_there(service.issuer, "b-6", email=email_of(cast), email_verified=True, amr=["mfa"])
    client = Client()
    there_and_back(client, "b-6")
    assert not is_in(client)


def test_a_closed_account_stays_out(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "b-7", email=email_of(cast), email_verified=True, amr=["mfa"])
    there_and_back(Client(), "b-7")
    User.objects.filter(pk=cast.bola.user_id).update(is_active=False)
    client = Client()
    there_and_back(client, "b-7")
    assert not is_in(client)


@pytest.mark.parametrize("change", [{"state": "another"}, {"state": ""}, {"code": "another"}, {"code": ""}])
def test_a_wrong_state_or_code_is_refused(cast: Cast, service: SignOnService, change: dict[str, str]) -> None:
    known_there(service.issuer, "b-8", email=email_of(cast), email_verified=True, amr=["mfa"])
    client = Client()
    assert there_and_back(client, "b-8", change)["Location"] == "/sign-in/"
    assert not is_in(client)


def test_the_answer_to_another_browser_is_refused(cast: Cast, service: SignOnService) -> None:
    """Somebody lures a victim into the attacker's own sign-on."""
    known_there(service.issuer, "b-9", email=email_of(cast), email_verified=True, amr=["mfa"])
    attacker, victim = Client(), Client()
    leave = attacker.get("/sign-in/elsewhere/", {"with": "croydon"})
    came = urlsplit(httpx.post(leave["Location"], data={"sub": "b-9"}).headers["Location"]).query
    victim.get("/sign-in/elsewhere/", {"with": "croydon"})
    assert victim.get(f"/sign-in/elsewhere/back/?{came}")["Location"] == "/sign-in/"
    assert not is_in(victim)


def test_a_wrong_nonce_is_refused(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "b-10", email=email_of(cast), email_verified=True, amr=["mfa"])
    client = Client()
    leave = client.get("/sign-in/elsewhere/", {"with": "croydon"})
    asked = parse_qs(urlsplit(leave["Location"]).query)
    assert {"nonce", "state", "code_challenge"} <= set(asked)
    bent = leave["Location"].replace(asked["nonce"][0], "an-older-nonce")
    came = urlsplit(httpx.post(bent, data={"sub": "b-10"}).headers["Location"]).query
    assert client.get(f"/sign-in/elsewhere/back/?{came}")["Location"] == "/sign-in/"
    assert not is_in(client)


def test_the_same_answer_twice_is_refused(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "b-11", email=email_of(cast), email_verified=True)
    client = Client()
    leave = client.get("/sign-in/elsewhere/", {"with": "croydon"})
    back = f"/sign-in/elsewhere/back/?{urlsplit(httpx.post(leave['Location'], data={'sub': 'b-11'}).headers['Location']).query}"
    assert client.get(back)["Location"] == "/sign-in/set-up/"
    assert client.get(back)["Location"] == "/sign-in/"


def test_another_issuer_than_the_one_named_is_refused(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "b-12", email=email_of(cast), email_verified=True, amr=["mfa"])
    with configured(replace(service, issuer="https://login.example.org"), server_url=service.issuer):
        client = Client()
        assert there_and_back(client, "b-12")["Location"] == "/sign-in/"
        assert not is_in(client)


def test_an_identity_token_signed_by_another_is_refused(
    cast: Cast, service: SignOnService, tmp_path: Any
) -> None:
    known_there(service.issuer, "b-13", email=email_of(cast), email_verified=True, amr=["mfa"])
    port = free_port()
    other = subprocess.Popen([*SERVER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://localhost:{port}/jwks", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        keys = {"openid_configuration_overrides": {"jwks_uri": f"http://localhost:{port}/jwks"}}
        with configured(service, **keys):
            client = Client()
            assert there_and_back(client, "b-13")["Location"] == "/sign-in/"
            assert not is_in(client)
    finally:
        other.terminate()
        other.wait()


def test_a_service_that_does_not_answer_leaves_the_other_ways(cast: Cast, service: SignOnService) -> None:
    with configured(replace(service, issuer=f"http://localhost:{free_port()}")):
        client = Client()
        assert client.get("/sign-in/elsewhere/", {"with": "croydon"})["Location"] == "/sign-in/"
        assert "does not answer" in said(client)


def test_who_says_no_there_is_back_at_the_beginning(cast: Cast, service: SignOnService) -> None:
    client = Client()
    leave = client.get("/sign-in/elsewhere/", {"with": "croydon"})
    answer = httpx.post(leave["Location"], data={"action": "deny"})
    back = urlsplit(answer.headers["Location"]).query
    assert client.get(f"/sign-in/elsewhere/back/?{back}")["Location"] == "/sign-in/"


def test_one_is_led_back_into_the_site_only(cast: Cast, service: SignOnService) -> None:
    known_there(service.issuer, "b-14", email=email_of(cast), email_verified=True, amr=["mfa"])
    client = Client()
    assert there_and_back(client, "b-14", goal="//evil.example/")["Location"] == "/brokerage/"


def test_the_sign_in_page_offers_what_is_configured(cast: Cast, service: SignOnService) -> None:
    assert "Sign in with Croydon Council" in said(Client())
    Authority.objects.update(is_demo=False)
    assert "Sign in with Croydon Council" in said(Client())


def test_services_are_read_from_the_environment() -> None:
    said_there = {
        "RIGHTPLACE_SSO": "croydon, sutton",
        "RIGHTPLACE_SSO_CROYDON_ISSUER": "https://a.example",
        "RIGHTPLACE_SSO_CROYDON_CLIENT_ID": "one",
        "RIGHTPLACE_SSO_CROYDON_CLIENT_SECRET": "s",
        "RIGHTPLACE_SSO_CROYDON_AUTHORITY": "Croydon",
        "RIGHTPLACE_SSO_CROYDON_SECOND_STEP": "amr:mfa",
        "RIGHTPLACE_SSO_SUTTON_ISSUER": "https://b.example",
        "RIGHTPLACE_SSO_SUTTON_CLIENT_ID": "two",
        "RIGHTPLACE_SSO_SUTTON_CLIENT_SECRET": "t",
    }
    found = sign_on_services(said_there)
    assert (found["croydon"].second_step, found["sutton"].second_step) == (("amr", "mfa"), None)
    assert found["sutton"].name == "Sutton"
    del said_there["RIGHTPLACE_SSO_SUTTON_CLIENT_ID"]
    with pytest.raises(ValueError, match="RIGHTPLACE_SSO_SUTTON_CLIENT_ID"):
        sign_on_services(said_there)


def test_without_services_nothing_is_offered(cast: Cast) -> None:
    assert settings.SIGN_ON == {}
    assert Client().get("/sign-in/elsewhere/", {"with": "croydon"})["Location"] == "/sign-in/"
