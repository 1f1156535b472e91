"""Addresses of the pages on which finance keeps cost codes and rates for carers."""

from __future__ import annotations

from rightplace.desks.finance import codes, rates
from rightplace.desks.layout.doors import form_page, page
from rightplace.foundation.access.roles import FINANCE_OFFICER

OURS = (FINANCE_OFFICER,)

urlpatterns = [
    page("finance/cost-codes/", codes.code_list, roles=OURS, name="cost_codes"),
    form_page("finance/cost-codes/add/", codes.add, roles=OURS, name="add_cost_code"),
    form_page("finance/cost-codes/<int:key>/end/", codes.end, roles=OURS, name="end_cost_code"),
    page("finance/carer-rates/", rates.rate_list, roles=OURS, name="carer_rates"),
    form_page("finance/carer-rates/add/", rates.add, roles=OURS, name="add_carer_rate"),
]
