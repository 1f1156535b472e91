"""Asking a sign-on service: whatever one request of ours asks of it, it waits two seconds for all of that together.

A time-out of `requests` counts each read alone, so a service that drips its answer would hold a web thread for as long as it
likes. So the asking is done by a few threads of its own, and the web thread goes on when its time is over.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

MOST_SECONDS = 1.5
"""For the whole of a sign-on's step, so that its page is there within two seconds."""
AT_ONCE = 8
_UNTIL = "rightplace.sign_on_until"
_asking = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sign-on")


class InTime(requests.Session):
    """Asks until a moment and no longer; requests.Timeout when that is over."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until

    def request(self, *args: Any, **more: Any) -> requests.Response:
        """As requests asks."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise requests.Timeout("no time is left")
        asked = _asking.submit(super().request, *args, **{**more, "timeout": left})
        try:
            return asked.result(left)
        except TimeoutError:
            asked.cancel()
            raise requests.Timeout("no whole answer in time") from None


class SignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """How django-allauth asks on our behalf."""

    def get_requests_session(self) -> InTime:
        """All that the request at hand asks ends at the same moment."""
        until = context.request.META.setdefault(_UNTIL, time.monotonic() + MOST_SECONDS)
        return InTime(until)
