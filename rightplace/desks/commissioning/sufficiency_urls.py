"""Addresses of forecast and sufficiency, for commissioners and analysts. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import (
    sufficiency,
    sufficiency_money,
    sufficiency_scenarios,
    sufficiency_statements,
    sufficiency_supply,
)
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER

DESK = (COMMISSIONER, ANALYST)
ROOT = "commissioning/sufficiency/"
ONE = f"{ROOT}scenarios/<int:scenario_id>/"

urlpatterns = [
    page(ROOT, sufficiency.forecast, roles=DESK, name="forecast"),
    page(f"{ROOT}model/", sufficiency.model_card, roles=DESK, name="forecast_model"),
    page(f"{ROOT}missing/", sufficiency.missing, roles=DESK, name="sufficiency_gaps"),
    page(f"{ROOT}block/", sufficiency.block, roles=DESK, name="block_size"),
    page(f"{ROOT}cost/", sufficiency_money.cost, roles=DESK, name="forecast_cost"),
    page(f"{ROOT}business-case/", sufficiency_money.business_case, roles=DESK, name="business_case"),
    page(f"{ROOT}supply/", sufficiency_supply.page, roles=DESK, name="supply"),
    page(f"{ROOT}statements/", sufficiency_statements.statements, roles=DESK, name="sufficiency_statements"),
    page(
        f"{ROOT}statements/sufficiency.pdf",
        sufficiency_statements.sufficiency_pdf,
        roles=DESK,
        name="sufficiency_pdf",
    ),
    page(
        f"{ROOT}statements/market-position.pdf",
        sufficiency_statements.market_pdf,
        roles=DESK,
        name="market_pdf",
    ),
    page(f"{ROOT}what-ifs/", sufficiency_scenarios.what_ifs, roles=DESK, name="what_ifs"),
    page(f"{ROOT}scenarios/", sufficiency_scenarios.scenario_list, roles=DESK, name="scenarios"),
    form_page(f"{ROOT}scenarios/new/", sufficiency_scenarios.new, roles=DESK, name="new_scenario"),
    page(f"{ROOT}scenarios/compared/", sufficiency_scenarios.compared, roles=DESK, name="scenarios_compared"),
    page(ONE, sufficiency_scenarios.one, roles=DESK, name="scenario"),
    verb(f"{ONE}share/", sufficiency_scenarios.share, roles=DESK, name="share_scenario"),
    verb(f"{ONE}delete/", sufficiency_scenarios.delete, roles=DESK, name="delete_scenario"),
]
