"""Who works with a child and who reviews the case are two people, and the second controls nothing of it (regulation 46(3))."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.foundation.access import people, roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.safeguards import restricting
from rightplace.journey.placements import moves
from rightplace.journey.requests import case_people
from rightplace.register.children.models import Child, ReviewingOfficer
from rightplace.register.children.queries import reviewing_officer_on
from tests import make
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.journey.requests.officers import reviewing_officer


def name(by: Actor, child: Child, who: Actor, now=NOW) -> Outcome[ReviewingOfficer]:
    child.refresh_from_db()
    return case_people.name_reviewing_officer(
        by=by, now=now, child_id=child.pk, version=child.version, user_id=who.user_id
    )


def give(by: Actor, child: Child, who: Actor) -> Outcome[Child]:
    child.refresh_from_db()
    return case_people.give_case(
        by=by, now=NOW, child_id=child.pk, version=child.version, user_id=who.user_id
    )


def codes(outcome: Outcome[object]) -> list[str]:
    return [problem.code for problem in outcome.problems]


def also(cast: Cast, who: Actor, role: str) -> Actor:
    row = {"role": role, "authority": cast.croydon, "starts_on": LONG_AGO}
    return Membership.objects.create(user_id=who.user_id, **row).as_actor()


def test_the_director_names_an_officer_who_hears_of_it_and_a_later_one_takes_over(cast: Cast) -> None:
    idris = reviewing_officer(cast)
    row = name(cast.dev, cast.amber, cast.ida).done()
    assert (row.period.lower, row.period.upper) == (TODAY, None)
    assert Notice.objects.filter(user_id=cast.ida.user_id, words__contains="reviewing officer").exists()
    later = NOW + timedelta(days=30)
    name(cast.ida, cast.amber, idris, later).done()
    assert reviewing_officer_on(cast.amber.pk, TODAY).user_id == cast.ida.user_id
    assert reviewing_officer_on(cast.amber.pk, later.date()).user_id == idris.user_id
    assert AuditEntry.objects.filter(verb="name_reviewing_officer", child_id=cast.amber.pk).count() == 2


def test_who_works_on_the_case_does_not_review_it(cast: Cast) -> None:
    cast.amber.refresh_from_db()
    assert cast.amber.social_worker_id == cast.sadia.user_id
    also(cast, cast.sadia, roles.REVIEWING_OFFICER)
    refused = name(cast.dev, cast.amber, cast.sadia)
    assert codes(refused) == ["not_independent"]
    assert "is the child’s social worker" in refused.problems[0].sentence


def test_who_asked_for_a_placement_of_the_child_does_not_review_the_case(cast: Cast) -> None:
    make.request_draft(cast, children=(cast.amber,))
    give(cast.moses, cast.amber, also(cast, reviewing_officer(cast), roles.SOCIAL_WORKER)).done()
    also(cast, cast.sadia, roles.REVIEWING_OFFICER)
    refused = name(cast.dev, cast.amber, cast.sadia)
    assert codes(refused) == ["not_independent"]
    assert "has asked for a placement" in refused.problems[0].sentence


def test_who_manages_cases_or_what_is_spent_on_them_reviews_none(cast: Cast) -> None:
    idris = reviewing_officer(cast)
    for role in sorted(case_people.CONTROLS):
        also(cast, idris, role)
        assert codes(name(cast.dev, cast.amber, idris)) == ["not_independent"], role
        Membership.objects.filter(user_id=idris.user_id, role=role).delete()
    assert name(cast.dev, cast.amber, idris).is_done


def test_who_reviews_a_case_is_given_no_such_role_until_somebody_else_does(cast: Cast) -> None:
    name(cast.dev, cast.amber, reviewing_officer(cast)).done()
    idris = cast.amber.reviewing_officers.get().user
    for role in sorted(case_people.CONTROLS):
        refused = given(cast, idris.pk, role)
        assert codes(refused) == ["not_independent"], role
        assert "reviews 1 case" in refused.problems[0].sentence
    assert not Membership.objects.filter(user=idris, role__in=case_people.CONTROLS).exists()
    name(cast.dev, cast.amber, cast.ida).done()
    assert given(cast, idris.pk, roles.BROKER).is_done


def given(cast: Cast, person_id: int, role: str, **more: int) -> Outcome[Membership]:
    new = people.RoleToGive(role=role, starts_on=TODAY, **more)
    return people.give_role(by=cast.ada, now=NOW, person_id=person_id, given=new)


def test_who_becomes_a_social_worker_instead_reviews_no_more(cast: Cast) -> None:
    name(cast.dev, cast.amber, cast.ida, NOW - timedelta(days=9)).done()
    held = Membership.objects.get(user_id=cast.ida.user_id)
    given(cast, cast.ida.person_id, roles.SOCIAL_WORKER, instead_of=held.pk).done()
    assert reviewing_officer_on(cast.amber.pk, TODAY) is None


def test_a_case_is_not_given_to_who_reviews_it(cast: Cast) -> None:
    idris = reviewing_officer(cast)
    name(cast.dev, cast.amber, idris).done()
    also(cast, idris, roles.SOCIAL_WORKER)
    assert codes(give(cast.moses, cast.amber, idris)) == ["not_independent"]
    cast.amber.refresh_from_db()
    assert cast.amber.social_worker_id == cast.sadia.user_id


def test_the_database_itself_keeps_them_two_people(cast: Cast) -> None:
    """From both sides, whatever writes."""
    period = DateRange(TODAY, None)
    row = {"authority": cast.croydon, "child": cast.amber, "period": period, "named_at": NOW}
    with pytest.raises(IntegrityError, match="neither works on the case"), transaction.atomic():
        ReviewingOfficer.objects.create(**row, user_id=cast.sadia.user_id, named_by_id=cast.dev.person_id)
    with pytest.raises(IntegrityError, match="neither works on the case"), transaction.atomic():
        ReviewingOfficer.objects.create(**row, user_id=cast.tessa.user_id, named_by_id=cast.dev.person_id)
    name(cast.dev, cast.amber, cast.ida).done()
    with pytest.raises(IntegrityError, match="neither works on the case"), transaction.atomic():
        Child.objects.filter(pk=cast.amber.pk).update(social_worker_id=cast.ida.user_id)
    with pytest.raises(IntegrityError, match="one_reviewing_officer_at_a_time"), transaction.atomic():
        ReviewingOfficer.objects.create(
            **row, user_id=reviewing_officer(cast).user_id, named_by_id=cast.dev.person_id
        )


def test_nobody_names_themselves_and_nobody_of_the_case_names_the_officer(cast: Cast) -> None:
    assert codes(name(cast.ida, cast.amber, cast.ida)) == ["own"]
    for by in (cast.sadia, cast.moses, cast.bola, cast.pearl):
        assert codes(name(by, cast.amber, cast.ida)) == ["not_yours"], by.name
    assert codes(name(cast.dev, cast.lena, cast.ida)) == ["missing"]


def test_who_leaves_reviews_no_more_and_the_director_hears_how_many_wait(cast: Cast) -> None:
    """A restricted case among them counts too, though whoever ends the account cannot see it."""
    idris = reviewing_officer(cast)
    for child in (cast.amber, cast.jude):
        name(cast.dev, child, idris, NOW - timedelta(days=9)).done()
    restricting.restrict_case(
        by=cast.iggy, now=NOW, child_number=cast.jude.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    with acting_as(cast.ada):
        people.record_leaver(by=cast.ada, now=NOW, person_id=idris.person_id, ends_on=TODAY).done()
    assert reviewing_officer_on(cast.amber.pk, TODAY) is None
    assert reviewing_officer_on(cast.jude.pk, TODAY) is None
    assert Notice.objects.filter(role=roles.DIRECTOR, words__startswith="2 children need a new").exists()


def test_a_challenge_by_the_reviewing_officer_is_not_the_social_workers_own(cast: Cast) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    move = make.move_proposed(cast, placement)
    refused = moves.record_challenge(
        by=cast.moses, now=make.LATER, move_id=move.pk, version=move.version, challenge_from="iro",
        name=f" {cast.sadia.name.upper()} ", words="Is there no other way?",
    )  # fmt: skip
    assert codes(refused) == ["not_independent"]


def test_when_a_social_worker_leaves_the_managers_hear_how_many_children_wait(cast: Cast) -> None:
    many = Child.objects.filter(social_worker_id=cast.sadia.user_id).count()
    assert many
    with acting_as(cast.ada):
        people.record_leaver(by=cast.ada, now=NOW, person_id=cast.sadia.person_id, ends_on=TODAY).done()
    told = Notice.objects.filter(role=roles.TEAM_MANAGER, words__contains="a new social worker").get()
    assert told.words.startswith(f"{many} child")
