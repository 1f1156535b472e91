"""One's own account: password, second steps, recovery codes, and the sessions in which one is signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from rightplace.core.problems import Problem
from rightplace.desks.layout.answers import add_problems, answer, refused, see_other
from rightplace.desks.layout.attempts import TOO_MANY, count
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.entering import CODES, CONFIRMED, safe
from rightplace.desks.layout.sign_in_forgotten import NewPasswordForm
from rightplace.desks.layout.sign_in_steps import (
    NOT_TAKEN,
    CodeForm,
    NewPasskeyForm,
    app_to_add,
    keep_app,
    keep_passkey,
)
from rightplace.foundation.access import second_steps
from rightplace.foundation.access.actions import change_password, end_session, note_second_step
from rightplace.foundation.access.models import User
from rightplace.foundation.access.queries import is_demo, memberships_of
from rightplace.foundation.access.sessions import hashed, sessions_of

View = Callable[..., HttpResponse]
FRESH_SECONDS = 15 * 60
HERE = "/account/"
LAST_STEP = Problem("last", "This is your only second step. Add another one first, then remove this one.")


class PasswordForm(NewPasswordForm):
    """The present password and the new one."""

    old = forms.CharField(
        label="Present password",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password")


def me(request: HttpRequest) -> User:
    """Who is signed in."""
    return User.objects.get(pk=actor_of(request).person_id)


def fresh(view: View) -> View:
    """Only for somebody who has shown in the last 15 minutes who they are; others confirm it first, then come back."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_fresh = time.time() - request.session.get(CONFIRMED, 0) < FRESH_SECONDS
        if is_fresh or is_demo():
            return view(request, *args, **kwargs)
        return redirect(
            f"/account/confirm/?{urlencode({'next': request.path if request.method == 'GET' else HERE})}"
        )

    return confirmed


def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account."""
    user, now = me(request), timezone.now()
    known = {
        "person": user,
        "roles": memberships_of(user, today=timezone.localdate()),
        "steps": second_steps.second_steps(user),
        "has_app": second_steps.has_app(user),
        "codes_left": second_steps.recovery_codes_left(user),
        "sessions": sessions_of(user.pk, now=now),
        "this_session": hashed(request.session.session_key or ""),
    }
    return render(request, "layout/account.html", known)


def confirm(request: HttpRequest) -> HttpResponse:
    """Show once more who one is, by a code, before the account is changed."""
    user, form = me(request), CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if count(request, "login_failed", f"second-step-{user.pk}") is None:
                form.add_error("code", TOO_MANY)
            elif second_steps.take_code(user, form.cleaned_data["code"]) is not None:
                request.session[CONFIRMED] = time.time()
                return see_other(safe(request.GET.get("next", "")) or HERE)
            else:
                form.add_error("code", NOT_TAKEN)
    return render(request, "layout/account_confirm.html", {"form": form}, status=status)


@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session ends."""
    user, form = me(request), PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _changed(request, user, form):
            messages.success(request, "Your password is changed, and your other sessions have ended.")
            return see_other(HERE)
    return render(request, "layout/account_password.html", {"form": form}, status=status)


def _changed(request: HttpRequest, user: User, form: PasswordForm) -> bool:
    if count(request, "login_failed", f"password-{user.pk}") is None:
        form.add_error("old", TOO_MANY)
        return False
    said = form.cleaned_data
    outcome = change_password(
        by=actor_of(request),
        now=timezone.now(),
        user=user,
        old=said["old"],
        new=said["password"],
        kept_session=request.session.session_key,
    )
    add_problems(form, outcome.problems)
    if outcome.is_done:
        update_session_auth_hash(request, user)
    return outcome.is_done


@fresh
def authenticator(request: HttpRequest) -> HttpResponse:
    """Add an authenticator app."""
    user, form = me(request), CodeForm(request.POST or None)
    if second_steps.has_app(user):
        return refused(
            request,
            (Problem("taken", "You have an authenticator app. Remove it first to add another."),),
            back=HERE,
        )
    if request.method == "POST" and form.is_valid() and keep_app(request, user, form):
        return _added(request, "The authenticator app is added.")
    known = {**app_to_add(request, user), "form": form}
    return render(request, "layout/account_app.html", known, status=422 if request.method == "POST" else 200)


@fresh
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST":
        if keep_passkey(request, me(request)):
            return _added(request, "The passkey is added.")
        form.add_error(None, "The passkey could not be kept. Try again with a browser that knows passkeys.")
    return render(
        request,
        "layout/account_passkey.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


def _added(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    if CODES in request.session:
        request.session["after_codes"] = HERE
        return see_other("/account/recovery-codes/")
    return see_other(HERE)


@fresh
def remove_step(request: HttpRequest) -> HttpResponse:
    """Remove one second step; never the last one."""
    user = me(request)
    steps = second_steps.second_steps(user)
    step = next((each for each in steps if str(each.key) == request.POST.get("step", "")), None)
    if step is None:
        return refused(request, (Problem("taken", "This second step is not there any more."),), back=HERE)
    if len(steps) == 1:
        return refused(request, (LAST_STEP,), back=HERE)
    second_steps.remove(user, step.key)
    what = f"the second step “{step.name}” was removed"
    outcome = note_second_step(
        by=actor_of(request), now=timezone.now(), user=user, verb="remove_second_step", what=what
    )
    return answer(request, outcome, then=HERE, said=f"{step.name} is removed.")


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The new codes, shown until their owner has put them away; else how many are left."""
    codes = request.session.get(CODES, [])
    left = second_steps.recovery_codes_left(me(request))
    return render(request, "layout/recovery_codes.html", {"codes": codes, "left": left})


def codes_kept(request: HttpRequest) -> HttpResponse:
    """The codes are put away: they are not shown again."""
    request.session.pop(CODES, None)
    return see_other(safe(request.session.pop("after_codes", "")) or HERE)


@fresh
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes; the old ones work no more."""
    user = me(request)
    if not second_steps.has_second_step(user):
        problem = Problem("none", "Set up an authenticator app or a passkey first.")
        return refused(request, (problem,), back=HERE)
    request.session[CODES] = second_steps.new_recovery_codes(user)
    what = "new recovery codes were made; the old ones work no more"
    note_second_step(
        by=actor_of(request), now=timezone.now(), user=user, verb="new_recovery_codes", what=what
    )
    return see_other("/account/recovery-codes/")


def end_own_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all others."""
    outcome = end_session(
        by=actor_of(request),
        now=timezone.now(),
        user=me(request),
        kept=request.session.session_key or "",
        session_key=request.POST.get("session", ""),
    )
    return answer(request, outcome, then=HERE, said="Ended. Whoever used it has to sign in again.")
