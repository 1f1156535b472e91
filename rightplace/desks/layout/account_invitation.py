"""Accepting an invitation to have an account: by the link of an e-mail, with a password, then a second step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from rightplace.desks.layout.answers import add_problems, see_other
from rightplace.desks.layout.attempts import count
from rightplace.desks.layout.entering import begin
from rightplace.desks.layout.sign_in_forgotten import NewPasswordForm
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.invitations import (
    WORN,
    accept_account_invitation,
    invitation_of,
    person_invited,
)
from rightplace.foundation.access.models import AccountInvitation
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.access.scope import as_system


@sensitive_post_parameters()
def invitation(request: HttpRequest) -> HttpResponse:
    """The page of the link: who invites to what; a password for a new account, or a button for an account that is there."""
    link = request.GET.get("link", "")
    is_counted = count(request, "open_link", "invitation") is not None
    # Whoever opens it may work for another authority, or for nobody yet: the link alone says which row it is.
    with as_system():
        row = invitation_of(link, now=timezone.now()) if link and is_counted else None
        if row is None:
            known = {"worn": WORN.sentence if link else ""}
            return render(request, "layout/invitation_worn.html", known, status=422 if link else 200)
        person = person_invited(row)
        if person is not None and person.is_active:
            return _for_an_account(request, row, link, person.pk)
        return _for_a_new_account(request, row, link)


def _for_a_new_account(request: HttpRequest, row: AccountInvitation, link: str) -> HttpResponse:
    form = NewPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            by, password = system_actor(authority_id=row.authority_id), form.cleaned_data["password"]
            outcome = accept_account_invitation(by=by, now=timezone.now(), link=link, password=password)
            if outcome.is_done:
                return begin(request, outcome.done().user, how="an invitation", goal="")
            add_problems(form, outcome.problems)
    return render(request, "layout/invitation.html", {**_words(row), "form": form}, status=status)


def _for_an_account(request: HttpRequest, row: AccountInvitation, link: str, user_id: int) -> HttpResponse:
    is_theirs = request.user.is_authenticated and request.user.pk == user_id
    if request.method == "POST" and is_theirs:
        by = system_actor(authority_id=row.authority_id)
        outcome = accept_account_invitation(by=by, now=timezone.now(), link=link, user_id=user_id)
        if outcome.is_done:
            messages.success(request, "You hold a further role. Switch to it in the menu at the top.")
            return see_other("/")
    here = f"/invitation/?{urlencode({'link': link})}"
    known = {**_words(row), "is_theirs": is_theirs, "sign_in": f"/sign-in/?{urlencode({'next': here})}"}
    return render(request, "layout/invitation.html", known, status=422 if request.method == "POST" else 200)


def _words(row: AccountInvitation) -> dict[str, object]:
    place = str(row.provider or row.authority)
    return {
        "invitation": row,
        "role": ROLES[row.role].words,
        "purpose": ROLES[row.role].purpose,
        "place": place,
    }
