"""The governance home: what waits for the access administrator and the information governance officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.desks.layout.doors import actor_of


def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, with clocks."""
    actor = actor_of(request)
    known = {"greeting": f"Good day, {actor.name.split()[0]}", "tiles": [], "waiting": []}
    return render(request, "governance/home.html", known)
