"""Addresses of the statutory return. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import return_child, returns
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST

MAKERS = (ANALYST,)
OF_YEAR = "commissioning/returns/<int:year>/"
OF_CHILD = f"{OF_YEAR}children/<int:child_id>/"

urlpatterns = [
    page("commissioning/returns/", returns.return_page, roles=MAKERS, name="returns"),
    page(f"{OF_YEAR}rules/<slug:rule_code>/", returns.rule_page, roles=MAKERS, name="return_rule"),
    verb(f"{OF_YEAR}hold/", returns.hold, roles=MAKERS, name="hold_return_rows"),
    verb(f"{OF_YEAR}give/", returns.give, roles=MAKERS, name="give_return"),
    page(OF_CHILD, return_child.child_page, roles=MAKERS, name="return_child"),
    form_page(f"{OF_CHILD}rows/<slug:module>/", return_child.row_page, roles=MAKERS, name="return_row"),
    verb(f"{OF_CHILD}take-out/", return_child.take_out, roles=MAKERS, name="remove_return_row"),
]
