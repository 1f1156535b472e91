"""Addresses of the finance desk."""

from __future__ import annotations

from rightplace.desks.finance import (
    blocks,
    code_urls,
    contracts,
    funding_urls,
    home,
    invoice_urls,
    ledger_urls,
    plan_urls,
    schedules,
    shared_block_urls,
)
from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import FINANCE_OFFICER

OURS = (FINANCE_OFFICER,)

urlpatterns = [
    page("finance/", home.home, roles=OURS, name="finance"),
    page("finance/schedule/", schedules.schedule_list, roles=OURS, name="finance_schedule"),
    page("finance/contracts/", contracts.contract_list, roles=OURS, name="finance_contracts"),
    page("finance/blocks/", blocks.blocks, roles=OURS, name="blocks"),
    page("finance/contracts/<int:key>/", contracts.contract_page, roles=OURS, name="finance_contract"),
    *code_urls.urlpatterns,
    *funding_urls.urlpatterns,
    *invoice_urls.urlpatterns,
    *ledger_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *shared_block_urls.urlpatterns,
]
