"""Addresses of contracts and payments in the portal."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import contracts, nights, payments, recoveries, remittances
from rightplace.foundation.access.roles import PROVIDER

OURS = (PROVIDER,)
ONE = "portal/contracts/<int:key>/"

urlpatterns = [
    page("portal/contracts/", contracts.contract_list, roles=OURS, name="portal_contracts"),
    page(ONE, contracts.contract_page, roles=OURS, name="portal_contract"),
    page(f"{ONE}version-<int:number>.pdf", contracts.contract_pdf, roles=OURS, name="portal_contract_pdf"),
    verb(f"{ONE}sign/", contracts.sign, roles=OURS, name="portal_sign_contract"),
    page(f"{ONE}nights/", nights.nights, roles=OURS, name="portal_contract_nights"),
    form_page(f"{ONE}absences/", nights.record, roles=OURS, name="portal_record_absence"),
    form_page("portal/absences/<int:key>/return/", nights.came_back, roles=OURS, name="portal_end_absence"),
    verb(
        "portal/absences/<int:key>/take-back/", nights.take_back, roles=OURS, name="portal_take_back_absence"
    ),
    form_page(f"{ONE}deliveries/", nights.deliver, roles=OURS, name="portal_record_delivery"),
    verb(
        "portal/deliveries/<int:key>/take-back/",
        nights.take_back_delivery,
        roles=OURS,
        name="portal_take_back_delivery",
    ),
    page("portal/payments/", payments.payment_list, roles=OURS, name="portal_payments"),
    page("portal/remittances/", remittances.remittance_list, roles=OURS, name="portal_remittances"),
    page("portal/remittances/<int:key>/", remittances.remittance, roles=OURS, name="portal_remittance"),
    page(
        "portal/remittances/<int:key>/advice.pdf",
        remittances.remittance_pdf,
        roles=OURS,
        name="portal_remittance_pdf",
    ),
    page("portal/recoveries/", recoveries.recovery_list, roles=OURS, name="portal_recoveries"),
    page(
        "portal/recoveries/<int:key>/invoice.pdf",
        recoveries.recovery_pdf,
        roles=OURS,
        name="portal_recovery_pdf",
    ),
]
