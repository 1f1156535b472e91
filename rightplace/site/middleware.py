"""Around every request: who acts, in a transaction of their own scope; and each form taken once only."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY as PERSON
from django.contrib.auth import logout
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.desks.layout import visiting
from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.errors import form_out_of_date, form_used_twice, unavailable
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, Submission
from rightplace.foundation.access.queries import memberships_of
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.access.sessions import SessionStore
from rightplace.foundation.safeguards.watching import TooManyLooks
from rightplace.site.room import busy

Answer = Callable[[HttpRequest], HttpResponse]
MEMBERSHIP = "membership"
READ_ONLY = "25006"  # PostgreSQL's code for a write where only reading is possible
# A lock that was not given up in time, two who wait for each other, a statement that took too long.
IN_THE_WAY = ("55P03", "40P01", "57014")
log = logging.getLogger("rightplace")


def is_away(error: BaseException) -> bool:
    """Whether the database does not answer, has no room, or takes no writes: nobody's mistake, so 503."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == READ_ONLY


def _or_unavailable(answer: Answer, request: HttpRequest) -> HttpResponse:
    """Answer, or say plainly that the database is away."""
    try:
        return answer(request)
    except (OperationalError, InterfaceError, InternalError) as error:
        if not is_away(error):
            raise
        return _away(request, error)


def _away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Busy, where somebody else's work stands in the way of this: try again in seconds. Else the database is away."""
    if getattr(error.__cause__, "sqlstate", "") in IN_THE_WAY:
        log.warning("Another transaction is in the way: %s", type(error.__cause__).__name__)
        return busy()
    log.error("The database is away: %s", error)
    return unavailable(request)


def is_api(request: HttpRequest) -> bool:
    """Whether a token says who acts, and never the session of a browser (its guide is a page like others)."""
    return request.path.startswith("/api/") and request.path != "/api/v1/docs"


class ActorMiddleware:
    """Finds the membership that this session acts in, and runs the page inside that actor's scope.

    A right taken away is gone at the next request: the membership is read each time. Without one the page runs with no
    scope at all, and only pages open to everyone answer.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within one transaction; an error undoes it."""
        return _or_unavailable(self._in_scope, request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Where a page itself finds the database away."""
        if not is_away(error):
            return None
        if connection.in_atomic_block:
            # Nothing more can be asked in this transaction: whoever stands around the page must not try.
            transaction.set_rollback(True)
        return _away(request, error)

    def _in_scope(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            request.membership = request.actor = None  # type: ignore[attr-defined]  # set by the middleware
            return self.answer(request)
        request.was_ended = end_if_over(request)  # type: ignore[attr-defined]  # read by the doors
        membership = _membership(request)
        request.membership = membership  # type: ignore[attr-defined]  # set by the middleware
        actor = visiting.actor_for(request, membership)
        request.actor = actor  # type: ignore[attr-defined]  # set by the middleware
        if actor is None:
            return self.answer(request)
        try:
            return self._as_actor(request, actor)
        except TooManyLooks as stopped:
            return visiting.looks_stopped(request, actor, stopped.limit)

    def _as_actor(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        with acting_as(actor):
            visiting.record_page(request, actor)
            is_refused = visiting.changes_something(request)
            response = visiting.nothing_changed(request) if is_refused else self.answer(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
        response["Cache-Control"] = "no-store"
        return response


def end_if_over(request: HttpRequest) -> str:
    """End a session that was idle or lasted too long, and say why somebody who had one has none: a word, or "".

    "ended" is a session that is no longer there: ended elsewhere, or after a new password or a leaving.
    """
    session, now = request.session, timezone.now()
    if not isinstance(session, SessionStore) or PERSON not in session:
        had_one = settings.SESSION_COOKIE_NAME in request.COOKIES
        return "ended" if had_one and session.session_key is None else ""
    if why := session.why_over(now):
        logout(request)
        return why
    session.note_seen(now)
    return "" if request.user.is_authenticated else "ended"


def _membership(request: HttpRequest) -> Membership | None:
    """The membership that this session acts in, of all that its person holds; the others are what one can switch to."""
    request.other_memberships = ()  # type: ignore[attr-defined]  # read by the layout
    key = request.session.get(MEMBERSHIP)
    if key is None or not request.user.is_authenticated:
        return None
    held = list(memberships_of(request.user, today=timezone.localdate()))
    request.other_memberships = tuple(one for one in held if one.pk != key)  # type: ignore[attr-defined]  # read by the layout
    return next((one for one in held if one.pk == key), None)


class OnceMiddleware:
    """Takes each form once: `once` is a key drawn with the form, so a double click or a retry has one effect.

    The same key with the same body is answered with the first result; with another body it is refused (409).
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a form through the first time, and answer later times with what the first came to."""
        return _or_unavailable(self._once, request)

    def _once(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.actor is None or request.path.startswith("/api/"):  # type: ignore[attr-defined]  # set by the middleware
            return self.answer(request)
        key = _key(request)
        if key is None:
            return form_out_of_date(request)
        digest = _digest(request)
        user_id = request.actor.user_id  # type: ignore[attr-defined]  # set by the middleware
        taken = _take(user_id, key, digest)
        if taken is not None:
            return (
                see_other(taken.location) if bytes(taken.body_sha256) == digest else form_used_twice(request)
            )
        response = self.answer(request)
        rows = Submission.objects.filter(user_id=user_id, key=key)
        if connection.needs_rollback:
            return response
        if 300 <= response.status_code < 400:
            rows.update(location=response["Location"])
        else:
            rows.delete()
        return response


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _digest(request: HttpRequest) -> bytes:
    body = hashlib.sha256(request.path.encode())
    for name in sorted(request.POST):
        if name != "csrfmiddlewaretoken":
            body.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            body.update(repr((name, file.name, file.size)).encode())
            for piece in file.chunks():
                body.update(piece)
            file.seek(0)
    return body.digest()


def _take(user_id: int, key: uuid.UUID, digest: bytes) -> Submission | None:
    """Take the key; the earlier submission when it was taken before. Waits for one that is still being answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_submission (user_id, key, body_sha256, location, taken_at) VALUES (%s, %s, %s, '', now())"
            " ON CONFLICT (user_id, key) DO NOTHING",
            [user_id, key, digest],
        )
        if cursor.rowcount == 1:
            return None
    return Submission.objects.get(user_id=user_id, key=key)
