"""What can be done with a meeting, a panel and a member: deeds from which pages and addresses come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from rightplace.desks.panel import item_forms, kind_forms
from rightplace.desks.panel.deeds import Deed, Place
from rightplace.desks.panel.item_deeds import item_url
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PANEL_MEMBER
from rightplace.foundation.actions import Outcome
from rightplace.journey.panels import agenda, calendar, kinds, minutes, packs, sitting
from rightplace.journey.panels.agenda import ItemGiven
from rightplace.journey.panels.models import PanelKind, PanelMeeting, PanelMember
from rightplace.journey.panels.queries import meetings_seen, panel_page
from rightplace.journey.panels.states import ARRANGERS, PANEL_MEETING


def _meeting(actor: Actor, key: int, now: datetime) -> PanelMeeting | None:
    return meetings_seen(actor, timezone.localdate(now)).filter(pk=key).first()


def _kind(actor: Actor, key: int, now: datetime) -> PanelKind | None:
    return panel_page(actor, key)


def _member(actor: Actor, key: int, now: datetime) -> PanelMember | None:
    rows = PanelMember.objects.filter(authority_id=actor.authority_id, ends_on__isnull=True).select_related(
        "kind"
    )
    row = rows.filter(pk=key).first()
    return row if row is not None and (actor.role in ARRANGERS or row.user_id == actor.user_id) else None


def meeting_url(row: Any) -> str:
    """The page of a meeting."""
    return reverse("panel:meeting", args=[row.pk])


def minutes_url(row: Any) -> str:
    """The page of a meeting's minutes."""
    return reverse("panel:minutes", args=[row.meeting_id])


def kind_url(row: Any) -> str:
    """The page of a panel."""
    return reverse("panel:kind", args=[row.pk])


MEETINGS = Place("panel/meetings/", _meeting, PANEL_MEETING, meeting_url, "Calendar", "/panel/calendar/")
KINDS = Place("panel/kinds/", _kind, None, kind_url, "Panels", "/panel/kinds/")
MEMBERS = Place(
    "panel/members/",
    _member,
    None,
    lambda row: reverse("panel:calendar") + "#feeds",
    "Calendar",
    "/panel/calendar/",
)


def _of_meeting(act: Any) -> Any:
    def run(row: PanelMeeting, **given: Any) -> Any:
        return act(meeting_id=row.pk, **given)

    return run


def _of_kind(act: Any) -> Any:
    def run(row: PanelKind, *, version: int, **given: Any) -> Any:
        return act(kind_id=row.pk, **given)

    return run


def _change_panel(row: PanelKind, **given: Any) -> Outcome[Any]:
    return kinds.change_panel(kind_id=row.pk, **given)


def _of_member(act: Any) -> Any:
    def run(row: Any, *, version: int, **given: Any) -> Any:
        return act(member_id=given.pop("member_id", row.pk), **given)

    return run


def _add_item(row: PanelMeeting, *, by: Actor, now: datetime, version: int, **given: Any) -> Outcome[Any]:
    given["minutes"] = given["minutes"] or 0
    return agenda.add_item(by=by, now=now, meeting_id=row.pk, item=ItemGiven(**given))


MEETING_DEEDS = (
    Deed(
        "add_item",
        "add",
        "Add an item",
        "The item is on the agenda.",
        _add_item,
        item_forms.AddItemForm,
        then=item_url,
    ),
    Deed(
        "issue_pack",
        "issue",
        "Issue the papers",
        "The papers are issued, and members told.",
        _of_meeting(packs.issue_pack),
    ),
    Deed(
        "open_meeting", "open", "Open the meeting", "The meeting is open.", _of_meeting(sitting.open_meeting)
    ),
    Deed(
        "close_meeting",
        "close",
        "Close the meeting",
        "The meeting is closed, and its minutes drafted.",
        _of_meeting(sitting.close_meeting),
    ),
    Deed(
        "move_meeting",
        "move",
        "Move the meeting",
        "The meeting is moved, and members told.",
        _of_meeting(calendar.move_meeting),
        kind_forms.MoveMeetingForm,
    ),
    Deed(
        "cancel_meeting",
        "cancel",
        "Cancel the meeting",
        "The meeting is cancelled, and members told.",
        _of_meeting(calendar.cancel_meeting),
        item_forms.ReasonForm,
        is_grave=True,
    ),
    Deed(
        "agree_minutes",
        "agree-minutes",
        "Agree the minutes",
        "The minutes are agreed and kept.",
        _of_meeting(minutes.agree_minutes),
        then=minutes_url,
    ),
    Deed(
        "correct_minutes",
        "correct-minutes",
        "Correct the minutes",
        "A corrected version is begun.",
        _of_meeting(minutes.correct_minutes),
        item_forms.ReasonForm,
        then=minutes_url,
        lead="The version that was agreed stays as it is; the corrected one is agreed again.",
    ),
)
KIND_DEEDS = (
    Deed(
        "change_panel",
        "change",
        "Change how it works",
        "The change is recorded.",
        _change_panel,
        kind_forms.ChangePanelForm,
        roles=ARRANGERS,
        then=lambda row: kind_url(row.kind),
    ),
    Deed(
        "plan_meetings",
        "plan",
        "Plan meetings",
        "The meetings are planned.",
        _of_kind(calendar.plan_meetings),
        kind_forms.PlanForm,
        roles=ARRANGERS,
        then=lambda _: reverse("panel:calendar"),
    ),
    Deed(
        "add_member",
        "add-member",
        "Add a member",
        "The member is added.",
        _of_kind(kinds.add_member),
        kind_forms.MemberForm,
        roles=ARRANGERS,
        then=lambda row: kind_url(row.kind),
    ),
    Deed(
        "end_member",
        "end-member",
        "End a membership",
        "The membership is ended.",
        _of_member(kinds.end_member),
        kind_forms.EndMemberForm,
        roles=ARRANGERS,
        then=lambda row: kind_url(row.kind),
    ),
    Deed(
        "set_agenda_rule",
        "rule",
        "Set an agenda rule",
        "The rule is recorded.",
        _of_kind(kinds.set_agenda_rule),
        kind_forms.RuleForm,
        roles=ARRANGERS,
    ),
)
SITTING = (*ARRANGERS, PANEL_MEMBER)
MEMBER_DEEDS = (
    Deed(
        "make_feed",
        "make-feed",
        "Make a calendar address",
        "The address is made.",
        _of_member(kinds.make_feed),
        roles=SITTING,
    ),
    Deed(
        "revoke_feed",
        "revoke-feed",
        "Take the address back",
        "The address answers no more.",
        _of_member(kinds.revoke_feed),
        roles=SITTING,
    ),
)
