"""Addresses of the panel desk."""

from __future__ import annotations

from rightplace.desks.layout.doors import page, verb
from rightplace.desks.panel import delegation_urls, home, meeting_urls, permissions, variations
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    PANEL_CHAIR,
    PANEL_CLERK,
    PANEL_MEMBER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)

app_name = "panel"
READERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, PANEL_CHAIR, DIRECTOR)
DECIDERS = (TEAM_MANAGER, PANEL_CHAIR, DIRECTOR)
VARIATION_READERS = (*READERS, COMMISSIONER)
ONE = "panel/permissions/variations/<int:key>/"

urlpatterns = [
    page("panel/", home.home, roles=(PANEL_CHAIR, PANEL_MEMBER, PANEL_CLERK, DIRECTOR), name="home"),
    page("panel/permissions/", permissions.permission_list, roles=READERS, name="permissions"),
    *delegation_urls.urlpatterns,
    page("panel/permissions/<int:key>/", permissions.permission, roles=READERS, name="permission"),
    verb(
        "panel/permissions/<int:key>/approve/", permissions.approve, roles=DECIDERS, name="approve_placement"
    ),
    verb("panel/permissions/<int:key>/refuse/", permissions.refuse, roles=DECIDERS, name="refuse_placement"),
    verb("panel/permissions/<int:key>/undo/", permissions.undo, roles=(TEAM_MANAGER,), name="undo_choice"),
    verb(
        "panel/permissions/<int:key>/to-panel/",
        permissions.to_panel,
        roles=(TEAM_MANAGER, BROKER),
        name="send_to_panel",
    ),
    page(
        "panel/permissions/variations/", variations.variation_list, roles=VARIATION_READERS, name="variations"
    ),
    page(ONE, variations.variation, roles=VARIATION_READERS, name="variation"),
    page(f"{ONE}who/", variations.who, roles=VARIATION_READERS, name="who_could_permit"),
    verb(f"{ONE}approve/", variations.approve, roles=DECIDERS, name="approve_variation"),
    verb(
        f"{ONE}to-panel/",
        variations.to_panel,
        roles=(TEAM_MANAGER, BROKER, COMMISSIONER),
        name="send_variation_to_panel",
    ),
    verb(f"{ONE}refuse/", variations.refuse, roles=DECIDERS, name="refuse_variation"),
    *meeting_urls.urlpatterns,
]
