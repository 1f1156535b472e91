"""Room for so many at a time: when too many ask at once, some are told at once to come back, and nobody waits for long.

Without it a wave of requests would stand in line for minutes and every answer would come too late. So many pages are
worked on at a time in each process, some more wait for a moment, and the rest are answered 503 with Retry-After before
anything is read or written: nothing is done by half, and sending the same form again later has one effect.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore, Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
WORKING = 4
WAITING = 6
MOST_SECONDS = 2.0
RETRY_SECONDS = 5

BUSY = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Very busy just now – Rightplace</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Very busy just now</h1>
<p>More people are working here than can be served at this moment. Nothing of what you sent was saved.</p>
<p>Wait a few seconds, then load this page again. Your browser may ask whether to send the form again: that is safe,
a form is taken once only.</p></main></body></html>
"""


class RoomMiddleware:
    """Lets so many requests in at a time, some more wait, and answers the rest with 503 and when to come back."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.room = BoundedSemaphore(getattr(settings, "REQUESTS_WORKED_ON", WORKING))
        self.most_waiting = getattr(settings, "REQUESTS_WAITING", WAITING)
        self.waiting = 0
        self.counting = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer when there is room within two seconds."""
        if not self._is_let_in():
            return busy()
        try:
            return self.answer(request)
        finally:
            self.room.release()

    def _is_let_in(self) -> bool:
        if self.room.acquire(blocking=False):
            return True
        with self.counting:
            if self.waiting >= self.most_waiting:
                return False
            self.waiting += 1
        try:
            return self.room.acquire(timeout=MOST_SECONDS)
        finally:
            with self.counting:
                self.waiting -= 1


def busy() -> HttpResponse:
    """The plain page that says to come back."""
    response = HttpResponse(BUSY, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
