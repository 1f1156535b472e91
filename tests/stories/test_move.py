"""A move in the middle of a placement, by role through HTTP: discussed, challenged and decided before any child moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.placements.beds import from_day
from rightplace.journey.placements.models import Move, Placement
from tests import make
from tests.cast import TODAY, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
ARRIVAL = make.NEEDED_BY


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture
def placed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Placement, Placement]:
    """Amber lives with the Adams family, and a place at Acorn House is permitted for the day of the move."""
    planned = make.contract_drafted(cast).placement
    living = Placement.objects.create(
        authority=cast.croydon, child=cast.amber, state="started", place_code="U6", household=cast.adams, bed=1,
        period=from_day(TODAY - timedelta(days=200)),
    )  # fmt: skip
    moment = datetime.combine(ARRIVAL, make.LATER.timetz())
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return living, planned


def test_a_child_moves_only_after_discussion_challenge_and_decision(
    cast: Cast, placed: tuple[Placement, Placement]
) -> None:
    living, planned = placed
    bola = Visitor(cast.bola).opens(f"/placements/{planned.pk}/confirm_start/")
    bola.presses("Confirm the start", expect=422, **day("started_on", ARRIVAL)).sees("no move is agreed")
    sadia = Visitor(cast.sadia).opens(f"/placements/{living.pk}/").follows("Propose a move")
    sadia.presses("Propose a move", reasons="Her carers cannot keep her safe at night.").sees(
        "Before a manager can decide"
    )
    move = f"/moves/{Move.objects.get().pk}/"
    moses = Visitor(cast.moses).opens(move).does_not_see("agree_move")
    sadia.opens(f"{move}save_move/").presses(
        "Change the proposal",
        alternatives="Night support was tried twice.",
        child_view="She wants to stay at her school.",
    )
    sadia.opens(f"{move}record_discussion/").presses(
        "Record a discussion", **day("held_on", ARRIVAL), who="Carers, school, mother", words="All agree."
    )
    Visitor(cast.sadia).opens(f"{move}record_challenge/", expect=404)
    moses.opens(f"{move}record_challenge/").presses(
        "Record the challenge",
        challenge_from="iro",
        name="Ida Roper",
        words="Was respite thought of?",
        **day("reviewed_on", ARRIVAL),
    )
    moses.opens(f"{move}agree_move/").presses("Agree to the move", decision="Moving is safer.").sees(
        "The move is agreed"
    )
    bola.opens(f"/placements/{planned.pk}/confirm_start/")
    bola.presses("Confirm the start", **day("started_on", ARRIVAL)).sees("The start is confirmed")
    assert Move.objects.get().state == "moved"
    Visitor(cast.brenda).opens(move, expect=404)
    assert check_chains().is_whole


def test_in_an_emergency_the_child_moves_first_and_the_discussion_follows_on_a_clock(
    cast: Cast, placed: tuple[Placement, Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, planned = placed
    bola = Visitor(cast.bola).opens(f"/placements/{planned.pk}/confirm_start/")
    bola.presses(
        "Confirm the start",
        **day("started_on", ARRIVAL),
        emergency_reason="She was hit; she cannot stay tonight.",
    )
    move = Move.objects.get()
    assert (move.state, timezone.localdate(move.due_at)) == ("moved_first", date(2026, 11, 30))
    late = datetime.combine(date(2026, 12, 2), make.LATER.timetz())
    monkeypatch.setattr(timezone, "now", lambda: late)
    Visitor(cast.moses).opens("/moves/?overdue=on").sees("Discussion overdue", "1 emergency move")
    make.move_discussed(cast, move, now=late)
    tessa = Visitor(cast.tessa).opens(f"/moves/{move.pk}/review_move/")
    tessa.presses("Record the decision", expect=422, decision="It was right.").sees("what was tried")
    Visitor(cast.bola).opens(f"/moves/{move.pk}/save_move/").presses(
        "Change the proposal", alternatives="There was no time.", child_view="She asked to leave."
    )
    tessa.opens(f"/moves/{move.pk}/review_move/").presses("Record the decision", decision="It was right.")
    tessa.opens("/moves/?overdue=on").sees("Nothing matches")
