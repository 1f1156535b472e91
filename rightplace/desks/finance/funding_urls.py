"""Addresses of joint funding, which several desks share, and of recharges and partners, which finance keeps."""

from __future__ import annotations

from rightplace.desks.finance import funding, recharges
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.funding.actions import PARTNER_KEEPERS
from rightplace.journey.funding.states import AGREERS, PROPOSERS

READERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, COMMISSIONER, FINANCE_OFFICER, PANEL_CHAIR, DIRECTOR)
FINANCE = (FINANCE_OFFICER,)
ONE = "funding/<int:key>/"
INVOICE = "finance/recharges/<int:key>/"

urlpatterns = [
    page("funding/", funding.funding_list, roles=READERS, name="fundings"),
    page(ONE, funding.funding, roles=READERS, name="funding"),
    form_page(f"{ONE}propose/", funding.propose, roles=PROPOSERS, name="propose_shares"),
    verb(f"{ONE}agree/", funding.agree, roles=AGREERS, name="agree_shares"),
    verb(f"{ONE}not-agreed/", funding.refuse, roles=AGREERS, name="refuse_shares"),
    verb(f"{ONE}withdraw/", funding.withdraw, roles=PROPOSERS, name="withdraw_shares"),
    verb(f"{ONE}evidence/", funding.add_file, roles=PROPOSERS, name="add_funding_evidence"),
    page(f"{ONE}evidence-files/<int:file>/", funding.evidence, roles=READERS, name="funding_evidence"),
    page(f"{ONE}summary/", funding.summary, roles=READERS, name="funding_summary"),
    page(f"{ONE}summary.pdf", funding.summary_pdf, roles=READERS, name="funding_summary_pdf"),
    page("finance/recharges/", recharges.recharge_list, roles=FINANCE, name="recharges"),
    form_page("finance/recharges/make/", recharges.make, roles=FINANCE, name="make_recharges"),
    page(INVOICE, recharges.recharge, roles=FINANCE, name="recharge"),
    page(f"{INVOICE}invoice.pdf", recharges.recharge_pdf, roles=FINANCE, name="recharge_pdf"),
    verb(f"{INVOICE}send/", recharges.send, roles=FINANCE, name="send_recharge"),
    verb(f"{INVOICE}void/", recharges.void, roles=FINANCE, name="void_recharge"),
    verb(f"{INVOICE}remind/", recharges.remind, roles=FINANCE, name="remind_partner"),
    form_page(f"{INVOICE}<slug:verb>/", recharges.deed, roles=FINANCE, name="recharge_deed"),
    page("finance/partners/", recharges.partner_list, roles=PARTNER_KEEPERS, name="partners"),
    form_page("finance/partners/add/", recharges.partner, roles=PARTNER_KEEPERS, name="add_partner"),
    form_page("finance/partners/<int:key>/", recharges.partner, roles=PARTNER_KEEPERS, name="partner"),
]
