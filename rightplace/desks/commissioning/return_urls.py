"""Addresses of the statutory return. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import returns
from rightplace.desks.layout.doors import page, verb
from rightplace.foundation.access.roles import ANALYST

MAKERS = (ANALYST,)
OF_YEAR = "commissioning/returns/<int:year>/"

urlpatterns = [
    page("commissioning/returns/", returns.return_page, roles=MAKERS, name="returns"),
    page(f"{OF_YEAR}rules/<slug:rule_code>/", returns.rule_page, roles=MAKERS, name="return_rule"),
    verb(f"{OF_YEAR}hold/", returns.hold, roles=MAKERS, name="hold_return_rows"),
    verb(f"{OF_YEAR}give/", returns.give, roles=MAKERS, name="give_return"),
]
