"""Addresses of the cost check, for commissioners and finance officers. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import cost_check_reading, cost_checks
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import COMMISSIONER, FINANCE_OFFICER

CHECKERS = (COMMISSIONER, FINANCE_OFFICER)
LIST = "commissioning/cost-checks/"
ONE = f"{LIST}<int:check_id>/"
FILES = f"{LIST}new/<int:contracts_id>/<int:payments_id>/<int:placements_id>/"

urlpatterns = [
    page(LIST, cost_checks.check_list, roles=CHECKERS, name="cost_checks"),
    form_page(f"{LIST}new/", cost_check_reading.upload, roles=CHECKERS, name="new_cost_check"),
    page(
        f"{LIST}templates/<slug:sheet>.csv", cost_checks.template, roles=CHECKERS, name="cost_check_template"
    ),
    page(f"{LIST}templates.xlsx", cost_checks.template_book, roles=CHECKERS, name="cost_check_templates"),
    form_page(FILES, cost_check_reading.confirm, roles=CHECKERS, name="read_cost_check"),
    page(f"{FILES}left-out.csv", cost_check_reading.left_out, roles=CHECKERS, name="cost_check_left_out"),
    page(ONE, cost_checks.result, roles=CHECKERS, name="cost_check"),
    page(f"{ONE}result.xlsx", cost_checks.result_book, roles=CHECKERS, name="cost_check_book"),
    page(f"{ONE}report.pdf", cost_checks.report, roles=CHECKERS, name="cost_check_report"),
    verb(f"{ONE}delete/", cost_checks.delete, roles=CHECKERS, name="delete_cost_check"),
]
