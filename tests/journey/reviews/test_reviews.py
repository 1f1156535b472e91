"""Reviews beside the story: who may chair, what one side may not see, restricted cases, signs, complaints' clocks, surveys."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rightplace.core.calendar import add_months
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements import actions as placements
from rightplace.journey.requests import case_people
from rightplace.journey.reviews import actions, child_page, complaints, steadiness, surveys
from rightplace.journey.reviews.actions import ScoreGiven
from rightplace.journey.reviews.models import (
    ChildWords,
    Complaint,
    OutcomeScore,
    Review,
    StabilityMeeting,
    SurveyAnswer,
)
from rightplace.journey.reviews.planning import plan_reviews, see_to_reviews
from rightplace.journey.reviews.queries import carer_papers, watched
from tests import make
from tests.cast import NOW, TODAY, Cast

DAY = timedelta(days=1)


def placed(cast: Cast) -> Contract:
    return make.placement_started(cast, make.contract_in_force(cast))


def named(cast: Cast) -> None:
    """Ida is Amber's reviewing officer."""
    given = {"child_id": cast.amber.pk, "version": cast.amber.version, "user_id": cast.ida.user_id}
    case_people.name_reviewing_officer(by=cast.dev, now=NOW, **given).done()
    cast.amber.refresh_from_db()


def sent(cast: Cast) -> tuple[Contract, Review, datetime]:
    contract = placed(cast)
    review = Review.objects.get(child=cast.amber, state="due")
    now = datetime.combine(contract.placement.period.lower + DAY, NOW.timetz())
    actions.send_review_papers(by=cast.ida, now=now, review_id=review.pk, version=review.version).done()
    review.refresh_from_db()
    return contract, review, now


def test_each_looked_after_child_has_one_open_review_and_planning_twice_adds_none(cast: Cast) -> None:
    first = plan_reviews(by=cast.ida, now=NOW).done()
    assert first == Review.objects.filter(authority=cast.croydon, state="due").count() > 0
    assert plan_reviews(by=cast.ida, now=NOW).done() == 0
    with acting_as(cast.simon):
        assert not Review.objects.exists()


def test_a_child_who_is_looked_after_no_more_is_not_reviewed(cast: Cast) -> None:
    see_to_reviews(cast.croydon.pk, None, TODAY)
    row = cast.amber.legal_statuses.get()
    row.period = (row.period.lower, TODAY - DAY)
    row.save()
    see_to_reviews(cast.croydon.pk, None, TODAY)
    assert Review.objects.get(child=cast.amber).state == "void"


def test_only_the_childs_own_reviewing_officer_records_the_review(cast: Cast) -> None:
    _, review, now = sent(cast)
    given = {"review_id": review.pk, "version": review.version, "held_on": now.date(), "words": "She stays."}
    assert actions.hold_review(by=cast.ida, now=now, **given).problems[0].code == "not_yours"
    assert actions.hold_review(by=cast.sadia, now=now, **given).problems
    named(cast)
    assert actions.hold_review(by=cast.ida, now=now, **given).is_done
    following = Review.objects.get(child=cast.amber, state="due")
    assert (following.number, following.due_on) == (2, add_months(now.date(), 3))


def test_a_provider_sees_the_carers_scores_and_never_what_child_or_worker_said(cast: Cast) -> None:
    contract, review, now = sent(cast)
    outcome = contract.versions.last().outcomes.first()
    token = child_page.give_child_link(
        by=cast.sadia, now=now, review_id=review.pk, version=review.version
    ).done()
    given = {"faces": {"home": 1}, "said": {"home": "They shout."}, "scores": {outcome.pk: 0}}
    child_page.hear_child(by=cast.sadia, now=now, token=token, **given).done()
    actions.score_outcomes(
        by=cast.sadia, now=now, review_id=review.pk, scores=[ScoreGiven(outcome.pk, 1, "School report")]
    ).done()
    with acting_as(cast.priya):
        assert carer_papers(cast.priya, review.pk, now.date()) is not None
        assert not OutcomeScore.objects.exists()
        assert not ChildWords.objects.exists()
        actions.score_outcomes(
            by=cast.priya, now=now, review_id=review.pk, scores=[ScoreGiven(outcome.pk, 2, "Rotas")]
        ).done()
        assert [one.side for one in OutcomeScore.objects.all()] == ["carer"]
    with acting_as(cast.quinn):
        assert carer_papers(cast.quinn, review.pk, now.date()) is None


def test_a_new_link_ends_the_one_before_and_an_old_one_ends_by_itself(cast: Cast) -> None:
    _, review, now = sent(cast)
    first = child_page.give_child_link(
        by=cast.sadia, now=now, review_id=review.pk, version=review.version
    ).done()
    review.refresh_from_db()
    second = child_page.give_child_link(
        by=cast.sadia, now=now, review_id=review.pk, version=review.version
    ).done()
    assert child_page.link_of(first, now) is None
    assert child_page.link_of(second, now) is not None
    assert child_page.link_of(second, now + timedelta(days=15)) is None


def test_scores_need_evidence_and_close_with_the_review(cast: Cast) -> None:
    named(cast)
    contract, review, now = sent(cast)
    outcome = contract.versions.last().outcomes.first()
    given = {"by": cast.sadia, "now": now, "review_id": review.pk}
    assert actions.score_outcomes(**given, scores=[ScoreGiven(outcome.pk, 2)]).problems[0].code == "evidence"
    assert (
        actions.score_outcomes(**given, scores=[ScoreGiven(outcome.pk, 3, "x")]).problems[0].code == "score"
    )
    review.refresh_from_db()
    actions.hold_review(
        by=cast.ida,
        now=now,
        review_id=review.pk,
        version=review.version,
        held_on=now.date(),
        words="She stays.",
    ).done()
    assert (
        actions.score_outcomes(**given, scores=[ScoreGiven(outcome.pk, 2, "x")]).problems[0].code
        == "wrong_state"
    )


def test_signs_told_by_home_and_worker_ask_for_one_meeting(cast: Cast) -> None:
    contract = placed(cast)
    now = datetime.combine(contract.placement.period.lower + 10 * DAY, NOW.timetz())
    told = {"now": now, "happened_on": now.date(), "words": "Back at two in the night."}
    with acting_as(cast.priya):
        steadiness.tell_sign(by=cast.priya, kind="missing", contract_id=contract.pk, **told).done()
    assert not StabilityMeeting.objects.exists()
    steadiness.tell_sign(by=cast.sadia, kind="exclusion", placement_id=contract.placement_id, **told).done()
    steadiness.tell_sign(by=cast.sadia, kind="incident", placement_id=contract.placement_id, **told).done()
    meeting = StabilityMeeting.objects.get()
    assert (meeting.kind, meeting.state) == ("holding", "asked")
    assert watched(cast.sadia, now.date())[0].stands.points == 6
    with acting_as(cast.quinn):
        assert (
            steadiness.tell_sign(by=cast.quinn, kind="missing", contract_id=contract.pk, **told)
            .problems[0]
            .code
            == "missing"
        )


def test_a_breakdown_asks_for_a_disruption_meeting_whose_lesson_is_kept(cast: Cast) -> None:
    placement = placed(cast).placement
    placement.refresh_from_db()
    ended = placement.period.lower + 20 * DAY
    now = datetime.combine(ended, NOW.timetz())
    placements.end_placement(
        by=cast.bola, now=now, placement_id=placement.pk, version=placement.version, ended_on=ended, end_reason="E3",
        words="The home gave notice.", is_breakdown=True,
    ).done()  # fmt: skip
    meeting = StabilityMeeting.objects.get(kind="disruption")
    given = {
        "by": cast.sadia,
        "now": now,
        "meeting_id": meeting.pk,
        "version": meeting.version,
        "held_on": ended,
        "who": "All",
        "agreed": "A",
    }
    assert steadiness.record_stability_meeting(**given).problems[0].field == "lesson"
    assert steadiness.record_stability_meeting(**given, lesson="Ask about nights first.").is_done


def test_a_complaint_runs_by_the_statutory_stages(cast: Cast) -> None:
    monday = date(2026, 10, 5)
    now = datetime.combine(monday, NOW.timetz())
    row = complaints.record_complaint(
        by=cast.sadia,
        now=now,
        is_compliment=False,
        from_whom="parent",
        words="Nobody rings me.",
        received_on=monday,
    ).done()
    assert row.due_on == date(2026, 10, 19)
    step = {"by": cast.cora, "now": now, "complaint_id": row.pk}
    row = complaints.extend_complaint(**step, version=row.version, reason="The worker is on leave.").done()
    assert row.due_on == date(2026, 11, 2)
    assert complaints.extend_complaint(**step, version=row.version, reason="Again.").problems
    row = complaints.answer_complaint(
        **step, version=row.version, outcome="partly", words="We will ring each week."
    ).done()
    row = complaints.take_complaint_further(**step, version=row.version, reason="She is not content.").done()
    assert (row.state, row.outcome, row.due_on) == ("stage_2", "", date(2026, 11, 9))
    row = complaints.take_complaint_further(**step, version=row.version, reason="Still not.").done()
    assert row.state == "stage_3"
    assert complaints.take_complaint_further(**step, version=row.version, reason="x").problems
    assert complaints.answer_complaint(
        **{**step, "by": cast.bola}, version=row.version, outcome="upheld", words="x"
    ).problems
    with acting_as(cast.simon):
        assert not Complaint.objects.exists()


def test_an_anonymous_survey_shows_nothing_before_five_answers_and_never_who_or_when(cast: Cast) -> None:
    row = surveys.open_survey(
        by=cast.cora,
        now=NOW,
        audience="social_workers",
        title="Placements",
        is_anonymous=True,
        closes_on=TODAY + 30 * DAY,
    ).done()
    tokens = surveys.ask_in_survey(
        by=cast.cora, now=NOW, survey_id=row.pk, version=row.version, number=6
    ).done()
    for token in tokens[:4]:
        surveys.answer_survey(by=cast.cora, now=NOW, token=token, scores=[5, 4, 3], words="").done()
    result = surveys.survey_result(row, TODAY)
    assert (result.asked, result.answered, result.is_shown) == (6, 4, False)
    surveys.answer_survey(
        by=cast.cora, now=NOW, token=tokens[4], scores=[1, 4, 3], words="More choice."
    ).done()
    assert (
        surveys.answer_survey(by=cast.cora, now=NOW, token=tokens[4], scores=[1, 4, 3], words="")
        .problems[0]
        .code
        == "worn"
    )
    result = surveys.survey_result(row, TODAY)
    assert result.counts[0][1] == (4, 0, 0, 0, 1)
    assert {field.name for field in SurveyAnswer._meta.fields} == {
        "id",
        "authority",
        "survey",
        "scores",
        "words",
        "whose",
    }
    assert not SurveyAnswer.objects.exclude(whose="").exists()
