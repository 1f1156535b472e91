"""Addresses of the portal. Names within it are `portal:…`; contracts and payments have bare names."""

from __future__ import annotations

from django.urls import include, path

from rightplace.desks.portal import contract_urls, referral_urls

OWN = [*referral_urls.urlpatterns]

urlpatterns = [path("", include((OWN, "portal"))), *contract_urls.urlpatterns]
