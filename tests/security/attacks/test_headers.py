"""What every answer carries, whatever it is: a page, an error, a download, a style sheet, a refusal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client, override_settings

from rightplace.foundation.access.models import Membership
from rightplace.foundation.files.models import StoredFile
from tests.security.crawl import Opened
from tests.security.entering import post, signed_in
from tests.world import World

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
STATIC = ("/static/layout/rightplace.js", "/static/layout/components.css")
PERSONAL = "no-store"


def answers(world: World) -> Iterator[tuple[str, HttpResponse]]:
    """One answer of every kind that there is."""
    nobody, bola, fin = (
        Client(raise_request_exception=False),
        signed_in(world.cast.bola),
        signed_in(world.cast.fin),
    )
    yield "sign-in", nobody.get("/sign-in/")
    yield "led to sign in", nobody.get("/notices/")
    yield "a page", bola.get("/brokerage/searches/")
    yield "a download", bola.get("/brokerage/homes/?download=csv")
    yield "a workbook", bola.get("/brokerage/homes/?download=xlsx")
    yield "another role's page", fin.get("/brokerage/searches/")
    yield "no such page", bola.get("/nowhere/")
    yield "no such page, nobody", nobody.get("/nowhere/")
    yield "a wrong method", bola.get("/sign-out/")
    yield "a form without its key", bola.post("/notices/read/")
    yield "a form", post(bola, "/notices/read/")
    yield "a wrong host", nobody.get("/sign-in/", headers={"Host": "evil.example"})
    with override_settings(ROOT_URLCONF="tests.security.attacks.broken_urls"):
        yield "an error of ours", nobody.get("/broken/")


def test_every_kind_of_answer_carries_every_header(world: World) -> None:
    wrong, seen = [], 0
    for name, answer in answers(world):
        seen += 1
        wrong += [
            f"{name}: {key} {answer.get(key)}" for key, value in WANTED.items() if answer.get(key) != value
        ]
        policy = answer.get("Content-Security-Policy", "").split("; ")
        wrong += [f"{name}: {part}" for part in POLICY if part not in policy]
        wrong += [f"{name}: tells {key}" for key in ("Server", "X-Powered-By", "X-Debug") if key in answer]
        wrong += [f"{name}: lets others read"] if "Access-Control-Allow-Origin" in answer else []
    assert wrong == []
    assert seen == 13


def test_every_answer_says_its_kind_and_its_characters(world: World) -> None:
    kinds = {name: answer.get("Content-Type", "") for name, answer in answers(world)}
    known = ("text/html; charset=utf-8", "text/csv; charset=utf-8", "application/vnd.openxmlformats")
    assert {name: kind for name, kind in kinds.items() if not kind.startswith(known)} == {}


def test_an_error_of_ours_tells_nothing_of_its_inside(world: World) -> None:
    with override_settings(ROOT_URLCONF="tests.security.attacks.broken_urls"):
        answer = Client(raise_request_exception=False).get("/broken/?key=planted-in-the-address")
    assert answer.status_code == 500
    said = answer.content.decode()
    assert [
        word for word in ("Traceback", "planted", "tests/", ".py", "SELECT", "ZeroDivision") if word in said
    ] == []


def test_whatever_a_signed_in_person_gets_is_kept_by_nobody(world: World) -> None:
    wrong = [
        name
        for name, answer in answers(world)
        if PERSONAL not in answer.get("Cache-Control", "")
        and name
        not in {"sign-in", "led to sign in", "no such page, nobody", "a wrong host", "an error of ours"}
    ]
    assert wrong == []


@pytest.mark.parametrize("path", STATIC)
def test_a_static_file_has_its_own_kind_and_is_not_guessed(world: World, path: str) -> None:
    assert finders.find(path.removeprefix("/static/")), path
    answer = Client().get(path)
    answer.close()
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].split(";")[0] in {"text/javascript", "application/javascript", "text/css"}


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "..%2f..%2fsite/settings.py",
        "%2e%2e/%2e%2e/site/settings.py",
        "....//....//etc/passwd",
        "/etc/passwd",
        "layout/../../../../site/settings.py",
        "..\\..\\site\\settings.py",
        ".git/config",
        "layout/%00.css",
    ],
)
def test_no_static_address_leads_out_of_its_folder(world: World, path: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/static/{path}")
    assert answer.status_code in {400, 404}
    assert b"SECRET_KEY" not in answer.getvalue()


def test_a_folder_is_not_listed(world: World) -> None:
    for path in ("/static/", "/static/layout/", "/media/", "/uploads/", "/.env", "/.git/HEAD", "/var/"):
        assert Client().get(path).status_code == 404


def test_a_file_of_somebody_comes_as_a_download_that_no_browser_runs(world: World) -> None:
    scene = next(each for each in world.ours if "evidence" in each)
    hostile = 'a"; filename="x.html\r\nSet-Cookie: a=1\r\n\r\n<script>.pdf'
    StoredFile.objects.filter(pk=scene["file"]).update(name=hostile)
    answer = signed_in(world.cast.priya).get(f"/portal/offers/{scene['offer']}/evidence/{scene['evidence']}/")
    if answer.status_code == 404:
        answer = signed_in(world.cast.priya).get(f"/portal/offers/{scene['offer']}/files/{scene['file']}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert not answer.cookies


def test_the_cookies_are_bound_to_the_site(world: World) -> None:
    client = Client()
    client.get("/components/")
    membership = Membership.objects.get(user_id=world.cast.bola.user_id)
    client.post("/sign-in/", {"membership": membership.pk})
    assert {"csrftoken", "sessionid"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        assert cookie["domain"] == "", name
        assert len(name) + len(cookie.value) < 4_096


def test_nothing_personal_stands_in_an_address(pages: list[Opened]) -> None:
    names = ("amber", "fairweather", "marlowe", "kiran", "jude", "cr0%20")
    assert [str(each) for each in pages if any(name in each.path.lower() for name in names)] == []
    assert [str(each) for each in pages if "csrftoken=" in each.body or "sessionid=" in each.body] == []
