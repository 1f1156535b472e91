"""The demonstration's two nights of a case system: what they leave for people to decide and to settle."""

from __future__ import annotations

import pytest

from rightplace.demo.load import Loaded
from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.exchange.case_recording.taking import KIND
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.placements.models import Placement

pytestmark = pytest.mark.django_db


def test_two_nights_were_taken_in_and_the_second_kept_two_rows_out(demo: Loaded) -> None:
    runs = list(ImportRun.objects.filter(kind=KIND).order_by("started_at"))
    assert [run.rows_bad for run in runs] == [0, 2]
    assert {run.authority_id for run in runs} == {Authority.objects.get(name="Croydon").pk}


def test_four_persons_wait_for_somebodys_word_and_each_may_be_the_child_that_it_was_made_of(
    demo: Loaded,
) -> None:
    unsure = list(CaseIdentity.objects.filter(state="doubtful"))
    assert len(unsure) == 4
    assert all(int(one.person[1:]) - 200_000 in one.candidates for one in unsure)


def test_everybody_else_in_care_is_linked_to_the_child_that_they_were_made_of(demo: Loaded) -> None:
    linked = CaseIdentity.objects.filter(state="linked")
    assert all(one.child_id == int(one.person[1:]) - 200_000 for one in linked)
    in_care = Placement.objects.filter(
        authority__name="Croydon", state="started", child__social_worker__isnull=False
    )
    assert linked.count() + 4 == in_care.values("child_id").distinct().count()


def test_the_second_night_tells_every_kind_of_difference_that_people_settle(demo: Loaded) -> None:
    found = CaseDifference.objects.filter(state="open")
    assert {"born_on", "names", "statuses", "placements", "accounts"} == set(
        found.values_list("about", flat=True)
    )
    assert found.filter(about="placements").count() >= 2
    assert not found.filter(owner_role="social_worker", owner=None).exists()
    assert CaseDifference.objects.count() == found.count(), "the first night agreed in everything"
