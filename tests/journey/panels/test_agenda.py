"""What is due by the rules, the calendar, the papers, and who may keep a panel."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from rightplace.core.sharing import Share
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.decisions.models import Permission
from rightplace.journey.funding import actions as funding
from rightplace.journey.funding.given import RowGiven
from rightplace.journey.panels import agenda, calendar, kinds, packs
from rightplace.journey.panels.due import RULES, Asked, Due, agenda_rule, due_at
from rightplace.journey.panels.feeds import feed_of, feed_token
from rightplace.journey.panels.kinds import MemberGiven
from rightplace.journey.panels.models import PanelItem, PanelKind, PanelMeeting, PanelPack
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel, listed, permission_at_panel


def codes(outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def found(rule: str, cast: Cast, figure: int = 0) -> list[Due]:
    kind = PanelKind.objects.filter(authority=cast.croydon)[0]
    return list(RULES[rule].find(Asked(cast.croydon.pk, kind.pk, figure, TODAY)))


def test_each_rule_says_why_with_its_figure(panel: Panel, cast: Cast) -> None:
    permission_at_panel(cast, NOW)
    assert [due.why for due in found("whole_cost_above", cast, 10_000_000)] == [
        "Whole cost £208,000.00 is above £100,000.00"
    ]
    assert found("whole_cost_above", cast, 20_800_000) == []
    assert [due.why for due in found("weekly_asked_above", cast, 399_999)] == [
        "£4,000.00 a week is above £3,999.99"
    ]
    assert [due.why for due in found("entry_to_care", cast)] == [
        "Entry to care: no placement before this one"
    ]
    assert found("emergency_waiting", cast) == []


def test_a_thing_due_by_several_rules_stands_once(panel: Panel, cast: Cast) -> None:
    permission = permission_at_panel(cast, NOW)
    assert [due.key for due in due_at(panel.meeting, TODAY)] == [f"permission-{permission.pk}"]
    listed(panel, permission, NOW)
    assert due_at(panel.meeting, TODAY) == []


def test_what_was_taken_off_is_not_suggested_for_that_meeting_again(panel: Panel, cast: Cast) -> None:
    item = listed(panel, permission_at_panel(cast, NOW), NOW)
    who = {"by": cast.clem, "now": NOW, "item_id": item.pk, "version": item.version}
    agenda.remove_item(**who, reason="Comes next week").done()
    assert due_at(panel.meeting, TODAY) == []
    later = PanelMeeting.objects.filter(kind=panel.kind).order_by("starts_at")[1]
    assert len(due_at(later, TODAY)) == 1


def test_another_stage_can_register_a_rule(panel: Panel, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = RULES["joint_funding_asked"]
    monkeypatch.setitem(RULES, kept.code, kept)  # put back afterwards
    share = Due(kept.code, "A share of health", "Joint funding asked")
    agenda_rule(kept.code, "Joint funding asked for")(lambda asked: [share])
    who = {"by": cast.clem, "now": NOW, "kind_id": panel.kind.pk}
    kinds.set_agenda_rule(**who, rule=kept.code, figure=None).done()
    assert due_at(panel.meeting, TODAY) == [share]
    kinds.set_agenda_rule(**who, rule=kept.code, figure=None, is_on=False).done()
    assert due_at(panel.meeting, TODAY) == []


def test_no_meeting_is_planned_on_a_bank_holiday_or_twice(panel: Panel) -> None:
    who = {"by": panel.cast.clem, "now": NOW, "kind_id": panel.kind.pk}
    before = PanelMeeting.objects.filter(kind=panel.kind).count()
    calendar.plan_meetings(**who, until=TODAY + timedelta(days=100)).done()
    days = [timezone.localdate(row.starts_at) for row in PanelMeeting.objects.filter(kind=panel.kind)]
    assert len(days) == len(set(days)) > before
    assert not set(days) & holidays()
    assert calendar.plan_meetings(**who, until=TODAY + timedelta(days=100)).done() == 0


def test_a_meeting_is_moved_to_a_working_day_with_a_reason_only(panel: Panel) -> None:
    given = {
        "by": panel.cast.clem,
        "now": NOW,
        "meeting_id": panel.meeting.pk,
        "version": panel.meeting.version,
    }
    at = timezone.localtime(panel.meeting.starts_at).time()
    refused = calendar.move_meeting(**given, on=date(2026, 12, 25), at=at, reason="")
    assert codes(refused) == ["wrong", "empty"]
    moved = calendar.move_meeting(**given, on=date(2026, 12, 22), at=at, reason="The room is taken").done()
    assert moved.papers_due_on == date(2026, 12, 18)
    stale = calendar.move_meeting(**given, on=date(2026, 12, 23), at=at, reason="Again")
    assert codes(stale) == ["stale"]


def test_papers_are_frozen_and_told_when_the_agenda_changes(panel: Panel, cast: Cast) -> None:
    item = listed(panel, permission_at_panel(cast, NOW), NOW)
    who = {"by": cast.clem, "now": NOW, "meeting_id": panel.meeting.pk}
    pack = packs.issue_pack(**who, version=panel.fresh().version).done()
    assert hashlib.sha256(bytes(pack.file.content)).hexdigest() == pack.sha256
    agenda.change_item(
        by=cast.clem, now=NOW, item_id=item.pk, version=item.version, asked="Something else", minutes=30, presenter_id=None
    ).done()  # fmt: skip
    assert pack.fingerprint != packs.fingerprint(packs.agenda_items(panel.meeting))
    with pytest.raises(ProgrammingError), acting_as(cast.clem):
        PanelPack.objects.filter(pk=pack.pk).update(sha256="0" * 64)


def test_a_chair_needs_the_role_and_a_partner_needs_no_account(panel: Panel) -> None:
    who = {"by": panel.cast.clem, "now": NOW, "kind_id": panel.kind.pk}
    refused = kinds.add_member(**who, member=MemberGiven("chair", "social_care", panel.cast.dev.user_id))
    assert codes(refused) == ["needs_role"]
    assert codes(kinds.add_member(**who, member=MemberGiven("member", "health", None, "Nobody"))) == ["empty"]
    again = kinds.add_member(**who, member=MemberGiven("member", "social_care", panel.cast.mel.user_id))
    assert codes(again) == ["taken_name"]
    by = {**who, "by": panel.cast.mel}
    assert codes(kinds.add_member(**by, member=MemberGiven("partner", "health", None, "Max"))) == ["missing"]


def test_a_calendar_address_opens_one_panel_until_it_is_taken_back(panel: Panel) -> None:
    row = kinds.make_feed(by=panel.cast.mel, now=NOW, member_id=panel.mel.pk).done()
    first = feed_token(row)
    assert b"Care panel" in feed_of(first, NOW)
    second = feed_token(kinds.make_feed(by=panel.cast.mel, now=NOW, member_id=panel.mel.pk).done())
    assert feed_of(first, NOW) is None
    assert feed_of(second, NOW)
    kinds.end_member(by=panel.cast.clem, now=NOW, member_id=panel.mel.pk).done()
    for token in (second, "", "1", "x-y", f"{panel.hana.pk}-", f"{panel.pearl.pk}-{'0' * 64}"):
        assert feed_of(token, NOW + timedelta(days=1)) is None
    refused = kinds.make_feed(by=panel.cast.sadia, now=NOW, member_id=panel.pearl.pk)
    assert codes(refused) == ["missing"]


def test_no_row_of_a_panel_is_seen_from_another_authority(panel: Panel, cast: Cast) -> None:
    listed(panel, permission_at_panel(cast, NOW), NOW)
    with acting_as(cast.brenda):
        assert not PanelItem.objects.exists()
        assert not PanelMeeting.objects.exists()
    assert Permission.objects.exists()


def test_joint_funding_that_was_proposed_is_due_until_it_is_on_an_agenda(panel: Panel, cast: Cast) -> None:
    contract, partners = make.contract_in_force(cast), make.partners(cast)
    half = Fraction(1, 2)
    rows = (RowGiven((Share(partners["social_care"].pk, half), Share(partners["health"].pk, half))),)
    funding.propose_shares(
        by=cast.fin, now=make.LATER, contract_id=contract.pk, starts_on=make.NEEDED_BY, rows=rows,
        reason="Half of her needs are health needs.", evidence_words="Continuing care assessment.",
    ).done()  # fmt: skip
    kinds.set_agenda_rule(
        by=cast.clem, now=NOW, kind_id=panel.kind.pk, rule="joint_funding_asked", figure=None
    ).done()
    (due,) = due_at(panel.meeting, TODAY)
    assert due.title == f"{contract.reference}: joint funding of {contract.placement.reference}"
    agenda.add_due(by=cast.clem, now=NOW, meeting_id=panel.meeting.pk, keys=(due.key,)).done()
    assert due_at(panel.meeting, TODAY) == []
