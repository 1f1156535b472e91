"""The terms of a framework bind: who buys from which day to which, where homes may lie, ceilings, discounts, price review."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightplace.foundation.access import roles
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.drafting import agreed_discounts, line_given
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.offers.lot_terms import OfferTerms
from rightplace.journey.search.snapshot import market_for
from rightplace.register.buying import plans, uplifts
from rightplace.register.buying.weighing import weighed
from rightplace.register.frameworks import terms
from rightplace.register.frameworks.models import Framework, Joining, Lot, LotMember
from rightplace.register.frameworks.queries import approved, consortium_of, terms_of_lots
from rightplace.register.providers.models import Setting
from rightplace.register.providers.queries import key_of
from tests import make
from tests.cast import NOW, TODAY, Cast, person

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
DAYS = st.integers(-30, 30).map(lambda many: TODAY + timedelta(days=many))
MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lot_of_oakhouse(cast: Cast) -> Lot:
    return LotMember.objects.get(provider=cast.oakhouse, lot__kind="residential").lot


def buys(cast: Cast, authority_id: int, on: date) -> bool:
    known = approved(consortium_of(authority_id), on, authority_id)
    return (cast.oakhouse.pk, "residential") in known


@given(joined=DAYS, left=st.none() | DAYS, on=DAYS)
@MANY
def test_a_member_buys_from_the_day_it_joins_until_the_day_it_leaves_and_no_other_does(
    cast: Cast, joined: date, left: date | None, on: date
) -> None:
    framework = lot_of_oakhouse(cast).framework
    Joining.objects.filter(framework=framework).delete()
    begun = terms.join_framework(
        by=cast.cora, now=NOW, framework_id=framework.pk, member_id=cast.croydon.pk, joined_on=joined
    ).done()
    gone: Outcome[Joining] | None = None
    if left is not None:
        gone = terms.leave_framework(
            by=cast.cora, now=NOW, framework_id=framework.pk, joining_id=begun.pk, left_on=left
        )
        assert gone.is_done == (left >= joined)
    is_over = gone is not None and gone.is_done and left is not None and on >= left
    assert buys(cast, cast.croydon.pk, on) == (joined <= on and not is_over)
    assert not buys(cast, cast.sutton.pk, on), "once a member is named, a non-member buys nothing from it"


def test_a_home_outside_the_regions_of_its_lot_is_spot(cast: Cast) -> None:
    lot = lot_of_oakhouse(cast)
    Setting.objects.filter(pk=cast.acorn_house.pk).update(region="London")
    Setting.objects.filter(pk=cast.beech_house.pk).update(region="South East")
    wrong = terms.set_regions(by=cast.cora, now=NOW, lot_id=lot.pk, regions=["Atlantis"])
    assert [one.code for one in wrong.problems] == ["region"]

    def framework_of(home: Setting) -> int:
        market = market_for(cast.croydon.pk, TODAY)
        return int(market.framework[market.row_of_key[key_of(home.pk)]])

    assert (framework_of(cast.acorn_house), framework_of(cast.beech_house)) == (1, 1)
    terms.set_regions(by=cast.cora, now=NOW, lot_id=lot.pk, regions=["London"]).done()
    assert (framework_of(cast.acorn_house), framework_of(cast.beech_house)) == (1, 0)
    route = approved(lot.framework.consortium_id, TODAY)[cast.oakhouse.pk, "residential"]
    assert route.covers("London") and route.covers("") and not route.covers("South East")
    terms.set_regions(by=cast.cora, now=NOW, lot_id=lot.pk, regions=[]).done()
    assert framework_of(cast.beech_house) == 1


def test_ceilings_and_the_highest_step_of_each_discount_are_read_beside_an_offer(cast: Cast) -> None:
    lot = lot_of_oakhouse(cast)
    who = {"by": cast.cora, "now": NOW, "lot_id": lot.pk}
    terms.set_ceiling(**who, band="core", weekly_pence=450_000, starts_on=TODAY - YEAR).done()
    terms.set_ceiling(**who, band="core", weekly_pence=470_000, starts_on=TODAY).done()
    for kind, at_least, points in (("siblings", 2, 500), ("siblings", 3, 800), ("long_stay", 52, 200)):
        terms.agree_discount(**who, kind=kind, at_least=at_least, basis_points=points).done()
    of = (lot.pk,)
    agreed = terms_of_lots([of], "core", TODAY)[of]
    assert terms_of_lots([of], "core", TODAY - timedelta(days=1))[of].ceiling_pence == 450_000
    assert agreed.ceiling_pence == 470_000
    assert not agreed.reached({"siblings": 1, "long_stay": 51}).discounts
    three = agreed.reached({"siblings": 3, "long_stay": 60})
    assert sorted(one.basis_points for one in three.discounts) == [200, 800]
    shown = OfferTerms("Homes", "Core", three)
    assert shown.reading(470_001, True) == "Above the ceiling"
    assert shown.reading(470_000, False) == "Without the discount agreed"
    assert shown.reading(470_000, True) == "Keeps to the terms"
    assert "8% off for 3 brothers and sisters or more" in shown.words


def test_a_discount_that_was_reached_stands_in_the_contract_though_the_offer_left_it_out(cast: Cast) -> None:
    lot = lot_of_oakhouse(cast)
    for kind, at_least, points in (("volume", 1, 250), ("siblings", 2, 900)):
        terms.agree_discount(
            by=cast.cora, now=NOW, lot_id=lot.pk, kind=kind, at_least=at_least, basis_points=points
        ).done()
    row = make.contract_drafted(cast, lines=(LineGiven("core_fee", "week", 450_000),))
    version = row.versions.get()
    (less,) = version.lines.filter(kind="discount")
    assert (less.unit, less.basis_points) == ("percent", 250)
    assert less.words.startswith(lot.framework.name)
    offer = row.placed.offer
    assert offer is not None
    offered = [line_given(line) for line in offer.lines.all()]
    own = LineGiven("discount", "percent", basis_points=100)
    known = (row.ends_on, TODAY)
    assert [one.basis_points for one in agreed_discounts(row.placed, offered, *known)] == [250]
    assert agreed_discounts(row.placed, [*offered, own], *known) == []
    LotMember.objects.update(suspended_on=TODAY)
    assert agreed_discounts(row.placed, offered, *known) == []


def test_no_uplift_is_agreed_above_the_price_review_of_a_framework_it_stands_on(cast: Cast) -> None:
    seth = person("Seth Boateng", roles.COMMISSIONER, authority=cast.sutton)
    framework = lot_of_oakhouse(cast).framework
    Framework.objects.filter(pk=framework.pk).update(ends_on=TODAY + 3 * YEAR)
    framework.refresh_from_db()
    terms.keep_terms(
        by=cast.cora, now=NOW, framework_id=framework.pk, version=framework.version, about="", review_month=4,
        review_index="cpi", review_most_basis_points=300,
    ).done()  # fmt: skip
    plans.lead_provider(
        by=seth, now=NOW, provider_id=cast.oakhouse.pk, lead_id=cast.sutton.pk, starts_on=TODAY
    ).done()
    row = uplifts.ask_uplift(
        by=cast.priya, now=NOW, consortium_id=framework.consortium_id, asked_basis_points=600, from_on=TODAY + YEAR,
        reason="Wages.",
    ).done()  # fmt: skip
    assert [(one.month, one.most_basis_points) for one in weighed(row).limits] == [(4, 300)]
    deal = {
        "now": NOW,
        "uplift_id": row.pk,
        "version": row.version,
        "from_on": TODAY + YEAR,
        "reason": "Index.",
    }
    refused = uplifts.agree_uplift(by=seth, basis_points=301, **deal)
    assert [one.code for one in refused.problems] == ["above_the_rule"]
    assert uplifts.agree_uplift(by=seth, basis_points=300, **deal).is_done


def test_who_keeps_no_framework_changes_no_terms(cast: Cast) -> None:
    lot = lot_of_oakhouse(cast)
    joining = terms.join_framework(
        by=cast.cora, now=NOW, framework_id=lot.framework_id, member_id=cast.croydon.pk, joined_on=TODAY
    ).done()
    for by in (cast.bola, cast.priya):
        assert not terms.set_regions(by=by, now=NOW, lot_id=lot.pk, regions=["London"]).is_done
        left = {"framework_id": lot.framework_id, "joining_id": joining.pk, "left_on": TODAY}
        assert not terms.leave_framework(by=by, now=NOW, **left).is_done
