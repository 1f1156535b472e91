"""Verbs of a meeting: opening it, who is there, who has an interest, closing it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.journey.panels.minutes import draft_minutes
from rightplace.journey.panels.models import (
    PanelAttendance,
    PanelInterest,
    PanelItem,
    PanelMeeting,
    PanelMember,
)
from rightplace.journey.panels.standing import GONE, item_of, meeting_of, members_on, own_part
from rightplace.journey.panels.states import ARRANGERS, PANEL_ITEM, PANEL_MEETING
from rightplace.journey.panels.words import HOW_THERE


@action
def open_meeting(*, by: Actor, now: datetime, meeting_id: int, version: int) -> Outcome[PanelMeeting]:
    """Open a meeting, on its day or after: attendance is noted and decisions can be recorded while it is quorate."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    day = timezone.localdate(meeting.starts_at)
    if timezone.localdate(now) < day:
        return refuse(
            Problem("too_early", f"This meeting is on {day:%-d %B %Y}. Move it to hold it earlier.")
        )
    try:
        with transaction.atomic():
            problems = change_state(
                PANEL_MEETING, meeting, "open_meeting", by=by, version=version, opened_at=now
            )
    except IntegrityError:  # the constraint one_meeting_under_way
        problems = [Problem("wrong_state", "Another meeting of this panel is under way: close it first.")]
    if problems:
        return refuse(problems)
    _record(by, now, meeting, "open_meeting", f"{meeting} was opened")
    return Outcome(meeting)


@action
def note_attendance(
    *, by: Actor, now: datetime, meeting_id: int, version: int, there: dict[int, str]
) -> Outcome[PanelMeeting]:
    """Note who is in the room, online, or sent apologies: member to how. Who is not named is absent; quorum follows."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    members = {row.pk: row for row in members_on(meeting.kind_id, timezone.localdate(meeting.starts_at))}
    noted = {key: how for key, how in there.items() if how}
    problems = []
    if set(noted) - set(members) or set(noted.values()) - set(HOW_THERE):
        problems.append(Problem("unknown", "Somebody named does not sit on this panel."))
    if problems := problems or change_state(
        PANEL_MEETING, meeting, "note_attendance", by=by, version=version
    ):
        return refuse(problems)
    meeting.attendance.all().delete()
    PanelAttendance.objects.bulk_create(
        PanelAttendance(authority_id=meeting.authority_id, meeting=meeting, member_id=key, how=how)
        for key, how in noted.items()
    )
    present = sum(1 for how in noted.values() if how != "apologies")
    _record(by, now, meeting, "note_attendance", f"{present} are at {meeting}")
    return Outcome(meeting)


@action
def close_meeting(*, by: Actor, now: datetime, meeting_id: int, version: int) -> Outcome[PanelMeeting]:
    """Close a meeting: what was not reached is carried over, what was to be ratified goes to the next, minutes are drafted."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    later = next_meeting(meeting)
    to_ratify = meeting.items.filter(state="to_ratify")
    if to_ratify.exists() and later is None:
        words = "Decisions are still to be ratified, and no later meeting is planned. Plan the next meeting first."
        return refuse(Problem("no_meeting", words))
    if problems := change_state(
        PANEL_MEETING, meeting, "close_meeting", by=by, version=version, closed_at=now
    ):
        return refuse(problems)
    system = system_actor(authority_id=meeting.authority_id)
    for item in meeting.items.filter(state="listed"):
        require(change_state(PANEL_ITEM, item, "mark_carried", by=system))
    draft_minutes(meeting, by=by, now=now)
    to_ratify.update(meeting=later)
    _record(by, now, meeting, "close_meeting", f"{meeting} was closed")
    return Outcome(meeting)


def next_meeting(meeting: PanelMeeting) -> PanelMeeting | None:
    """The meeting of the same panel that comes next."""
    rows = PanelMeeting.objects.filter(kind_id=meeting.kind_id, state__in=("planned", "papers_out"))
    return rows.filter(starts_at__gt=meeting.starts_at).order_by("starts_at").first()


@action
def declare_interest(
    *, by: Actor, now: datetime, item_id: int, version: int, words: str, member_id: int | None = None
) -> Outcome[PanelItem]:
    """Declare a conflict of interest in an item: one's own, or by clerk or chair what a member says at the meeting."""
    item = item_of(by, item_id, now)
    member = _declarer(by, item, member_id, now) if item else None
    if item is None or member is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say what the interest is.", "words")]
    if item.interests.filter(member=member).exists():
        problems.append(Problem("wrong_state", "This interest is declared already."))
    if problems := problems or change_state(PANEL_ITEM, item, "declare_interest", by=by, version=version):
        return refuse(problems)
    PanelInterest.objects.create(
        authority_id=item.authority_id, item=item, member=member, words=words.strip()[:300], at=now
    )
    _of_item(by, now, item, "declare_interest", f"{member.name} has an interest in {item}")
    return Outcome(item)


@action
def withdraw_interest(
    *, by: Actor, now: datetime, item_id: int, version: int, member_id: int | None = None
) -> Outcome[PanelItem]:
    """Take back an interest declared by mistake, before the decision."""
    item = item_of(by, item_id, now)
    member = _declarer(by, item, member_id, now) if item else None
    if item is None or member is None or not item.interests.filter(member=member).exists():
        return refuse(GONE)
    if problems := change_state(PANEL_ITEM, item, "withdraw_interest", by=by, version=version):
        return refuse(problems)
    item.interests.filter(member=member).delete()
    _of_item(by, now, item, "withdraw_interest", f"{member.name} has no interest in {item} after all")
    return Outcome(item)


def _declarer(by: Actor, item: PanelItem, member_id: int | None, now: datetime) -> PanelMember | None:
    """Whose interest it is: one's own, or for clerk and chair any member's."""
    mine = own_part(by, item.meeting.kind_id, timezone.localdate(now))
    if member_id is None or (mine is not None and mine.pk == member_id):
        return mine
    if by.role not in ARRANGERS:
        return None
    members = members_on(item.meeting.kind_id, timezone.localdate(now))
    return next((row for row in members if row.pk == member_id), None)


def _record(by: Actor, now: datetime, meeting: PanelMeeting, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_meeting", subject_id=meeting.pk)


def _of_item(by: Actor, now: datetime, item: PanelItem, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_item", subject_id=item.pk)
