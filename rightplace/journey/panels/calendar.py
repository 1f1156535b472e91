"""Verbs of the calendar: planning meetings from the rhythm, moving and cancelling one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from rightplace.core.calendar import is_working_day
from rightplace.core.meetings import papers_due
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.panels.events import PanelMeetingChanged
from rightplace.journey.panels.models import PanelKind, PanelMeeting, PanelTerms
from rightplace.journey.panels.standing import GONE, kinds_of, meeting_of, rhythm_of, terms_on
from rightplace.journey.panels.states import ARRANGERS, PANEL_MEETING

MOST_DAYS = 400


@action
def plan_meetings(*, by: Actor, now: datetime, kind_id: int, until: date) -> Outcome[int]:
    """Plan a panel's meetings from today until a day by its rhythm; those planned already stay as they are. How many came.

    A meeting that would fall on a bank holiday is left out or held on the next working day, as the panel's terms say.
    """
    today = timezone.localdate(now)
    kind = kinds_of(by, today).filter(pk=kind_id, ends_on__isnull=True).first()
    if kind is None or by.role not in ARRANGERS:
        return refuse(GONE)
    if not today < until <= today + timedelta(days=MOST_DAYS):
        words = f"Plan until a day within the next {MOST_DAYS} days."
        return refuse(Problem("wrong", words, "until"))
    made = PanelMeeting.objects.bulk_create(_planned(kind, today, until))
    words = f"{len(made)} meetings of {kind} were planned until {until:%-d %B %Y}"
    audit(by=by, now=now, verb="plan_meetings", words=words, subject="panel", subject_id=kind.pk)
    return Outcome(len(made))


def _planned(kind: PanelKind, start: date, until: date) -> list[PanelMeeting]:
    rows = PanelMeeting.objects.filter(kind=kind, planned_for__gte=start)
    held = set(rows.values_list("planned_for", flat=True))
    made: list[PanelMeeting] = []
    for terms in PanelTerms.objects.filter(kind=kind).order_by("period"):
        first = max(start, terms.period.lower)
        last = min(until, terms.period.upper or until)
        days = rhythm_of(terms).days(first, last, holidays()) if first < last else ()
        made += [new_meeting(kind, terms, day) for day in days if day not in held]
    return made


def new_meeting(kind: PanelKind, terms: PanelTerms, day: date) -> PanelMeeting:
    """A meeting of a panel on a day by its terms, not kept yet."""
    starts_at = timezone.make_aware(datetime.combine(day, terms.starts_at))
    return PanelMeeting(
        authority_id=kind.authority_id,
        kind=kind,
        planned_for=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=terms.minutes),
        place=terms.place,
        papers_due_on=papers_due(day, terms.papers_days, holidays()),
    )


@action
def move_meeting(
    *,
    by: Actor,
    now: datetime,
    meeting_id: int,
    version: int,
    on: date,
    at: time,
    reason: str,
    place: str = "",
) -> Outcome[PanelMeeting]:
    """Hold a meeting on another day, at another time or place; papers are due by the new day."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    if problems := _moving_problems(meeting, timezone.localdate(now), on, reason):
        return refuse(problems)
    terms = terms_on(meeting.kind_id, on)
    starts_at = timezone.make_aware(datetime.combine(on, at))
    if problems := change_state(
        PANEL_MEETING,
        meeting,
        "move_meeting",
        by=by,
        version=version,
        starts_at=starts_at,
        ends_at=starts_at + (meeting.ends_at - meeting.starts_at),
        place=place.strip()[:120] or meeting.place,
        papers_due_on=papers_due(on, terms.papers_days if terms else 2, holidays()),
        change_reason=reason.strip()[:300],
    ):
        return refuse(problems)
    words = f"The {meeting.kind} planned for {meeting.planned_for:%-d %B} is on {on:%-d %B %Y} at {at:%H:%M}"
    _changed(by, now, meeting, "move_meeting", words)
    return Outcome(meeting)


def _moving_problems(meeting: PanelMeeting, today: date, on: date, reason: str) -> list[Problem]:
    problems = []
    if on < today:
        problems.append(Problem("past", "Choose a day that has not passed.", "on"))
    if not is_working_day(on, holidays()):
        problems.append(Problem("wrong", "Choose a working day: this is a weekend or a bank holiday.", "on"))
    if terms_on(meeting.kind_id, on) is None:
        problems.append(Problem("wrong", "This panel does not work on that day.", "on"))
    if not reason.strip():
        problems.append(Problem("empty", "Say why the meeting is moved.", "reason"))
    return problems


@action
def cancel_meeting(
    *, by: Actor, now: datetime, meeting_id: int, version: int, reason: str
) -> Outcome[PanelMeeting]:
    """Cancel a meeting that has not begun. What stands on its agenda must be taken off or moved first."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    problems = [] if reason.strip() else [Problem("empty", "Say why the meeting is cancelled.", "reason")]
    waiting = meeting.items.filter(state__in=("listed", "to_ratify")).count()
    if waiting:
        words = f"{waiting} on the agenda: move the meeting instead, or bring them to another meeting first."
        problems.append(Problem("has_items", words))
    if problems := problems or change_state(
        PANEL_MEETING, meeting, "cancel_meeting", by=by, version=version, change_reason=reason.strip()[:300]
    ):
        return refuse(problems)
    words = f"The {meeting.kind} of {timezone.localtime(meeting.starts_at):%-d %B %Y} is cancelled"
    _changed(by, now, meeting, "cancel_meeting", words)
    return Outcome(meeting)


def _changed(by: Actor, now: datetime, meeting: PanelMeeting, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_meeting", subject_id=meeting.pk)
    publish(
        PanelMeetingChanged(
            by=by, now=now, authority_id=meeting.authority_id, meeting_id=meeting.pk, words=words
        )
    )
