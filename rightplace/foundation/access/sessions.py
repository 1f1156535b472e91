"""Sessions kept in the database: whose they are, how long they last, and ending them.

A session ends after 30 minutes without a request and 12 hours after signing in, whatever is done in it (assurance row 26;
NIST SP 800-63B-4 section 2.2.3 asks for at most an hour and 24 hours). Only the SHA-256 of a session's key is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth import SESSION_KEY as PERSON
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.db import DatabaseError, models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from rightplace.foundation.access.models import Counted, Session

IDLE_AT_MOST = timedelta(minutes=30)
LONG_AT_MOST = timedelta(hours=12)
# How often the moment of the last request is written down; a session may so end this much early, never late.
SEEN_EVERY = timedelta(minutes=1)
# Clocks of two machines may differ by so much. A moment further ahead was written while a clock was wrong.
CLOCKS_DIFFER = timedelta(minutes=5)
STARTED, DEVICE, ADDRESS = "started_at", "device", "address"


def hashed(key: str) -> str:
    """What is kept of a session's key: 40 characters of its SHA-256, which is 160 bits."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


@cache
def _found() -> str:
    # Asked for every page: written once, rather than each time anew by the mapper.
    columns = ", ".join(f'"{one.column}"' for one in Session._meta.concrete_fields)
    return f'SELECT {columns} FROM "{Session._meta.db_table}" WHERE session_key = %s AND expire_date > %s'  # noqa: S608 - names of our own


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with the key hashed and the person and moments as columns."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = next(
            iter(Session.objects.raw(_found(), [hashed(self.session_key or ""), timezone.now()])), None
        )
        if row is None:
            self._session_key = None
            return None
        self.seen_at = row.seen_at
        return row

    def exists(self, session_key: str) -> bool:
        """Whether this key is taken."""
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session; the present one where none is named."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=hashed(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of these data; saving a session counts as seeing it."""
        person, started = data.get(PERSON), data.get(STARTED)
        self.seen_at = timezone.now()
        return Session(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=int(person) if person else None,
            started_at=_moment(started) if started else None,
            seen_at=self.seen_at,
            device=data.get(DEVICE, ""),
            address=data.get(ADDRESS, ""),
        )

    def why_over(self, now: datetime) -> str:
        """Why this session of somebody signed in is over: "idle", "long", or "" while it lasts.

        One from the future is over too: else a clock that was wrong for a moment would let it last for as long as it was wrong.
        """
        started = _moment(self[STARTED]) if STARTED in self else None
        if started is not None and not -CLOCKS_DIFFER <= now - started < LONG_AT_MOST:
            return "long"
        is_idle = self.seen_at is not None and not -CLOCKS_DIFFER <= now - self.seen_at < IDLE_AT_MOST
        return "idle" if is_idle else ""

    def note_seen(self, now: datetime) -> None:
        """Write down that this session was used, once a minute; a database that takes no writes is no reason to end it."""
        if self.seen_at is None or now - self.seen_at < SEEN_EVERY or not self.session_key:
            return
        try:
            Session.objects.filter(session_key=hashed(self.session_key)).update(seen_at=now)
            self.seen_at = now
        except DatabaseError:
            return


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def note_start(sender: object, request: HttpRequest, **_: object) -> None:
    """Signing in starts the twelve hours, and says from where."""
    request.session[STARTED] = timezone.now().timestamp()
    request.session[DEVICE] = device_of(request.META)
    request.session[ADDRESS] = str(request.META.get("REMOTE_ADDR", ""))[:45]


user_logged_in.connect(note_start, dispatch_uid="rightplace.note_start")


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("CrOS", "ChromeOS"), ("Mac", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(meta: Mapping[str, Any]) -> str:
    """A browser in words that its owner knows: “Firefox on Windows”."""
    said = str(meta.get("HTTP_USER_AGENT", ""))
    browser = next((words for mark, words in BROWSERS if mark in said), "A browser")
    system = next((words for mark, words in SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if system else browser


def sessions_of(user_id: int, *, now: datetime) -> QuerySet[Session]:
    """The sessions of a person that have not ended, the last used first."""
    rows = Session.objects.filter(user_id=user_id, expire_date__gt=now, seen_at__gt=now - IDLE_AT_MOST)
    return rows.filter(
        models.Q(started_at__isnull=True) | models.Q(started_at__gt=now - LONG_AT_MOST)
    ).order_by("-seen_at")


def end_sessions(user_id: int, *, but: str | None = None) -> int:
    """End all sessions of a person at once, but for the one with this key; how many were ended."""
    rows = Session.objects.filter(user_id=user_id)
    if but:
        rows = rows.exclude(session_key=hashed(but))
    return rows.delete()[0]


def clear_old(now: datetime) -> int:
    """Remove what is over: sessions, and counts whose time has passed; how many rows. The worker calls this."""
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return sessions + Counted.objects.filter(expires__lt=now).delete()[0]
