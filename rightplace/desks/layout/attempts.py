"""Counting attempts: after too many wrong ones, nobody is asked again for a while, by account and by address.

django-allauth counts in the shared cache, so that all web processes count together (rates: `ACCOUNT_RATE_LIMITS`).
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.core.internal import ratelimit
from django.http import HttpRequest

TOO_MANY = "There were too many attempts. Wait some minutes, then try again."


def count(request: HttpRequest, action: str, key: str) -> Callable[[], None] | None:
    """Count an attempt; None when there were too many. Calling what is given back takes the count away again."""
    usage = ratelimit.consume(
        request, app="allauth.account", action=action, key=key.strip().lower(), limit_get=True
    )
    return usage.rollback if usage else None
