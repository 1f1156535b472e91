"""The calendar as iCalendar (RFC 5545): a private address for each member, and a file; neither names a child."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.panels.models import PanelMeeting, PanelMember
from rightplace.journey.panels.standing import held_on, people_on

SALT = "rightplace.panels.feed"
KEPT_FOR = timedelta(days=90)


def feed_token(member: PanelMember) -> str:
    """The word that opens a member's calendar without signing in; empty where none was made or it was taken back.

    Derived from the product's secret and a random part that is drawn anew each time, so the table alone opens nothing.
    """
    if not member.feed_nonce:
        return ""
    return f"{member.pk}-{_signature(member)}"


def _signature(member: PanelMember) -> str:
    return salted_hmac(SALT, f"{member.pk}:{member.feed_nonce}", algorithm="sha256").hexdigest()


def feed_of(token: str, now: datetime) -> bytes | None:
    """The calendar that a token opens; None where it opens nothing, or no more."""
    key, _, signature = token.partition("-")
    if not key.isdecimal() or len(key) > 18:
        return None
    today = timezone.localdate(now)
    member = PanelMember.objects.filter(held_on(today), pk=int(key)).exclude(feed_nonce="").first()
    if member is None or not _is_here(member, today):
        return None
    if not hmac.compare_digest(_signature(member).encode(), signature.encode()):
        return None
    with acting_as(system_actor(authority_id=member.authority_id)):
        rows = PanelMeeting.objects.filter(kind_id=member.kind_id, starts_at__gt=now - KEPT_FOR)
        return calendar_file(rows.select_related("kind"), now)


def _is_here(member: PanelMember, today: date) -> bool:
    """Whether a member with an account still holds a role in the authority; a partner has none, and the clerk ends the seat."""
    if member.user_id is None:
        return True
    return people_on(member.authority_id, today).filter(user_id=member.user_id, user__is_active=True).exists()


def calendar_file(meetings: Iterable[PanelMeeting], now: datetime) -> bytes:
    """Meetings as a calendar file: when, where, when papers are due; nothing of what is on the agenda."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rightplace//Panels//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Panels")
    for meeting in meetings:
        calendar.add_component(_event(meeting, now))
    return bytes(calendar.to_ical())


def _event(meeting: PanelMeeting, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"panel-meeting-{meeting.pk}@rightplace")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", meeting.kind.name)
    event.add("description", f"Papers are due by {meeting.papers_due_on:%-d %B %Y}.")
    event.add("sequence", meeting.version)
    event.add("status", "CANCELLED" if meeting.state == "cancelled" else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    return event
