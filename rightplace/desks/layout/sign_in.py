"""Signing in and out, choosing in which role to act, and the page of notices."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.demo_people import demo_places
from rightplace.desks.layout.errors import error_page
from rightplace.desks.layout.navigation import home_of
from rightplace.foundation.access import queries
from rightplace.foundation.access.models import Membership
from rightplace.foundation.notices.actions import read_notices
from rightplace.foundation.notices.queries import notices


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(label="User name", max_length=150)
    password = forms.CharField(label="Password", widget=forms.PasswordInput, max_length=200)


@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in a demonstration also the people to sign in as, one click each."""
    form = SignInForm(request.POST or None)
    is_asked = request.method == "POST"
    if is_asked and "membership" in request.POST:
        membership = queries.demo_membership(request.POST["membership"])
        if membership is not None:
            return _enter(request, membership)
    elif is_asked and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        membership = queries.memberships_of(user, today=timezone.localdate()).first() if user else None
        if membership is not None:
            return _enter(request, membership)
        form.add_error(None, "The user name or the password is not right, or you hold no role at present.")
    places = demo_places(queries.demo_people(today=timezone.localdate()))
    known = {"form": form, "places": places}
    return render(request, "layout/sign_in.html", known, status=422 if is_asked else 200)


def _enter(request: HttpRequest, membership: Membership) -> HttpResponse:
    login(request, membership.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["membership"] = membership.pk
    goal = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(goal, allowed_hosts=None):
        return see_other(goal)
    return see_other(home_of(membership.as_actor()))


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
    request.session["membership"] = membership.pk
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
