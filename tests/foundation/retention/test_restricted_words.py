"""A request for the data of a restricted case: its words are for those who are named for the case, and for nobody else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.retention import queries
from rightplace.foundation.retention.models import Redaction, SubjectRequest
from rightplace.foundation.retention.subject import actions
from rightplace.foundation.retention.subject.job import carry_on_requests
from rightplace.foundation.safeguards import restricting
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.visit import send, signed_in

WORDS = "Zebedee Quill"


@pytest.fixture
def asked(cast: Cast) -> SubjectRequest:
    """Amber's data is asked for and gathered, with words about a neighbour; then only Sadia and Dev may open her case."""
    make.request_submitted(cast)
    given = actions.Asked("child", cast.amber.pk, "She asks herself", "Passport seen", TODAY)
    row = actions.ask_for_data(by=cast.iggy, now=NOW, asked=given).done()
    carry_on_requests(NOW)
    Redaction.objects.create(
        authority=cast.croydon, request=row, text=WORDS, why="A name", contexts=[f"Her neighbour {WORDS}."]
    )
    restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=cast.amber.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id, cast.dev.person_id],
    ).done()  # fmt: skip
    row.refresh_from_db()
    assert row.state == "in_review"
    return row


def test_an_officer_who_is_not_named_sees_that_there_is_a_request_and_none_of_its_words(
    cast: Cast, asked: SubjectRequest
) -> None:
    client, page = signed_in(cast.iggy), f"/governance/data-requests/{asked.pk}/"
    assert asked.reference in client.get("/governance/data-requests/").content.decode()
    shown = client.get(page).content.decode()
    assert "you are not named for it" in shown
    assert f"{page}review/" not in shown
    answer = client.get(f"{page}review/")
    assert (answer.status_code, WORDS in answer.content.decode()) == (422, False)
    assert client.get(f"{page}bundle/").status_code == 404


def test_neither_by_the_verbs(cast: Cast, asked: SubjectRequest) -> None:
    call = {"by": cast.iggy, "now": NOW, "request_id": asked.pk, "version": asked.version}
    key = Redaction.objects.get(text=WORDS).pk
    with acting_as(cast.iggy):
        for outcome in (
            actions.judge_words(**call, verdicts={key: "show"}),
            actions.finish_review(**call),
            actions.release_bundle(**call),
            actions.hand_over(**call),
        ):
            assert [problem.code for problem in outcome.problems] == ["not_named"]
    page = f"/governance/data-requests/{asked.pk}/review/"
    send(signed_in(cast.iggy), page, asked.version, **{f"verdict_{key}": "show"})
    assert Redaction.objects.get(pk=key).verdict == ""


def test_the_database_hides_the_words_though_the_code_forgets(cast: Cast, asked: SubjectRequest) -> None:
    with acting_as(cast.iggy):
        assert not Redaction.objects.filter(request_id=asked.pk).exists()
        assert queries.data_requests(cast.iggy).filter(pk=asked.pk).exists()
    with acting_as(cast.dev):
        assert Redaction.objects.filter(request_id=asked.pk, text=WORDS).exists()


def test_who_is_named_reviews_it(cast: Cast, asked: SubjectRequest) -> None:
    restriction = cast.croydon.restriction_set.get()
    restricting.name_person(
        by=cast.dev, now=timezone.now(), restriction_id=restriction.pk, version=restriction.version,
        user_id=cast.iggy.person_id, why="Answers the request.",
    ).done()  # fmt: skip
    answer = signed_in(cast.iggy).get(f"/governance/data-requests/{asked.pk}/review/")
    assert (answer.status_code, WORDS in answer.content.decode()) == (200, True)


def test_a_request_about_a_child_whose_case_is_open_stays_as_it_was(
    cast: Cast, asked: SubjectRequest
) -> None:
    given = actions.Asked("child", cast.jude.pk, "His aunt", "Passport seen", TODAY)
    other = actions.ask_for_data(by=cast.iggy, now=NOW, asked=given).done()
    Redaction.objects.create(authority=cast.croydon, request=other, text="Somebody Else", why="A name")
    with acting_as(cast.iggy):
        assert queries.may_read_words(cast.iggy, other)
        assert queries.to_judge(other, is_open=True).count() == 1


@pytest.fixture
def of_jude(cast: Cast) -> SubjectRequest:
    """Jude’s data is asked for: his sister stands near him, and the words of his request name Amber."""
    row = make.request_draft(cast, children=(cast.jude,))
    row.about = f"He was in class with {cast.amber.first_name} {cast.amber.last_name}."
    row.save(update_fields=["about"])
    given = actions.Asked("child", cast.jude.pk, "His aunt", "Passport seen", TODAY)
    asked = actions.ask_for_data(by=cast.iggy, now=NOW, asked=given).done()
    carry_on_requests(NOW)
    asked.refresh_from_db()
    return asked


def closed(cast: Cast, child: Child) -> None:
    restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=child.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id, cast.dev.person_id],
    ).done()  # fmt: skip


def test_the_children_of_whom_a_record_speaks_are_those_near_and_those_it_names(
    cast: Cast, of_jude: SubjectRequest
) -> None:
    assert queries.children_spoken_of(of_jude) == {cast.jude.pk, cast.kiran.pk, cast.amber.pk}


@pytest.mark.parametrize("spoken_of", ["amber", "kiran"])
def test_words_about_a_restricted_child_in_anothers_request_are_for_who_is_named_for_that_child(
    cast: Cast, of_jude: SubjectRequest, spoken_of: str
) -> None:
    assert queries.may_read_words(cast.iggy, of_jude)
    closed(cast, getattr(cast, spoken_of))
    with acting_as(cast.iggy):
        assert not queries.may_read_words(cast.iggy, of_jude)
        assert not Redaction.objects.filter(request_id=of_jude.pk).exists()
        call = {"by": cast.iggy, "now": NOW, "request_id": of_jude.pk, "version": of_jude.version}
        assert [one.code for one in actions.judge_words(**call, verdicts={}).problems] == ["not_named"]
    with acting_as(cast.dev):
        assert Redaction.objects.filter(request_id=of_jude.pk).exists()
    page = f"/governance/data-requests/{of_jude.pk}/"
    shown = signed_in(cast.iggy).get(page).content.decode()
    assert "speak of a child of a restricted case" in shown
    assert f"Child {cast.jude.local_number}" in shown, "called as the officer typed it, not by our own number"
    assert cast.amber.last_name not in signed_in(cast.iggy).get(f"{page}review/").content.decode()


def test_the_bundle_is_hidden_by_the_database_with_the_case_of_every_child_it_speaks_of(
    cast: Cast, of_jude: SubjectRequest
) -> None:
    file = StoredFile.objects.create(
        authority=cast.croydon, name="SAR.zip", media_type="application/zip", size=1, sha256="0" * 64,
        content=b"z", made_at=NOW, made_by="test",
    )  # fmt: skip
    SubjectRequest.objects.filter(pk=of_jude.pk).update(bundle=file, state="ready")
    closed(cast, cast.amber)
    with acting_as(cast.iggy):
        assert not StoredFile.objects.filter(pk=file.pk).exists()
        assert queries.bundle_of(cast.iggy, of_jude.pk) is None
    with acting_as(cast.dev):
        assert queries.bundle_of(cast.dev, of_jude.pk) == file
