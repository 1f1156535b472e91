"""Every look is kept, marked and found again; too many in an hour stop; every month somebody goes through all accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.record import look
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.organisations.models import Team
from rightplace.foundation.safeguards import reviewing
from rightplace.foundation.safeguards.looks import LookFilters, looks
from rightplace.foundation.safeguards.models import AccessReview
from rightplace.foundation.safeguards.watching import TooManyLooks, looks_limit
from rightplace.journey.placements.queries import of_ones_own, placements
from rightplace.register.children.models import Child
from rightplace.register.children.queries import child_file
from tests import make
from tests.cast import TODAY, Cast
from tests.security.entering import post, signed_in


def _opened(cast: Cast, who: str, child: Child) -> None:
    actor = getattr(cast, who)
    with acting_as(actor):
        child_file(actor, child.pk, now=timezone.now())


def test_a_look_outside_ones_team_is_marked_and_asks_for_nothing(cast: Cast) -> None:
    other = Team.objects.create(authority=cast.croydon, name="Children Looked After 2")
    Child.objects.filter(pk=cast.amber.pk).update(team=other, social_worker=None)
    for who in ("sadia", "bola"):
        _opened(cast, who, cast.amber)
    _opened(cast, "sadia", cast.jude)
    marked = {(e.actor_name, e.child_id): "outside_team" in e.details for e in AuditEntry.objects.filter(is_look=True)}
    assert marked == {
        ("Sadia Rahman", cast.amber.pk): True,
        ("Sadia Rahman", cast.jude.pk): False,
        # A broker works for all teams.
        ("Bola Adeyemi", cast.amber.pk): False,
    }


def test_ones_own_child_in_another_team_is_no_look_outside(cast: Cast) -> None:
    other = Team.objects.create(authority=cast.croydon, name="Children Looked After 2")
    Child.objects.filter(pk=cast.amber.pk).update(team=other)
    _opened(cast, "sadia", cast.amber)
    assert "outside_team" not in AuditEntry.objects.get(is_look=True).details


def test_looks_are_found_by_person_child_day_and_kind(cast: Cast) -> None:
    _opened(cast, "sadia", cast.amber)
    _opened(cast, "bola", cast.amber)
    _opened(cast, "bola", cast.jude)
    today = timezone.localdate()

    def found(**wanted: object) -> int:
        with acting_as(cast.iggy):
            return looks(cast.iggy, LookFilters(**wanted)).count()

    assert found() == 3
    assert found(words="bola") == 2
    assert found(child_number="1001") == 2
    assert found(child_number="nobody") == 0
    assert found(person_id=cast.sadia.user_id) == 1
    assert found(since=today, until=today) == 3
    assert found(since=today + timedelta(days=1)) == 0
    assert found(kind="outside") == 0


def test_the_page_names_no_child_and_comes_as_a_file(cast: Cast) -> None:
    _opened(cast, "sadia", cast.amber)
    client = signed_in(cast.iggy)
    for address in ("/governance/looks/", "/governance/looks/?child=1001&download=csv"):
        body = client.get(address).content.decode()
        assert "1001" in body and "Sadia Rahman" in body and "Amber" not in body
    assert "1001" in signed_in(cast.sadia).get("/my-looks/").content.decode()
    assert "1001" not in signed_in(cast.bola).get("/my-looks/").content.decode()
    assert "Sadia" not in signed_in(cast.brenda).get("/my-looks/").content.decode()


def test_work_lists_are_of_ones_own_and_ones_team(cast: Cast) -> None:
    make.placement_started(cast, make.contract_in_force(cast))
    strangers = replace(cast.sadia, user_id=cast.bola.user_id), replace(cast.moses, team_id=0)
    assert of_ones_own(cast.sadia, placements(cast.sadia)).count() == 1
    assert of_ones_own(cast.moses, placements(cast.moses)).count() == 1
    assert [of_ones_own(one, placements(one)).count() for one in strangers] == [0, 0]
    assert of_ones_own(cast.bola, placements(cast.bola)).count() == 1


# Too many


def _looks_of_the_hour(cast: Cast, number: int, minutes_ago: int = 5) -> None:
    rows = [
        Child(authority=cast.croydon, local_number=f"W{n}", sex="F", born_on="2012-01-01", is_synthetic=True)
        for n in range(number)
    ]
    made = Child.objects.bulk_create(rows)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            authority_id=cast.croydon.pk, at=timezone.now() - timedelta(minutes=minutes_ago), is_look=True, verb="look",
            words="Opened", actor_id=cast.bola.user_id, actor_name=cast.bola.name, actor_role="broker", subject="child",
            subject_id=child.pk, child_id=child.pk,
        )
        for child in made
    )  # fmt: skip


def test_somebody_who_walks_through_children_is_stopped_and_the_officer_is_told_once(cast: Cast) -> None:
    limit = looks_limit("broker", timezone.localdate())
    assert limit == 200
    _looks_of_the_hour(cast, limit)
    client = signed_in(cast.bola)
    for child in (cast.amber, cast.jude):
        answer = client.get(f"/social-work/children/{child.pk}/")
        assert answer.status_code == 429
        assert "Too many children" in answer.content.decode()
        assert child.first_name not in answer.content.decode()
    assert Notice.objects.filter(role="information_officer", words__contains="Bola Adeyemi opened more than 200").count() == 1
    assert AuditEntry.objects.filter(verb="stop_looks").count() == 2
    assert not AuditEntry.objects.filter(is_look=True, child_id=cast.amber.pk).exists()


def test_children_opened_already_stay_open_and_the_hour_passes(cast: Cast) -> None:
    _looks_of_the_hour(cast, 200)
    seen = AuditEntry.objects.filter(is_look=True).first().child_id
    client = signed_in(cast.bola)
    assert client.get(f"/social-work/children/{seen}/").status_code == 200
    later = timezone.now() + timedelta(minutes=56)
    with acting_as(cast.bola):
        look(by=cast.bola, now=later, child_id=cast.amber.pk, words="Opened")


def test_other_people_and_the_limit_of_a_role_are_counted_apart(cast: Cast) -> None:
    _looks_of_the_hour(cast, 200)
    assert signed_in(cast.sadia).get(f"/social-work/children/{cast.amber.pk}/").status_code == 200
    assert looks_limit("fostering_officer", timezone.localdate()) == 120
    with pytest.raises(TooManyLooks), acting_as(cast.bola):
        look(by=cast.bola, now=timezone.now(), child_id=cast.amber.pk, words="Opened")


# The monthly review of access


def test_a_review_lists_every_account_with_its_looks_and_who_is_dormant(cast: Cast) -> None:
    _opened(cast, "sadia", cast.amber)
    User.objects.filter(pk=cast.sadia.user_id).update(last_login=timezone.now())
    review = reviewing.open_review(by=cast.ada, now=timezone.now()).done()
    lines = {line.name: line for line in review.lines.all()}
    own = Membership.objects.filter(authority=cast.croydon, ends_on=None).count()
    assert len(lines) == own
    assert (lines["Sadia Rahman"].looks, lines["Sadia Rahman"].is_dormant) == (1, False)
    assert lines["Bola Adeyemi"].is_dormant
    assert "Simon Price" not in lines


def test_accounts_are_confirmed_or_ended_and_the_month_is_signed_off(cast: Cast) -> None:
    client, other = signed_in(cast.ada), signed_in(cast.iggy)
    assert post(client, "/governance/access-reviews/open/").status_code == 303
    review = AccessReview.objects.get()
    early = reviewing.sign_off_review(by=cast.ada, now=timezone.now(), review_id=review.pk, version=1)
    assert [one.code for one in early.problems] == ["undecided"]
    for line in review.lines.all():
        who = other if line.user_id == cast.ada.user_id else client
        verb = "end" if line.user_id == cast.bola.user_id else "confirm"
        assert post(who, f"/governance/access-reviews/lines/{line.pk}/{verb}/").status_code == 303
    sent = post(client, f"/governance/access-reviews/{review.pk}/sign-off/", version=review.version)
    assert sent.status_code == 303
    review.refresh_from_db()
    assert review.signed_off_by_id == cast.ada.user_id
    assert Membership.objects.get(user_id=cast.bola.user_id).ends_on == timezone.localdate()
    assert signed_in_page(cast) == 302
    assert client.get(f"/governance/access-reviews/{review.pk}/?download=csv").status_code == 200


def signed_in_page(cast: Cast) -> int:
    """What Bola's next request comes to."""
    return signed_in(cast.bola).get("/brokerage/").status_code


def test_nobody_decides_about_their_own_account(cast: Cast) -> None:
    review = reviewing.open_review(by=cast.ada, now=timezone.now()).done()
    own = review.lines.get(user_id=cast.ada.user_id)
    outcome = reviewing.confirm_access(by=cast.ada, now=timezone.now(), line_id=own.pk)
    assert [one.code for one in outcome.problems] == ["own_deed"]


def test_a_month_is_opened_once(cast: Cast) -> None:
    reviewing.open_review(by=cast.ada, now=timezone.now()).done()
    again = reviewing.open_review(by=cast.iggy, now=timezone.now())
    assert [one.code for one in again.problems] == ["opened_already"]
    assert TODAY.year == 2026
