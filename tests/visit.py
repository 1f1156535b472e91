"""Visiting pages as one of the cast: signed in through the session, forms sent with their tokens."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership


def signed_in(actor: Actor) -> Client:
    """A browser in which this person works in this role."""
    client = Client()
    membership = Membership.objects.select_related("user").get(user_id=actor.user_id, role=actor.role)
    client.force_login(membership.user)
    session = client.session
    session["membership"] = membership.pk
    session.save()
    return client


def send(
    client: Client, url: str, /, version: int | None = None, once: str = "", **entries: Any
) -> HttpResponse:
    """Send a form as a page would: with a key of its own and the version that was seen."""
    seen = {} if version is None else {"version": version}
    return client.post(url, {"once": once or uuid.uuid4().hex, **seen, **entries})
