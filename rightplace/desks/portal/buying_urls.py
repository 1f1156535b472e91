"""Addresses of buying in the portal. Names are `portal:…`."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import buying, tendering, uplifts
from rightplace.foundation.access.roles import PROVIDER

OURS = (PROVIDER,)
APPLICATION = "portal/applications/<int:application_id>/"
TENDERED = "portal/tendered/<int:answered_id>/"
UPLIFT = "portal/uplifts/<int:uplift_id>/"

urlpatterns = [
    page("portal/evidence/", buying.evidence_list, roles=OURS, name="evidence"),
    form_page(
        "portal/evidence/<slug:evidence_kind>/", buying.give_evidence, roles=OURS, name="give_evidence"
    ),
    page("portal/documents/<int:document_id>/", buying.document, roles=OURS, name="document"),
    page("portal/markets/", buying.market_list, roles=OURS, name="markets"),
    form_page("portal/markets/<int:lot_id>/apply/", buying.apply, roles=OURS, name="apply"),
    page(APPLICATION, buying.application, roles=OURS, name="application"),
    page("portal/tenders/", tendering.tender_list, roles=OURS, name="tenders"),
    page("portal/tenders/<int:tender_id>/", tendering.tender, roles=OURS, name="tender"),
    verb("portal/tenders/<int:tender_id>/answer/", tendering.begin_answer, roles=OURS, name="begin_answer"),
    page(TENDERED, tendering.tendered, roles=OURS, name="tendered"),
    form_page(f"{TENDERED}write/", tendering.save_answer, roles=OURS, name="save_answer"),
    page("portal/uplifts/", uplifts.uplift_list, roles=OURS, name="uplifts"),
    form_page("portal/uplifts/ask/", uplifts.ask_uplift, roles=OURS, name="ask_uplift"),
    page(UPLIFT, uplifts.uplift, roles=OURS, name="uplift"),
    form_page(f"{UPLIFT}answer/", uplifts.answer_uplift, roles=OURS, name="answer_uplift"),
]
# Buttons that do a verb at once: `layout.pressing.button` takes the row's number as `key`.
PRESSED = (
    ("portal/tendered/<int:key>/submit/", tendering.submit_answer, "submit_answer"),
    ("portal/tendered/<int:key>/take-back/", tendering.take_back_answer, "take_back_answer"),
    ("portal/applications/<int:key>/withdraw/", buying.withdraw_application, "withdraw_application"),
    ("portal/uplifts/<int:key>/withdraw/", uplifts.withdraw_uplift, "withdraw_uplift"),
)
urlpatterns += [verb(route, view, roles=OURS, name=name) for route, view, name in PRESSED]
