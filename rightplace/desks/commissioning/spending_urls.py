"""Addresses of published spending. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import spending, spending_imports
from rightplace.desks.layout.doors import page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER

DESK = (COMMISSIONER, ANALYST)
PAYEE = "commissioning/spending/payees/<int:payee_id>/"

urlpatterns = [
    page("commissioning/spending/", spending.spending, roles=DESK, name="spending"),
    page("commissioning/spending/payees/", spending.payee_list, roles=DESK, name="payees"),
    page(PAYEE, spending.payee, roles=DESK, name="payee"),
    verb(f"{PAYEE}confirm/", spending.confirm, roles=DESK, name="confirm_payee"),
    verb(f"{PAYEE}refuse/", spending.refuse, roles=DESK, name="refuse_payee"),
    verb("commissioning/imports/payments/", spending_imports.upload, roles=DESK, name="upload_payments"),
    verb(
        "commissioning/imports/<int:run_id>/take-back/",
        spending_imports.take_back,
        roles=DESK,
        name="take_back_payments",
    ),
]
