"""Changing somebody's access: giving and ending roles, leaving, ending sessions, removing second steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.governance.people import PERSON, roles_still_held
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access import people as verbs
from rightplace.foundation.access import rosters
from rightplace.foundation.actions import Outcome
from rightplace.foundation.organisations.models import Team


def team_choices(authority_id: int) -> list[tuple[str, str]]:
    """The teams of an authority."""
    rows = Team.objects.filter(authority_id=authority_id).order_by("name")
    return [("", "No team"), *((str(row.pk), row.name) for row in rows)]


class RoleForm(forms.Form):
    """A further role, or another in place of one."""

    role = forms.ChoiceField(label="Role", choices=rosters.staff_roles())
    team = forms.ChoiceField(label="Team", required=False)
    starts_on = DateInPartsField(label="From")
    instead_of = forms.ChoiceField(
        label="In place of",
        required=False,
        help_text="For somebody who changes role: the one chosen here ends the same day.",
    )

    def __init__(
        self, *args: Any, teams: list[tuple[str, str]], held: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["instead_of"].choices = [("", "None: a further role"), *held]  # type: ignore[attr-defined]  # a ChoiceField


class EndForm(forms.Form):
    """Which role ends, and when."""

    membership = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    ends_on = DateInPartsField(label="Ends on", help_text="From this day on it opens nothing.")

    def __init__(self, *args: Any, held: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].choices = held  # type: ignore[attr-defined]  # a ChoiceField


class LeaveForm(forms.Form):
    """The day of leaving."""

    ends_on = DateInPartsField(
        label="Leaves on",
        help_text="From this day on nothing opens. Today ends every session and token at once.",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def give_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role."""
    actor = actor_of(request)
    lists = {"teams": team_choices(actor.authority_id), "held": roles_still_held(actor, person_id)}
    form = RoleForm(request.POST or None, initial={"starts_on": timezone.localdate()}, **lists)

    def act() -> Outcome[Any]:
        said = form.cleaned_data
        given = verbs.RoleToGive(
            said["role"], said["starts_on"], _number(said["team"]), _number(said["instead_of"])
        )
        return verbs.give_role(by=actor, now=timezone.now(), person_id=person_id, given=given)

    return _page(request, person_id, form, act, "Give a role", "Give the role", "The role is given.")


def end_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """End one role."""
    actor = actor_of(request)
    held = roles_still_held(actor, person_id)
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()}, held=held)

    def act() -> Outcome[Any]:
        said = form.cleaned_data
        which = {"membership_id": int(said["membership"]), "ends_on": said["ends_on"]}
        return verbs.end_role(by=actor, now=timezone.now(), person_id=person_id, **which)

    return _page(request, person_id, form, act, "End a role", "End the role", "The role ends on that day.")


def leave(request: HttpRequest, person_id: int) -> HttpResponse:
    """Record that somebody leaves."""
    actor = actor_of(request)
    form = LeaveForm(request.POST or None, initial={"ends_on": timezone.localdate()})

    def act() -> Outcome[Any]:
        day = form.cleaned_data["ends_on"]
        return verbs.record_leaver(by=actor, now=timezone.now(), person_id=person_id, ends_on=day)

    return _page(
        request, person_id, form, act, "Record a leaver", "Record it", "Recorded: every role here ends."
    )


def reset_step(request: HttpRequest, person_id: int) -> HttpResponse:
    """Remove the second steps of somebody who has lost them all."""
    actor, form = actor_of(request), forms.Form(request.POST if request.method == "POST" else None)

    def act() -> Outcome[Any]:
        return verbs.reset_second_step(by=actor, now=timezone.now(), person_id=person_id)

    title = "Remove the second steps"
    lead = (
        "For somebody who has lost phone, passkey and recovery codes. Make sure first that it is really them: see them, or call "
        "the number that you have for them. Their sessions end, and they set up a new step when they next sign in."
    )
    return _page(request, person_id, form, act, title, "I have made sure: remove them", "Removed.", lead)


def end_sessions(request: HttpRequest, person_id: int) -> HttpResponse:
    """End every session of somebody."""
    outcome = verbs.end_sessions_of(by=actor_of(request), now=timezone.now(), person_id=person_id)
    return answer(request, outcome, then=reverse(PERSON, args=[person_id]), said="Every session has ended.")


def _page(
    request: HttpRequest,
    person_id: int,
    form: forms.Form,
    act: Any,
    title: str,
    button: str,
    said: str,
    lead: str = "",
) -> HttpResponse:
    person = found(verbs.person_of(actor_of(request), person_id))
    here = reverse(PERSON, args=[person_id])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = act()
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                return answer(request, outcome, then=here, said=said)
            add_problems(form, outcome.problems)
    known = {"form": form, "person": person, "title": title, "button": button, "lead": lead, "here": here}
    return render(request, "governance/people_form.html", known, status=status)
