"""Running a search: widening, reminding, its closing time, closing, searching again, stopping; and what each role may do when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.models import Notice
from rightplace.journey import tasks
from rightplace.journey.requests import actions as requests
from rightplace.journey.search import actions, queries
from rightplace.journey.search.left_out import counted_reasons, reasons_of
from rightplace.journey.search.models import Candidate, Search
from rightplace.journey.search.states import INVITATION, SEARCH
from rightplace.register.frameworks.models import LotMember
from rightplace.register.providers.models import Hold
from tests import make
from tests.cast import NOW, TODAY, Cast

LATER = NOW + timedelta(hours=1)


def seen(row: Search, by: Actor) -> dict[str, object]:
    """What a button sends."""
    row.refresh_from_db()
    return {"by": by, "now": LATER, "search_id": row.pk, "version": row.version}


def off_the_framework(cast: Cast) -> Search:
    """A search in which Oakhouse is left out, as it is on no framework."""
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    return make.market_open(cast)


def candidate(row: Search, home: object) -> Candidate:
    """The weighed home."""
    return Candidate.objects.get(search=row, setting=home)


def test_a_broker_widens_the_search_to_one_home_with_a_reason(cast: Cast) -> None:
    row = off_the_framework(cast)
    one = candidate(row, cast.acorn_house)
    actions.widen_search(
        **seen(row, cast.bola), candidate_id=one.pk, reason="The only home near her school"
    ).done()
    one.refresh_from_db()
    assert one.is_eligible
    assert one.explanation
    assert make.invitation_to(row, cast.acorn_house).state == "sent"


def test_widening_needs_a_reason(cast: Cast) -> None:
    row = off_the_framework(cast)
    outcome = actions.widen_search(
        **seen(row, cast.bola), candidate_id=candidate(row, cast.acorn_house).pk, reason=" "
    )
    assert [p.code for p in outcome.problems] == ["no_reason"]


def test_law_and_safety_are_never_set_aside(cast: Cast) -> None:
    Hold.objects.create(
        setting=cast.acorn_house, kind="suspension", reason="Full", raised_by=cast.croydon, starts_on=TODAY
    )
    row = make.market_open(cast)
    outcome = actions.widen_search(
        **seen(row, cast.bola), candidate_id=candidate(row, cast.acorn_house).pk, reason="Please"
    )
    assert [p.code for p in outcome.problems] == ["not_waivable"]


def test_setting_one_rule_aside_asks_every_home_that_it_alone_left_out(cast: Cast) -> None:
    row = off_the_framework(cast)
    actions.widen_rule(**seen(row, cast.bola), code="not_approved", reason="No approved home is near").done()
    asked = set(row.invitations.values_list("setting_id", flat=True))
    assert {cast.acorn_house.pk, cast.beech_house.pk} <= asked


def test_a_widened_home_is_asked_only_once_the_market_is(cast: Cast) -> None:
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    row = make.search_open(cast)
    one = candidate(row, cast.acorn_house)
    actions.widen_search(**seen(row, cast.bola), candidate_id=one.pk, reason="Near her school").done()
    assert not row.invitations.filter(setting=cast.acorn_house).exists()
    actions.open_market(**seen(row, cast.bola)).done()
    assert row.invitations.filter(setting=cast.acorn_house).exists()


def test_two_brokers_at_once_one_wins_and_the_other_is_told(cast: Cast) -> None:
    row = make.search_open(cast)
    stale = seen(row, cast.bola)
    actions.open_market(**stale).done()
    again = actions.open_market(**stale)
    assert again.problems[0].code in {"stale", "wrong_state"}


def test_a_reminder_reaches_those_who_have_not_answered(cast: Cast) -> None:
    row = make.market_open(cast)
    declined = make.invitation_to(row, cast.harbour_agency)
    actions.decline_invitation(
        by=cast.quinn, now=LATER, invitation_id=declined.pk, version=1, reasons=("no_vacancy",)
    ).done()
    Notice.objects.all().delete()
    number = actions.remind_invited(**seen(row, cast.bola)).done()
    assert number == row.invitations.count() - 1
    assert set(Notice.objects.exclude(provider=None).values_list("provider_id", flat=True)) == {
        cast.oakhouse.pk
    }


def test_a_closing_time_must_lie_ahead(cast: Cast) -> None:
    row = make.market_open(cast)
    outcome = actions.change_closing(**seen(row, cast.bola), closes_at=NOW - timedelta(days=1))
    assert [p.code for p in outcome.problems] == ["closing_past"]


def test_a_changed_closing_time_holds_for_all_who_were_asked(cast: Cast) -> None:
    row = make.market_open(cast)
    at = NOW + timedelta(days=9)
    actions.change_closing(**seen(row, cast.bola), closes_at=at).done()
    assert set(row.invitations.values_list("closes_at", flat=True)) == {at}


def test_a_closed_search_takes_no_more_answers(cast: Cast) -> None:
    row = make.search_closed(cast, make.market_open(cast))
    one = make.invitation_to(row, cast.acorn_house)
    assert one.state == "closed"
    late = actions.decline_invitation(
        by=cast.priya, now=LATER, invitation_id=one.pk, version=one.version, reasons=("price",)
    )
    assert late.problems


def test_searching_again_asks_those_who_had_not_answered_once_more(cast: Cast) -> None:
    row = make.search_closed(cast, make.market_open(cast))
    actions.reopen_search(**seen(row, cast.bola), closes_at=make.LATER + timedelta(days=5)).done()
    row.refresh_from_db()
    assert row.state == "market"
    assert row.closed_at is None
    assert set(row.invitations.values_list("state", flat=True)) == {"sent"}


def test_what_was_widened_stays_widened_when_searching_again(cast: Cast) -> None:
    row = off_the_framework(cast)
    actions.widen_rule(**seen(row, cast.bola), code="not_approved", reason="No approved home is near").done()
    row = make.search_closed(cast, row)
    actions.reopen_search(**seen(row, cast.bola), closes_at=make.LATER + timedelta(days=5)).done()
    assert candidate(row, cast.acorn_house).is_eligible


def test_stopping_needs_a_reason_and_tells_all_who_were_asked(cast: Cast) -> None:
    row = make.market_open(cast)
    assert actions.stop_search(**seen(row, cast.bola), reason="").problems
    Notice.objects.all().delete()
    actions.stop_search(**seen(row, cast.bola), reason="She stays with her aunt").done()
    told = Notice.objects.exclude(provider=None).values_list("provider_id", flat=True)
    assert set(told) == {cast.oakhouse.pk, cast.harbour.pk}
    assert set(row.invitations.values_list("state", flat=True)) == {"closed"}


def test_a_withdrawn_request_stops_its_search(cast: Cast) -> None:
    row = make.market_open(cast)
    request = row.request
    request.refresh_from_db()
    requests.withdraw_request(
        by=cast.sadia,
        now=LATER,
        request_id=request.pk,
        version=request.version,
        reason="She stays with her aunt",
    ).done()
    row.refresh_from_db()
    assert row.state == "stopped"


def test_when_every_own_household_has_declined_the_providers_are_asked_at_once(cast: Cast) -> None:
    row = make.search_open(cast)
    one = make.invitation_to(row, cast.adams)
    number = actions.decline_households(
        by=cast.fern, now=LATER, invitation_id=one.pk, reasons=("no_vacancy",)
    ).done()
    row.refresh_from_db()
    assert number == 2
    assert row.state == "market"
    assert row.invitations.filter(setting__isnull=False).exists()


def test_an_answer_that_names_the_child_is_refused(cast: Cast) -> None:
    row = make.market_open(cast)
    invitation = make.invitation_to(row, cast.acorn_house)
    question = actions.ask_question(
        by=cast.priya, now=LATER, invitation_id=invitation.pk, words="What does she like?"
    ).done()
    refused = actions.answer_question(
        by=cast.bola, now=LATER, question_id=question.pk, version=1, answer="Amber likes dogs."
    )
    assert [p.code for p in refused.problems] == ["identifying"]
    actions.answer_question(
        by=cast.bola, now=LATER, question_id=question.pk, version=1, answer="She likes dogs."
    ).done()
    question.refresh_from_db()
    assert question.answer == "She likes dogs."


def test_the_worker_asks_the_market_when_the_time_for_own_carers_is_over(cast: Cast) -> None:
    row = make.search_open(cast)
    assert row.own_until is not None
    assert tasks.close_due_searches(row.own_until + timedelta(minutes=1)) == 1
    row.refresh_from_db()
    assert row.state == "market"


def test_the_worker_closes_a_search_at_its_time_and_once(cast: Cast) -> None:
    row = make.market_open(cast)
    at = row.closes_at + timedelta(minutes=1)
    assert [tasks.close_due_searches(at), tasks.close_due_searches(at)] == [1, 0]
    row.request.refresh_from_db()
    assert row.request.state == "offers_in"


def test_the_worker_reminds_once_in_the_last_day(cast: Cast) -> None:
    row = make.market_open(cast)
    last_day = row.closes_at - timedelta(hours=3)
    assert [
        tasks.remind_before_closing(NOW),
        tasks.remind_before_closing(last_day),
        tasks.remind_before_closing(last_day),
    ] == [0, 1, 0]


@pytest.mark.parametrize("verb", [t.verb for t in SEARCH.transitions])
@pytest.mark.parametrize("state", sorted(SEARCH.states))
def test_only_the_stated_roles_do_a_verb_and_only_in_the_stated_states(verb: str, state: str) -> None:
    step = SEARCH.transition(verb)
    for role in ("broker", "fostering_officer", "team_manager", "provider", "system"):
        is_allowed = not SEARCH.problems(verb, state=state, role=role)
        assert is_allowed == (state in step.sources and role in step.roles)


def test_every_state_of_a_search_and_of_an_invitation_can_be_reached() -> None:
    assert SEARCH.reachable() == frozenset(SEARCH.states)
    assert INVITATION.reachable() == frozenset(INVITATION.states)


def test_reasons_are_counted_with_how_many_each_leaves_out_alone(cast: Cast) -> None:
    row = off_the_framework(cast)
    assert {one.code: (one.homes, one.alone) for one in counted_reasons(row.pk)} == {"not_approved": (2, 2)}


def test_reasons_are_kept_with_the_search_as_they_are_counted(cast: Cast) -> None:
    row = off_the_framework(cast)
    assert reasons_of(row) == counted_reasons(row.pk)
    actions.widen_rule(**seen(row, cast.bola), code="not_approved", reason="Nobody else is near.").done()
    row.refresh_from_db()
    assert reasons_of(row) == counted_reasons(row.pk) == []


def test_another_authority_sees_nothing_of_a_search(cast: Cast) -> None:
    row = make.market_open(cast)
    assert queries.search_page(cast.brenda, row.pk) is None
    assert not queries.candidates(cast.brenda, row.pk)
    assert not queries.invitations(cast.brenda, row.pk)
    assert actions.close_search(**seen(row, cast.brenda)).problems[0].code == "missing"
