"""Addresses of the region's desk. Names are `region:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import fairness
from rightplace.desks.finance import shared_block_deeds, shared_blocks
from rightplace.desks.layout.doors import form_page, page
from rightplace.desks.region import home, shared, sharing, sufficiency, waits
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER

app_name = "region"
DESK = (CONSORTIUM_OFFICER,)

urlpatterns = [
    page("region/", home.home, roles=DESK, name="home"),
    page("region/homes/", home.home_list, roles=DESK, name="homes"),
    page("region/homes/<int:setting_id>/", home.home_page, roles=DESK, name="home_page"),
    page("region/shared/", shared.shared, roles=DESK, name="shared"),
    page("region/who-waits/", waits.who_waits, roles=DESK, name="who_waits"),
    page("region/fairness/", fairness.fairness_page, roles=DESK, name="fairness"),
    page("region/blocks/", shared_blocks.block_list, roles=DESK, name="blocks"),
    page("region/blocks/<int:key>/", shared_blocks.shared_block, roles=DESK, name="block"),
    page(
        "region/blocks/settlements/<int:key>/",
        shared_block_deeds.settlement,
        roles=DESK,
        name="block_settlement",
    ),
    page(
        "region/blocks/settlements/<int:key>/statement.pdf",
        shared_block_deeds.statement_pdf,
        roles=DESK,
        name="block_statement",
    ),
    page("region/sufficiency/", sufficiency.missing, roles=DESK, name="sufficiency"),
    page("region/sufficiency/block/", sufficiency.block, roles=DESK, name="sufficiency_block"),
    page("region/sufficiency/scenarios/", sufficiency.scenarios, roles=DESK, name="shared_scenarios"),
    page("region/sharing/", sharing.agreement_list, roles=DESK, name="agreements"),
    form_page("region/sharing/<int:agreement_id>/", sharing.agreement, roles=DESK, name="agreement"),
]
