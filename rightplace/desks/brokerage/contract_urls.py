"""Addresses of contracts, which several of the authority's desks share."""

from __future__ import annotations

from rightplace.desks.brokerage import contracts
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import CASE_STAFF, COMMISSIONER, FOSTERING_OFFICER
from rightplace.journey.contracts.states import ARRANGERS

READERS = CASE_STAFF | {COMMISSIONER}
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
]
