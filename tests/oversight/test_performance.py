"""Indicators of an authority, counted from the journey itself, through HTTP: who may open what, and what stands beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.foundation.reference.authorities import ENGLAND, authorities
from rightplace.foundation.reference.published import published, region_of, years_of
from rightplace.oversight.performance.publishing import printed_beside
from rightplace.oversight.performance.queries import indicators, opened
from rightplace.register.children.models import LegalStatus
from tests import make
from tests.cast import Cast
from tests.make import NEEDED_BY
from tests.visit import signed_in

SAMPLE = "three_or_more_placements"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast with Amber placed by the journey, looked after since."""
    contract = make.placement_started(cast, make.contract_in_force(cast))
    LegalStatus.objects.get_or_create(
        authority_id=contract.authority_id,
        child_id=contract.child_id,
        defaults={"code": "C2", "period": (NEEDED_BY, None)},
    )
    return cast


def test_a_placement_of_the_journey_moves_each_indicator_by_exactly_that(cast: Cast) -> None:
    on = NEEDED_BY + timedelta(days=30)
    rows = {row.indicator.code: row for row in indicators(cast.dev, on)}
    before = {row.indicator.code: row for row in indicators(cast.dev, NEEDED_BY - timedelta(days=1))}
    living = rows["own_provision"].now
    assert living.denominator == before["own_provision"].now.denominator + 1
    assert rows["offers_per_request"].now.figure
    assert rows["days_to_place"].now.numerator == 1
    assert rows[SAMPLE].trend[-1] == rows[SAMPLE].now.figure


def test_a_figure_opens_down_to_its_children_by_permission(cast: Cast) -> None:
    director = signed_in(cast.dev).get(f"/performance/{SAMPLE}/")
    commissioner = signed_in(cast.cora).get(f"/performance/{SAMPLE}/")
    assert "Counts" in director.content.decode()
    assert "Directors and performance analysts open the children" in commissioner.content.decode()
    assert (
        signed_in(cast.cora)
        .get(f"/performance/{SAMPLE}/?download=csv")
        .headers["Content-Type"]
        .startswith("text/html")
    )
    assert signed_in(cast.dev).get("/performance/no-such-thing/").status_code == 404


def test_the_list_names_every_indicator_and_downloads(cast: Cast) -> None:
    page = signed_in(cast.cora).get("/performance/").content.decode()
    for row in indicators(cast.dev, timezone.localdate()):
        assert row.indicator.name in page
    assert "Over 20 miles" in signed_in(cast.cora).get("/performance/?download=csv").content.decode()


def test_one_authority_never_counts_anothers_children(cast: Cast) -> None:
    other = opened(cast.brenda, SAMPLE, timezone.localdate())
    assert other is not None
    assert {one.child_id for one in other.children}.isdisjoint({cast.amber.pk, cast.jude.pk, cast.kiran.pk})


def test_printed_figures_are_as_printed_and_kept_back_ones_stay_so() -> None:
    row = published(SAMPLE, ENGLAND, 2025)
    assert row is not None
    assert (row.count, row.of, row.figure) == (8500, 81770, 10.0)
    kept_back = [
        published(code, area, 2025) for code in (SAMPLE, "long_term_stability") for area in authorities()
    ]
    assert any(one and one.mark == "c" and one.figure is None and one.count is None for one in kept_back)
    assert years_of(SAMPLE) == (2021, 2022, 2023, 2024, 2025)


def test_londons_printed_count_is_that_of_its_boroughs_rounded_to_ten(cast: Cast) -> None:
    boroughs = [code for code, facts in authorities().items() if facts.region == "London"]
    rows = [published("looked_after_rate", code, 2025) for code in boroughs]
    total = sum(row.count for row in rows if row and row.count is not None)
    london = published("looked_after_rate", region_of(boroughs[0]), 2025)
    assert london is not None
    assert london.count == round(total, -1)
    assert printed_beside(boroughs[0]).beside("looked_after_rate", boroughs[0], 2025)["region"] == london.figure
