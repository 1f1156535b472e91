"""Services in the demonstration: several kinds at every stage, none for a restricted case."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.demo.services import list_services, serve_children
from rightplace.demo.staff import Cast as DemoCast
from rightplace.foundation.access import roles
from rightplace.foundation.safeguards import restricting
from rightplace.journey.packages.models import Milestone, Package
from rightplace.register.children.models import Child
from rightplace.register.services.models import Service, TransferCount
from tests.cast import Cast
from tests.make import LATER

pytestmark = pytest.mark.django_db


def test_services_of_several_kinds_are_at_every_stage(cast: Cast) -> None:
    for age in range(6, 18):
        for number in range(3):
            Child.objects.create(
                authority=cast.croydon,
                local_number=f"{age}-{number}",
                first_name="Sky",
                sex="F",
                born_on=date(2026 - age, 3, 1),
            )
    restricting.restrict_case(
        by=cast.iggy,
        now=LATER,
        child_number="9-0",
        reason="A relative works here.",
        people=[cast.sadia.person_id],
    ).done()
    held = {
        roles.SOCIAL_WORKER: [cast.sadia], roles.BROKER: [cast.bola], roles.TEAM_MANAGER: [cast.moses],
        roles.DIRECTOR: [cast.dev], roles.PANEL_CHAIR: [cast.pearl], roles.COMMISSIONER: [cast.cora],
    }  # fmt: skip
    demo = DemoCast(cast.croydon.consortium_id or 0, [cast.croydon], {cast.croydon.pk: held})
    list_services(demo, LATER)
    serve_children(demo, cast.croydon.pk, LATER)
    assert set(Package.objects.values_list("state", flat=True)) == {"asked", "chosen", "running", "ended"}
    assert Milestone.objects.filter(done_on=None, due_on__lt=LATER.date()).count() >= 3
    assert Service.objects.count() == 9 and TransferCount.objects.count() == 33
    assert not Package.objects.filter(child__local_number="9-0").exists()
