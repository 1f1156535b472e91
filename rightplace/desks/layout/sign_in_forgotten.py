"""A forgotten password: a link by e-mail, for an hour and one use. What is answered never says whether an account is there."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from rightplace.desks.layout.answers import add_problems, see_other
from rightplace.desks.layout.attempts import TOO_MANY, count
from rightplace.foundation.access.actions import actor_of_person, change_password
from rightplace.foundation.access.backend import person_called
from rightplace.foundation.access.letters import send_new_password_link
from rightplace.foundation.access.models import User
from rightplace.foundation.access.passwords import LONGEST

SALT = "rightplace.new_password"
SENT = "If there is an account with this name or address, an e-mail is on its way to it. The link in it works once, for an hour."
WORN = "This link has been used or is more than an hour old. Ask for a new one."


class ForgottenForm(forms.Form):
    """Whose password."""

    username = forms.CharField(
        label="E-mail address or user name",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be shown."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=LONGEST,
        help_text="At least 12 characters. Three random words make a good one; a password manager is welcome.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the same answer whether there is such an account or not."""
    form = ForgottenForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if count(request, "reset_password", form.cleaned_data["username"]) is not None:
                _send_link(form.cleaned_data["username"])
                messages.info(request, SENT)
                return see_other("/sign-in/")
            form.add_error(None, TOO_MANY)
            status = 429
    return render(request, "layout/forgotten.html", {"form": form}, status=status)


def _send_link(name: str) -> None:
    user = person_called(name)
    if user is not None and user.is_active and user.email:
        link = signing.dumps([user.pk, default_token_generator.make_token(user)], salt=SALT)
        send_new_password_link(user, link, now=timezone.now())


def person_of_link(link: str) -> User | None:
    """Whose link this is; None when it was tampered with, used, or is too old. A new password or a sign-in ends it."""
    try:
        key, token = signing.loads(link, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


@sensitive_post_parameters()
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password with the link of an e-mail; then sign in with it and the second step, as always."""
    link = request.GET.get("link", "")
    user = person_of_link(link) if count(request, "open_link", "new-password") is not None else None
    if user is None:
        known = {"form": ForgottenForm(), "worn": WORN if link else "", "action": "/sign-in/forgotten/"}
        return render(request, "layout/forgotten.html", known, status=422 if link else 200)
    form = NewPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            by, new = actor_of_person(user), form.cleaned_data["password"]
            outcome = change_password(by=by, now=timezone.now(), user=user, old=None, new=new)
            if outcome.is_done:
                messages.success(request, "Your password is changed. Sign in with it.")
                return see_other("/sign-in/")
            add_problems(form, outcome.problems)
    return render(request, "layout/new_password.html", {"form": form, "person": user}, status=status)
