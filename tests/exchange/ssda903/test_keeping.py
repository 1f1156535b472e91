"""The return that is kept: the same as made anew, at any time, whatever changes and whoever looks."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.utils import timezone

from rightplace.demo.returns import state_returns
from rightplace.exchange.sheets import HandedFile
from rightplace.exchange.ssda903.exporting import Made, hold_rows, left_out, make_return
from rightplace.exchange.ssda903.giving import give_return
from rightplace.exchange.ssda903.keeping import return_now
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.queries import may_be_named
from rightplace.foundation.safeguards.restricting import name_person
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import NOW, Cast
from tests.security.test_restricted import restricted

pytestmark = pytest.mark.django_db
YEAR = 2027


@pytest.fixture
def lived(cast: Cast) -> Placement:
    """A child who moved in, with a legal status."""
    contract = make.placement_started(cast, make.contract_in_force(cast))
    begun = contract.placement.period.lower
    LegalStatus.objects.get_or_create(
        authority=cast.croydon, child_id=contract.child_id, defaults={"code": "C2", "period": (begun, None)}
    )
    return Placement.objects.get(pk=contract.placement_id)


def now_of(authority: Authority) -> Made:
    """The return that is kept."""
    return return_now(authority, YEAR, today=NOW.date())


def told(authority: Authority, *, is_new: bool = False) -> tuple[object, ...]:
    """What a return says: every row, and what the rules found."""
    made = make_return(authority, YEAR, taken_on=NOW.date()) if is_new else now_of(authority)
    rows = {table: frame.rows() for table, frame in made.whole.tables.items()}
    return rows, made.children, sorted(made.ruling.passed), made.ruling.failing


def test_it_is_made_once_and_again_after_any_change_and_always_says_what_a_new_one_says(
    cast: Cast, lived: Placement
) -> None:
    authority = cast.croydon
    assert now_of(authority) is now_of(authority)
    changes = [
        lambda: Child.objects.filter(pk=lived.child_id).update(ethnicity="WBRI"),
        lambda: Placement.objects.filter(pk=lived.pk).update(place_code="U4"),
        lambda: Placement.objects.filter(pk=lived.pk).update(place_code="K2"),
        lambda: LegalStatus.objects.filter(child_id=lived.child_id).update(code="V2"),
        lambda: ReturnRow.objects.create(
            authority=authority, child_id=lived.child_id, year=YEAR, module="Missing", position=0, stated_at=NOW,
            stated_by="-", cells={"MISSING": "M", "MIS_START": "01/06/2026", "MIS_END": "02/06/2026"},
        ),
        lambda: ReturnRow.objects.all().delete(),
        lambda: Setting.objects.filter(pk=lived.setting_id).update(closed_on=date(2020, 1, 1)),
    ]  # fmt: skip
    for change in changes:
        before = now_of(authority)
        change()
        assert now_of(authority) is not before
        assert told(authority) == told(authority, is_new=True)


def test_a_reader_who_may_not_open_a_child_is_never_shown_what_another_was(
    cast: Cast, lived: Placement
) -> None:
    with acting_as(cast.ana):
        assert lived.child.local_number in now_of(cast.croydon).children
    restricted(cast)
    with acting_as(cast.ana):
        assert lived.child.local_number not in now_of(cast.croydon).children


def test_the_demonstration_names_a_social_worker_for_every_child_in_both_years(
    cast: Cast, lived: Placement
) -> None:
    state_returns(cast.croydon.pk, NOW)
    made = make_return(cast.croydon, YEAR)
    assert made.whole.heights["SWEpisodes"] == made.whole.heights["Header"] > 0
    assert "SW12STG2" in made.ruling.passed
    assert not [code for code in made.ruling.failing if code.startswith("SW")]


def test_who_may_not_see_a_restricted_case_is_told_that_the_return_is_in_part_until_named_for_it(
    cast: Cast, lived: Placement
) -> None:
    def given() -> HandedFile:
        return give_return(by=cast.ana, now=timezone.now(), authority=cast.croydon, year=YEAR).done()

    with acting_as(cast.ana):
        assert left_out(cast.croydon, YEAR) == 0
        assert "in-part" not in given().name
    restriction = restricted(cast)
    with acting_as(cast.ana):
        assert left_out(cast.croydon, YEAR) == 1
        assert given().name.endswith("-in-part.zip")
    assert "without 1 of restricted cases" in AuditEntry.objects.filter(verb="export").latest("pk").words
    assert cast.ana.person_id in {one.user_id for one in may_be_named(cast.iggy, on=timezone.localdate())}
    name_person(
        by=cast.iggy,
        now=timezone.now(),
        restriction_id=restriction.pk,
        version=restriction.version,
        user_id=cast.ana.person_id,
        why="Sends the return.",
    ).done()
    with acting_as(cast.ana):
        assert left_out(cast.croydon, YEAR) == 0
        assert lived.child.local_number in now_of(cast.croydon).children
        assert "in-part" not in given().name


def test_rows_of_a_restricted_case_stay_when_somebody_else_holds_the_module_again(cast: Cast) -> None:
    reviews = pl.DataFrame(
        {
            "CHILD": [one.local_number for one in (cast.amber, cast.jude)],
            "REVIEW": ["01/06/2026"] * 2,
            "REVIEW_CODE": ["PN1"] * 2,
        }
    )
    ids = {one.local_number: one.pk for one in (cast.amber, cast.jude)}
    given = {"by": "-", "now": NOW, "ids": ids}
    with acting_as(system_actor(authority_id=cast.croydon.pk)):
        hold_rows(cast.croydon, YEAR, {"Reviews": reviews}, **given)
    restricted(cast, cast.sadia)
    with acting_as(cast.ana):
        hold_rows(cast.croydon, YEAR, {"Reviews": reviews.tail(1)}, **given)
    held = ReturnRow.objects.order_by("position").values_list("child_id", "module")
    assert list(held) == [(cast.amber.pk, "Reviews"), (cast.jude.pk, "Reviews")]
