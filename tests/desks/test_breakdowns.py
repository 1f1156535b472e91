"""A breakdown through the pages: the end is recorded, and a new request opens where somebody can finish it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db


def end_by_breakdown(cast: Cast, by: Actor) -> Visitor:
    make.placement_started(cast, make.contract_in_force(cast, home=cast.acorn_house, children=(cast.amber,)))
    placed = Placement.objects.get(child=cast.amber, state="started")
    left = timezone.localdate()
    # Pages go by the real clock, which may not have reached the start yet.
    Placement.objects.filter(pk=placed.pk).update(period=(left - timedelta(days=30), placed.period.upper))
    visitor = Visitor(by).opens(f"/placements/{placed.pk}/end_placement/")
    return visitor.presses(
        "End the placement",
        end_reason="X1",
        change_reason="CREQB",
        words="It could not go on.",
        is_breakdown="on",
        ended_on_day=left.day,
        ended_on_month=left.month,
        ended_on_year=left.year,
    )


def test_a_team_manager_goes_on_with_the_new_request(cast: Cast) -> None:
    visitor = end_by_breakdown(cast, cast.moses)
    request = PlacementRequest.objects.get(state="draft")
    assert visitor.address == f"/social-work/requests/{request.pk}/"
    visitor.sees("The end is recorded", request.reference)


def test_a_broker_stays_with_the_placement_for_a_draft_is_not_theirs_to_read(cast: Cast) -> None:
    visitor = end_by_breakdown(cast, cast.bola)
    assert visitor.address.startswith("/placements/")
    visitor.sees("Social work finishes and sends it", PlacementRequest.objects.get(state="draft").reference)
