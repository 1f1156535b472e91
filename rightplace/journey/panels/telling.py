"""Who is told of what happens at panels; called from `consequences`. No notice names a child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.actions import change_state
from rightplace.foundation.events.bus import Event, Reaction, on
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.journey.panels.events import (
    PanelActionChased,
    PanelActionGiven,
    PanelAppealAsked,
    PanelAppealHeard,
    PanelDecisionNotRatified,
    PanelItemDecided,
    PanelItemListed,
    PanelMeetingChanged,
    PanelPackIssued,
)
from rightplace.journey.panels.models import PanelAction, PanelAppeal, PanelItem, PanelMeeting
from rightplace.journey.panels.standing import held_on, members_on
from rightplace.journey.panels.states import PANEL_APPEAL, PANEL_ITEM
from rightplace.journey.panels.words import OUTCOMES


def tell_members(event: PanelPackIssued | PanelMeetingChanged) -> None:
    """Everyone with an account who sits on the panel, but not who did it."""
    meeting = PanelMeeting.objects.select_related("kind").get(pk=event.meeting_id)
    words = (
        event.words
        if isinstance(event, PanelMeetingChanged)
        else f"Papers for the {meeting} are out{'' if event.number == 1 else f', version {event.number}'}"
    )
    for member in members_on(meeting.kind_id, timezone.localdate(event.now)):
        if member.user_id is not None and member.user_id != event.by.user_id:
            _tell(event, member.user_id, words, f"/panel/meetings/{meeting.pk}/")


def tell_presenter(event: PanelItemListed | PanelItemDecided) -> None:
    """Whoever presents hears when, and what was decided."""
    item = PanelItem.objects.select_related("meeting__kind").get(pk=event.item_id)
    if item.presenter_id is None or item.presenter_id == event.by.user_id:
        return
    at = timezone.localtime(item.meeting.starts_at)
    if isinstance(event, PanelItemDecided):
        words = f"{item.meeting.kind}: {OUTCOMES[event.outcome].lower()}, {item.title}"
    else:
        words = f"You present {item.title} to the {item.meeting.kind} on {at:%-d %B at %H:%M}"
    _tell(event, item.presenter_id, words, f"/panel/items/{item.pk}/")


def tell_not_ratified(event: PanelDecisionNotRatified) -> None:
    """The managers of the team and the directors hear that a decision was not ratified."""
    item = PanelItem.objects.select_related("request", "placement__child").get(pk=event.item_id)
    team_id = item.request.team_id if item.request else None
    if team_id is None and item.placement is not None:
        team_id = item.placement.child.team_id
    words, link = f"Not ratified by the panel: {item.title}", f"/panel/items/{item.pk}/"
    held = Membership.objects.filter(held_on(timezone.localdate(event.now)), authority_id=event.authority_id)
    managers = held.filter(role=roles.TEAM_MANAGER, team_id=team_id) if team_id else held.none()
    for user_id in sorted(set(managers.values_list("user_id", flat=True))):
        _tell(event, user_id, words, link)
    _tell_role(event, roles.DIRECTOR, words, link)
    _tell_role(event, roles.PANEL_CLERK, words, link)


def tell_owner(event: PanelActionGiven | PanelActionChased) -> None:
    """The owner of an action hears that it is theirs, that it comes due, or that it is overdue; the clerk of what is overdue."""
    row = PanelAction.objects.get(pk=event.action_id)
    what = "You have an action from a panel"
    if isinstance(event, PanelActionChased):
        what = "Overdue" if event.is_overdue else "Due soon"
    words = f"{what}, by {row.due_on:%-d %B %Y}: {row.what}"[:300]
    link = f"/panel/actions/{row.pk}/"
    if row.owner_id != event.by.user_id:
        _tell(event, row.owner_id, words, link)
    if isinstance(event, PanelActionChased) and event.is_overdue:
        _tell_role(event, roles.PANEL_CLERK, words, link)


def tell_appeal(event: PanelAppealAsked | PanelAppealHeard) -> None:
    """The director and the clerk hear of an appeal; who asked it, and the clerk, hear what came of it."""
    row = PanelAppeal.objects.select_related("item").get(pk=event.appeal_id)
    link = f"/panel/appeals/{row.pk}/"
    if isinstance(event, PanelAppealAsked):
        _tell_role(event, roles.DIRECTOR, f"An appeal waits to be heard: {row.item.title}", link)
        _tell_role(event, roles.PANEL_CLERK, f"An appeal was asked for: {row.item.title}", link)
        return
    words = f"Appeal {PANEL_APPEAL.states[row.state].lower()}: {row.item.title}"
    _tell(event, row.asked_by_id, words, link)
    _tell_role(event, roles.PANEL_CLERK, words, link)


TELLINGS: dict[type[Event], Callable[[Any], None]] = {
    PanelMeetingChanged: tell_members,
    PanelPackIssued: tell_members,
    PanelItemListed: tell_presenter,
    PanelItemDecided: tell_presenter,
    PanelDecisionNotRatified: tell_not_ratified,
    PanelActionGiven: tell_owner,
    PanelActionChased: tell_owner,
    PanelAppealAsked: tell_appeal,
    PanelAppealHeard: tell_appeal,
}


def tell(event: Event) -> None:
    """Tell whoever is to hear of what happened."""
    TELLINGS[type(event)](event)


def on_what_happens(reaction: Reaction) -> Reaction:
    """Register one reaction to everything that happens at panels."""
    for kind in TELLINGS:
        on(kind)(reaction)
    return reaction


def follow_permission_decided(authority_id: int, permission_id: int) -> list[Problem]:
    """A permission was decided on, or its choice undone: what stands on an agenda for it is no longer asked.

    While it stands there to be decided by the panel, nobody decides it past the panel.
    """
    return _follow_decided(authority_id, permission_id=permission_id)


def follow_variation_decided(authority_id: int, rise_id: int) -> list[Problem]:
    """The same for the permission of a dearer variation."""
    return _follow_decided(authority_id, rise_id=rise_id)


def _follow_decided(authority_id: int, **about: int) -> list[Problem]:
    rows = PanelItem.objects.filter(**about, state="listed", authority_id=authority_id)
    for item in rows.select_related("meeting__kind", "permission", "rise"):
        if item.asks is not None and item.asks.route == "panel":
            words = f"This is on the agenda of the {item.meeting}: its decision is recorded there."
            return [Problem("on_agenda", words)]
        follow_no_longer_asked(authority_id, **about)
    return []


def follow_no_longer_asked(authority_id: int, **about: int) -> None:
    """Take off every agenda what is no longer asked: `permission_id`, or `rise_id` of a dearer variation."""
    system = system_actor(authority_id=authority_id)
    for item in PanelItem.objects.filter(**about, state="listed", authority_id=authority_id):
        change_state(PANEL_ITEM, item, "mark_gone", by=system, removed_reason="No longer asked")


def _tell(event: Event, user_id: int, words: str, link: str) -> None:
    tell_user(authority_id=event.authority_id, user_id=user_id, words=words[:300], link=link, now=event.now)


def _tell_role(event: Event, role: str, words: str, link: str) -> None:
    tell_role(authority_id=event.authority_id, role=role, words=words[:300], link=link, now=event.now)
