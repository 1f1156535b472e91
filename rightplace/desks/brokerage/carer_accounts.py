"""Own carers' accounts on their household's page: who signs in, letting somebody in, shutting them out, what they said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.record import Button, Deed, Part, deed_page
from rightplace.foundation.actions import Outcome
from rightplace.register.carers import own
from rightplace.register.carers.models import Household
from rightplace.register.carers.queries import households

SAID = (
    Column("From", "starts_on", "date"),
    Column("Until", "ends_on", "date"),
    Column("Said", lambda one: "Free" if one.is_free else "Away"),
    Column("In words", "words"),
    Column("By", lambda one: str(one.said_by)),
)
SIGNED_IN = (Column("Who", lambda one: str(one.user)), Column("Since", "starts_on", "date"))


def parts(row: Household, *, may: bool) -> list[Part]:
    """Who signs in for the household, and when its carers said that they are free."""
    people = own.accounts_of(row)
    buttons = [
        Button(reverse("brokerage:shut_carer_out", args=[one.pk]), f"Let {one.user} see it no more")
        for one in people
        if may
    ]
    table = Table(SIGNED_IN, people, "Who signs in", id="accounts", empty="Nobody signs in for this household.",
                  hide_caption=True)  # fmt: skip
    said = Table(
        SAID,
        own.sayings_of(row),
        "When they are free",
        id="said",
        empty="They have said nothing.",
        hide_caption=True,
    )
    return [
        Part("Who signs in", table=table, buttons=buttons),
        Part("When they say that they are free", table=said),
    ]


class LetInForm(forms.Form):
    """Whom."""

    person = forms.ChoiceField(
        label="Who?", help_text="Somebody who holds the role of a foster carer and sees no household yet."
    )


def let_in(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let a carer see the household."""
    actor = actor_of(request)
    row: Household = found(households(actor).filter(pk=household_id).first())
    choices = [(str(one.pk), str(one)) for one in own.may_be_let_in(actor, timezone.localdate())]
    form = LetInForm(request.POST or None)
    form.fields["person"] = forms.ChoiceField(
        label="Who?", choices=choices, help_text=form.fields["person"].help_text
    )

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return own.let_carer_in(
            by=actor, now=timezone.now(), household_id=row.pk, person_id=int(typed["person"])
        )

    lead = "" if choices else "Nobody waits: the access administrator gives the role of a foster carer first."
    back = reverse("brokerage:carer_record", args=[row.pk])
    deed = Deed("Let a carer sign in", "Let them in", row.carers, back, row.reference, lead)
    return deed_page(request, deed, form, press, said="They see this household from now on.")


def shut_out(request: HttpRequest, carer_account_id: int) -> HttpResponse:
    """Let somebody see the household no more."""
    actor = actor_of(request)
    row = found(own.account_of(actor, carer_account_id))
    outcome = own.shut_carer_out(by=actor, now=timezone.now(), account_id=row.pk)
    back = reverse("brokerage:carer_record", args=[row.household_id])
    return answer(request, outcome, then=back, said="They see it no more.")
