"""Addresses of the commissioning desk. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning import (
    case_system_urls,
    conditions,
    cost_check_urls,
    frameworks,
    home,
    homes,
    imports,
    matching_urls,
    return_urls,
    simulation_urls,
    spending_urls,
    sufficiency_urls,
)
from rightplace.desks.commissioning.buying import urls as buying_urls
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER

app_name = "commissioning"
DESK = (COMMISSIONER, ANALYST)
KEEPERS = (COMMISSIONER,)
HOME = "commissioning/homes/<int:setting_id>/"
LOT = "commissioning/lots/<int:lot_id>/"
PREVIEW = "commissioning/imports/<slug:kind>/<int:file_id>/"

urlpatterns = [
    page("commissioning/", home.home, roles=DESK, name="home"),
    page("commissioning/homes/", homes.home_list, roles=DESK, name="homes"),
    page(HOME, homes.home_page, roles=DESK, name="home_page"),
    verb(f"{HOME}hold/", homes.raise_hold, roles=KEEPERS, name="raise_hold"),
    verb(f"{HOME}holds/<int:hold_id>/lift/", homes.lift_hold, roles=KEEPERS, name="lift_hold"),
    form_page(f"{HOME}conditions/", conditions.conditions, roles=KEEPERS, name="conditions"),
    verb(f"{HOME}conditions/<int:condition_id>/end/", conditions.end, roles=KEEPERS, name="end_condition"),
    page("commissioning/frameworks/", frameworks.framework_list, roles=DESK, name="frameworks"),
    form_page(
        "commissioning/frameworks/new/", frameworks.make_framework, roles=KEEPERS, name="make_framework"
    ),
    page(LOT, frameworks.lot_page, roles=DESK, name="lot"),
    form_page(f"{LOT}join/", frameworks.join_lot, roles=KEEPERS, name="join_lot"),
    form_page(f"{LOT}members/<int:member_id>/leave/", frameworks.leave_lot, roles=KEEPERS, name="leave_lot"),
    page("commissioning/imports/", imports.import_list, roles=DESK, name="imports"),
    page("commissioning/imports/<int:run_id>/", imports.import_page, roles=DESK, name="import"),
    verb("commissioning/imports/register/", imports.upload_register, roles=DESK, name="upload_register"),
    verb("commissioning/imports/tracker/", imports.upload_tracker, roles=DESK, name="upload_tracker"),
    page(PREVIEW, imports.preview, roles=DESK, name="preview"),
    verb(f"{PREVIEW}confirm/", imports.confirm, roles=DESK, name="confirm_import"),
    *buying_urls.urlpatterns,
    *matching_urls.urlpatterns,
    *cost_check_urls.urlpatterns,
    *spending_urls.urlpatterns,
    *simulation_urls.urlpatterns,
    *sufficiency_urls.urlpatterns,
    *return_urls.urlpatterns,
    *case_system_urls.urlpatterns,
]
