"""Addresses of placements, which several desks share."""

from __future__ import annotations

from rightplace.desks.brokerage import placements
from rightplace.desks.layout.doors import form_page, page
from rightplace.foundation.access.roles import CASE_STAFF
from rightplace.journey.placements.states import PLACERS

app_name = "placements"

urlpatterns = [
    page("placements/", placements.placement_list, roles=CASE_STAFF, name="list"),
    page("placements/<int:key>/", placements.placement, roles=CASE_STAFF, name="placement"),
    form_page("placements/<int:key>/<slug:verb>/", placements.deed, roles=PLACERS, name="deed"),
]
