"""Requests on the brokerage desk: the list, and one request with its journey."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.doors import found
from rightplace.desks.social_work.listing import csv_of, listed, page_of, table_of
from rightplace.desks.social_work.requests import about_request
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.queries import search_of_request


def address_of(row: PlacementRequest) -> str:
    """Where a broker works on a request: its quality check while it waits for one, else its page."""
    name = "brokerage:check" if row.state == "submitted" else "brokerage:request"
    return reverse(name, args=[row.pk])


def requests(request: HttpRequest) -> HttpResponse:
    """Every request that has been sent, filtered and sorted by the address."""
    rows = listed(request, request.actor)  # type: ignore[attr-defined]  # set by the middleware
    page = page_of(request, rows.rows)
    csv_url = f"{reverse('brokerage:requests_csv')}?{request.GET.urlencode()}"
    table = table_of(rows, page, link=address_of, csv_url=csv_url)
    return render(request, "brokerage/requests.html", {"form": rows.form, "table": table, "page": page})


def requests_csv(request: HttpRequest) -> HttpResponse:
    """The same list as CSV."""
    return csv_of(listed(request, request.actor))  # type: ignore[attr-defined]  # set by the middleware


def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request as the brokers see it, with the way to its check or its search."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file = found(queries.request_file(actor, request_id, timezone.now()))
    search = search_of_request(actor, request_id)
    context = {**about_request(actor, file), "search": search, "is_broker": actor.role == "broker"}
    return render(request, "brokerage/request.html", context)
