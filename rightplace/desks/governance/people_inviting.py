"""Inviting people: the authority's own staff, and, by commissioners too, people at providers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.tables import Column
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.governance.people_changing import team_choices
from rightplace.desks.layout.answers import add_problems, answer, version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access import invitations as verbs
from rightplace.foundation.access import people, rosters
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import AccountInvitation, Membership
from rightplace.foundation.access.roles import PROVIDER, ROLES
from rightplace.foundation.actions import Outcome
from rightplace.foundation.organisations.models import Provider

PROVIDERS, INVITED = "governance:provider_accounts", "governance:account_invitations"


class InviteForm(forms.Form):
    """Somebody of the authority's own staff."""

    full_name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role", choices=rosters.staff_roles())
    team = forms.ChoiceField(label="Team", required=False)
    starts_on = DateInPartsField(label="From")

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]  # a ChoiceField


class InviteProviderForm(forms.Form):
    """Somebody at a provider."""

    provider = forms.CharField(
        label="Provider",
        max_length=200,
        help_text="As on the register; begin to type its name.",
        widget=forms.TextInput(attrs={"list": "providers", "autocomplete": "off"}),
    )
    full_name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="E-mail address", max_length=254)


class ProviderPeopleFilter(forms.Form):
    """Which people at providers."""

    q = forms.CharField(label="Provider, surname or e-mail", required=False, max_length=60)


PROVIDER_PEOPLE = (
    Column("Provider", "provider.name", sort="provider__name"),
    Column("Person", "user", sort="user__last_name"),
    Column("E-mail", "user.email"),
    Column("Since", "starts_on", "date", sort="starts_on"),
    Column("Invited by", lambda row: row.given_by or "the operator"),
    Column("Last signed in", "user.last_login", "moment"),
)


def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody of one's own staff."""
    actor = actor_of(request)
    form = InviteForm(
        request.POST or None,
        teams=team_choices(actor.authority_id),
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        team = said.pop("team")
        outcome = _invited(actor, verbs.Invited(**said, team_id=int(team) if team else None))
        if outcome.is_done:
            return answer(request, outcome, then=reverse(INVITED), said="The invitation is on its way.")
        add_problems(form, outcome.problems)
    known = {"form": form, "title": "Invite somebody"}
    return render(request, "governance/invite.html", known, status=422 if request.method == "POST" else 200)


def invite_provider(request: HttpRequest) -> HttpResponse:
    """Invite somebody at a provider."""
    actor, form = actor_of(request), InviteProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        provider = Provider.objects.filter(name__iexact=said["provider"].strip()).first()
        if provider is None:
            form.add_error("provider", "There is no provider with this name. Choose one from the list.")
        else:
            who = verbs.Invited(
                said["email"], said["full_name"], PROVIDER, timezone.localdate(), None, provider.pk
            )
            outcome = _invited(actor, who)
            if outcome.is_done:
                return answer(request, outcome, then=reverse(PROVIDERS), said="The invitation is on its way.")
            add_problems(form, outcome.problems)
    names = Provider.objects.order_by("name").values_list("name", flat=True)
    known = {"form": form, "title": "Invite somebody at a provider", "names": names}
    return render(request, "governance/invite.html", known, status=422 if request.method == "POST" else 200)


def _invited(actor: Actor, who: verbs.Invited) -> Outcome[AccountInvitation]:
    return verbs.invite_person(by=actor, now=timezone.now(), invited=who)


def invitation_list(request: HttpRequest) -> HttpResponse:
    """Every invitation of one's authority, with what can be done about the open ones."""
    actor, now = actor_of(request), timezone.now()
    rows = verbs.invitations(actor)
    states = {
        "open": ("Invited", Q(state="invited", expires_at__gt=now)),
        "late": ("Out of date", Q(state="invited", expires_at__lte=now)),
        "accepted": ("Accepted", Q(state="accepted")),
        "withdrawn": ("Withdrawn", Q(state="withdrawn")),
    }
    found_rows = Rows(
        rows, ("full_name", "email", "provider__name"), "Name, e-mail or provider", states,
        {"name": "full_name", "sent": "invited_at", "until": "expires_at"},
    )  # fmt: skip
    waiting = [_shown(row, now) for row in rows.filter(state="invited")[:50]]
    return show_list(
        request, "governance/invitations.html", found_rows, INVITATIONS, caption="Invitations", noun="invitation",
        empty="Nobody has been invited yet.", lead="Links that were sent to people who are to have an account.", waiting=waiting,
    )  # fmt: skip


def _state(row: AccountInvitation, now: datetime) -> tuple[str, str]:
    is_over = row.state == "invited" and row.expires_at <= now
    return ("late", "Out of date") if is_over else (row.state, row.state.capitalize())


def _as(row: AccountInvitation) -> str:
    role = ROLES[row.role].words
    return f"{role}, {row.provider}" if row.provider else role


def _shown(row: AccountInvitation, now: datetime) -> dict[str, Any]:
    return {"row": row, "state": _state(row, now), "as": _as(row)}


INVITATIONS = (
    Column("Name", "full_name", sort="name"),
    Column("E-mail", "email"),
    Column("As", _as),
    Column("Sent", "invited_at", "moment", "sent"),
    Column("By", lambda row: str(row.invited_by or "the operator")),
    Column("Works until", lambda row: row.expires_at if row.state == "invited" else None, "moment", "until"),
    Column("State", lambda row: _state(row, timezone.now()), "status"),
)


def again(request: HttpRequest, account_invitation_id: int) -> HttpResponse:
    """Send the link again."""
    outcome = verbs.invite_again(
        by=actor_of(request),
        now=timezone.now(),
        account_invitation_id=account_invitation_id,
        version=version_of(request),
    )
    return answer(
        request,
        outcome,
        then=reverse(INVITED),
        said="A new link is on its way; the earlier one works no more.",
    )


def withdraw(request: HttpRequest, account_invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    outcome = verbs.withdraw_account_invitation(
        by=actor_of(request),
        now=timezone.now(),
        account_invitation_id=account_invitation_id,
        version=version_of(request),
    )
    return answer(request, outcome, then=reverse(INVITED), said="The invitation is withdrawn.")


def provider_people(request: HttpRequest) -> HttpResponse:
    """People at providers."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Membership]:
        return rosters.provider_people(actor, text=filters.get("q", "")).order_by(sort, "pk")

    lead = "Who acts for providers in the portal. End the access of whoever leaves a provider."
    mine = rosters.provider_people(actor).filter(vouched_by=actor.authority_id).order_by("user__last_name")
    context = {"lead": lead, "mine": mine}
    listing = Listing(
        "Provider accounts",
        "person|people",
        PROVIDER_PEOPLE,
        rows,
        ProviderPeopleFilter,
        sort="provider__name",
        context=context,
    )
    return list_page(request, "governance/provider_accounts.html", listing)


def end_provider_person(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End somebody's access at a provider."""
    outcome = people.end_provider_person(
        by=actor_of(request), now=timezone.now(), membership_id=membership_id
    )
    return answer(request, outcome, then=reverse(PROVIDERS), said="Ended: every session and token, too.")
