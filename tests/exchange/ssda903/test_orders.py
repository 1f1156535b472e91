"""Orders that deprive of liberty: told from the services that watch them, with what was imported beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from rightplace.core.services.particulars import Said
from rightplace.exchange.ssda903.entering import enter_row
from rightplace.exchange.ssda903.exporting import child_tables, make_return
from rightplace.exchange.ssda903.keeping import return_now
from rightplace.journey.packages import actions, running
from rightplace.journey.packages.actions import PackageGiven
from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.actions import keep_particulars
from rightplace.register.children.models import LegalStatus
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db
YEAR = 2027
NOW = make.LATER
TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)


@pytest.fixture
def watched(cast: Cast) -> Package:
    """A child in a placement with an order made today, and the service that watches it."""
    contract = make.placement_started(cast, make.contract_in_force(cast))
    begun = contract.placement.period.lower
    LegalStatus.objects.get_or_create(
        authority=cast.croydon, child_id=contract.child_id, defaults={"code": "C2", "period": (begun, None)}
    )
    given = PackageGiven(child_id=contract.child_id, kind_code="deprivation_of_liberty", needed_by=TODAY,
                         answers=("Doors are locked at night.", "Home by spring."))  # fmt: skip
    row = actions.ask_for_package(by=cast.sadia, now=NOW, given=given).done()
    return running.start_package(
        by=cast.sadia, now=NOW, package_id=row.pk, version=row.version, starts_on=TODAY
    ).done()


def kept_to(cast: Cast, row: Package, day: date) -> None:
    """The order runs out on a day."""
    row.refresh_from_db()
    keep_particulars(
        by=cast.sadia, now=NOW, package_id=row.pk, version=row.version, said_on=TODAY,
        said={"Order ends": Said("Order ends", on=day)},
    ).done()  # fmt: skip


def told(cast: Cast, on: date = TODAY) -> list[tuple[str, str]]:
    """The orders of the authority's return, from and to."""
    rows = make_return(cast.croydon, YEAR, taken_on=on).whole.tables.get("DoLo")
    return [] if rows is None else rows.select("DOLO_START", "DOLO_END").rows()


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def test_a_service_that_watches_an_order_is_a_row_of_the_return_and_nobody_types_it_again(
    cast: Cast, watched: Package
) -> None:
    assert told(cast) == [(written(TODAY), "")]
    rows = child_tables(cast.croydon, YEAR, watched.child_id, taken_on=TODAY)["DoLo"]
    assert [row["DOLO_START"] for row in rows] == [written(TODAY)]
    assert "DoLo" not in child_tables(cast.croydon, YEAR - 1, watched.child_id, taken_on=TODAY)


def test_an_order_ends_on_the_day_kept_for_it_once_that_day_has_come_or_later_where_it_was_renewed(
    cast: Cast, watched: Package
) -> None:
    kept_to(cast, watched, TODAY + 20 * DAY)
    assert told(cast) == [(written(TODAY), "")]
    assert told(cast, TODAY + 20 * DAY) == [(written(TODAY), written(TODAY + 20 * DAY))]
    kept_to(cast, watched, TODAY + 60 * DAY)
    assert told(cast, TODAY + 20 * DAY) == [(written(TODAY), "")]


def test_an_order_ends_with_its_service_whatever_was_kept(cast: Cast, watched: Package) -> None:
    kept_to(cast, watched, TODAY + 20 * DAY)
    watched.refresh_from_db()
    running.end_package(
        by=cast.sadia, now=NOW + 9 * DAY, package_id=watched.pk, version=watched.version, ended_on=TODAY + 8 * DAY,
        words="The court discharged it.",
    ).done()  # fmt: skip
    assert told(cast, TODAY + 30 * DAY) == [(written(TODAY), written(TODAY + 8 * DAY))]


def test_a_row_by_hand_stands_beside_it_but_not_of_the_same_order(cast: Cast, watched: Package) -> None:
    for start, end in ((TODAY, ""), (TODAY - 9 * DAY, written(TODAY - DAY))):
        enter_row(
            by=cast.ana, now=NOW, child_id=watched.child_id, year=YEAR, module="DoLo",
            cells={"DOLO_START": written(start), "DOLO_END": end},
        ).done()  # fmt: skip
    assert sorted(told(cast)) == sorted(
        [(written(TODAY), ""), (written(TODAY - 9 * DAY), written(TODAY - DAY))]
    )


def test_the_return_that_is_kept_is_made_anew_when_an_order_changes_and_on_another_day(
    cast: Cast, watched: Package
) -> None:
    before = return_now(cast.croydon, YEAR, today=TODAY)
    assert return_now(cast.croydon, YEAR, today=TODAY) is before
    kept_to(cast, watched, TODAY + 20 * DAY)
    assert return_now(cast.croydon, YEAR, today=TODAY) is not before
    assert return_now(cast.croydon, YEAR, today=TODAY + DAY) is not return_now(
        cast.croydon, YEAR, today=TODAY
    )
    after, later = (return_now(cast.croydon, YEAR, today=date(year, 7, 1)) for year in (2027, 2028))
    assert after is later, "a year that has ended is the same on every later day"
