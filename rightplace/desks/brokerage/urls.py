"""Addresses of the brokerage desk. Names within it are `brokerage:…`; pages that several desks share have bare names."""

from __future__ import annotations

from django.urls import include, path

from rightplace.desks.brokerage import (
    contract_urls,
    fostering_urls,
    offer_urls,
    request_urls,
    search_urls,
    waiting_urls,
)

OWN = [
    *offer_urls.urlpatterns,
    *request_urls.urlpatterns,
    *search_urls.urlpatterns,
    *waiting_urls.urlpatterns,
    *fostering_urls.urlpatterns,
]

urlpatterns = [path("", include((OWN, "brokerage"))), *contract_urls.urlpatterns]
