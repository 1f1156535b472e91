"""Handing a secret over once: from the page that made it to the next, locked meanwhile with the installation's key."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest

_PLACE = "secret_to_show"
_SECONDS = 300


def hand_over(request: HttpRequest, key: int, secret: str) -> None:
    """Keep a secret for the next page, and no longer than five minutes."""
    request.session[_PLACE] = [key, _lock().encrypt(secret.encode()).decode()]


def take_over(request: HttpRequest, key: int) -> str:
    """The secret that was handed over for this row; afterwards it is nowhere. Empty when there is none."""
    kept = request.session.get(_PLACE)
    if not kept or kept[0] != key:
        return ""
    del request.session[_PLACE]
    try:
        return _lock().decrypt(kept[1].encode(), ttl=_SECONDS).decode()
    except InvalidToken:
        return ""


def _lock() -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(b"handing over:" + settings.SECRET_KEY.encode()).digest())
    )
