"""Addresses of placements, which several desks share."""

from __future__ import annotations

from rightplace.desks.brokerage import carers_address, moves, placements
from rightplace.desks.layout.doors import form_page, page
from rightplace.foundation.access.roles import CASE_STAFF, DIRECTOR
from rightplace.journey.placements.releasing import ASKERS
from rightplace.journey.placements.states import PLACERS

app_name = "placements"

urlpatterns = [
    page("placements/", placements.placement_list, roles=CASE_STAFF, name="list"),
    page("placements/<int:key>/", placements.placement, roles=CASE_STAFF, name="placement"),
    form_page("placements/<int:key>/propose-move/", moves.propose, roles=PLACERS, name="propose_move"),
    form_page(
        "placements/<int:key>/carers-address/", carers_address.ask, roles=ASKERS, name="carers_address"
    ),
    page("moves/", moves.move_list, roles=CASE_STAFF, name="moves"),
    page("moves/<int:key>/", moves.move, roles=CASE_STAFF, name="move"),
    form_page("moves/<int:key>/<slug:verb>/", moves.deed, roles=(*PLACERS, DIRECTOR), name="move_deed"),
    form_page("placements/<int:key>/<slug:verb>/", placements.deed, roles=PLACERS, name="deed"),
]
