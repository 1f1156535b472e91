"""Coming in: from a password (or a passkey, a link, a sign-on elsewhere) through the second step into a desk.

Between the steps the session holds only who is on the way (`entering`), for 15 minutes; nobody is signed in and no page
opens until the last step. The session then has a new key.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.navigation import home_of
from rightplace.foundation.access import queries
from rightplace.foundation.access.actions import note_sign_in
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.second_steps import has_second_step

BACKEND = "rightplace.foundation.access.backend.NameOrEmailBackend"
ENTERING, MEMBERSHIP, CONFIRMED, CODES = "entering", "membership", "confirmed_at", "recovery_codes_to_show"
LASTS_SECONDS = 15 * 60


def begin(
    request: HttpRequest, user: User, *, how: str, goal: str, is_proved_twice: bool = False
) -> HttpResponse:
    """Somebody has proved who they are once (or twice): on to the second step, to setting one up, or in."""
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[ENTERING] = {"user": user.pk, "how": how, "goal": safe(goal), "at": time.time()}
    if is_proved_twice:
        return enter(request, user)
    return see_other("/sign-in/second-step/" if has_second_step(user) else "/sign-in/set-up/")


def on_the_way(request: HttpRequest) -> User | None:
    """Who has proved one step and waits for the second; None after 15 minutes."""
    held: dict[str, Any] | None = request.session.get(ENTERING)
    if not held or time.time() - held["at"] > LASTS_SECONDS:
        return None
    return User.objects.filter(pk=held["user"], is_active=True).first()


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """In: signed in under a new key, in the first role held today, and on to the page that was wanted."""
    held = request.session.pop(ENTERING, {})
    codes = request.session.get(CODES)
    today = timezone.localdate()
    membership = queries.memberships_of(user, today=today).first()
    if membership is None:
        messages.info(request, _no_role(user))
        return see_other("/sign-in/")
    login(request, user, backend=BACKEND)
    request.session[MEMBERSHIP] = membership.pk
    request.session[CONFIRMED] = time.time()
    note_sign_in(by=membership.as_actor(), now=timezone.now(), how=str(held.get("how", "a password")))
    goal = str(held.get("goal", "")) or home_of(membership.as_actor())
    if codes:
        request.session[CODES] = codes
        request.session["after_codes"] = goal
        return see_other("/account/recovery-codes/")
    return see_other(goal)


def try_as(request: HttpRequest, membership: Membership, goal: str) -> HttpResponse:
    """In a demonstration: in as this person with one click."""
    login(request, membership.user, backend=BACKEND)
    request.session[MEMBERSHIP] = membership.pk
    return see_other(safe(goal) or home_of(membership.as_actor()))


def safe(goal: str) -> str:
    """The page to go on to, if it is one of ours; else nothing."""
    return goal if goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None) else ""


def _no_role(user: User) -> str:
    coming = user.memberships.filter(starts_on__gt=timezone.localdate()).order_by("starts_on").first()
    if coming is None:
        return "You hold no role at present. Ask your access administrator."
    return f"Your account is ready. Your role begins on {coming.starts_on:%-d %B %Y}: sign in then."
