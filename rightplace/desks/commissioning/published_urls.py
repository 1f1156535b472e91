"""Addresses that desks share: published tables, and differences to the case system."""

from __future__ import annotations

from rightplace.desks.commissioning import case_system_urls, published
from rightplace.desks.layout.doors import page, verb
from rightplace.exchange.publishing.kinds import MAY_TAKE

KIND = "published-tables/<slug:published_kind>/"

urlpatterns = [
    page("published-tables/", published.tables, roles=MAY_TAKE, name="published_tables"),
    page(KIND, published.table, roles=MAY_TAKE, name="published_table"),
    verb(f"{KIND}take/", published.give, roles=MAY_TAKE, name="take_published_table"),
    *case_system_urls.shared,
]
