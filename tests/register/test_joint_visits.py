"""Two authorities visit a home together: one writes up, both have a visit of their own, and off means off."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.register.visits import actions, joining, queries
from rightplace.register.visits.models import Visit, VisitFinding
from tests.cast import NOW, TODAY, Cast, person
from tests.register.test_visits import DAY, planned, written
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(cast: Cast) -> Actor:
    """A commissioner of Sutton, with which Croydon shares its concerns."""
    return person("Rhea Reed", "commissioner", authority=cast.sutton)


def shared(cast: Cast) -> Visit:
    visit = planned(cast, setting_id=cast.acorn_house.pk)
    return actions.share_visit(by=cast.cora, now=NOW, visit_id=visit.pk, version=visit.version).done()


def joined(by: Actor, visit: Visit) -> Outcome[Visit]:
    with acting_as(by):
        return joining.join_visit(by=by, now=NOW, visit_id=visit.pk)


def taken(by: Actor, visit: Visit) -> Outcome[Visit]:
    with acting_as(by):
        return joining.take_findings(by=by, now=NOW, visit_id=visit.pk, version=visit.version)


def end_sharing(cast: Cast) -> None:
    SharingAgreement.objects.filter(authority=cast.croydon).update(ended_at=NOW)


def test_who_comes_along_has_a_visit_of_their_own_and_types_nothing_twice(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    assert own.authority_id == cast.sutton.pk and own.planned_on == lead.planned_on
    assert Notice.objects.filter(words__contains="comes along", link=f"/visits/{lead.pk}/").exists()
    assert taken(sam, own).problems[0].code == "nothing_to_take"
    lead.refresh_from_db()
    written(cast, lead)
    own = taken(sam, own).done()
    assert (own.state, own.visited_on, own.judgement) == ("done", TODAY, "actions")
    assert VisitFinding.objects.count() == 1
    with acting_as(sam):
        read = joining.lead_of(sam, own)
        assert read is not None and [one.area for one in read.findings.all()] == ["safety"]
        assert [one.words for one in read.actions.all()] == ["Mend the stairs"]
    with acting_as(cast.cora):
        assert [one.pk for one in joining.companions(cast.cora, lead)] == [own.pk]


def test_the_home_reads_a_joint_visit_once(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    lead.refresh_from_db()
    written(cast, lead)
    taken(sam, own).done()
    with acting_as(cast.priya):
        assert [one.pk for one in queries.visits(cast.priya)] == [lead.pk]


def test_a_visit_is_joined_once_by_others_and_only_while_it_is_planned_and_shared(
    cast: Cast, sam: Actor
) -> None:
    kept = planned(cast, setting_id=cast.beech_house.pk)
    assert joined(sam, kept).problems[0].code == "missing"
    lead = shared(cast)
    assert joined(cast.cora, lead).problems[0].code == "not_to_join"
    assert joined(cast.brenda, lead).problems
    joined(sam, lead).done()
    assert joined(sam, lead).problems[0].code == "not_to_join"


def test_off_means_off(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    lead.refresh_from_db()
    written(cast, lead)
    end_sharing(cast)
    assert taken(sam, own).problems[0].code == "nothing_to_take"
    with acting_as(sam):
        assert joining.lead_of(sam, own) is None
        assert not VisitFinding.objects.filter(visit=lead).exists()
    page = Visitor(sam).opens(f"/visits/{own.pk}/")
    page.sees("does not share its visits with us now").does_not_see("Well kept.", "Mend the stairs")


def test_the_pages_lead_through_a_joint_visit(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    page = Visitor(sam).opens(f"/visits/{lead.pk}/").sees("Come along")
    page.presses("Come along").sees("You come along", "writes up what you find together", "Do not come along")
    own = Visit.objects.get(joined=lead)
    Visitor(cast.cora).opens(f"/visits/{lead.pk}/").sees("Going together", own.reference, "Write it up")
    lead.refresh_from_db()
    written(cast, lead)
    page = Visitor(sam).opens(f"/visits/{own.pk}/").sees("Take what was found")
    page.presses("Take what was found").sees("Well kept.", "Mend the stairs", "Taken over")


def told(authority: int, link: str) -> list[str]:
    return list(
        Notice.objects.filter(authority_id=authority, link=link)
        .order_by("pk")
        .values_list("words", flat=True)
    )


def moved(cast: Cast, lead: Visit, on: date) -> None:
    lead.refresh_from_db()
    with acting_as(cast.cora):
        actions.move_visit(
            by=cast.cora, now=NOW, visit_id=lead.pk, version=lead.version, planned_on=on
        ).done()


def dropped(by: Actor, visit: Visit) -> None:
    visit.refresh_from_db()
    with acting_as(by):
        actions.drop_visit(by=by, now=NOW, visit_id=visit.pk, version=visit.version, reason="Ill").done()


def test_who_comes_along_hears_of_another_day_and_that_it_is_written_up(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    moved(cast, lead, TODAY + 3 * DAY)
    page = Visitor(sam).opens(f"/visits/{own.pk}/")
    page.sees("Your own visit says", "Write it up ourselves")
    lead.refresh_from_db()
    written(cast, lead)
    first, second = told(cast.sutton.pk, f"/visits/{own.pk}/")
    assert "is on" in first and second.endswith("is written up")


def test_nobody_waits_at_the_door_for_who_does_not_come(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    dropped(sam, own)
    assert told(cast.croydon.pk, f"/visits/{lead.pk}/")[-1].startswith("Sutton does not come along")
    dropped(cast.cora, lead)
    assert not told(cast.sutton.pk, f"/visits/{own.pk}/")


def test_who_is_shared_with_no_more_hears_no_more(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    own = joined(sam, lead).done()
    end_sharing(cast)
    moved(cast, lead, TODAY + 3 * DAY)
    assert not told(cast.sutton.pk, f"/visits/{own.pk}/")


def test_the_home_hears_the_day_of_an_announced_visit_each_time_it_changes(cast: Cast, sam: Actor) -> None:
    lead = shared(cast)
    joined(sam, lead).done()
    moved(cast, lead, TODAY + 3 * DAY)
    dropped(cast.cora, lead)
    words = list(
        Notice.objects.filter(provider=cast.acorn_house.provider, link="/portal/visits/")
        .order_by("pk")
        .values_list("words", flat=True)
    )
    name = cast.acorn_house.name
    assert [one.split(" on ")[0] for one in words] == [
        f"Croydon visits {name}", f"Croydon now visits {name}", f"Croydon does not visit {name}",
    ]  # fmt: skip


def test_an_unannounced_visit_is_told_to_nobody(cast: Cast) -> None:
    visit = actions.plan_visit(
        by=cast.cora, now=NOW, kind="unannounced", why="Due", planned_on=TODAY, setting_id=cast.acorn_house.pk
    ).done()
    moved(cast, visit, TODAY + 3 * DAY)
    dropped(cast.cora, visit)
    assert not Notice.objects.filter(provider=cast.acorn_house.provider, link="/portal/visits/").exists()
