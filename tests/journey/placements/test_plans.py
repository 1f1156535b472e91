"""The placement plan: recorded once agreed, due by law within five working days of the start, told of until it is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.journey.placements import actions
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.plans import plan_due_on, plans_missing
from rightplace.oversight.performance.alerts import alerts
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.visit import signed_in

DAY = timedelta(days=1)


@pytest.fixture
def living(cast: Cast) -> Placement:
    """Amber's placement at Acorn House, started."""
    return make.placement_started(cast, make.contract_in_force(cast)).placement


def recorded(cast: Cast, row: Placement, agreed_on: object = TODAY) -> Placement:
    """The plan of the placement, agreed on a day."""
    row.refresh_from_db()
    return actions.record_plan(
        by=cast.sadia, now=NOW, placement_id=row.pk, version=row.version, agreed_on=agreed_on
    ).done()


def test_a_plan_is_due_five_working_days_after_the_start_whatever_bank_holidays_lie_between(
    living: Placement,
) -> None:
    for starts_on, due in (("2026-03-02", "2026-03-09"), ("2026-04-01", "2026-04-10")):
        living.period = (date.fromisoformat(starts_on), None)
        Placement.objects.filter(pk=living.pk).update(period=living.period)
        living.refresh_from_db()
        assert str(plan_due_on(living)) == due


def test_a_placement_that_came_with_an_import_or_has_ended_is_asked_for_none(living: Placement) -> None:
    living.source = "import"
    assert plan_due_on(living) is None
    living.source, living.state = "journey", "ended"
    assert plan_due_on(living) is None


def test_before_the_rule_held_no_day_was_set(living: Placement) -> None:
    Placement.objects.filter(pk=living.pk).update(period=(date(2009, 1, 1), None))
    living.refresh_from_db()
    assert plan_due_on(living) is None


def test_a_plan_may_be_recorded_before_the_child_comes_but_not_before_it_is_agreed(cast: Cast) -> None:
    planned = make.contract_drafted(cast).placement
    refused = actions.record_plan(
        by=cast.sadia, now=NOW, placement_id=planned.pk, version=planned.version, agreed_on=TODAY + DAY
    )
    assert [(one.code, one.field) for one in refused.problems] == [("future", "agreed_on")]
    assert recorded(cast, planned).plan_agreed_on == TODAY


def test_a_missing_plan_is_told_of_with_its_day_until_it_is_recorded(cast: Cast, living: Placement) -> None:
    def told() -> list[tuple[str, object]]:
        found = alerts(cast.dev, living.period.lower)
        return [(one.page, one.due_on) for one in found if (one.kind, one.key) == ("plan", living.pk)]

    assert told() == [("placement", plan_due_on(living))]
    assert not plans_missing(cast.brenda).exists(), "another authority's"
    recorded(cast, living)
    assert told() == []


def test_the_page_says_by_when_the_plan_is_due_then_when_it_was_agreed(cast: Cast, living: Placement) -> None:
    page = f"/placements/{living.pk}/"
    before = signed_in(cast.sadia).get(page).content.decode()
    assert "Not recorded" in before and "due by law on" in before
    recorded(cast, living)
    after = signed_in(cast.sadia).get(page).content.decode()
    assert f"Agreed on {TODAY:%-d %B %Y}" in after and "Not recorded" not in after
