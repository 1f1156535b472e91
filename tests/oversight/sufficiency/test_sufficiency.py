"""The forecast of an authority: from its own placements, kept while they are the same; scenarios are its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rightplace.core.forecasting.kinds import AGENCY, OWN, RESIDENTIAL, K, month_of
from rightplace.core.forecasting.scenarios import Scenario
from rightplace.core.forecasting.still_to_come import still_to_come
from rightplace.core.forecasting.summary import forecast_task, summary
from rightplace.core.forecasting.what_ifs import WHAT_IFS
from rightplace.core.periods import Period
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.placements.models import Placement
from rightplace.oversight.budgets.flow import flow_of
from rightplace.oversight.sufficiency import actions, queries
from rightplace.oversight.sufficiency.costs import explained_since, path_of, prices_of
from rightplace.oversight.sufficiency.forecasting import (
    Standing,
    compare,
    forecast_of,
    outcome_of,
    still_to_come_of,
    tasks_of_all,
)
from rightplace.oversight.sufficiency.history import record_of
from rightplace.oversight.sufficiency.legal import legal_counts
from rightplace.oversight.sufficiency.region import children_in_homes, sharing_areas
from rightplace.oversight.sufficiency.statements import (
    market_position_statement,
    statement_pdf,
    sufficiency_statement,
)
from rightplace.oversight.sufficiency.supply import miles_by_kind, own_carers, places_in_reach
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, Cast
from tests.lived import lived

pytestmark = pytest.mark.django_db
DAY_ZERO = date(1970, 1, 1)
TODAY = date(2021, 4, 15)


def test_the_record_is_the_placements_of_the_authority_and_the_forecast_begins_at_it(cast: Cast) -> None:
    assert forecast_of(cast.cora, TODAY) is None
    lived(cast.croydon)
    record = record_of(cast.croydon.pk, TODAY)
    assert record.until == int(month_of((TODAY - DAY_ZERO).days))
    assert not len(record_of(cast.sutton.pk, TODAY).child)
    base = forecast_of(cast.cora, TODAY)
    assert base is not None
    there = Placement.objects.filter(authority=cast.croydon, period__contains=date(2021, 4, 1)).count()
    assert base.combined.mean[0, K] == pytest.approx(there)
    assert base.scored, "five years are enough to test it on its own past"
    assert forecast_of(cast.cora, TODAY) is base, "kept as long as the record is the same"
    child = Placement.objects.filter(authority=cast.croydon).order_by("version", "pk")[0].child
    Child.objects.filter(pk=child.pk).update(is_uasc=not child.is_uasc)
    assert forecast_of(cast.cora, TODAY) is not base, "a child's facts are of the record"
    Child.objects.filter(pk=child.pk).update(is_uasc=child.is_uasc)
    assert forecast_of(cast.cora, TODAY) is base
    Placement.objects.filter(authority=cast.croydon, state="ended").first().delete()
    assert forecast_of(cast.cora, TODAY) is not base
    saved = actions.save_scenario(by=cast.cora, now=NOW, what_if=Scenario("Fewer come", entries=0.8)).done()
    today, fewer = compare(base, [saved.what_if], prices_of(cast.cora, TODAY))
    assert fewer.outcome.stock[:, 24].sum() < today.outcome.stock[:, 24].sum()
    assert fewer.case.saving_pence > 0
    assert today.miles is None and today.filled is None and today.block_filled is None, (
        "nothing is known of them"
    )


def test_beside_a_scenario_stand_how_full_places_are_how_far_children_live_and_how_often_they_move(
    cast: Cast,
) -> None:
    lived(cast.croydon)
    base = forecast_of(cast.cora, TODAY)
    assert base is not None
    more = Scenario("More own places", own_carers=20, carer_months=1)
    block = Scenario("A block", block_beds=4, block_weekly_pence=620_000)
    near, far = 4.0, 30.0
    standing = Standing({OWN: near, AGENCY: far}, 50)
    today, own, shared = compare(base, [more, block], prices_of(cast.cora, TODAY), standing)
    assert today.filled is not None and today.miles is not None
    assert today.filled == pytest.approx(today.outcome.stock[:, 11, OWN] / 50)
    assert own.filled == pytest.approx(own.outcome.stock[:, 11, OWN] / 70), "the scenario's own places count"
    assert (own.miles <= today.miles + 1e-9).all() and own.miles.mean() < today.miles.mean(), (
        "they live nearer"
    )
    assert (own.miles > near - 1e-9).all() and (own.miles < far).all()
    assert (today.moves > 0).all() and today.block_filled is None
    assert shared.block_filled == pytest.approx(1 - shared.outcome.empty[:, 11] / 4)


def test_a_scenario_is_kept_once_under_its_name_by_who_may_and_is_the_authority_s_own(cast: Cast) -> None:
    what_if = Scenario("Block of four", block_beds=4, block_weekly_pence=620_000)
    row = actions.save_scenario(by=cast.cora, now=NOW, what_if=what_if).done()
    assert queries.scenario(cast.cora, row.pk).what_if == what_if
    again = actions.save_scenario(by=cast.cora, now=NOW, what_if=what_if)
    assert [one.code for one in again.problems] == ["taken"]
    assert (
        actions.save_scenario(by=cast.sadia, now=NOW, what_if=Scenario("x")).problems[0].code == "not_yours"
    )
    assert actions.delete_scenario(by=cast.sadia, now=NOW, scenario_id=row.pk).problems[0].code == "not_yours"
    assert actions.delete_scenario(by=cast.cora, now=NOW, scenario_id=row.pk).is_done
    assert queries.scenario(cast.cora, row.pk) is None
    verbs = AuditEntry.objects.filter(subject="scenario").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["save_scenario", "delete_scenario"]


def test_every_ready_made_what_if_comes_back_as_it_was_kept(cast: Cast) -> None:
    for known in WHAT_IFS:
        row = actions.save_scenario(by=cast.cora, now=NOW, what_if=known.change).done()
        assert queries.scenario(cast.cora, row.pk).what_if == known.change


def test_a_shared_scenario_is_read_by_the_consortium_and_stays_its_authoritys(cast: Cast) -> None:
    row = actions.save_scenario(by=cast.cora, now=NOW, what_if=Scenario("Ours", entries=0.9)).done()
    assert not queries.shared_scenarios(cast.conrad).exists()
    refused = actions.share_scenario(by=cast.sadia, now=NOW, scenario_id=row.pk, is_shared=True)
    assert refused.problems[0].code == "not_yours"
    actions.share_scenario(by=cast.cora, now=NOW, scenario_id=row.pk, is_shared=True).done()
    assert list(queries.shared_scenarios(cast.conrad)) == list(queries.shared_scenarios(cast.brenda)) == [row]
    assert queries.scenario(cast.brenda, row.pk) is None
    other = replace(cast.cora, authority_id=cast.sutton.pk)
    gone = actions.share_scenario(by=other, now=NOW, scenario_id=row.pk, is_shared=False)
    assert gone.problems[0].code == "missing"
    actions.share_scenario(by=cast.cora, now=NOW, scenario_id=row.pk, is_shared=False).done()
    assert not queries.shared_scenarios(cast.conrad).exists()


def test_the_same_seed_gives_the_same_numbers_for_page_and_command(cast: Cast) -> None:
    lived(cast.croydon)
    (ours,) = [task for task in tasks_of_all(TODAY, 7) if task.name == cast.croydon.name]
    base = forecast_of(cast.cora, TODAY, seed=7)
    assert base is not None
    assert forecast_task(ours) == {"name": cast.croydon.name, **summary(base)}
    (empty,) = [task for task in tasks_of_all(TODAY, 7) if task.name == cast.sutton.name]
    assert forecast_task(empty)["months"] == []


def test_forecast_outturn_and_sufficiency_tell_one_truth(cast: Cast) -> None:
    lived(cast.croydon)
    first = Period(date(2021, 4, 1), date(2022, 4, 1)).by_month()
    base, coming = forecast_of(cast.cora, TODAY), still_to_come_of(cast.cora, TODAY, 11)
    assert base is not None and coming is not None and len(coming.there) == 11
    assert np.array_equal(coming.there, still_to_come(base, 11, 0.5).there), (
        "the forecast of the page, half of April left"
    )
    flow = flow_of(cast.cora, first, TODAY)
    nights = [part.nights for part in first[1:]]
    told = np.array([held for held, _ in flow.by_kind])
    assert np.allclose(told, np.array(nights) @ coming.there, atol=6), (
        "what the budget counts are these children"
    )
    assert still_to_come_of(cast.cora, TODAY, 0) is None and still_to_come_of(cast.brenda, TODAY, 11) is None


def test_a_scenario_is_drawn_once_while_record_and_prices_are_the_same(cast: Cast) -> None:
    lived(cast.croydon)
    base, prices, fewer = (
        forecast_of(cast.cora, TODAY),
        prices_of(cast.cora, TODAY),
        Scenario("Fewer", entries=0.5),
    )
    assert base is not None
    held = outcome_of(base, fewer, prices)
    assert outcome_of(base, Scenario("Fewer", entries=0.5), prices_of(cast.cora, TODAY)) is held
    assert outcome_of(base, replace(fewer, entries=0.6), prices) is not held
    assert outcome_of(base, fewer, replace(prices, growth=0.1, path=())) is not held
    assert outcome_of(replace(base), fewer, prices) is not held, "another forecast"


def test_legal_bases_and_distances_are_counted_on_the_day(cast: Cast) -> None:
    lived(cast.croydon)
    there = Placement.objects.filter(authority=cast.croydon, period__contains=TODAY)
    assert legal_counts(cast.croydon.pk, TODAY) == {"full": there.count()}
    assert not legal_counts(cast.sutton.pk, TODAY)
    assert miles_by_kind(cast.cora, TODAY).get(RESIDENTIAL, 15.0) == 15.0


def test_agreed_uplifts_count_from_their_dates_and_growth_from_the_april_after() -> None:
    path = path_of(date(2026, 1, 15), 0.03, {1: 100, 2: 300}, [(2, date(2026, 4, 1), 340)])
    assert path[:4] == pytest.approx((1.0, 1.0, 1.1, 1.1))
    assert path[14] == pytest.approx(1.1 * 1.03), "the next April"
    assert path_of(date(2026, 1, 15), 0.03, {}, [])[2] == pytest.approx(1.03)


def test_what_there_is_counts_own_carers_and_homes_in_reach(cast: Cast) -> None:
    own = own_carers(cast.cora, NOW.date())
    assert own.ahead.households >= 1
    assert own.filled + own.free + own.not_available == own.ahead.places
    assert {one.kind for one in places_in_reach(cast.cora, NOW.date())} >= {"Children's home", "Foster home"}


def test_the_region_sees_who_waits_where_profiles_are_shared(cast: Cast) -> None:
    make.market_open(cast)
    areas = sharing_areas(cast.conrad, NOW.date())
    assert all(one.under_18 > 0 for one in areas)
    assert {one.name for one in areas} <= {cast.croydon.name, cast.sutton.name}
    assert all(one.without <= one.waiting for one in areas)
    assert {one.name for one in children_in_homes(cast.conrad, NOW.date())} <= {
        cast.croydon.name,
        cast.sutton.name,
    }


def test_statements_are_made_again_from_the_data_and_the_same_data_give_the_same_bytes(cast: Cast) -> None:
    lived(cast.croydon)
    actions.save_scenario(by=cast.cora, now=NOW, what_if=Scenario("Fewer come", entries=0.8)).done()
    of = sufficiency_statement(cast.cora, TODAY)
    assert [part.heading for part in of.parts] == [
        "Children looked after", "What there is", "What is missing", "What is considered", "What it costs",
    ]  # fmt: skip
    content = statement_pdf(of)
    assert content.startswith(b"%PDF")
    assert content == statement_pdf(sufficiency_statement(cast.cora, TODAY))
    public = market_position_statement(cast.cora, TODAY)
    assert "What it costs" not in {part.heading for part in public.parts}
    assert statement_pdf(public).startswith(b"%PDF")
    assert statement_pdf(sufficiency_statement(cast.cora, date(1999, 1, 1))).startswith(b"%PDF"), (
        "nothing to say yet"
    )


def test_a_week_ago_and_now_differ_by_volume_mix_and_price_as_far_as_the_record_goes(cast: Cast) -> None:
    lived(cast.croydon)
    base = forecast_of(cast.cora, TODAY)
    assert base is not None
    stock, weekly = base.panel.stock().sum(axis=1), prices_of(cast.cora, TODAY).weekly_pence
    found = explained_since(cast.cora, base, TODAY, 12)
    assert found is not None
    assert found.before == pytest.approx(float(stock[-13] @ np.array(weekly)))
    assert found.before + sum(pence for _, pence in found.steps) == pytest.approx(found.after)
    assert found.after == pytest.approx(float(stock[-1] @ np.array(weekly)))
    assert explained_since(cast.cora, base, TODAY, len(stock)) is None
