"""The pages of tokens and webhooks: a secret is shown once, somebody else's is not there, and each verb does what it says."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.using import token_in_use
from rightplace.foundation.webhooks.models import Delivery, Webhook
from tests.cast import Cast
from tests.visit import send, signed_in

TOKEN = {"name": "Case system", "scopes": ["read:placements"], "days": "90"}
HOOK = {"name": "Case system", "url": "https://case.example.com/hook", "kinds": ["placement.started"]}


def made(client: Client, desk: str, **entries: object) -> str:
    """The address of the token's page, after making one."""
    answer = send(client, reverse(f"{desk}token_new"), **{**TOKEN, **entries})
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    return str(answer["Location"])


@pytest.mark.parametrize(
    ("who", "desk", "acts_as", "scopes"),
    [
        ("ada", "governance:", "social_worker", ["read:placements"]),
        ("bola", "governance:my_", "oneself", ["read:requests"]),
        ("priya", "portal:", "system", ["read:offers"]),
        ("priya", "portal:", "oneself", ["read:offers"]),
    ],
)
def test_a_secret_is_shown_once_and_works(
    cast: Cast, who: str, desk: str, acts_as: str, scopes: list[str]
) -> None:
    client = signed_in(getattr(cast, who))
    page = made(client, desk, acts_as=acts_as, scopes=scopes)
    secret = re.search(r"rp_[\w-]{43}", client.get(page).content.decode())
    assert secret
    assert secret[0] not in client.get(page).content.decode()
    used = token_in_use(secret[0], timezone.now())
    assert used is not None
    assert used.scopes == set(scopes)
    row = ApiToken.objects.get()
    assert secret[0].encode() not in bytes(row.secret_sha256)
    assert row.is_service == (acts_as != "oneself")


def test_nobody_signs_in_to_the_account_of_a_system(cast: Cast) -> None:
    made(signed_in(cast.ada), "governance:", acts_as="broker")
    user = ApiToken.objects.get().membership.user
    assert not user.has_usable_password()
    assert user.username.startswith("service-")


def test_a_token_that_is_ended_opens_nothing(cast: Cast) -> None:
    client = signed_in(cast.ada)
    page = made(client, "governance:", acts_as="broker")
    secret = re.search(r"rp_[\w-]{43}", client.get(page).content.decode())
    assert send(client, f"{page}end/").status_code == 303
    assert token_in_use(secret[0], timezone.now()) is None
    assert AuditEntry.objects.filter(verb="revoke_token").count() == 1


def test_somebody_elses_token_is_not_there(cast: Cast) -> None:
    page = made(signed_in(cast.bola), "governance:my_", acts_as="oneself", scopes=["read:requests"])
    assert signed_in(cast.sadia).get(page).status_code == 404
    assert send(signed_in(cast.sadia), f"{page}end/").status_code == 404
    key = ApiToken.objects.get().pk
    assert signed_in(cast.ada).get(reverse("governance:token", args=[key])).status_code == 200
    assert signed_in(cast.priya).get(reverse("portal:token", args=[key])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"name": ""},
        {"days": "3650"},
        {"acts_as": "access_officer"},
        {"scopes": ["write:vacancies"]},
    ],
)
def test_a_token_that_may_not_be_is_not_made(cast: Cast, wrong: dict[str, object]) -> None:
    entries = {**TOKEN, "acts_as": "broker", **wrong}
    assert send(signed_in(cast.ada), reverse("governance:token_new"), **entries).status_code == 422
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "desk", "kinds"),
    [("ada", "governance", ["placement.started"]), ("priya", "portal", ["offer.accepted"])],
)
def test_a_webhook_is_added_tried_paused_and_ended(cast: Cast, who: str, desk: str, kinds: list[str]) -> None:
    client = signed_in(getattr(cast, who))
    assert send(client, reverse(f"{desk}:webhook_new"), **{**HOOK, "kinds": kinds}).status_code == 303
    row = Webhook.objects.get()

    def at(page: str) -> str:
        return reverse(f"{desk}:{page}", args=[row.pk])

    assert send(client, at("webhook_ping")).status_code == 303
    message = Delivery.objects.get()
    assert (message.kind, message.state, message.provider_id) == ("ping", "waiting", row.provider_id)
    assert b"ping" in client.get(at("webhook")).content
    assert client.get(reverse(f"{desk}:delivery", args=[row.pk, message.pk])).status_code == 200
    assert send(client, at("webhook_pause"), row.version).status_code == 303
    assert send(client, at("webhook_pause"), row.version).status_code == 409
    row.refresh_from_db()
    assert send(client, at("webhook_end"), row.version).status_code == 303
    assert client.get(at("webhook")).status_code == 404


def test_an_address_inside_a_network_is_not_kept(cast: Cast) -> None:
    client = signed_in(cast.ada)
    for url in (
        "http://case.example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/hook",
    ):
        assert send(client, reverse("governance:webhook_new"), **{**HOOK, "url": url}).status_code == 422
    assert Webhook.objects.count() == 0


def test_the_eleventh_webhook_waits_until_another_ends(cast: Cast) -> None:
    client, new = signed_in(cast.ada), reverse("governance:webhook_new")
    entries = {**HOOK, "kinds": ["placement.started"]}
    for number in range(10):
        assert send(client, new, **{**entries, "name": f"System {number}"}).status_code == 303
    assert send(client, new, **entries).status_code == 422
    row = Webhook.objects.earliest("pk")
    assert send(client, reverse("governance:webhook_end", args=[row.pk]), row.version).status_code == 303
    assert send(client, new, **entries).status_code == 303
    assert (
        send(
            signed_in(cast.priya), reverse("portal:webhook_new"), **{**HOOK, "kinds": ["offer.accepted"]}
        ).status_code
        == 303
    )


def test_somebody_elses_webhook_is_not_there(cast: Cast) -> None:
    send(signed_in(cast.priya), reverse("portal:webhook_new"), **{**HOOK, "kinds": ["offer.accepted"]})
    key = Webhook.objects.get().pk
    assert signed_in(cast.quinn).get(reverse("portal:webhook", args=[key])).status_code == 404
    assert send(signed_in(cast.quinn), reverse("portal:webhook_ping", args=[key])).status_code == 404
    assert signed_in(cast.ada).get(reverse("governance:webhook", args=[key])).status_code == 404
