"""A child who joined a request by mistake is taken out of it while it is a draft."""

from __future__ import annotations

import pytest

from rightplace.journey.requests import filling_in
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast: Cast) -> PlacementRequest:
    return make.request_draft(cast, children=(cast.jude, cast.kiran))


def take_out(cast: Cast, row: PlacementRequest, child: Child) -> object:
    row.refresh_from_db()
    return filling_in.take_out_child(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version, child_id=child.pk
    )


def test_a_child_is_taken_out_but_never_the_last(cast: Cast, row: PlacementRequest) -> None:
    take_out(cast, row, cast.kiran).done()
    assert [one.child_id for one in row.children.all()] == [cast.jude.pk]
    assert [p.code for p in take_out(cast, row, cast.jude).problems] == ["last_child"]
    assert [p.code for p in take_out(cast, row, cast.kiran).problems] == ["gone"]


def test_nobody_is_taken_out_of_a_request_that_was_sent(cast: Cast) -> None:
    sent = make.request_submitted(cast, children=(cast.jude, cast.kiran))
    assert [p.code for p in take_out(cast, sent, cast.kiran).problems] == ["wrong_state"]
    assert sent.children.count() == 2


def test_the_page_takes_a_child_out(cast: Cast, row: PlacementRequest) -> None:
    sadia = Visitor(cast.sadia).opens(f"/social-work/requests/{row.pk}/steps/children/")
    sadia.presses("Take out").sees("no longer in this request")
    assert row.children.count() == 1
