"""The forecast of an authority: from its own placements, kept while they are the same; scenarios are its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.forecasting.episodes import OPEN
from rightplace.core.forecasting.kinds import K, month_of
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.scenarios import Scenario
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.placements.models import Placement
from rightplace.oversight.sufficiency import actions, queries
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import compare, forecast_of
from rightplace.oversight.sufficiency.history import record_of
from rightplace.register.children.models import Child
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
CODES = (
    ("U6", "PR1"),
    ("U6", "PR4"),
    ("U1", "PR1"),
    ("K2", "PR4"),
    ("H5", "PR4"),
    ("P1", "PR0"),
    ("R2", "PR3"),
)
DAY_ZERO = date(1970, 1, 1)
TODAY = date(2021, 4, 15)


def day(number: int) -> date:
    return DAY_ZERO + timedelta(days=number)


def lived(cast: Cast, children: int = 25) -> None:
    """A made record of five years as placements of Croydon: rows as an import of returns leaves them."""
    made = make(Made(children, "steady", 60, 5))
    born = {int(c): (int(b), int(g)) for c, b, g in zip(made.child, made.born, made.group, strict=True)}
    kept = {
        number: Child(
            authority=cast.croydon, local_number=f"F{number}", sex="F", is_uasc=bool(group),
            born_on=date(month // 12, month % 12 + 1, 1), is_synthetic=True,
        )
        for number, (month, group) in born.items()
    }  # fmt: skip
    Child.objects.bulk_create(kept.values())
    rows = zip(made.child, made.start, made.end, made.kind, strict=True)
    Placement.objects.bulk_create(
        Placement(
            authority=cast.croydon, child=kept[int(child)], state="started" if end == OPEN else "ended",
            period=DateRange(day(int(start)), None if end == OPEN else day(int(end))), place_code=CODES[kind][0],
            provider_code=CODES[kind][1], source="ssda903",
        )
        for child, start, end, kind in rows
    )  # fmt: skip


def test_the_record_is_the_placements_of_the_authority_and_the_forecast_begins_at_it(cast: Cast) -> None:
    assert forecast_of(cast.cora, TODAY) is None
    lived(cast)
    record = record_of(cast.croydon.pk, TODAY)
    assert record.until == int(month_of((TODAY - DAY_ZERO).days))
    assert not len(record_of(cast.sutton.pk, TODAY).child)
    base = forecast_of(cast.cora, TODAY)
    assert base is not None
    there = Placement.objects.filter(authority=cast.croydon, period__contains=date(2021, 4, 1)).count()
    assert base.combined.mean[0, K] == pytest.approx(there)
    assert base.scored, "five years are enough to test it on its own past"
    assert forecast_of(cast.cora, TODAY) is base, "kept as long as the record is the same"
    Placement.objects.filter(authority=cast.croydon, state="ended").first().delete()
    assert forecast_of(cast.cora, TODAY) is not base
    saved = actions.save_scenario(by=cast.cora, now=NOW, what_if=Scenario("Fewer come", entries=0.8)).done()
    today, fewer = compare(base, [saved.what_if], prices_of(cast.cora, TODAY))
    assert fewer.outcome.stock[:, 24].sum() < today.outcome.stock[:, 24].sum()
    assert fewer.case.saving_pence > 0


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
