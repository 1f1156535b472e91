"""Emergency access: a reason, an hour at most, an alert to somebody else, every look marked, and a review that is chased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.safeguards import chasing, emergencies, reviewing, visits
from rightplace.foundation.safeguards.models import EmergencyAccess, SupportVisit
from rightplace.foundation.safeguards.queries import looks_during
from rightplace.register.children.models import Child
from tests import make
from tests.cast import Cast
from tests.security.entering import post, signed_in
from tests.security.test_restricted import restricted

WHY = "She has run away tonight and nobody who is named answers."


def opened(cast: Cast, by: Actor | None = None) -> EmergencyAccess:
    """Amber's case, restricted to Sadia and opened by Bola."""
    restricted(cast)
    who = by or cast.bola
    with acting_as(who):
        return emergencies.open_in_emergency(
            by=who, now=timezone.now(), child_number="1001", reason=WHY
        ).done()


def _sees(actor: Actor, child: Child) -> bool:
    with acting_as(actor):
        return Child.objects.filter(pk=child.pk).exists()


def test_it_opens_for_the_one_who_asked_and_for_nobody_else(cast: Cast) -> None:
    opened(cast)
    assert [_sees(one, cast.amber) for one in (cast.bola, cast.moses, cast.dev)] == [True, False, False]


def test_it_ends_after_an_hour_by_itself(cast: Cast) -> None:
    row = opened(cast)
    assert row.ends_at - row.starts_at == timedelta(minutes=60)
    _passed(row)
    assert not _sees(cast.bola, cast.amber)


def _passed(row: EmergencyAccess) -> None:
    ago = timedelta(minutes=61)
    EmergencyAccess.objects.filter(pk=row.pk).update(starts_at=row.starts_at - ago, ends_at=row.ends_at - ago)


def test_the_database_itself_allows_no_more_than_an_hour(cast: Cast) -> None:
    row = opened(cast)
    with pytest.raises(IntegrityError, match="emergency_lasts_an_hour_at_most"), transaction.atomic():
        EmergencyAccess.objects.filter(pk=row.pk).update(ends_at=row.starts_at + timedelta(minutes=61))


def test_the_reviewer_is_told_at_once_and_is_never_the_actor(cast: Cast) -> None:
    row = opened(cast)
    assert row.reviewer_id == cast.iggy.user_id
    (told,) = Notice.objects.filter(user_id=cast.iggy.user_id)
    assert "Bola Adeyemi opened the restricted case of child 1001" in told.words


def test_a_director_who_opens_a_case_is_reviewed_by_somebody_else(cast: Cast) -> None:
    Membership.objects.filter(user_id=cast.iggy.user_id).update(role="director")
    restricted_by_director(cast)
    with acting_as(cast.dev):
        row = emergencies.open_in_emergency(
            by=cast.dev, now=timezone.now(), child_number="1001", reason=WHY
        ).done()
    assert row.reviewer_id == cast.iggy.user_id != cast.dev.user_id


def restricted_by_director(cast: Cast) -> None:
    """Restricted by whoever holds the right; Iggy is a director here."""
    from dataclasses import replace

    restricted(replace(cast, iggy=cast.dev))


def test_where_nobody_else_could_review_it_stays_shut(cast: Cast) -> None:
    restricted(cast)
    Membership.objects.filter(role__in=("information_officer", "director")).update(ends_on="2026-01-01")
    outcome = emergencies.open_in_emergency(by=cast.bola, now=timezone.now(), child_number="1001", reason=WHY)
    assert [one.code for one in outcome.problems] == ["no_reviewer"]


@pytest.mark.parametrize(
    ("who", "number", "reason", "code"),
    [
        ("bola", "1001", "why not", "no_reason"),
        ("bola", "1002", WHY, "not_restricted"),
        ("bola", "9999", WHY, "not_restricted"),
        ("brenda", "1001", WHY, "not_restricted"),
        ("sadia", "1001", WHY, "named"),
        ("fin", "1001", WHY, "wrong_role"),
        ("cora", "1001", WHY, "wrong_role"),
    ],
)
def test_what_is_refused(cast: Cast, who: str, number: str, reason: str, code: str) -> None:
    restricted(cast)
    by = getattr(cast, who)
    outcome = emergencies.open_in_emergency(by=by, now=timezone.now(), child_number=number, reason=reason)
    assert code in [one.code for one in outcome.problems]
    assert not EmergencyAccess.objects.exists()


def test_every_look_during_it_is_marked(cast: Cast) -> None:
    make.request_ready(cast)
    row = opened(cast)
    client = signed_in(cast.bola)
    request = cast.amber.asked_in.get().request_id
    assert client.get(f"/social-work/children/{cast.amber.pk}/").status_code == 200
    assert client.get(f"/brokerage/requests/{request}/").status_code in {200, 404}
    assert looks_during(row).count() >= 1
    assert (
        AuditEntry.objects.filter(is_look=True, child_id=cast.amber.pk).count() == looks_during(row).count()
    )


def test_a_review_has_an_outcome_and_nobody_reviews_their_own(cast: Cast) -> None:
    row = opened(cast)
    who = {
        "now": timezone.now(),
        "access_id": row.pk,
        "version": row.version,
        "outcome": "justified",
        "words": "She was found.",
    }
    wrong = emergencies.review_emergency(by=cast.bola, **who)
    assert {one.code for one in wrong.problems} == {"wrong_role", "own_deed"}
    done = emergencies.review_emergency(by=cast.dev, **who).done()
    assert (done.outcome, done.reviewed_by_id) == ("justified", cast.dev.user_id)
    assert not emergencies.review_emergency(by=cast.iggy, **{**who, "version": done.version}).is_done


def test_an_overdue_review_is_chased_once(cast: Cast) -> None:
    row = opened(cast)
    # Reviews of access are opened, so that nothing else is overdue.
    reviewing.open_review(by=cast.ada, now=timezone.now()).done()
    later = timezone.now() + timedelta(days=9)
    before = Notice.objects.count()
    chasing.chase_overdue(by=_system(cast), now=later).done()
    told = Notice.objects.filter(words__contains="not been reviewed in time")
    assert {(one.user_id, one.role) for one in told} == {(row.reviewer_id, ""), (None, "director")}
    chasing.chase_overdue(by=_system(cast), now=later).done()
    assert told.count() == 2
    assert Notice.objects.count() > before


def _system(cast: Cast) -> Actor:
    from rightplace.foundation.access.actor import system_actor

    return system_actor(authority_id=cast.croydon.pk)


def test_the_whole_story_by_the_pages(cast: Cast) -> None:
    """Restricted by the officer, shut to the broker, opened in an emergency, told, marked, ended, reviewed."""
    officer, broker, worker = (signed_in(one) for one in (cast.iggy, cast.bola, cast.sadia))
    file = f"/social-work/children/{cast.amber.pk}/"
    assert broker.get(file).status_code == 200
    done = post(
        officer, "/governance/restricted-cases/new/", child_number="1001", reason="An aunt works in the team.",
        people=[cast.sadia.user_id],
    )  # fmt: skip
    assert done.status_code == 303
    assert (broker.get(file).status_code, worker.get(file).status_code) == (404, 200)
    assert b"/emergency-access/" in broker.get(file).content
    assert post(broker, "/emergency-access/", child_number="1001", reason="short").status_code == 422
    assert post(broker, "/emergency-access/", child_number="1001", reason=WHY).status_code == 303
    assert "Amber" in broker.get(file).content.decode()
    row = EmergencyAccess.objects.get()
    page = officer.get(f"/governance/emergencies/{row.pk}/").content.decode()
    assert WHY in page
    assert "Opened the child’s file" in page or "Opened the child&#x27;s file" in page
    looks = officer.get("/governance/looks/?kind=emergency").content.decode()
    assert "Bola Adeyemi" in looks and "1001" in looks and "Amber" not in looks
    assert officer.get("/governance/looks/?kind=emergency&download=csv").status_code == 200
    post(broker, f"/emergency-access/{row.pk}/close/", version=row.version)
    assert broker.get(file).status_code == 404
    row.refresh_from_db()
    sent = {"version": row.version, "outcome": "justified", "words": "She was found."}
    assert post(officer, f"/governance/emergencies/{row.pk}/review/", **sent).status_code == 303
    row.refresh_from_db()
    assert row.outcome == "justified"


# Support


def visiting(cast: Cast, as_role: str = "broker") -> SupportVisit:
    """A visit of Sam's that Ada has agreed to."""
    now = timezone.now()
    with acting_as(cast.sam):
        row = visits.ask_visit(
            by=cast.sam,
            now=now,
            authority_id=cast.croydon.pk,
            as_role=as_role,
            reason="A page does not load.",
            hours=2,
        ).done()
    with acting_as(cast.ada):
        return visits.agree_visit(by=cast.ada, now=now, visit_id=row.pk, version=row.version).done()


def test_support_enters_only_when_the_access_administrator_has_agreed(cast: Cast) -> None:
    client = signed_in(cast.sam)
    sent = {
        "authority_id": cast.croydon.pk,
        "as_role": "broker",
        "reason": "A page does not load.",
        "hours": 1,
    }
    assert post(client, "/support/", **sent).status_code == 303
    row = SupportVisit.objects.get()
    assert post(client, f"/support/visits/{row.pk}/enter/").status_code == 404
    assert client.get("/brokerage/").status_code == 403
    assert (
        post(
            signed_in(cast.ada), f"/governance/support-visits/{row.pk}/agree/", version=row.version
        ).status_code
        == 303
    )
    assert post(client, f"/support/visits/{row.pk}/enter/").status_code == 303
    assert client.get("/brokerage/").status_code == 200


@pytest.mark.parametrize("who", ["dev", "iggy", "bola", "sam"])
def test_nobody_else_agrees_to_a_visit(cast: Cast, who: str) -> None:
    now, by = timezone.now(), getattr(cast, who)
    row = visits.ask_visit(
        by=cast.sam,
        now=now,
        authority_id=cast.croydon.pk,
        as_role="broker",
        reason="A page does not load.",
        hours=1,
    ).done()
    assert not visits.agree_visit(by=by, now=now, visit_id=row.pk, version=row.version).is_done


def test_a_visit_shows_a_banner_writes_nothing_and_records_every_page(cast: Cast) -> None:
    request = make.request_submitted(cast)
    row = visiting(cast)
    client = signed_in(cast.sam)
    post(client, f"/support/visits/{row.pk}/enter/")
    page = client.get(f"/social-work/requests/{request.pk}/")
    assert page.status_code == 200
    assert "Support visit, read-only" in page.content.decode()
    refused = post(client, f"/brokerage/requests/{request.pk}/check/", version=request.version)
    assert refused.status_code == 403
    entries = AuditEntry.objects.filter(
        actor_id=cast.sam.user_id, details__has_key="support", authority_id=cast.croydon.pk
    )
    assert {one.verb for one in entries} >= {"visit_page", "look"}
    assert entries.get(is_look=True).child_id == cast.amber.pk
    post(client, "/support/leave/")
    assert client.get("/brokerage/").status_code == 403


def test_on_a_visit_the_database_itself_takes_no_write(cast: Cast) -> None:
    from rightplace.desks.layout.visiting import visitor

    row = visiting(cast)
    writes = (
        "UPDATE children_child SET faith = 'x'",
        "DELETE FROM notices_notice",
        "INSERT INTO access_counted VALUES ('a', 'b', now())",
    )
    for statement in writes:
        with pytest.raises(InternalError, match="read-only transaction"), acting_as(visitor(cast.sam, row)):
            connection.cursor().execute(statement)
    cast.amber.refresh_from_db()
    assert cast.amber.faith != "x"


def test_a_restricted_case_stays_shut_on_a_visit(cast: Cast) -> None:
    restricted(cast)
    row = visiting(cast, "social_worker")
    client = signed_in(cast.sam)
    post(client, f"/support/visits/{row.pk}/enter/")
    assert client.get(f"/social-work/children/{cast.jude.pk}/").status_code == 200
    assert client.get(f"/social-work/children/{cast.amber.pk}/").status_code == 404
    assert post(client, "/emergency-access/", child_number="1001", reason=WHY).status_code == 403


def test_a_visit_ends_at_once_when_the_authority_ends_it(cast: Cast) -> None:
    row = visiting(cast)
    client = signed_in(cast.sam)
    post(client, f"/support/visits/{row.pk}/enter/")
    assert client.get("/brokerage/").status_code == 200
    visits.end_visit(by=cast.ada, now=timezone.now(), visit_id=row.pk, version=row.version).done()
    assert client.get("/brokerage/").status_code == 403


def test_a_visit_ends_by_the_clock(cast: Cast) -> None:
    row = visiting(cast)
    SupportVisit.objects.filter(pk=row.pk).update(
        decided_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    client = signed_in(cast.sam)
    session = client.session
    session["visit"] = row.pk
    session.save()
    assert client.get("/brokerage/").status_code == 403


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        ("bola", {}, "wrong_role"), ("sam", {"hours": 9}, "too_long"), ("sam", {"hours": 0}, "too_long"),
        ("sam", {"reason": " "}, "no_reason"), ("sam", {"as_role": "access_officer"}, "unknown_role"),
        ("sam", {"as_role": "provider"}, "unknown_role"),
    ],
)  # fmt: skip
def test_a_visit_that_may_not_be_is_not_asked_for(
    cast: Cast, who: str, changes: dict[str, object], code: str
) -> None:
    asked = {"as_role": "broker", "reason": "A page does not load.", "hours": 8, **changes}
    outcome = visits.ask_visit(
        by=getattr(cast, who), now=timezone.now(), authority_id=cast.croydon.pk, **asked
    )
    assert code in [one.code for one in outcome.problems]
    assert not SupportVisit.objects.exists()


def test_a_visit_lasts_eight_hours_at_most_and_the_database_says_so_too(cast: Cast) -> None:
    asked = {"as_role": "broker", "reason": "A page does not load.", "hours": 8}
    row = visits.ask_visit(by=cast.sam, now=timezone.now(), authority_id=cast.croydon.pk, **asked).done()
    row = visits.agree_visit(by=cast.ada, now=timezone.now(), visit_id=row.pk, version=row.version).done()
    assert row.ends_at - row.decided_at == timedelta(hours=8)
    with pytest.raises(IntegrityError, match="visit_is_short"), transaction.atomic():
        SupportVisit.objects.filter(pk=row.pk).update(ends_at=row.ends_at + timedelta(minutes=1))


def test_support_of_another_consortium_cannot_ask(cast: Cast) -> None:
    from dataclasses import replace

    stranger = replace(cast.sam, consortium_id=0)
    outcome = visits.ask_visit(
        by=stranger,
        now=timezone.now(),
        authority_id=cast.croydon.pk,
        as_role="broker",
        reason="A page.",
        hours=1,
    )
    assert [one.code for one in outcome.problems] == ["unknown_place"]
