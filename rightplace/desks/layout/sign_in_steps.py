"""The second step of signing in, and setting one up the first time: an authenticator app or a passkey."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.attempts import TOO_MANY, count
from rightplace.desks.layout.entering import CODES, begin, enter, on_the_way
from rightplace.foundation.access import second_steps
from rightplace.foundation.access.actions import actor_of_person, note_second_step
from rightplace.foundation.access.models import User

log = logging.getLogger("rightplace.sign_in")
SECRET = "app_secret"
TOO_LATE = "Signing in took more than 15 minutes. Start again."
NOT_TAKEN = "This code is not right, or was used before. Wait for the next one and enter that."
NO_PASSKEY = "This passkey was not recognised. Try again, or use a code."


class CodeForm(forms.Form):
    """A code from the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "govuk-input--width-10",
                "spellcheck": "false",
            }
        ),
    )


class NewPasskeyForm(forms.Form):
    """What the browser made, and what its owner calls it."""

    name = forms.CharField(
        label="A name for this passkey", max_length=60, required=False, help_text="Such as “work laptop”."
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False)


def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code or a passkey."""
    user = on_the_way(request)
    if user is None:
        return _start_again(request)
    form = CodeForm(request.POST if "code" in request.POST else None)
    status = 200
    if request.method == "POST":
        status = 422
        if "credential" in request.POST:
            if take_passkey(request, user) is not None:
                return enter(request, user)
            messages.error(request, NO_PASSKEY)
        elif form.is_valid():
            status = check_code(request, user, form)
            if not form.errors:
                return enter(request, user)
    known = {
        "form": form,
        "has_app": second_steps.has_app(user),
        "has_passkey": any(step.kind == second_steps.PASSKEY for step in second_steps.second_steps(user)),
    }
    return render(request, "layout/second_step.html", known, status=status)


def check_code(request: HttpRequest, user: User, form: CodeForm) -> int:
    """Take the code of a form, or say at it why not; the status of the answer."""
    take_back = count(request, "login_failed", f"second-step-{user.pk}")
    if take_back is None:
        log.warning("A second step was refused: too many attempts at account %s", user.pk)
        form.add_error("code", TOO_MANY)
        return 429
    if second_steps.take_code(user, form.cleaned_data["code"]) is None:
        log.warning("A second step was refused: wrong code, account %s", user.pk)
        form.add_error("code", NOT_TAKEN)
        return 422
    take_back()
    return 200


def take_passkey(request: HttpRequest, user: User | None) -> User | None:
    """Whose passkey the browser has shown; None when it proves nothing."""
    if count(request, "open_link", "passkey") is None:
        return None
    shown = second_steps.take_passkey(user, read_credential(request))
    found: User | None = shown.user if shown is not None and shown.user.is_active else None
    if found is None:
        log.warning("A passkey was refused, account %s", user.pk if user else None)
    return found


def read_credential(request: HttpRequest) -> Any:
    """What the browser sent about a passkey; None when it is no JSON."""
    try:
        return json.loads(request.POST.get("credential", ""))
    except ValueError:
        return None


def set_up(request: HttpRequest) -> HttpResponse:
    """Without a second step nobody goes further: here one is set up, then recovery codes are shown."""
    user = on_the_way(request)
    if user is None or second_steps.has_second_step(user):
        return _start_again(request)
    code, passkey = CodeForm(request.POST if "code" in request.POST else None), NewPasskeyForm()
    status = 200
    if request.method == "POST":
        status = 422
        if "credential" in request.POST:
            if keep_passkey(request, user):
                return enter(request, user)
            passkey = NewPasskeyForm(request.POST)
            passkey.add_error(None, "The passkey could not be kept. Try again, or use an app.")
        elif code.is_valid() and keep_app(request, user, code):
            return enter(request, user)
    return render(
        request,
        "layout/set_up.html",
        {**app_to_add(request, user), "form": code, "passkey": passkey},
        status=status,
    )


def app_to_add(request: HttpRequest, user: User) -> dict[str, str]:
    """The secret for the app, as a picture and as letters in fours; the same until it is kept."""
    secret = request.session.get(SECRET) or second_steps.new_secret()
    request.session[SECRET] = secret
    letters = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"picture": second_steps.qr_picture(second_steps.app_address(user, secret)), "letters": letters}


def keep_app(request: HttpRequest, user: User, form: CodeForm) -> bool:
    """Keep the app whose secret was shown, once it gives the right code."""
    secret = request.session.get(SECRET, "")
    step = second_steps.step_of(secret, form.cleaned_data["code"], time.time()) if secret else None
    if count(request, "login_failed", f"app-{user.pk}") is None:
        form.add_error("code", TOO_MANY)
        return False
    if step is None:
        form.add_error(
            "code",
            "This code is not right. Make sure that the clock of your phone is, and enter the next one.",
        )
        return False
    second_steps.add_app(user, secret, step)
    request.session.pop(SECRET)
    after_adding(request, user, "add_app", "an authenticator app was added")
    return True


def keep_passkey(request: HttpRequest, user: User) -> bool:
    """Keep the passkey that the browser made."""
    form = NewPasskeyForm(request.POST)
    name = form.cleaned_data["name"].strip() if form.is_valid() else ""
    if second_steps.add_passkey(user, name or "Passkey", read_credential(request)) is None:
        return False
    after_adding(request, user, "add_passkey", "a passkey was added")
    return True


def after_adding(request: HttpRequest, user: User, verb: str, what: str) -> None:
    """Record and tell of a new second step; the first one brings recovery codes, to be shown once."""
    note_second_step(by=actor_of_person(user), now=timezone.now(), user=user, verb=verb, what=what)
    if second_steps.recovery_codes_left(user) == 0:
        request.session[CODES] = second_steps.new_recovery_codes(user)


def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser's passkey script needs: to show one, or (on the way, or signed in) to make one."""
    user = on_the_way(request) or (request.user if request.user.is_authenticated else None)
    if request.POST.get("to") != "make":
        return JsonResponse(second_steps.passkey_to_show(user if isinstance(user, User) else None))
    if not isinstance(user, User) or (request.user.is_anonymous and second_steps.has_second_step(user)):
        return JsonResponse({}, status=403)
    return JsonResponse(second_steps.passkey_to_make(user))


def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey alone: it is something one has, and the device has made sure of its owner."""
    user = take_passkey(request, None)
    if user is None:
        messages.error(request, "This passkey was not recognised. Sign in with your password.")
        return see_other("/sign-in/")
    return begin(request, user, how="a passkey", goal=request.POST.get("next", ""), is_proved_twice=True)


def _start_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, TOO_LATE)
    return see_other("/sign-in/")
