"""Floods: one client that asks far more than people do is answered 429 before anything is read, so that others keep their pace.

A bucket of tokens for each session (or address, where there is none) in the memory of each web process: 10 requests a
second, 40 at once, scripts and pictures not counted. In memory, not in the database: refusing must cost less than serving, and
a row that everybody's requests write would itself be what a flood fills. With several processes a client has as many buckets.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from rightplace.api.problems import ApiProblem, problem_response
from rightplace.desks.layout.errors import WORDS

MOST_CLIENTS = 10_000
# It stands before whatever else gives pages their headers.
HEADERS = {
    "Retry-After": "5",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-ancestors 'none'",
}
SENTENCE = b"Too many requests at once. Wait a few seconds, then go on."


class Buckets:
    """Tokens by client: `rate` a second come back, up to `burst`; the clients longest not seen are forgotten."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str, at: float) -> bool:
        """Take a token at a moment (in seconds); False when there is none."""
        with self._lock:
            tokens, seen = self._held.pop(client, (self._burst, at))
            tokens = min(self._burst, tokens + (at - seen) * self._rate)
            is_enough = tokens >= 1
            self._held[client] = (tokens - 1 if is_enough else tokens, at)
            if len(self._held) > MOST_CLIENTS:
                self._held.popitem(last=False)
        return is_enough


class FloodMiddleware:
    """Stands first: what it refuses touches neither session nor database."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer
        rate = float(settings.REQUESTS_A_SECOND)
        self.buckets = Buckets(rate, rate * 4) if rate else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with the time to wait (429)."""
        if self.buckets is None or self.buckets.take(client_of(request), time.monotonic()):
            return self.answer(request)
        return _refused(request)


def _refused(request: HttpRequest) -> HttpResponse:
    """A problem for a client of the API; a page for a browser, drawn once and kept; one line for everybody else."""
    if request.path.startswith("/api/"):
        return problem_response(request, ApiProblem("too-often", headers=HEADERS))
    is_browser = "text/html" in request.headers.get("Accept", "")
    content, kind = (_page(), "text/html") if is_browser else (SENTENCE, "text/plain")
    return HttpResponse(
        content, status=429, content_type=f"{kind}; charset=utf-8",
        headers=HEADERS,
    )  # fmt: skip


@cache
def _page() -> bytes:
    title, lead = WORDS[429]
    return render_to_string("layout/error_plain.html", {"title": title, "lead": lead}).encode()


def client_of(request: HttpRequest) -> str:
    """The session or token that asks, hashed; the address where there is neither."""
    named = request.COOKIES.get(settings.SESSION_COOKIE_NAME) or request.META.get("HTTP_AUTHORIZATION", "")
    return hashlib.sha256(named.encode()).hexdigest() if named else str(request.META.get("REMOTE_ADDR", ""))
