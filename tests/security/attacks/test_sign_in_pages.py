"""The entries of the sign-in pages, how passwords are kept, and the way out on every page."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import get_hasher, get_hashers
from django.test import Client

from tests.security.entering import signed_in
from tests.world import World

ENTRY = re.compile(r"<input[^>]*>")


def test_a_password_entry_is_masked_and_takes_what_is_pasted(world: World) -> None:
    body = Client().get("/sign-in/").content.decode()
    (entry,) = [each for each in ENTRY.findall(body) if 'name="password"' in each]
    assert 'type="password"' in entry
    assert "onpaste" not in body
    assert 'autocomplete="off"' not in entry
    assert "maxlength" not in entry or int(re.search(r'maxlength="(\d+)"', entry)[1]) >= 64  # type: ignore[index]  # it is there


def test_nobody_is_asked_a_secret_question(world: World) -> None:
    body = Client().get("/sign-in/").content.decode().lower()
    assert not [word for word in ("maiden", "first pet", "secret question", "memorable") if word in body]


def test_a_password_is_kept_by_a_slow_function() -> None:
    first = get_hashers()[0]
    assert first.algorithm in {"pbkdf2_sha256", "scrypt", "argon2"}
    kept = get_hasher("pbkdf2_sha256").decode(
        get_hasher("pbkdf2_sha256").encode("three grey herons", "some-salt-of-length")
    )
    assert kept["iterations"] >= 600_000


def test_every_page_of_somebody_signed_in_has_the_way_out(world: World) -> None:
    for who, path in (
        (world.cast.bola, "/brokerage/"),
        (world.cast.priya, "/portal/"),
        (world.cast.fin, "/finance/"),
    ):
        assert 'action="/sign-out/"' in signed_in(who).get(path).content.decode(), path
