"""Prices that hold on a day, summed and spread: whatever began, ended or has not begun, equal to counting them one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightplace.core.buying.need_prices import Priced
from rightplace.desks.layout.listing import Pages
from rightplace.oversight.market import together
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import how_many_stand, to_compare, usual_prices
from tests.cast import NOW, TODAY, Cast
from tests.visit import signed_in

pytestmark = pytest.mark.django_db
days = st.integers(-5, 5).map(lambda many: TODAY + timedelta(days=many))
drawn = st.lists(
    st.tuples(
        st.booleans(), st.booleans(), st.sampled_from(["framework", "spot", "block"]), st.integers(1, 9_999), days,
        st.none() | st.integers(0, 5),
    ),
    max_size=14,
)  # fmt: skip
MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Row = tuple[bool, bool, str, int, date, int | None]


def keep(cast: Cast, rows: list[Row]) -> list[AgreedPrice]:
    """Prices as drawn: of Croydon or Sutton, with Oakhouse or Harbour."""
    AgreedPrice.objects.all().delete()
    return AgreedPrice.objects.bulk_create(
        AgreedPrice(
            authority=cast.croydon if is_ours else cast.sutton, provider=cast.oakhouse if is_oak else cast.harbour,
            contract_number=number, home_kind="residential", route=route, band="core", weekly_pence=pence, starts_on=start,
            ends_on=None if nights is None else start + timedelta(days=nights),
        )
        for number, (is_ours, is_oak, route, pence, start, nights) in enumerate(rows)
    )  # fmt: skip


@given(rows=drawn)
@MANY
def test_what_is_bought_together_is_what_counting_finds(cast: Cast, rows: list[Row]) -> None:
    placed: Counter[int] = Counter()
    pence: Counter[str] = Counter()
    for one in keep(cast, rows):
        # Prices are not shared here: only the own ones count.
        if (
            one.authority_id == cast.croydon.pk
            and one.starts_on <= TODAY
            and (one.ends_on is None or one.ends_on > TODAY)
        ):
            placed[one.provider_id] += 1
            pence[one.route] += one.weekly_pence
    assert how_many_stand(cast.croydon.pk, [cast.oakhouse.pk, cast.harbour.pk], TODAY) == placed
    bought = together.bought(cast.cora, TODAY)
    year = together.year(cast.cora, bought, NOW)
    assert (year.placements, year.weekly_pence) == (placed.total(), pence.total())
    assert year.spot_share == pytest.approx(pence["spot"] / pence.total() if pence.total() else 0)
    spending, large = (
        together.spending(bought, 9),
        {key for key, many in placed.items() if many >= together.FEWEST},
    )
    assert {one.provider_id for one in spending.first} == large
    assert (
        spending.placements
        == sum(placed[key] for key in large)
        == sum(one.placements for one in spending.first)
    )
    assert spending.weekly_pence == sum(one.weekly_pence for one in spending.first)
    assert together.spending(bought, 1).placements == spending.placements


def test_of_fewer_than_five_prices_nothing_usual_is_said(cast: Cast) -> None:
    five: list[Row] = [(True, True, "spot", pence, TODAY, None) for pence in (100, 200, 300, 400, 500)]
    keep(cast, five[:4])
    assert usual_prices(cast.croydon.pk, TODAY) == {}
    keep(cast, five)
    assert usual_prices(cast.croydon.pk, TODAY) == {("residential", "core"): (200, 300, 400)}
    assert usual_prices(cast.croydon.pk, TODAY, {"foster"}) == {}


@given(rows=drawn)
@MANY
def test_prices_to_compare_are_those_that_hold_row_by_row(cast: Cast, rows: list[Row]) -> None:
    held = [
        one for one in keep(cast, rows)
        if one.authority_id == cast.croydon.pk and one.starts_on <= TODAY and (one.ends_on is None or one.ends_on > TODAY)
    ]  # fmt: skip
    found = [Priced(*row) for row in to_compare(cast.cora, "residential", TODAY).tolist()]
    assert sorted(found) == sorted((one.provider_id, one.weekly_pence, 0, one.age, 0) for one in held)


def test_prices_are_shown_beside_need(cast: Cast) -> None:
    keep(cast, [(True, place % 2 == 0, "spot", 300_000 + place, TODAY, None) for place in range(14)])
    page = signed_in(cast.cora).get("/commissioning/prices/beside-need/?kind=residential").content.decode()
    assert "14 prices hold today" in page
    assert cast.oakhouse.name in page and cast.harbour.name in page


def test_of_a_long_list_only_so_many_rows_are_counted_and_paged_through(cast: Cast) -> None:
    drawn_once: Row = (True, True, "spot", 100, TODAY, None)
    keep(cast, [drawn_once] * 60)
    rows = AgreedPrice.objects.order_by("-starts_on", "id")
    whole, cut, just = Pages(rows), Pages(rows, 30), Pages(rows, 60)
    assert (whole.count, whole.is_cut, whole.num_pages) == (60, False, 3)
    assert (cut.count, cut.is_cut, cut.num_pages) == (30, True, 2)
    assert (just.count, just.is_cut) == (60, False)
    assert b"of 60 prices" in signed_in(cast.cora).get("/commissioning/prices/").content
