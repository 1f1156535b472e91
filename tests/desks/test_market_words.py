"""The market's pages in their words: nothing known said once, one of a thing said as one, each lot's link its own, a way back."""

from __future__ import annotations

import pytest

from rightplace.desks.region.waits import tiles
from rightplace.oversight.waiting import Shared
from rightplace.register.frameworks.models import Framework, Lot
from rightplace.register.providers.models import Setting
from tests.cast import TODAY, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db


def test_a_provider_of_whom_nothing_is_known_says_so_once(cast: Cast) -> None:
    Setting.objects.filter(provider=cast.harbour).update(closed_on=TODAY)
    page = Visitor(cast.bola).opens(f"/providers/{cast.harbour.pk}/")
    page.sees("We have had nothing to do with this provider", "Not on record:")
    page.does_not_see("Our children there", "Homes and what is free", "Offers made", "No offer yet")


def test_a_concern_that_is_not_raised_after_all_leads_back_to_the_home(cast: Cast) -> None:
    page = Visitor(cast.bola).opens(f"/concerns/about/{cast.acorn_house.pk}/")
    page.follows("Cancel").sees(cast.acorn_house.name)


def test_one_authority_that_shares_is_said_as_one() -> None:
    assert tiles(Shared((), ("Sutton",)))[0].detail == "of 1 authority that shares"
    assert tiles(Shared((), ("Croydon", "Sutton")))[0].detail == "of 2 authorities that share"


def test_every_lot_of_one_market_has_a_link_of_its_own_name_and_prices_say_that_a_band_may_stay_empty(
    cast: Cast,
) -> None:
    market = Framework.objects.create(
        consortium=cast.croydon.consortium,
        name="Homes market",
        route="dynamic_market",
        starts_on=TODAY,
        ends_on=TODAY.replace(year=TODAY.year + 2),
    )
    for name in ("Small homes", "Homes with a school"):
        Lot.objects.create(framework=market, name=name, kind="residential")
    page = Visitor(cast.quinn).opens("/portal/markets/").follows("Homes with a school")
    page.sees("Leave it empty if you do not offer this band").does_not_see("(optional)")
