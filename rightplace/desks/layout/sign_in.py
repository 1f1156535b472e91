"""Signing in with a name and a password, signing out, choosing in which role to act, and the page of notices."""

from __future__ import annotations

import logging

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.attempts import TOO_MANY, count
from rightplace.desks.layout.demo_people import demo_places
from rightplace.desks.layout.entering import MEMBERSHIP, begin, try_as
from rightplace.desks.layout.errors import error_page
from rightplace.desks.layout.navigation import home_of
from rightplace.foundation.access import queries
from rightplace.foundation.access.backend import person_called
from rightplace.foundation.access.models import User
from rightplace.foundation.access.passwords import LONGEST
from rightplace.foundation.notices.actions import read_notices
from rightplace.foundation.notices.queries import notices

log = logging.getLogger("rightplace.sign_in")
NOT_RIGHT = "The user name or the password is not right, or you hold no role at present."
WHY_OUT = {
    "idle": "You were signed out because this browser was not used for 30 minutes.",
    "long": "You were signed out because you had been signed in for 12 hours.",
    "ended": "Your session has ended: it was ended elsewhere, or your password or account was changed.",
    "role": "You hold no role here at present, or it has ended. Another role opens when you sign in again.",
}


class SignInForm(forms.Form):
    """User name or e-mail address, and password."""

    username = forms.CharField(
        label="E-mail address or user name",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in a demonstration also the people to sign in as, one click each."""
    form = SignInForm(request.POST or None)
    status, goal = 200, request.GET.get("next", "")
    if request.method == "POST":
        if "membership" in request.POST:
            membership = queries.demo_membership(request.POST["membership"])
            if membership is not None:
                return try_as(request, membership, goal)
        status = 422
        if form.is_valid():
            user, status = _recognised(request, form)
            if user is not None:
                return begin(request, user, how="a password", goal=goal)
    known = {
        "form": form,
        "places": demo_places(queries.demo_people(today=timezone.localdate())),
        "why_out": WHY_OUT.get(request.GET.get("because", ""), ""),
        "services": settings.SIGN_ON.values(),
        "goal": goal,
    }
    return render(request, "layout/sign_in.html", known, status=status)


def _recognised(request: HttpRequest, form: SignInForm) -> tuple[User | None, int]:
    """Who has given the right password and may come in; what is said otherwise is the same for every reason.

    A refusal is logged with the account's number, never with what was typed: that may be a password in the wrong field.
    """
    name = form.cleaned_data["username"]
    take_back = count(request, "login_failed", name)
    if take_back is None:
        log.warning("A sign-in was refused: too many attempts at account %s", _number_of(name))
        form.add_error(None, TOO_MANY)
        return None, 429
    user = authenticate(request, **form.cleaned_data)
    if isinstance(user, User) and queries.will_hold_a_role(user, today=timezone.localdate()):
        take_back()
        return user, 200
    log.warning("A sign-in was refused: wrong password or no role, account %s", _number_of(name))
    form.add_error(None, NOT_RIGHT)
    return None, 422


def _number_of(name: str) -> int | None:
    user = person_called(name)
    return user.pk if user else None


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, "You have signed out.")
    return see_other("/sign-in/")


def switch_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    rows = queries.memberships_of(request.user, today=timezone.localdate())
    wanted = request.POST.get("membership", "")
    membership = rows.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if membership is None:
        return error_page(request, 404)
    request.session[MEMBERSHIP] = membership.pk
    return see_other(home_of(membership.as_actor()))


def home(request: HttpRequest) -> HttpResponse:
    """The front door: on to one's own desk."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return redirect(home_of(actor) if actor else "/sign-in/")


def notice_page(request: HttpRequest) -> HttpResponse:
    """Everything told to me, newest first."""
    return render(request, "layout/notices.html", {"notices": notices(request.actor)[:200]})  # type: ignore[attr-defined]  # set by ActorMiddleware


def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark everything told to me as read."""
    read_notices(by=request.actor, now=timezone.now())  # type: ignore[attr-defined]  # set by ActorMiddleware
    return see_other("/notices/")
