"""What the record says of an item, the same on its page and in the papers."""

from __future__ import annotations

from datetime import datetime

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.document import Facts, Grid
from rightplace.journey.panels.models import PanelItem
from rightplace.journey.panels.reading import placements_so_far, read_item
from rightplace.journey.placements.models import Placement
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def cost_told(cast: Cast, placement: Placement, now: datetime) -> dict[str, str]:
    """What the papers say a placement that is looked at again costs."""
    item = PanelItem(authority=cast.croydon, placement=placement, title="Looked at again")
    with acting_as(cast.tessa):
        blocks = dict(read_item(cast.tessa, item, now).sections).get("What it costs", (Facts(()),))
    assert isinstance(blocks[0], Facts)
    return dict(blocks[0].rows)


def test_a_placement_looked_at_again_says_what_it_costs_by_the_contract_that_stands(cast: Cast) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    lived = datetime.combine(contract.placement.period.lower, NOW.timetz())
    told = cost_told(cast, contract.placement, lived)
    # £4,250 and six hours at £24.50, less two and a half per cent.
    assert told.pop("A week now") == "£4,287.08"
    ((stay, whole),) = told.items()
    assert stay.startswith("Whole stay, ") and whole.startswith("£")


def test_where_nothing_is_signed_nothing_is_told_of_cost(cast: Cast) -> None:
    assert cost_told(cast, make.contract_drafted(cast).placement, NOW) == {}


def test_a_placement_that_is_planned_is_open_and_one_that_runs_goes_to_now(cast: Cast) -> None:
    contract = make.contract_in_force(cast)

    def until() -> str:
        grid = placements_so_far([contract.placement.child_id], NOW.date())
        assert isinstance(grid, Grid)
        return grid.rows[-1][2]

    assert until() == "open"
    make.placement_started(cast, contract)
    assert until() == "now"
