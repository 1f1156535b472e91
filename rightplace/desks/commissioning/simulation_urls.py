"""Addresses of simulations, for commissioners and analysts. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import simulations
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER

DESK = (COMMISSIONER, ANALYST)
LIST = "commissioning/simulations/"
ONE = f"{LIST}<int:simulation_id>/"

urlpatterns = [
    page(LIST, simulations.simulation_list, roles=DESK, name="simulations"),
    form_page(f"{LIST}new/", simulations.new, roles=DESK, name="new_simulation"),
    page(f"{LIST}figures/", simulations.figure_list, roles=DESK, name="simulation_figures"),
    page(ONE, simulations.result, roles=DESK, name="simulation"),
    verb(f"{ONE}stop/", simulations.stop, roles=DESK, name="stop_simulation"),
    verb(f"{ONE}take-up/", simulations.take_up, roles=DESK, name="take_up_simulation"),
    verb(f"{ONE}delete/", simulations.delete, roles=DESK, name="delete_simulation"),
]
