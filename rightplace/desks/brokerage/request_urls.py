"""Addresses of the brokers' home, requests and their quality check."""

from __future__ import annotations

from rightplace.desks.brokerage import home, quality_check, requests
from rightplace.desks.layout.doors import form_page, page
from rightplace.foundation.access.roles import BROKER, CASE_STAFF, FOSTERING_OFFICER

DESK = (BROKER, FOSTERING_OFFICER)

urlpatterns = [
    page("brokerage/", home.home, roles=DESK, name="home"),
    page("brokerage/requests/", requests.requests, roles=DESK, name="requests"),
    page("brokerage/requests/<int:request_id>/", requests.request_page, roles=CASE_STAFF, name="request"),
    form_page(
        "brokerage/requests/<int:request_id>/check/", quality_check.check, roles=(BROKER,), name="check"
    ),
]
