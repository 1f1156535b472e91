"""The log: closed doors, attempts and our own errors are in it; what people type is not, and makes no line of its own."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from rightplace.site.logs import OneLine, one_line
from tests.security.entering import post, signed_in
from tests.world import World

PLANTED = "Zebedee Quill"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that would go to standard error."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_a_closed_door_is_logged(world: World, log: io.StringIO) -> None:
    assert signed_in(world.cast.fin).get("/brokerage/searches/").status_code == 403
    assert "WARNING django.request Forbidden: /brokerage/searches/" in log.getvalue()


def test_attempts_to_get_round_are_logged(world: World, log: io.StringIO) -> None:
    Client(raise_request_exception=False).get("/sign-in/", headers={"Host": "evil.example"})
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(world.cast.bola).cookies
    post(client, "/notices/read/")
    signed_in(world.cast.bola).generic("TRACE", "/notices/")
    said = log.getvalue()
    assert "evil.example" in said
    assert "django.security.csrf" in said
    assert "Method Not Allowed" in said


def test_an_error_of_ours_is_logged_whole(world: World, log: io.StringIO) -> None:
    with override_settings(ROOT_URLCONF="tests.security.attacks.broken_urls"):
        Client(raise_request_exception=False).get("/broken/?key=planted-in-the-address")
    said = log.getvalue()
    assert "ERROR django.request Internal Server Error: /broken/ [ZeroDivisionError]" in said
    assert "broken_urls.py" in said
    assert "planted" not in said, "neither the words of an error nor the query of an address"


def test_no_log_line_holds_what_was_typed(world: World, log: io.StringIO) -> None:
    client = signed_in(world.cast.bola)
    for path in ("/brokerage/searches/", "/brokerage/homes/", "/contracts/", "/nowhere/"):
        client.get(path, {"q": PLANTED, "sort": PLANTED})
        post(client, path, words=PLANTED, username=PLANTED)
    Client().post("/sign-in/", {"username": PLANTED, "password": PLANTED})
    assert log.getvalue()
    assert PLANTED not in log.getvalue()


def test_no_typed_line_end_makes_a_log_line(world: World, log: io.StringIO) -> None:
    client = signed_in(world.cast.bola)
    for end in ("%0d%0a", "%0a", "%c2%85", "%e2%80%a8", "%1b[2K", "%0b"):
        client.get(f"/nowhere{end}2026-01-01 ERROR forged/")
    lines = log.getvalue().splitlines()
    assert len(lines) == 6
    assert [line for line in lines if "WARNING django.request Not Found" not in line] == []
    assert "\x1b" not in log.getvalue()


def test_every_line_says_when_in_utc_how_grave_and_where_from(log: io.StringIO) -> None:
    logging.getLogger("rightplace.part").warning("a\nb %s", "c\r\nd")
    (line,) = log.getvalue().splitlines()
    assert line.endswith("Z WARNING rightplace.part a\\nb c\\r\\nd")
    assert one_line("\u202eabc\x00") == "\\u202eabc\\x00"
