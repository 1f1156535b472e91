"""Those who were asked: opening, asking, declining and taking it back, and what they may read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search import actions, queries
from rightplace.journey.search.models import Candidate, Invitation, Search
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def asked(cast: Cast) -> Invitation:
    """The referral as Acorn House was asked about it."""
    return make.invitation_to(make.market_open(cast), cast.acorn_house)


def test_opening_a_referral_is_seen_by_the_broker(cast: Cast, asked: Invitation) -> None:
    with acting_as(cast.priya):
        actions.see_invitation(by=cast.priya, now=LATER, invitation_id=asked.pk).done()
    asked.refresh_from_db()
    assert (asked.state, asked.seen_at) == ("seen", LATER)


def test_another_provider_can_do_nothing_with_it(cast: Cast, asked: Invitation) -> None:
    who = {"by": cast.quinn, "now": LATER, "invitation_id": asked.pk}
    with acting_as(cast.quinn):
        assert queries.invitation_page(cast.quinn, asked.pk, now=LATER) is None
        for outcome in (
            actions.see_invitation(**who),
            actions.ask_question(**who, words="Where?"),
            actions.decline_invitation(**who, version=1, reasons=("price",)),
            actions.undo_decline(**who, version=1),
        ):
            assert [p.code for p in outcome.problems] == ["missing"]


def test_a_provider_reads_no_row_behind_its_referral(cast: Cast, asked: Invitation) -> None:
    with acting_as(cast.priya):
        assert Invitation.objects.count() == 2
        for hidden in (Search, Candidate, PlacementRequest, Child):
            assert not hidden.objects.exists()


def test_the_page_of_a_referral_is_made_of_what_was_disclosed(cast: Cast, asked: Invitation) -> None:
    with acting_as(cast.priya):
        page = queries.invitation_page(cast.priya, asked.pk, now=LATER)
    assert page is not None
    assert page.row.summary == "Girl, 14"
    assert [need.words for need in page.needs] == ["Self-harm", "Education and special educational needs"]
    assert "Amber" not in repr(page)
    assert "CR0 4XX" not in repr(page)


def test_a_decline_needs_a_reason_and_words_for_another_one(cast: Cast, asked: Invitation) -> None:
    who = {"by": cast.priya, "now": LATER, "invitation_id": asked.pk, "version": asked.version}
    assert [p.code for p in actions.decline_invitation(**who, reasons=()).problems] == ["no_reason"]
    assert [p.code for p in actions.decline_invitation(**who, reasons=("other",)).problems] == ["no_words"]
    assert [p.code for p in actions.decline_invitation(**who, reasons=("made_up",)).problems] == ["no_reason"]


def test_a_decline_is_counted_and_can_be_taken_back(cast: Cast, asked: Invitation) -> None:
    who = {"by": cast.priya, "now": LATER, "invitation_id": asked.pk}
    row = actions.decline_invitation(
        **who, version=asked.version, reasons=("staffing", "price"), words="Not now"
    ).done()
    assert (row.state, row.decline_reasons) == ("declined", ["price", "staffing"])
    row = actions.undo_decline(**who, version=row.version).done()
    assert (row.state, row.decline_reasons, row.decline_words) == ("seen", [], "")


def test_nobody_declines_after_the_closing_time(cast: Cast, asked: Invitation) -> None:
    late = asked.closes_at + timedelta(seconds=1)
    outcome = actions.decline_invitation(
        by=cast.priya, now=late, invitation_id=asked.pk, version=asked.version, reasons=("price",)
    )
    assert [p.code for p in outcome.problems] == ["wrong_state"]


def test_a_broker_notes_what_a_provider_said_by_telephone(cast: Cast, asked: Invitation) -> None:
    row = actions.decline_invitation(
        by=cast.bola, now=LATER, invitation_id=asked.pk, version=asked.version, reasons=("no_vacancy",)
    ).done()
    assert row.state == "declined"


def test_a_fostering_officer_answers_for_own_households_only(cast: Cast, asked: Invitation) -> None:
    own = make.invitation_to(asked.search, cast.adams)
    assert actions.see_invitation(by=cast.fern, now=LATER, invitation_id=own.pk).is_done
    assert (
        actions.see_invitation(by=cast.fern, now=LATER, invitation_id=asked.pk).problems[0].code == "missing"
    )


def test_others_read_a_question_once_it_is_answered_and_never_who_asked(
    cast: Cast, asked: Invitation
) -> None:
    other = make.invitation_to(asked.search, cast.harbour_agency)
    with acting_as(cast.priya):
        question = actions.ask_question(
            by=cast.priya, now=LATER, invitation_id=asked.pk, words="Does she swim?"
        ).done()
    with acting_as(cast.quinn):
        before = queries.invitation_page(cast.quinn, other.pk, now=LATER)
    actions.answer_question(
        by=cast.bola, now=LATER, question_id=question.pk, version=1, answer="Yes, she does."
    ).done()
    with acting_as(cast.quinn):
        after = queries.invitation_page(cast.quinn, other.pk, now=LATER)
    assert before is not None
    assert after is not None
    assert before.questions == ()
    assert [(q.words, q.answer, q.is_yours) for q in after.questions] == [
        ("Does she swim?", "Yes, she does.", False)
    ]


def test_each_deed_of_a_provider_stands_in_the_trail_once(cast: Cast, asked: Invitation) -> None:
    before = AuditEntry.objects.count()
    with acting_as(cast.priya):
        actions.see_invitation(by=cast.priya, now=LATER, invitation_id=asked.pk).done()
        actions.ask_question(by=cast.priya, now=LATER, invitation_id=asked.pk, words="Does she swim?").done()
    entries = list(AuditEntry.objects.order_by("-id")[: AuditEntry.objects.count() - before])
    assert sorted(one.verb for one in entries) == ["ask_question", "see_invitation"]
    assert {(one.authority_id, one.provider_id) for one in entries} == {(cast.croydon.pk, cast.oakhouse.pk)}


def test_lists_count_and_narrow_in_the_database(cast: Cast, asked: Invitation) -> None:
    assert len(queries.invitations_of(cast.priya, now=LATER)) == 2
    assert len(queries.invitations_waiting(cast.priya, now=asked.closes_at)) == 0
    found = queries.invitations_of(cast.priya, now=LATER, text=asked.reference, states=("sent",))
    assert {row.home for row in found} == {"Acorn House", "Beech House"}
