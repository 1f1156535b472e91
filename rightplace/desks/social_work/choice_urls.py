"""The address of choosing an offer."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page
from rightplace.desks.social_work import choice
from rightplace.foundation.access.roles import TEAM_MANAGER

PATTERNS = [
    form_page(
        "social-work/requests/<int:request_id>/choose/<int:offer_id>/",
        choice.choose,
        roles=(TEAM_MANAGER,),
        name="choose",
    )
]
