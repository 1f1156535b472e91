"""Addresses of the commissioning desk. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import homes
from rightplace.desks.layout.doors import page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER

app_name = "commissioning"
DESK = (COMMISSIONER, ANALYST)
KEEPERS = (COMMISSIONER,)
HOME = "commissioning/homes/<int:setting_id>/"

urlpatterns = [
    page("commissioning/homes/", homes.home_list, roles=DESK, name="homes"),
    page(HOME, homes.home_page, roles=DESK, name="home_page"),
    verb(f"{HOME}hold/", homes.raise_hold, roles=KEEPERS, name="raise_hold"),
    verb(f"{HOME}holds/<int:hold_id>/lift/", homes.lift_hold, roles=KEEPERS, name="lift_hold"),
]
