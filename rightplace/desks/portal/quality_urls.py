"""Addresses of quality in the portal, and of the beds that authorities keep in its homes."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import blocks, quality
from rightplace.foundation.access.roles import PROVIDER

OWN = (PROVIDER,)

urlpatterns = [
    page("portal/concerns/", quality.concern_list, roles=OWN, name="portal_concerns"),
    page("portal/concerns/<int:key>/", quality.concern, roles=OWN, name="portal_concern"),
    verb("portal/concerns/<int:key>/reply/", quality.reply, roles=OWN, name="portal_reply"),
    page("portal/visits/", quality.visit_list, roles=OWN, name="portal_visits"),
    page("portal/visits/<int:key>/", quality.visit, roles=OWN, name="portal_visit"),
    page("portal/visit-files/<int:key>/", quality.visit_file, roles=OWN, name="portal_visit_file"),
    form_page(
        "portal/visit-actions/<int:key>/", quality.report_action, roles=OWN, name="portal_report_action"
    ),
    page("portal/reviews/", quality.review_list, roles=OWN, name="portal_reviews"),
    form_page("portal/reviews/<int:key>/", quality.review, roles=OWN, name="portal_review"),
    page("portal/blocks/", blocks.block_list, roles=OWN, name="portal_blocks"),
    page("portal/blocks/<int:key>/", blocks.block, roles=OWN, name="portal_block"),
    form_page("portal/incidents/tell/", quality.tell_sign, roles=OWN, name="portal_tell_sign"),
]
