"""A system that calls the API: a token in its header, a key with each POST, and the ETags that it was given."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens.actions import NewToken, make_token
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.scopes import scopes_for

ROOT = "/api/v1"


class Caller:
    """Calls as one actor; every scope of the role unless some are named."""

    def __init__(self, actor: Actor, *scopes: str) -> None:
        now = timezone.now()
        made = make_token(
            by=actor, now=now, name="Test system", scopes=scopes or tuple(scopes_for(actor.role)), days=30
        )
        self._hold(made.done())

    @classmethod
    def of(cls, made: NewToken) -> Caller:
        """A caller with a token that was made already."""
        caller = cls.__new__(cls)
        caller._hold(made)
        return caller

    def _hold(self, made: NewToken) -> None:
        self.actor, self.token = made.row.membership.as_actor(), made
        self.headers = {"Authorization": f"Bearer {made.secret}"}

    @property
    def client(self) -> Client:
        """A connection that remembers nothing, as a system's would be."""
        return Client()

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        """GET."""
        return self.client.get(ROOT + path, query, headers={**self.headers, **(headers or {})})

    def post(
        self, path: str, body: Any = None, *, etag: str = "", key: str = "", **more: Any
    ) -> HttpResponse:
        """POST, with a key of its own unless one is given."""
        return self.send("POST", path, body, etag=etag, key=key or uuid.uuid4().hex, **more)

    def patch(self, path: str, body: Any, *, etag: str = "") -> HttpResponse:
        """PATCH."""
        return self.send("PATCH", path, body, etag=etag)

    def send(
        self, method: str, path: str, body: Any, *, etag: str = "", key: str = "", **more: Any
    ) -> HttpResponse:
        """Any method."""
        headers = {
            **self.headers,
            **({"If-Match": etag} if etag else {}),
            **({"Idempotency-Key": key} if key else {}),
        }
        text = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"data": text, "content_type": "application/json", "headers": headers, **more}
        return self.client.generic(method, ROOT + path, **given)

    def made_long_ago(self) -> None:
        """Let the token be one that has expired."""
        now = timezone.now()
        times = {"made_at": now - timedelta(days=40), "expires_at": now - timedelta(days=10)}
        ApiToken.objects.filter(pk=self.token.row.pk).update(**times)
