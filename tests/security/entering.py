"""Signing in and sending forms, as a browser does."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership


def signed_in(actor: Actor | None) -> Client:
    """A browser in which this person acts in this role; None is somebody not signed in."""
    client = Client(raise_request_exception=False)
    if actor is not None:
        membership = Membership.objects.select_related("user").get(user_id=actor.user_id, role=actor.role)
        client.force_login(membership.user)
        session = client.session
        session["membership"] = membership.pk
        session.save()
    return client


class Browsers(dict[str, Client]):
    """A browser for each of these people, by name; each signs in when first asked for."""

    def __init__(self, actors: Mapping[str, Actor]) -> None:
        super().__init__()
        self.actors = actors

    def __missing__(self, who: str) -> Client:
        self[who] = signed_in(self.actors[who])
        return self[who]


def post(client: Client, address: str, **entries: object) -> HttpResponse:
    """A form with its key."""
    return client.post(address, {"once": str(uuid4()), **entries})
