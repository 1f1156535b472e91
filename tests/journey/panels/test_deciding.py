"""Deciding at panels: quorum, interests, what a decision does to a permission, deciding before the meeting, ratifying."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.queries import notices
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.decisions.models import Permission
from rightplace.journey.panels import agenda, calendar, deciding, sitting
from rightplace.journey.panels.agenda import ItemGiven
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.models import PanelAction, PanelItem, PanelMeeting
from rightplace.journey.placements.models import Placement
from tests.cast import NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel, listed, opened, permission_at_panel

AGREED = DecisionGiven("agreed", "It meets every need of hers.")


@pytest.fixture
def permission(cast: Cast) -> Permission:
    return permission_at_panel(cast, NOW)


@pytest.fixture
def item(panel: Panel, permission: Permission) -> PanelItem:
    return listed(panel, permission, NOW)


def decide(panel: Panel, item: PanelItem, by=None, decision: DecisionGiven = AGREED):
    item.refresh_from_db()
    return deciding.decide_item(
        by=by or panel.cast.pearl, now=panel.on, item_id=item.pk, version=item.version, decision=decision
    )


def codes(outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def declare(panel: Panel, item: PanelItem, by, **more):
    item.refresh_from_db()
    who = {"by": by, "now": panel.on, "item_id": item.pk, "version": item.version}
    return sitting.declare_interest(**who, words="My sister works there.", **more)


def test_nothing_is_decided_without_a_quorum(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel)
    refused = decide(panel, item)
    assert codes(refused) == ["inquorate"]
    assert refused.problems[0].sentence == "Not quorate: 2 of the 3 members needed; missing 1 more member."
    assert Permission.objects.get().state == "asked"


def test_a_quorate_decision_approves_the_permission_and_plans_the_placement(
    panel: Panel, item: PanelItem
) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana)
    given = DecisionGiven(
        "agreed_with_conditions", "It meets her needs.", "A school plan first.\nReview the support after six weeks.",
        panel.cast.sadia.user_id, TODAY + timedelta(days=20),
    )  # fmt: skip
    row = decide(panel, item, decision=given).done()
    permission = Permission.objects.get()
    assert (row.state, permission.state, permission.decided_by_id) == (
        "decided",
        "approved",
        panel.cast.pearl.user_id,
    )
    assert permission.conditions == given.conditions
    assert Placement.objects.get().state == "planned"
    assert [one.what for one in PanelAction.objects.order_by("id")] == given.conditions.splitlines()
    verbs = AuditEntry.objects.filter(verb__in=["decide_item", "approve_placement"]).values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == ["approve_placement", "decide_item"]


def test_not_agreeing_refuses_the_permission(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.vice)
    decide(panel, item, decision=DecisionGiven("not_agreed", "A nearer home was not considered.")).done()
    assert Permission.objects.get().state == "refused"


def test_deferring_leaves_the_permission_waiting_and_brings_it_back(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.vice)
    decide(panel, item, decision=DecisionGiven("deferred", "The school plan is missing.")).done()
    assert Permission.objects.get().state == "asked"
    later = sitting.next_meeting(panel.meeting)
    (due,) = agenda.due_at(later, TODAY)
    assert due.carried_from_id == item.pk
    assert due.why.startswith("Deferred on ")


def test_who_has_an_interest_does_not_count_and_does_not_decide(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.vice)
    declare(panel, item, panel.cast.pearl).done()
    assert codes(decide(panel, item)) == ["interest", "inquorate"]
    assert codes(decide(panel, item, by=panel.vera)) == ["inquorate"]
    there = {one.pk: "in_person" for one in (panel.pearl, panel.mel, panel.vice, panel.hana)}
    sitting.note_attendance(
        by=panel.cast.clem,
        now=panel.on,
        meeting_id=panel.meeting.pk,
        version=panel.fresh().version,
        there=there,
    ).done()
    assert codes(decide(panel, item)) == ["interest"]
    assert decide(panel, item, by=panel.vera).done().decided_by_id == panel.vera.user_id


def test_nobody_but_the_chair_who_is_there_decides(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.vice, panel.mel, panel.hana)
    assert codes(decide(panel, item)) == ["not_there"]
    for by in (panel.cast.mel, panel.cast.clem, panel.cast.dev):
        assert codes(decide(panel, item, by=by)) == ["not_yours"]
    assert codes(decide(panel, item, by=panel.cast.simon)) == ["missing"]


def test_nobody_decides_past_the_panel_while_it_is_on_an_agenda(panel: Panel, item: PanelItem) -> None:
    permission = Permission.objects.get()
    given = {"permission_id": permission.pk, "version": permission.version}
    refused = decisions.approve_placement(by=panel.cast.pearl, now=NOW, **given)
    assert codes(refused) == ["on_agenda"]
    permission.refresh_from_db()
    assert permission.state == "asked"


def test_a_choice_undone_leaves_the_agenda(panel: Panel, item: PanelItem) -> None:
    permission = Permission.objects.get()
    decisions.undo_choice(
        by=panel.cast.moses, now=NOW, permission_id=permission.pk, version=permission.version
    ).done()
    item.refresh_from_db()
    assert (item.state, item.removed_reason) == ("removed", "No longer asked")


def view(panel: Panel, item: PanelItem, by, said: str = "agree", **more):
    item.refresh_from_db()
    return deciding.give_view(
        by=by,
        now=NOW,
        item_id=item.pk,
        version=item.version,
        view=said,
        words="From what I have read.",
        **more,
    )


def before(panel: Panel, item: PanelItem, manner: str, decision: DecisionGiven = AGREED):
    item.refresh_from_db()
    given = {"item_id": item.pk, "version": item.version, "manner": manner, "decision": decision}
    return deciding.decide_before_meeting(by=panel.cast.pearl, now=NOW, **given)


def test_a_virtual_decision_needs_views_up_to_the_quorum(panel: Panel, item: PanelItem) -> None:
    view(panel, item, panel.cast.mel).done()
    assert codes(before(panel, item, "virtual")) == ["inquorate"]
    view(panel, item, panel.cast.clem, member_id=panel.hana.pk).done()
    row = before(panel, item, "virtual").done()
    assert (row.state, row.manner, Permission.objects.get().state) == ("to_ratify", "virtual", "approved")
    assert row.quorum_words == "Quorate: 3 of the 3 members needed."


def test_an_urgent_decision_needs_the_view_of_one_other(panel: Panel, item: PanelItem) -> None:
    assert codes(before(panel, item, "urgent")) == ["alone"]
    view(panel, item, panel.cast.mel, "not_agree").done()
    assert codes(before(panel, item, "urgent")) == ["alone"]
    view(panel, item, panel.cast.mel).done()
    assert codes(before(panel, item, "urgent", DecisionGiven("deferred", "Later."))) == ["wrong"]
    assert before(panel, item, "urgent").done().state == "to_ratify"


def test_an_urgent_decision_is_ratified_at_the_meeting(panel: Panel, item: PanelItem) -> None:
    view(panel, item, panel.cast.mel).done()
    before(panel, item, "urgent").done()
    opened(panel, panel.pearl, panel.mel, panel.hana)
    item.refresh_from_db()
    who = {"by": panel.cast.pearl, "now": panel.on, "item_id": item.pk, "version": item.version}
    assert deciding.ratify_item(**who).done().state == "decided"


def test_what_is_not_ratified_is_told_to_manager_and_director(panel: Panel, item: PanelItem) -> None:
    view(panel, item, panel.cast.mel).done()
    before(panel, item, "urgent").done()
    opened(panel, panel.pearl, panel.mel, panel.hana)
    item.refresh_from_db()
    who = {"by": panel.cast.pearl, "now": panel.on, "item_id": item.pk, "version": item.version}
    assert codes(deciding.refuse_ratification(**who, words="")) == ["empty"]
    deciding.refuse_ratification(**who, words="A nearer home was free.").done()
    for told in (panel.cast.moses, panel.cast.dev, panel.cast.clem):
        assert notices(told).filter(words__startswith="Not ratified by the panel").exists(), told.name


def test_what_was_not_ratified_in_time_goes_to_the_next_meeting(panel: Panel, item: PanelItem) -> None:
    view(panel, item, panel.cast.mel).done()
    before(panel, item, "urgent").done()
    opened(panel, panel.pearl)
    sitting.close_meeting(
        by=panel.cast.clem, now=panel.on, meeting_id=panel.meeting.pk, version=panel.fresh().version
    ).done()
    item.refresh_from_db()
    assert (item.state, item.meeting) == ("to_ratify", sitting.next_meeting(panel.meeting))


def test_who_presents_does_not_decide(panel: Panel) -> None:
    row = agenda.add_item(
        by=panel.cast.clem, now=NOW, meeting_id=panel.meeting.pk,
        item=ItemGiven("Terms of reference", "Agree them", presenter_id=panel.cast.pearl.user_id),
    ).done()  # fmt: skip
    opened(panel, panel.pearl, panel.mel, panel.hana, panel.vice)
    assert codes(decide(panel, row)) == ["own_request"]
    decide(panel, row, by=panel.vera).done()


def test_a_meeting_is_opened_on_its_day_only_and_one_at_a_time(panel: Panel) -> None:
    who = {"by": panel.cast.clem, "meeting_id": panel.meeting.pk, "version": panel.meeting.version}
    assert codes(sitting.open_meeting(now=NOW, **who)) == ["too_early"]
    opened(panel, panel.pearl)
    other = PanelMeeting.objects.filter(kind=panel.kind).exclude(pk=panel.meeting.pk)[0]
    late = other.starts_at + timedelta(minutes=1)
    refused = sitting.open_meeting(by=panel.cast.clem, now=late, meeting_id=other.pk, version=other.version)
    assert codes(refused) == ["wrong_state"]


def test_a_meeting_with_something_on_its_agenda_is_not_cancelled(panel: Panel, item: PanelItem) -> None:
    refused = calendar.cancel_meeting(
        by=panel.cast.clem, now=NOW, meeting_id=panel.meeting.pk, version=panel.fresh().version, reason="Snow"
    )
    assert codes(refused) == ["has_items"]
