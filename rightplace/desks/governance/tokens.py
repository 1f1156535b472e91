"""API tokens: the list, making one (its secret is shown once), ending one.

The same pages for the access administrator (all of the authority), for a provider's people (all of the provider) and for
staff (their own).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.governance.handing_over import hand_over, take_over
from rightplace.desks.governance.systems_seen import TokenSeen, token_seen
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, PROVIDER, ROLES
from rightplace.foundation.tokens import actions, queries
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.scopes import SCOPES, scopes_for

DAYS = (("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "A year"))
STATES = {
    "active": ("active", "Active"), "expired": ("expired", "Expired"), "revoked": ("stopped", "Ended"),
    "ended": ("left", "Role no longer held"),
}  # fmt: skip
SYSTEM, ONESELF = "system", "oneself"
SORTS = {name: (name, "id") for name in ("name", "made_at", "expires_at", "last_used_at")}


class TokenFilter(forms.Form):
    """Which tokens."""

    q = forms.CharField(label="Name", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "All"), ("active", "Active"), ("over", "Over"))
    )


class TokenForm(forms.Form):
    """A new token. What may be chosen depends on who makes it."""

    name = forms.CharField(label="What is it for?", max_length=80, help_text="For example: Case system")
    acts_as = forms.ChoiceField(label="Who does it act as?", widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(label="What may it do?", widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(
        label="How long is it good for?", choices=DAYS, initial="90", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["acts_as"].choices = acting_choices(actor)  # type: ignore[attr-defined]  # a choice field
        self.fields["scopes"].choices = scope_choices(actor)  # type: ignore[attr-defined]  # a choice field
        if len(acting_choices(actor)) == 1:
            self.initial["acts_as"] = acting_choices(actor)[0][0]


def acting_choices(actor: Actor) -> list[tuple[str, str]]:
    """Whom a token that this actor makes can act as."""
    if actor.role == ACCESS_OFFICER:
        return [
            (code, f"A system, in the role {ROLES[code].words.lower()}")
            for code in sorted(actions.SERVICE_ROLES)
        ]
    me = (ONESELF, f"You: {actor.name}, {actor.role_words.lower()}")
    return [(SYSTEM, "A system of ours"), me] if actor.role == PROVIDER else [me]


def scope_choices(actor: Actor) -> list[tuple[str, str]]:
    """The scopes that can be given, in words."""
    return list(scopes_for(actor.role).items())


def address(request: HttpRequest, page: str, *key: int) -> str:
    """The address of one of these pages at the desk of who is at the door."""
    role = actor_of(request).role
    names = {ACCESS_OFFICER: f"governance:{page}", PROVIDER: f"portal:{page}"}
    return reverse(names.get(role, f"governance:my_{page}"), args=key)


def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens that this actor may see."""
    actor, now = actor_of(request), timezone.now()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ApiToken]:
        wanted = queries.tokens(actor).filter(name__icontains=(filters.get("q") or "").strip())
        if filters.get("state") == "active":
            wanted = wanted.filter(revoked_at=None, expires_at__gt=now)
        elif filters.get("state") == "over":
            wanted = wanted.exclude(revoked_at=None, expires_at__gt=now)
        minus = "-" if sort.startswith("-") else ""
        return wanted.order_by(*(f"{minus}{name}" for name in SORTS[sort.lstrip("-")]))

    lead = "Each lets another system act for one person or system, as far as its scopes and its role go."
    listing = Listing(
        "API tokens", "token", _columns(request), rows, TokenFilter, sort="-made_at",
        context={"lead": lead, "new_url": address(request, "token_new")}, empty="There is no token.",
        as_row=lambda row: token_seen(row, now),
    )  # fmt: skip
    return list_page(request, "governance/tokens.html", listing)


def _columns(request: HttpRequest) -> tuple[Column, ...]:
    return (
        Column("Name", "name", sort="name", link=lambda row: address(request, "token", row.pk)),
        Column("Starts with", "hint"),
        Column("Acts as", "acts_as"),
        Column("Last used", "last_used_at", "moment", sort="last_used_at"),
        Column("Good until", lambda row: timezone.localdate(row.expires_at), "date", sort="expires_at"),
        Column("Made by", "made_by"),
        Column("State", lambda row: STATES[row.state], "status"),
    )


def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret is shown on the next page, once."""
    actor = actor_of(request)
    form, code = TokenForm(request.POST or None, actor=actor), 200
    if form.is_bound and form.is_valid():
        outcome = _made(actor, form.cleaned_data)
        if outcome.is_done:
            made = outcome.done()
            hand_over(request, made.row.pk, made.secret)
            return see_other(address(request, "token", made.row.pk))
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    code = 422 if form.is_bound and code == 200 else code
    known = {"form": form, "list_url": address(request, "tokens"), "is_officer": actor.role == ACCESS_OFFICER}
    return render(request, "governance/token_new.html", known, status=code)


def _made(actor: Actor, typed: dict[str, Any]) -> Any:
    given: dict[str, Any] = {"name": typed["name"], "scopes": typed["scopes"], "days": int(typed["days"])}
    who: dict[str, Any] = {"by": actor, "now": timezone.now()}
    if typed["acts_as"] == ONESELF:
        return actions.make_token(**who, **given)
    role = PROVIDER if typed["acts_as"] == SYSTEM else typed["acts_as"]
    return actions.make_service_token(**who, **given, role=role)


def token_page(request: HttpRequest, key: int) -> HttpResponse:
    """One token: what it may do, and right after it was made its secret."""
    row = _token(request, key)
    known = {
        "row": row,
        "state": STATES[row.state],
        "is_active": row.state == "active",
        "scopes": [(code, SCOPES.get(code, code)) for code in row.scopes],
        "secret": take_over(request, row.pk),
        "list_url": address(request, "tokens"),
        "end_url": address(request, "token_end", row.pk),
    }
    return render(request, "governance/token.html", known)


def _token(request: HttpRequest, key: int) -> TokenSeen:
    row = found(queries.tokens(actor_of(request)).filter(pk=key).first())
    return token_seen(row, timezone.now())


def end_token(request: HttpRequest, key: int) -> HttpResponse:
    """End a token at once, after a question."""
    row = _token(request, key)
    here = address(request, "token", key)
    if request.method == "POST":
        outcome = actions.revoke_token(by=actor_of(request), now=timezone.now(), token_id=key)
        return answer(request, outcome, then=here, said="The token has ended. It opens nothing any more.")
    return render(request, "governance/token_end.html", {"row": row, "back": here})
