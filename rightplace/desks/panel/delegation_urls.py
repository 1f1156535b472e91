"""Addresses of limits, cover and the question who could agree; part of the panel desk."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.panel import delegation
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.decisions.states import APPROVERS, KEEPERS

READERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, PANEL_CHAIR, DIRECTOR)
COVERERS = (*APPROVERS, FINANCE_OFFICER)
ONE = "panel/limits/changes/<int:key>/"

urlpatterns = [
    page(
        "panel/limits/",
        delegation.limits,
        roles=(*READERS, COMMISSIONER, FINANCE_OFFICER),
        name="delegations",
    ),
    form_page("panel/limits/change/", delegation.change, roles=KEEPERS, name="change_limit"),
    verb(f"{ONE}confirm/", delegation.confirm, roles=KEEPERS, name="confirm_limit"),
    verb(f"{ONE}turn-down/", delegation.turn_down, roles=KEEPERS, name="turn_down_limit"),
    verb(f"{ONE}take-back/", delegation.take_back, roles=KEEPERS, name="take_back_limit"),
    form_page("panel/limits/cover/", delegation.cover, roles=COVERERS, name="record_cover"),
    verb("panel/limits/cover/<int:key>/end/", delegation.end_cover, roles=COVERERS, name="end_cover"),
    page("panel/permissions/<int:key>/who/", delegation.who, roles=READERS, name="who_could_approve"),
]
