"""Scenarios of the forecast in the demonstration, so that there is something to compare."""

from rightplace.core.forecasting.kinds import RESIDENTIAL, K
from rightplace.core.forecasting.scenarios import Scenario
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.oversight.sufficiency.actions import save_scenario

RENEGOTIATED = tuple(0.92 if kind == RESIDENTIAL else 1.0 for kind in range(K))
SCENARIOS = (
    Scenario("Edge-of-care service", entries=0.9, yearly_pence=45_000_000),
    Scenario("Twelve more own foster places", own_carers=12, yearly_pence=18_000_000),
    Scenario("A block of four beds", block_beds=4, block_weekly_pence=620_000),
    Scenario("Homes renegotiated by 8 per cent", price_factor=RENEGOTIATED),
)


def keep_scenarios(office: Office) -> None:
    """The commissioner's scenarios."""
    commissioner = office.who(roles.COMMISSIONER)
    for days, one in enumerate(SCENARIOS):
        save_scenario(by=commissioner, now=office.ago(20 - days), what_if=one).done()
