"""What comes of a decision: actions chased until done, and appeals heard by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.notices.queries import notices
from rightplace.journey.panels import agenda, appeals, deciding, following_up
from rightplace.journey.panels.agenda import ItemGiven
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.due import due_at
from rightplace.journey.panels.models import PanelItem, PanelKind
from rightplace.journey.panels.sitting import next_meeting
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel, opened


@pytest.fixture
def item(panel: Panel, cast: Cast) -> PanelItem:
    """A request that the panel did not agree to."""
    request = make.request_submitted(cast)
    given = ItemGiven("More support", "Ten hours", request.reference)
    row = agenda.add_item(by=cast.clem, now=NOW, meeting_id=panel.meeting.pk, item=given).done()
    opened(panel, panel.pearl, panel.mel, panel.hana)
    decision = DecisionGiven("not_agreed", "Enough is in place.")
    return deciding.decide_item(
        by=cast.pearl, now=panel.on, item_id=row.pk, version=row.version, decision=decision
    ).done()


def codes(outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_an_action_is_told_reminded_and_chased_each_week(panel: Panel, item: PanelItem, cast: Cast) -> None:
    due = TODAY + timedelta(days=10)
    row = following_up.add_action(
        by=cast.clem, now=NOW, item_id=item.pk, what="Ask the school", owner_id=cast.sadia.user_id, due_on=due
    ).done()
    chased = [
        following_up.chase_actions(NOW + timedelta(days=day)) for day in (0, 6, 7, 8, 11, 12, 17, 18, 25)
    ]
    assert chased == [0, 0, 1, 0, 1, 0, 0, 1, 1]
    row.refresh_from_db()
    assert row.times_chased == 3
    words = list(notices(cast.sadia).values_list("words", flat=True))
    assert sum("Overdue" in one for one in words) == 3 and sum("Due soon" in one for one in words) == 1
    assert notices(cast.clem).filter(words__startswith="Overdue").count() == 3


def test_an_action_is_done_by_its_owner_with_words(panel: Panel, item: PanelItem, cast: Cast) -> None:
    given = {"what": "Ask the school", "owner_id": cast.sadia.user_id, "due_on": TODAY + timedelta(days=10)}
    row = following_up.add_action(by=cast.clem, now=NOW, item_id=item.pk, **given).done()
    key = {"now": NOW, "action_id": row.pk, "version": row.version}
    assert codes(following_up.finish_action(by=cast.sadia, words=" ", **key)) == ["empty"]
    assert codes(following_up.finish_action(by=cast.bola, words="Done", **key)) == ["missing"]
    assert codes(following_up.finish_action(by=cast.mel, words="Done", **key)) == ["not_yours"]
    following_up.finish_action(by=cast.sadia, words="Asked; they agree.", **key).done()
    assert codes(following_up.finish_action(by=cast.sadia, words="Twice", **key)) == ["wrong_state"]
    assert following_up.chase_actions(NOW + timedelta(days=30)) == 0


def ask(panel: Panel, item: PanelItem, by, *, days: int = 0, grounds: str = "The report was late."):
    return appeals.ask_appeal(by=by, now=panel.on + timedelta(days=days), item_id=item.pk, grounds=grounds)


def test_only_the_teams_manager_appeals_and_only_in_time(panel: Panel, item: PanelItem, cast: Cast) -> None:
    assert codes(ask(panel, item, cast.moses, days=15)) == ["too_late"]
    assert codes(ask(panel, item, cast.moses, grounds="")) == ["empty"]
    assert codes(ask(panel, item, cast.sadia)) == ["not_yours"]
    assert codes(ask(panel, item, cast.dev)) == ["missing"]
    ask(panel, item, cast.moses, days=14).done()
    assert codes(ask(panel, item, cast.tessa)) == ["wrong_state"]


def test_an_appeal_is_heard_by_somebody_else_and_brings_the_item_back(
    panel: Panel, item: PanelItem, cast: Cast
) -> None:
    row = ask(panel, item, cast.moses).done()
    key = {"now": panel.on, "appeal_id": row.pk, "version": row.version}
    assert codes(appeals.uphold_appeal(by=cast.pearl, words="No", **key)) == ["own_request"]
    assert codes(appeals.uphold_appeal(by=panel.vera, words="Yes", **key)) == ["not_yours"]
    own = appeals.assign_appeal(by=cast.clem, hearer_id=panel.kind.pk, **key)
    assert codes(own) == ["same_panel"]
    appeals.uphold_appeal(by=cast.dev, words="The record bears it out.", **key).done()
    assert "Appeal upheld: More support" in notices(cast.moses).values_list("words", flat=True)
    (due,) = due_at(next_meeting(panel.meeting), TODAY)
    assert (due.carried_from_id, due.why[:13]) == (item.pk, "Appeal upheld")


def test_another_panel_can_be_named_to_hear_an_appeal(panel: Panel, item: PanelItem, cast: Cast) -> None:
    row = ask(panel, item, cast.moses).done()
    spend = PanelKind.objects.get(code="spend")
    key = {"now": panel.on, "appeal_id": row.pk}
    row = appeals.assign_appeal(by=cast.clem, hearer_id=spend.pk, version=row.version, **key).done()
    refused = appeals.dismiss_appeal(by=cast.dev, words="No", version=row.version, **key)
    assert codes(refused) == ["not_yours"]
