"""Actions: all or nothing, and only from the state that was seen."""

from __future__ import annotations

from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import STALE, Outcome, action, change_row, change_state, refuse, require
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.models import Notice
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST
from tests.cast import NOW, Cast


@action
def write_then(*, by: Actor, now: datetime, problems: list[Problem], from_within: bool) -> Outcome[None]:
    """Write a notice and an entry, then refuse (or not)."""
    Notice.objects.create(authority_id=by.authority_id, role=by.role, words="Written", at=now)
    audit(by=by, now=now, verb="write", words="Written", subject="notice", subject_id=1)
    if from_within:
        require(problems)
    return refuse(problems)


def test_a_refusal_undoes_all_that_was_written(cast: Cast) -> None:
    for from_within in (True, False):
        with acting_as(cast.bola):
            outcome = write_then(
                by=cast.bola, now=NOW, problems=[Problem("no", "No.")], from_within=from_within
            )
        assert outcome.problems == (Problem("no", "No."),)
        assert not Notice.objects.exists()
        assert not AuditEntry.objects.exists()


def test_what_is_done_is_kept_with_one_entry(cast: Cast) -> None:
    with acting_as(cast.bola):
        assert write_then(by=cast.bola, now=NOW, problems=[], from_within=False).is_done
    assert Notice.objects.count() == AuditEntry.objects.count() == 1


def _request(cast: Cast, state: str = "draft") -> PlacementRequest:
    return PlacementRequest.objects.create(
        authority=cast.croydon, social_worker_id=cast.sadia.user_id, state=state, created_at=NOW
    )


def test_a_state_changes_only_for_who_saw_the_latest_version(cast: Cast) -> None:
    request = _request(cast)
    assert change_state(REQUEST, request, "submit_request", by=cast.sadia, version=1) == []
    assert (request.state, request.version) == ("submitted", 2)
    late = PlacementRequest.objects.get(pk=request.pk)
    (problem,) = change_state(REQUEST, late, "recall_request", by=cast.sadia, version=1)
    assert problem.code == STALE


def test_a_verb_that_does_not_fit_role_or_state_is_refused_in_words(cast: Cast) -> None:
    request = _request(cast, "searching")
    (by_role,) = change_state(REQUEST, request, "pass_request", by=cast.sadia, version=1)
    (by_state,) = change_state(REQUEST, request, "pass_request", by=cast.bola, version=1)
    assert by_role.code == "not_yours"
    assert "in search" in by_state.sentence


def test_two_editors_never_overwrite_each_other(cast: Cast) -> None:
    first, second = _request(cast), None
    second = PlacementRequest.objects.get(pk=first.pk)
    assert change_row(first, version=1, why_now="First") == []
    (problem,) = change_row(second, version=1, why_now="Second")
    assert problem.code == STALE
    assert PlacementRequest.objects.get(pk=first.pk).why_now == "First"


def test_who_comes_too_late_is_told_who_did_what_since(cast: Cast) -> None:
    request = _request(cast)

    @action
    def save(*, by: Actor, now: datetime, words: str) -> Outcome[None]:
        row = PlacementRequest.objects.get(pk=request.pk)
        assert change_row(row, version=row.version, why_now=words) == []
        audit(by=by, now=now, verb="save", words=f"{words} saved", subject="request", subject_id=row.pk)
        return Outcome(None)

    for words in ("One", "Two", "Three", "Four"):
        with acting_as(cast.sadia):  # one request each: entries are written at the end of it
            assert save(by=cast.sadia, now=NOW, words=words).is_done
    with acting_as(cast.sadia):
        (behind,) = change_row(PlacementRequest.objects.get(pk=request.pk), version=4, why_now="Late")
        (far_behind,) = change_row(PlacementRequest.objects.get(pk=request.pk), version=1, why_now="Later")
    assert "Since then: Sadia" in behind.sentence
    assert behind.sentence.count(" saved") == 1
    assert "Four saved" in behind.sentence
    assert far_behind.sentence.count(" saved") == 3


def test_a_row_that_has_gone_is_stale_and_not_an_error(cast: Cast) -> None:
    request = _request(cast)
    PlacementRequest.objects.all().delete()
    (problem,) = change_row(request, version=1, why_now="Late")
    assert problem.code == STALE


def test_states_that_nothing_leads_to_are_found() -> None:
    table = Workflow(
        "t", {"a": "A", "b": "B", "lost": "Lost"}, "a", (transition("go", "Go", "a", "b", ["r"]),)
    )
    assert table.reachable() == {"a", "b"}
    assert [step.verb for step in table.open_to(state="a", role="r")] == ["go"]
    assert table.open_to(state="b", role="r") == ()
