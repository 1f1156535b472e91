"""Scenarios of the forecast in the demonstration, so that there is something to compare, and one that is shared."""

from rightplace.core.forecasting.what_ifs import WHAT_IFS
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.oversight.sufficiency.actions import save_scenario, share_scenario

KEPT = ("edge-of-care", "own-carers", "block", "rates")
SHARED = "block"


def keep_scenarios(office: Office) -> None:
    """The commissioner's scenarios, of the ready-made ones."""
    commissioner = office.who(roles.COMMISSIONER)
    kept = [one for one in WHAT_IFS if one.code in KEPT]
    for days, one in enumerate(kept):
        row = save_scenario(by=commissioner, now=office.ago(20 - days), what_if=one.change).done()
        if one.code == SHARED:
            share_scenario(by=commissioner, now=office.ago(19 - days), scenario_id=row.pk, is_shared=True).done()
