"""A dearer variation at a panel: how it comes there, what the papers say, and what the panel's decision does to it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader

from rightplace.foundation.access import roles
from rightplace.foundation.access.models import Membership
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.retention.erasing import erase
from rightplace.journey.contracts import actions, permitting
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.decisions.models import Delegation
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.panels import agenda, deciding, packs, sitting
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.due import RULES, Asked, due_at
from rightplace.journey.panels.models import PanelAction, PanelItem
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel, opened

DEARER = (LineGiven("core_fee", "week", 450_000),)
AGREED = DecisionGiven("agreed", "The nights need two adults.")


@pytest.fixture
def rise(cast: Cast) -> RisePermission:
    """A dearer variation of Amber's contract, made by Bola."""
    return a_rise(cast)


@pytest.fixture
def at_panel(cast: Cast, rise: RisePermission) -> RisePermission:
    """The same, sent to the panel by Tessa although the director's limit would do."""
    return permitting.send_variation_to_panel(
        by=cast.tessa, now=NOW, rise_id=rise.pk, version=rise.version
    ).done()


@pytest.fixture
def item(panel: Panel, at_panel: RisePermission) -> PanelItem:
    """It stands on the agenda of the next care panel."""
    key = f"variation-{at_panel.pk}"
    agenda.add_due(by=panel.cast.clem, now=NOW, meeting_id=panel.meeting.pk, keys=(key,)).done()
    return PanelItem.objects.get(rise=at_panel)


def a_rise(cast: Cast) -> RisePermission:
    row = make.contract_in_force(cast)
    row.refresh_from_db()
    actions.vary_contract(
        by=cast.bola, now=make.LATER, contract_id=row.pk, version=row.version, reason="Two adults at night.",
        in_force_from=make.NEEDED_BY + timedelta(days=60), lines=DEARER,
    ).done()  # fmt: skip
    return RisePermission.objects.get()


def decide(panel: Panel, item: PanelItem, decision: DecisionGiven = AGREED) -> Outcome[PanelItem]:
    item.refresh_from_db()
    return deciding.decide_item(
        by=panel.cast.pearl, now=panel.on, item_id=item.pk, version=item.version, decision=decision
    )


def codes(outcome: Outcome[object]) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_above_every_limit_it_goes_to_the_panel_and_is_due_there(panel: Panel, cast: Cast) -> None:
    Delegation.objects.all().update(whole_cost_pence=1_000_00)
    rise = a_rise(cast)
    assert (rise.route, rise.needs_role) == ("panel", roles.PANEL_CHAIR)
    (due,) = [one for one in due_at(panel.meeting, TODAY) if one.rise_id]
    contract = rise.contract_version.contract
    assert due.title.startswith(f"{contract.reference}: dearer variation from")
    assert (due.placement_id, due.presenter_id) == (contract.placement_id, cast.sadia.user_id)
    assert "Two adults at night." in due.asked


def test_within_a_limit_it_is_due_only_once_somebody_sends_it(panel: Panel, cast: Cast) -> None:
    rise = a_rise(cast)
    assert rise.needs_role == roles.DIRECTOR
    assert [one for one in due_at(panel.meeting, TODAY) if one.rise_id] == []
    for by in (cast.sadia, cast.dev, cast.pearl):
        refused = permitting.send_variation_to_panel(by=by, now=NOW, rise_id=rise.pk, version=rise.version)
        assert codes(refused) == ["not_yours"], by.name
    permitting.send_variation_to_panel(by=cast.bola, now=NOW, rise_id=rise.pk, version=rise.version).done()
    assert [one.rise_id for one in due_at(panel.meeting, TODAY) if one.rise_id] == [rise.pk]


def test_a_rule_brings_those_above_a_cost_whoever_may_permit_them(panel: Panel, rise: RisePermission) -> None:
    def found(figure: int) -> list[int | None]:
        asked = Asked(rise.authority_id, panel.kind.pk, figure, TODAY)
        return [due.rise_id for due in RULES["variation_cost_above"].find(asked)]

    assert found(rise.whole_cost_pence - 1) == [rise.pk]
    assert found(rise.whole_cost_pence) == []


def test_the_panels_agreement_permits_it_with_its_conditions(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana)
    day = TODAY + timedelta(days=40)
    given = DecisionGiven(
        "agreed_with_conditions", "The nights need two adults.", "Look again after eight weeks.",
        panel.cast.sadia.user_id, day,
    )  # fmt: skip
    assert decide(panel, item, given).done().state == "decided"
    rise = RisePermission.objects.get()
    assert (rise.state, rise.decided_by_id) == ("approved", panel.cast.pearl.user_id)
    assert rise.conditions == "Look again after eight weeks."
    assert not rise.contract_version.waits_for_permission
    assert PanelAction.objects.get().what == "Look again after eight weeks."
    verbs = AuditEntry.objects.filter(verb__in=["decide_item", "approve_variation"])
    assert verbs.count() == 2
    assert due_at(panel.meeting, TODAY) == [one for one in due_at(panel.meeting, TODAY) if not one.rise_id]


def test_not_agreeing_takes_the_variation_back_and_tells_who_made_it(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana)
    decide(panel, item, DecisionGiven("not_agreed", "Try the day provision first.")).done()
    rise = RisePermission.objects.get()
    assert (rise.state, rise.reason) == ("refused", "Try the day provision first.")
    assert rise.contract_version.taken_back_at is not None
    assert rise.contract_version.contract.state == "in_force"
    assert Notice.objects.filter(user_id=panel.cast.bola.user_id, words__contains="not permitted").exists()


def test_deferred_it_waits_and_comes_back(panel: Panel, item: PanelItem) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana)
    decide(panel, item, DecisionGiven("deferred", "The home’s rota was missing.")).done()
    assert RisePermission.objects.get().state == "asked"
    (due,) = [one for one in due_at(sitting.next_meeting(panel.meeting), TODAY) if one.rise_id]
    assert due.carried_from_id == item.pk


def test_nobody_permits_it_past_the_panel_while_it_stands_on_an_agenda(panel: Panel, item: PanelItem) -> None:
    rise = item.rise
    assert rise is not None
    for verb in (permitting.approve_variation, permitting.refuse_variation):
        refused = verb(by=panel.cast.pearl, now=NOW, rise_id=rise.pk, version=rise.version, reason="Urgent.")
        assert codes(refused) == ["on_agenda"]
    rise.refresh_from_db()
    assert rise.state == "asked"


def test_on_an_agenda_for_advice_whoever_s_limit_covers_it_decides_and_it_leaves(
    panel: Panel, rise: RisePermission
) -> None:
    spend = panel.kind.__class__.objects.get(code="spend", authority=panel.cast.croydon)
    meeting = _meeting_of(panel, spend.pk)
    (due,) = [one for one in due_at(meeting, TODAY) if one.rise_id]
    agenda.add_due(by=panel.cast.clem, now=NOW, meeting_id=meeting.pk, keys=(due.key,)).done()
    permitting.approve_variation(by=panel.cast.dev, now=NOW, rise_id=rise.pk, version=rise.version).done()
    item = PanelItem.objects.get(rise=rise)
    assert (item.state, item.removed_reason) == ("removed", "No longer asked")


def _meeting_of(panel: Panel, kind_id: int):
    from rightplace.journey.panels import calendar
    from rightplace.journey.panels.models import PanelMeeting

    until = TODAY + timedelta(days=40)
    calendar.plan_meetings(by=panel.cast.clem, now=NOW, kind_id=kind_id, until=until).done()
    return PanelMeeting.objects.filter(kind_id=kind_id, starts_at__gt=NOW).order_by("starts_at")[0]


def test_taken_back_it_leaves_the_agenda_and_cannot_be_put_back(panel: Panel, item: PanelItem) -> None:
    contract = RisePermission.objects.get().contract_version.contract
    actions.take_back_variation(
        by=panel.cast.bola, now=NOW, contract_id=contract.pk, version=contract.version
    ).done()
    item.refresh_from_db()
    assert (item.state, item.removed_reason) == ("removed", "No longer asked")
    again = agenda.put_back_item(by=panel.cast.clem, now=NOW, item_id=item.pk, version=item.version)
    assert codes(again) == ["wrong_state"]


def test_who_made_it_does_not_decide_it_in_the_chair(panel: Panel, item: PanelItem) -> None:
    """Also where the maker became chair afterwards: they do not count for it and cannot decide it."""
    bola = panel.cast.bola
    role = {"role": roles.PANEL_CHAIR, "authority": panel.cast.croydon, "starts_on": TODAY}
    chair = Membership.objects.create(user_id=bola.user_id, **role).as_actor()
    panel.vice.__class__.objects.filter(pk=panel.vice.pk).update(user_id=bola.user_id)
    panel.vice.refresh_from_db()
    opened(panel, panel.pearl, panel.vice, panel.mel, panel.hana)
    item.refresh_from_db()
    refused = deciding.decide_item(
        by=chair, now=panel.on, item_id=item.pk, version=item.version, decision=AGREED
    )
    assert codes(refused) == ["own_request"]
    assert "3 of the 3" in deciding.quorum_at(panel.fresh(), item).words


def test_the_papers_give_the_lines_before_and_after_and_the_whole_cost(panel: Panel, item: PanelItem) -> None:
    meeting = panel.fresh()
    pack = packs.issue_pack(
        by=panel.cast.clem, now=NOW, meeting_id=meeting.pk, version=meeting.version
    ).done()
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(pack.file.content))).pages)
    flat = " ".join(words.split())
    for said in ("The variation", "Whole cost as varied", "Whole cost before", "As it would be", "£4,500.00"):
        assert said in flat, said


def test_a_look_at_a_variation_is_no_look_at_the_placement(panel: Panel, item: PanelItem) -> None:
    """A placement reviewed each half-year is not left out because a variation of its contract was on an agenda."""
    make.placement_started(panel.cast, RisePermission.objects.get().contract_version.contract)
    opened(panel, panel.pearl, panel.mel, panel.hana)
    decide(panel, item).done()
    today = make.NEEDED_BY + timedelta(weeks=30)
    looked = datetime.combine(today - timedelta(days=1), NOW.timetz())
    PanelItem.objects.filter(pk=item.pk).update(decided_at=looked)
    asked = Asked(item.authority_id, panel.kind.pk, 26, today)
    assert [one.placement_id for one in RULES["weeks_since_look"].find(asked)] == [item.placement_id]
    PanelItem.objects.filter(pk=item.pk).update(rise=None)
    assert list(RULES["weeks_since_look"].find(asked)) == []


def test_a_contract_destroyed_in_its_time_leaves_what_the_panel_decided_of_the_child(
    panel: Panel, item: PanelItem
) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana)
    decide(panel, item).done()
    contract = RisePermission.objects.get().contract_version.contract
    erase("contract", contract.pk)
    item.refresh_from_db()
    assert (item.state, item.outcome, item.rise_id) == ("decided", "agreed", None)
    assert item.placement_id == contract.placement_id
    assert not RisePermission.objects.exists()
