"""The settings of a production, started in a process of their own: HTTPS, cookies of this host only, no debugging."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from rightplace.site import settings as plain

PROGRAM = """
import json, django
from django.conf import settings
django.setup()
from django.test import RequestFactory
from django.middleware.security import SecurityMiddleware
from django.http import HttpResponse
guard = SecurityMiddleware(lambda request: HttpResponse("ok"))
ask = RequestFactory()
plain = guard(ask.get("/sign-in/", headers={"host": "placements.example.org"}))
forwarded = guard(ask.get("/sign-in/", headers={"host": "placements.example.org", "x-forwarded-proto": "https"}))
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "domain": [settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH],
    "hsts": forwarded.headers.get("Strict-Transport-Security", ""),
    "plain": [plain.status_code, plain.headers.get("Location", ""), plain.content.decode()],
    "debug": settings.DEBUG,
    "hosts": settings.ALLOWED_HOSTS,
    "caches": settings.CACHES["default"]["BACKEND"],
}))
"""


@pytest.fixture(scope="module")
def production() -> dict[str, object]:
    """What a production's settings come to."""
    chosen = {
        "RIGHTPLACE_NO_DATABASE": "1", "RIGHTPLACE_HTTPS": "1", "RIGHTPLACE_HOSTS": "placements.example.org",
        "RIGHTPLACE_SECRET_KEY": "x" * 60, "DJANGO_SETTINGS_MODULE": "rightplace.site.settings",
    }  # fmt: skip
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("RIGHTPLACE_")
    } | chosen
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_in_production_every_cookie_is_bound_to_https_and_this_host(production: dict[str, object]) -> None:
    assert [name for name in production["names"] if not name.startswith("__Host-")] == []  # type: ignore[attr-defined]  # a list
    assert production["secure"] == [True, True, True]
    assert production["domain"] == [None, None, "/"]


def test_in_production_every_answer_asks_for_https_for_a_year(production: dict[str, object]) -> None:
    assert production["hsts"] == "max-age=31536000; includeSubDomains"


def test_over_plain_http_a_page_leads_on_and_nothing_is_read(production: dict[str, object]) -> None:
    assert production["plain"] == [301, "https://placements.example.org/sign-in/", ""]


def test_debugging_is_off_unless_asked_for(production: dict[str, object]) -> None:
    assert production["debug"] is False
    assert production["hosts"] == ["placements.example.org"]


def test_no_cache_is_set_up(production: dict[str, object]) -> None:
    """Limits on sign-in are counted in the database; a page is kept nowhere."""
    assert not [each for each in plain.MIDDLEWARE if "cache" in each.lower()]
    assert "memcached" not in str(production["caches"])


def test_the_kept_key_is_its_owners_only(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTPLACE_DATA", str(tmp_path))
    monkeypatch.delenv("RIGHTPLACE_SECRET_KEY", raising=False)
    key = plain._secret_key()
    kept = tmp_path / "secret_key"  # type: ignore[operator]  # a path
    assert len(key) >= 50
    assert kept.stat().st_mode & 0o077 == 0
    assert plain._secret_key() == key
