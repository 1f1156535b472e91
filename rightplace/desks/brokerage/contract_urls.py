"""Addresses of contracts, which several of the authority's desks share."""

from __future__ import annotations

from rightplace.desks.brokerage import contracts, nights
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import CASE_STAFF, COMMISSIONER, FOSTERING_OFFICER
from rightplace.journey.contracts.states import ARRANGERS
from rightplace.journey.placements.states import PLACERS

READERS = CASE_STAFF | {COMMISSIONER}
DELIVERERS = (*ARRANGERS, FOSTERING_OFFICER)
ONE = "contracts/<int:key>/"

urlpatterns = [
    page("contracts/", contracts.contract_list, roles=READERS, name="contracts"),
    page(ONE, contracts.contract_page, roles=READERS, name="contract"),
    page(f"{ONE}version-<int:number>.pdf", contracts.contract_pdf, roles=READERS, name="contract_pdf"),
    form_page(f"{ONE}edit/", contracts.edit, roles=ARRANGERS, name="edit_draft"),
    form_page(f"{ONE}vary/", contracts.vary, roles=ARRANGERS, name="vary_contract"),
    verb(f"{ONE}sign/", contracts.sign, roles=(*ARRANGERS, FOSTERING_OFFICER), name="sign_contract"),
    verb(f"{ONE}issue/", contracts.issue, roles=ARRANGERS, name="issue_contract"),
    verb(f"{ONE}recall/", contracts.recall, roles=ARRANGERS, name="recall_contract"),
    verb(f"{ONE}take-back/", contracts.take_back, roles=ARRANGERS, name="take_back_variation"),
    verb(f"{ONE}cancel/", contracts.cancel, roles=ARRANGERS, name="cancel_contract"),
    verb(f"{ONE}reopen/", contracts.reopen, roles=ARRANGERS, name="reopen_contract"),
    page(f"{ONE}nights/", nights.shown, roles=READERS, name="contract_nights"),
    form_page(f"{ONE}absences/", nights.record, roles=PLACERS, name="record_absence"),
    form_page("absences/<int:key>/return/", nights.came_back, roles=PLACERS, name="end_absence"),
    verb("absences/<int:key>/take-back/", nights.take_back, roles=PLACERS, name="take_back_absence"),
    form_page(f"{ONE}deliveries/", nights.deliver, roles=DELIVERERS, name="record_delivery"),
    verb(
        "deliveries/<int:key>/take-back/",
        nights.take_back_delivery,
        roles=DELIVERERS,
        name="take_back_delivery",
    ),
    form_page(f"{ONE}notice/", nights.notice, roles=ARRANGERS, name="record_notice"),
]
