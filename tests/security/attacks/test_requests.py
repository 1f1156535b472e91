"""Requests that no page of ours makes: without a token, from another host, by another method, out of the site."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from rightplace.foundation.audit.models import AuditEntry
from tests.rules.addresses import ANYONE, Address, addresses
from tests.security.attacks.hostile import LINE_ENDS
from tests.security.crawl import of_role
from tests.security.entering import post, signed_in
from tests.world import World

METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "FOO")
OUTSIDE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "///evil.example", "http:evil.example",
    "javascript:alert(1)", "data:text/html,x", "https:/evil.example", "/%09/evil.example", "\x00//evil.example",
    "http://127.0.0.1@evil.example/", "http://testserver.evil.example/", "/\r\nLocation: https://evil.example/",
)  # fmt: skip


def browser(world: World, address: Address, *, checks: bool = False) -> Client:
    """Somebody who may use this address."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
    for role in sorted(address.roles - {ANYONE}):
        for who, _ in of_role(world, role):
            client.cookies = signed_in(world.actors[who]).cookies
            return client
    return client


def path_of(world: World, address: Address) -> str:
    """One of the address's paths, of our own row where it names one."""
    known: dict[str, int] = {}
    for scene in reversed(world.ours):
        known |= scene
    found = address.filled(known) if address.is_known else []
    return found[0] if found else "/" + re.sub(r"<[^>]+>", "1", address.pattern)


def pages_with(method: str) -> list[Address]:
    """Addresses of pages (the API is another's) that take a method."""
    return [each for each in addresses() if method in each.methods and not each.pattern.startswith("api/")]


def test_every_form_without_its_token_is_refused(world: World) -> None:
    before, wrong = AuditEntry.objects.count(), []
    takers = pages_with("POST")
    for address in takers:
        answer = post(browser(world, address, checks=True), path_of(world, address))
        wrong += [f"{address.name}: {answer.status_code}"] if answer.status_code != 403 else []
    print(f"{len(takers)} addresses take a form; all refuse it without a token")
    assert len(takers) > 50
    assert wrong == []
    assert AuditEntry.objects.count() == before


def test_the_token_of_somebody_else_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(world.cast.bola).cookies
    client.cookies["csrftoken"] = "a" * 32
    assert post(client, "/notices/read/", csrfmiddlewaretoken="b" * 32).status_code == 403
    assert post(client, "/notices/read/", csrfmiddlewaretoken="a" * 32).status_code == 303


def test_a_form_from_another_site_is_refused_whatever_token_it_brings(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(world.cast.bola).cookies
    client.cookies["csrftoken"] = "a" * 32
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        entries = {"once": str(uuid4()), "csrfmiddlewaretoken": "a" * 32}
        assert client.post("/notices/read/", entries, headers={"Origin": origin}).status_code == 403


def test_no_address_takes_a_method_that_it_does_not_name(world: World) -> None:
    before, wrong, tried = AuditEntry.objects.filter(is_look=False).count(), [], 0
    for address in pages_with("GET"):
        client, path = browser(world, address), path_of(world, address)
        for method in METHODS if address.name.endswith(("home", "sign_in")) else METHODS[:1]:
            tried += 1
            answer = client.generic(method, path)
            wrong += (
                [f"{method} {address.name}: {answer.status_code}"]
                if answer.status_code not in {403, 404, 405}
                else []
            )
    for address in pages_with("POST"):
        if "GET" not in address.methods:
            answer = browser(world, address).get(path_of(world, address))
            wrong += [f"GET {address.name}: {answer.status_code}"] if answer.status_code != 405 else []
    print(f"{tried} requests by a strange method, all refused")
    assert wrong == []
    assert AuditEntry.objects.filter(is_look=False).count() == before


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_does_not_change_the_method(world: World, header: str) -> None:
    client = signed_in(world.cast.bola)
    assert client.get("/sign-out/", headers={header: "POST"}).status_code == 405
    assert client.get("/sign-out/?_method=POST").status_code == 405
    assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver:80@evil.example", "127.0.0.1.evil.example", "evil.example:443", "a b"],
)
def test_a_host_that_is_not_ours_is_refused(world: World, host: str) -> None:
    answer = Client(raise_request_exception=False).get("/sign-in/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]
)
def test_a_header_of_a_proxy_names_neither_host_nor_page(world: World, header: str) -> None:
    client = signed_in(world.cast.bola)
    plain = client.get("/notices/")
    other = client.get("/notices/", headers={header: "/panel/" if header.endswith("URL") else "evil.example"})
    assert other.status_code == plain.status_code == 200
    assert "evil" not in other.content.decode()
    assert "evil" not in str(client.get("/", headers={header: "evil.example"}).headers)


@pytest.mark.parametrize("goal", OUTSIDE)
def test_no_parameter_leads_out_of_the_site(world: World, goal: str) -> None:
    client = signed_in(world.cast.bola)
    for name in ("next", "url", "redirect", "back", "return_to", "then", "continue"):
        for answer in (
            client.get("/", {name: goal}),
            post(client, f"/notices/read/?{name}=x", **{name: goal}),
        ):
            assert _stays(answer), (name, answer.headers)


@pytest.mark.parametrize("goal", OUTSIDE[:6])
def test_the_page_one_came_from_leads_nobody_out(world: World, goal: str) -> None:
    wrong = []
    client = signed_in(world.cast.bola)
    for path in ("/notices/read/", "/switch-role/"):
        answer = client.post(path, {"once": "bad"}, headers={"Referer": goal})
        wrong += [path] if not _stays(answer) or "evil" in answer.content.decode() else []
    assert wrong == []


def _stays(answer: object) -> bool:
    where = answer.headers.get("Location", "/")  # type: ignore[attr-defined]  # a response
    return where.startswith("/") and not where.startswith(("//", "/\\")) and "evil" not in where.split("?")[0]


@pytest.mark.parametrize("typed", LINE_ENDS)
def test_a_line_end_never_becomes_a_header(world: World, typed: str) -> None:
    client = signed_in(world.cast.bola)
    for path in ("/brokerage/searches/", "/contracts/", "/brokerage/homes/"):
        for asked in ({"q": typed}, {"sort": typed}, {"download": typed}, {"download": "csv", "q": typed}):
            answer = client.get(path, asked)
            assert answer.status_code < 500
            assert all("\n" not in value and "\r" not in value for value in answer.headers.values())
            assert "x" not in answer.cookies
    answer = Client().get(f"/sign-in/?next={typed}")
    assert answer.status_code in {200, 400}


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_over_plain_http_one_is_led_to_https_only() -> None:
    answer = Client().get("/sign-in/?next=/notices/")
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://testserver/sign-in/")
