"""The address of own carers: for the child's social worker, once the placement is agreed, with a look that says why."""

from __future__ import annotations

from typing import Any

import pytest

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.decisions.models import Permission
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.releasing import CarersAddress, release_address
from tests import make
from tests.cast import Cast
from tests.visit import send, signed_in

ADDRESS = "1 Adams Road, Croydon"


@pytest.fixture
def planned(cast: Cast) -> Placement:
    """Amber will live with the Adams family: permitted, not there yet."""
    contract = make.contract_drafted(cast, home=cast.adams)
    return contract.placement


def ask(by: Actor, row: Placement, reason: str = "First visit on Tuesday.") -> Outcome[CarersAddress]:
    with acting_as(by):
        return release_address(by=by, now=make.LATER, placement_id=row.pk, reason=reason)


def codes(outcome: Outcome[Any]) -> set[str]:
    return {problem.code for problem in outcome.problems}


def test_the_childs_social_worker_sees_it_and_the_look_says_why(cast: Cast, planned: Placement) -> None:
    before = AuditEntry.objects.count()
    shown = ask(cast.sadia, planned).done()
    assert (shown.address, shown.postcode, shown.carers) == (ADDRESS, "CR0 2AB", "The Adams family")
    entry = AuditEntry.objects.latest("pk")
    assert AuditEntry.objects.count() == before + 1
    assert (entry.is_look, entry.child_id, entry.actor_id) == (True, cast.amber.pk, cast.sadia.user_id)
    assert "First visit on Tuesday." in entry.words
    assert ADDRESS not in entry.words


def test_not_without_a_reason(cast: Cast, planned: Placement) -> None:
    assert codes(ask(cast.sadia, planned, " ")) == {"empty"}
    assert not AuditEntry.objects.filter(verb="release_address").exists()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("bola", "not_yours"), ("fern", "not_yours"), ("dev", "not_yours"), ("ida", "not_yours"), ("pearl", "not_yours"),
        ("cora", "not_yours"), ("simon", "missing"), ("priya", "missing"),
    ],
)  # fmt: skip
def test_nobody_else_sees_it(cast: Cast, planned: Placement, who: str, code: str) -> None:
    assert codes(ask(getattr(cast, who), planned)) == {code}


def test_a_social_worker_of_another_child_and_a_manager_of_another_team_do_not(
    cast: Cast, planned: Placement
) -> None:
    assert ask(cast.tessa, planned).is_done
    child = planned.child
    child.social_worker_id, child.team_id = cast.moses.user_id, None
    child.save(update_fields=["social_worker", "team"])
    assert codes(ask(cast.sadia, planned)) == {"not_yours"}
    assert codes(ask(cast.tessa, planned)) == {"not_yours"}


def test_not_before_permission_nor_after_the_end(cast: Cast, planned: Placement) -> None:
    Permission.objects.filter(pk=planned.permission_id).update(state="asked", decided_by=None)
    assert codes(ask(cast.sadia, planned)) == {"not_agreed"}
    for state, may in (("started", True), ("ended", False), ("cancelled", False), ("not_arrived", False)):
        Placement.objects.filter(pk=planned.pk).update(state=state)
        assert ask(cast.sadia, planned).is_done is may, state


def test_a_registered_home_has_none_to_release(cast: Cast) -> None:
    row = make.contract_drafted(cast).placement
    assert codes(ask(cast.sadia, row)) == {"no_address"}


def test_the_page_asks_for_a_reason_shows_it_once_and_no_other_page_holds_it(
    cast: Cast, planned: Placement
) -> None:
    client, url = signed_in(cast.sadia), f"/placements/{planned.pk}/carers-address/"
    page = client.get(f"/placements/{planned.pk}/").content.decode()
    assert url in page
    assert ADDRESS not in page
    assert ADDRESS not in client.get(url).content.decode()
    assert send(client, url, reason="").status_code == 422
    shown = send(client, url, reason="First visit.")
    assert (shown.status_code, ADDRESS in shown.content.decode()) == (200, True)
    assert shown["Cache-Control"] == "no-store"
    assert ADDRESS not in client.get(url).content.decode()
    assert send(signed_in(cast.bola), url, reason="First visit.").status_code == 403
    assert url not in signed_in(cast.bola).get(f"/placements/{planned.pk}/").content.decode()
