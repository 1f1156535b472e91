"""Addresses of offers on the brokerage desk: making them on behalf, and comparing them once the search has closed."""

from __future__ import annotations

from rightplace.desks.brokerage import offers
from rightplace.desks.layout.doors import page
from rightplace.desks.portal.offer_urls import offer_patterns
from rightplace.foundation.access.roles import (
    BROKER,
    DIRECTOR,
    FOSTERING_OFFICER,
    PANEL_CHAIR,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)

COMPARERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, PANEL_CHAIR, DIRECTOR)
SEARCH = "brokerage/searches/<int:search_id>/offers/"

urlpatterns = [
    *offer_patterns(
        "brokerage/", "brokerage/invitations/<int:invitation_id>/offer/", (BROKER, FOSTERING_OFFICER)
    ),
    page(SEARCH, offers.compare, roles=COMPARERS, name="search_offers"),
    page(f"{SEARCH}on-behalf/", offers.on_behalf, roles=(BROKER,), name="offers_on_behalf"),
    page(f"{SEARCH}files/<int:file_id>/", offers.file, roles=COMPARERS, name="search_offer_file"),
]
