"""Requests on the brokerage desk: the list, and one request with its journey."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import list_page
from rightplace.desks.social_work.listing import request_listing
from rightplace.desks.social_work.requests import about_request
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import BROKER
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.queries import search_of_request


def address_of(row: PlacementRequest, actor: Actor) -> str:
    """Where this person works on a request: a broker on its quality check while it waits for one, else its page."""
    is_to_check = row.state == "submitted" and actor.role == BROKER
    name = "brokerage:check" if is_to_check else "brokerage:request"
    return reverse(name, args=[row.pk])


def requests(request: HttpRequest) -> HttpResponse:
    """Every request that has been sent, filtered and sorted by the address."""
    actor = actor_of(request)
    listing = request_listing(
        actor,
        link=lambda row: address_of(row, actor),
        sort="needed",
        lead="Everything that social workers have sent.",
    )
    return list_page(request, "brokerage/requests.html", listing)


def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request as the brokers see it, with the way to its check or its search."""
    actor = actor_of(request)
    file = found(queries.request_file(actor, request_id, timezone.now()))
    search = search_of_request(actor, request_id)
    context = {**about_request(actor, file), "search": search, "is_broker": actor.role == BROKER}
    return render(request, "brokerage/request.html", context)
