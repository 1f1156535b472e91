"""A request from its first line to the brokers and back: who may do what, what is refused, what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.core.matching.vocabulary import PlacePurpose
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.journey.requests import actions
from rightplace.journey.requests.disclosed import KEEP, MASK, WordsJudged
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven, PlaceGiven, SiblingWishGiven
from rightplace.journey.requests.models import ClockPause, Need, PlacementRequest, QualityCheck
from rightplace.journey.requests.queries import check_clock
from rightplace.journey.requests.states import REQUEST
from tests import make
from tests.cast import NOW, TODAY, Cast

A_DAY = timedelta(days=1)
PEOPLE = ("sadia", "moses", "bola", "fern", "pearl", "dev", "fin", "cora", "ana", "conrad", "priya")
DEEDS = {
    "submit_request": {},
    "recall_request": {},
    "return_request": {"comments": [("needs", "When did it last happen?")]},
    "pass_request": {},
    "withdraw_request": {"reason": "Went home."},
    "save_request": {"changes": {"about": "Likes chess."}},
}


def put(row: PlacementRequest, state: str) -> PlacementRequest:
    PlacementRequest.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("verb", sorted(DEEDS))
def test_each_verb_is_open_to_exactly_the_roles_and_states_of_the_table(cast: Cast, verb: str) -> None:
    row = make.request_draft(cast)
    step = REQUEST.transition(verb)
    for state in REQUEST.states:
        for name in PEOPLE:
            put(row, state)
            by = getattr(cast, name)
            outcome = getattr(actions, verb)(
                by=by, now=NOW, request_id=row.pk, version=row.version, **DEEDS[verb]
            )
            row.refresh_from_db()
            may = state in step.sources and by.role in step.roles
            assert outcome.is_done == may, (state, name, outcome.problems)
            ClockPause.objects.filter(started_at__isnull=True).update(started_at=NOW + A_DAY)


def test_a_request_starts_with_what_the_register_knows(cast: Cast) -> None:
    row = actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.amber.pk,)).done()
    places = {place.kind: place.postcode for place in row.places.all()}
    assert (row.language, row.keep_school, row.social_worker_id) == ("English", True, cast.sadia.user_id)
    assert places == {PlacePurpose.HOME: "CR0 4XX", PlacePurpose.SCHOOL: "CR0 8AA"}


def test_a_manager_who_starts_a_request_starts_it_for_the_childs_social_worker(cast: Cast) -> None:
    row = actions.start_request(by=cast.moses, now=NOW, child_ids=(cast.amber.pk,)).done()
    assert row.social_worker_id == cast.sadia.user_id


def test_brothers_are_asked_for_in_one_request(cast: Cast) -> None:
    row = actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.jude.pk, cast.kiran.pk)).done()
    assert [one.child for one in row.children.all()] == [cast.jude, cast.kiran]
    assert row.siblings_together is True


def test_children_who_are_not_related_are_not_asked_for_together(cast: Cast) -> None:
    outcome = actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.jude.pk, cast.amber.pk))
    assert [problem.code for problem in outcome.problems] == ["not_a_sibling"]
    assert not PlacementRequest.objects.exists()


def test_another_authoritys_child_or_request_cannot_be_found(cast: Cast) -> None:
    row = make.request_draft(cast)
    starting = actions.start_request(by=cast.simon, now=NOW, child_ids=(cast.amber.pk,))
    saving = actions.save_request(
        by=cast.simon, now=NOW, request_id=row.pk, version=row.version, changes={"about": "x"}
    )
    assert {p.code for p in (*starting.problems, *saving.problems)} == {"missing"}


def test_a_request_that_lacks_answers_is_not_sent_and_all_is_said_at_once(cast: Cast) -> None:
    row = actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.amber.pk,)).done()
    outcome = actions.submit_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version)
    fields = {problem.field for problem in outcome.problems}
    assert {"reason", "needed_by_on", "suitability", "needs", "outcomes", "health"} <= fields
    assert PlacementRequest.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("days", "urgency"), [(0, "today"), (1, "under_5_days"), (6, "under_5_days"), (7, "over_5_days")]
)
def test_urgency_is_fixed_in_working_days_when_the_request_is_sent(
    cast: Cast, days: int, urgency: str
) -> None:
    row = make.request_submitted(cast, needed_by=TODAY + timedelta(days=days))
    assert row.urgency == urgency


def test_the_clock_stands_while_a_request_is_returned_and_runs_on_when_it_is_sent_again(cast: Cast) -> None:
    row = make.request_submitted(cast)
    returned = actions.return_request(
        by=cast.bola,
        now=NOW + A_DAY,
        request_id=row.pk,
        version=row.version,
        comments=[("", "More, please.")],
    ).done()
    assert check_clock(returned).is_stopped
    later = NOW + 7 * A_DAY
    again = actions.submit_request(
        by=cast.sadia, now=later, request_id=row.pk, version=returned.version
    ).done()
    clock = check_clock(PlacementRequest.objects.get(pk=again.pk))
    assert clock.is_running
    # Two working days are allowed: one ran before the return, so one is left after the second sending.
    assert clock.due_on(frozenset()) == later.date() + A_DAY
    assert again.comments.get().settled_at == later


def test_taking_a_request_back_stops_its_clock_too(cast: Cast) -> None:
    row = make.request_submitted(cast)
    actions.recall_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version).done()
    assert check_clock(PlacementRequest.objects.get()).is_stopped


def test_a_request_is_not_returned_without_a_comment(cast: Cast) -> None:
    row = make.request_submitted(cast)
    outcome = actions.return_request(
        by=cast.bola, now=NOW, request_id=row.pk, version=row.version, comments=[("needs", "  ")]
    )
    assert not outcome.is_done


def test_of_two_people_who_save_the_same_request_the_second_is_told(cast: Cast) -> None:
    row = make.request_draft(cast)
    first, second = (
        actions.save_request(by=who, now=NOW, request_id=row.pk, version=row.version, changes={"about": text})
        for who, text in ((cast.sadia, "Likes chess."), (cast.moses, "Likes running."))
    )
    assert first.is_done
    assert [problem.code for problem in second.problems] == ["stale"]
    assert PlacementRequest.objects.get().about == "Likes chess."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"likely_weeks": 0}, "likely_weeks"),
        ({"likely_weeks": 10**9}, "likely_weeks"),
        ({"ceiling_pence_week": -1}, "ceiling_pence_week"),
        ({"ceiling_pence_week": 2**70}, "ceiling_pence_week"),
        ({"pets": "dragons"}, "pets"),
        ({"about": "x" * 4001}, "about"),
        ({"about": "null\x00byte"}, "about"),
        ({"adaptations": ["moat"]}, "adaptations"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_at_its_field(cast: Cast, changes: dict, field: str) -> None:
    row = make.request_draft(cast)
    outcome = actions.save_request(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, changes=changes
    )
    assert [problem.field for problem in outcome.problems] == [field]


@pytest.mark.parametrize("column", ["state", "authority_id", "version", "social_worker_id"])
def test_columns_that_nobody_fills_in_cannot_be_saved(cast: Cast, column: str) -> None:
    row = make.request_draft(cast)
    with pytest.raises(KeyError):
        actions.save_request(
            by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, changes={column: 1}
        )


def test_a_need_that_stays_keeps_its_key_so_that_answers_still_lead_to_it(cast: Cast) -> None:
    row = make.request_draft(cast)
    before = Need.objects.get(kind="self_harm").pk
    asked = row.children.get()
    given = (NeedGiven("self_harm", 3, "Worse since the summer."), NeedGiven("autism", 1))
    actions.save_needs(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, request_child_id=asked.pk, needs=given
    ).done()
    assert Need.objects.get(kind="self_harm").pk == before
    assert {need.kind: need.severity for need in Need.objects.all()} == {"self_harm": 3, "autism": 1}


def test_an_unsafe_place_needs_its_reason_and_a_postcode_that_can_be_read(cast: Cast) -> None:
    row = make.request_draft(cast)
    given = [PlaceGiven("unsafe", "nowhere", 3, is_unsafe=True)]
    outcome = actions.save_places(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, places=given
    )
    assert {problem.field for problem in outcome.problems} == {"postcode", "reason"}


def test_a_brother_can_join_a_request_and_is_then_no_wish(cast: Cast) -> None:
    row = make.request_draft(cast, children=(cast.jude,))
    saved = actions.save_sibling_wishes(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, joining=[cast.kiran.pk], together=True,
        wishes=[SiblingWishGiven(cast.kiran.pk, "together")],
    ).done()  # fmt: skip
    assert [one.child for one in saved.children.all()] == [cast.jude, cast.kiran]
    assert not saved.sibling_wishes.exists()


def test_living_apart_needs_a_reason_and_only_siblings_are_named(cast: Cast) -> None:
    row = make.request_draft(cast, children=(cast.jude,))
    for wish, code in (
        (SiblingWishGiven(cast.kiran.pk, "apart"), "entry_missing"),
        (SiblingWishGiven(cast.lena.pk, "apart", "Known to quarrel"), "not_a_sibling"),
    ):
        outcome = actions.save_sibling_wishes(
            by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, wishes=[wish]
        )
        assert [problem.code for problem in outcome.problems] == [code]


def test_every_verb_leaves_exactly_one_entry_in_the_trail(cast: Cast) -> None:
    row = make.request_ready(cast)
    verbs = list(
        AuditEntry.objects.filter(subject="request", subject_id=row.pk)
        .order_by("number")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        "start_request", "save_request", "save_needs", "save_criteria", "save_outcomes", "submit_request", "pass_request",
    ]  # fmt: skip
    assert set(AuditEntry.objects.values_list("child_id", flat=True)) == {cast.amber.pk}


def test_the_brokers_are_told_of_a_request_sent_and_the_social_worker_of_its_passing(cast: Cast) -> None:
    make.request_ready(cast)
    assert list(Notice.objects.order_by("id").values_list("role", "user_id")) == [
        ("broker", None),
        ("", cast.sadia.user_id),
    ]


def test_flagged_words_must_be_judged_before_a_request_passes(cast: Cast) -> None:
    row = make.request_draft(cast)
    row = actions.save_request(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version,
        changes={"about": "Amber is friends with Tyrone. Grace is her favourite word."},
    ).done()  # fmt: skip
    row = actions.submit_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version).done()
    deed = {"by": cast.bola, "now": NOW, "request_id": row.pk, "version": row.version}
    assert {p.code for p in actions.pass_request(**deed).problems} == {"words_not_judged"}
    kept = [WordsJudged("Tyrone", MASK), WordsJudged("Grace", KEEP), WordsJudged("Amber", KEEP)]
    assert [p.code for p in actions.pass_request(**deed, confirmed_words=kept).problems] == ["words_identify"]
    assert actions.pass_request(**deed, confirmed_words=kept[:2]).is_done
    assert QualityCheck.objects.get().confirmed_words[1] == {"text": "Grace", "verdict": KEEP}


def test_an_outcome_without_words_is_refused(cast: Cast) -> None:
    row = make.request_draft(cast)
    outcome = actions.save_outcomes(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, outcomes=[OutcomeGiven("safety", " ")]
    )
    assert [problem.field for problem in outcome.problems] == ["words"]


def test_a_request_follows_the_later_stages_and_stays_where_it_already_is(cast: Cast) -> None:
    row = make.request_ready(cast)
    assert actions.follow_search_opened(row.pk) == []
    assert actions.follow_search_opened(row.pk) == []
    assert actions.follow_search_closed(row.pk) == []
    assert actions.follow_choice_made(row.pk) == []
    assert actions.follow_choice_undone(row.pk) == []
    assert [p.code for p in actions.follow_placed(row.pk, NOW)] == ["wrong_state"]
    row.refresh_from_db()
    assert row.state == "offers_in"
