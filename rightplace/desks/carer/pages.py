"""What own foster carers see: who lives with them, what is due and paid, dates, and the form that says when they are free."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem, SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.journey.ledger import for_carers
from rightplace.journey.ledger.for_carers import DueThen
from rightplace.journey.ledger.states import PAYMENT
from rightplace.journey.placements.states import PLACEMENT
from rightplace.register.carers import own
from rightplace.register.carers.models import Household
from rightplace.register.fostering.queries import next_review_by, training_of

NOBODY = "Your account is not joined to a household yet. Your fostering officer does that."


def home(request: HttpRequest) -> HttpResponse:
    """Who lives here, what comes next."""
    actor, today = actor_of(request), timezone.localdate()
    household = own.own_household(actor)
    if household is None:
        return record_page(request, Record(f"Good day, {_first(actor)}", "", "", lead=NOBODY, is_home=True))
    here, due, paid = for_carers.lives_here(actor), for_carers.still_due(actor), for_carers.paid(actor)
    living = [one for one in here if one.state == "started"]
    columns = (
        Column("Child", "initials"),
        Column("State", lambda one: (one.state, PLACEMENT.states[one.state]), "status"),
        Column("From", "starts_on", "date"),
        Column("Expected to stay until", "expected_end_on", "date"),
    )
    money, dates = reverse("carer:money"), reverse("carer:dates")
    latest = f"paid {day(paid[0].ended_on or paid[0].sent_on)}" if paid else "nothing paid yet"
    free, note = _free_words(household, today)
    record = Record(
        f"Good day, {_first(actor)}", "", "", caption=household.reference, is_home=True,
        lead="You see your own household and nobody else’s. Children are shown by their initials.",
        tiles=[
            Tile("Living with you", count(len(living), "child", "children"), _to_come(len(here) - len(living))),
            _due_tile(due, today, money),
            Tile("Paid last", pounds(paid[0].pence) if paid else "Nothing", latest, money),
            Tile("Free for another child", free, note, dates),
        ],
        links=[NavItem("Say when you are free", reverse("carer:say_when_free"))],
        parts=[
            Part("Who lives with you", table=Table(columns, here, "Who lives with you", id="lives-here",
                                                   empty="No child lives with you now.", hide_caption=True)),
            Part("Next dates", summary=_dates(household, today)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def money(request: HttpRequest) -> HttpResponse:
    """What is due by day, and what was paid."""
    actor = actor_of(request)
    due_columns = (Column("Due on", "due_on", "date"), Column("Amount", "pence", "money"))
    paid_columns = (
        Column("Payment", "reference"),
        Column("State", lambda one: (one.state, PAYMENT.states[one.state]), "status"),
        Column("Sent on", "sent_on", "date"),
        Column("Amount", "pence", "money"),
    )
    record = Record(
        "Money", "", "",
        lead="What is due follows the nights that children live with you. Ask your fostering officer if a payment is not as "
        "you expect.",
        parts=[
            Part("Still due", table=Table(due_columns, for_carers.still_due(actor), "Still due", id="due",
                                          empty="Nothing is due.", hide_caption=True)),
            Part("Paid", table=Table(paid_columns, for_carers.paid(actor), "Paid", id="paid",
                                     empty="Nothing was paid yet.", hide_caption=True)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def dates(request: HttpRequest) -> HttpResponse:
    """The diary: reviews, training, children coming and leaving, and what was said of when they are free."""
    actor, today = actor_of(request), timezone.localdate()
    household = own.own_household(actor)
    columns = (
        Column("From", "starts_on", "date"),
        Column("Until", "ends_on", "date"),
        Column("Said", lambda one: "Free" if one.is_free else "Away"),
        Column("In words", "words"),
        Column("By", lambda one: str(one.said_by)),
    )
    said = own.sayings_of(household) if household else []
    record = Record(
        "Dates", "", "", lead="" if household else NOBODY,
        links=[NavItem("Say when you are free", reverse("carer:say_when_free"))] if household else [],
        parts=[
            Part("Next dates", summary=_dates(household, today) if household else []),
            Part("Children", summary=_of_children(actor)),
            Part("What you said", table=Table(columns, said, "What you said", id="said",
                                              empty="Nothing yet: searches go by your approval.", hide_caption=True)),
        ],
    )  # fmt: skip
    return record_page(request, record)


class FreeForm(forms.Form):
    """Free or away, from when to when."""

    is_free = forms.TypedChoiceField(
        label="Are you free or away?", widget=forms.RadioSelect, coerce=lambda said: said == "free",
        choices=(("free", "Free for another child"), ("away", "Away, or resting")),
    )  # fmt: skip
    starts_on = DateInPartsField(label="From")
    ends_on = DateInPartsField(
        label="Until",
        required=False,
        help_text="The day from which it is otherwise. Leave empty if you do not know.",
    )
    words = forms.CharField(label="In words", required=False, max_length=300)


def say_when_free(request: HttpRequest) -> HttpResponse:
    """Say when one is free."""
    form = FreeForm(request.POST or None, initial={"starts_on": timezone.localdate()})

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return own.say_when_free(by=actor_of(request), now=timezone.now(), **typed)

    lead = "While you are away nobody asks you to take a child. How many children you may take stays as you are approved."
    deed = Deed("When are you free?", "Say so", "Dates", reverse("carer:dates"), lead=lead)
    return deed_page(request, deed, form, press, said="Thank you. Your fostering officer is told.")


def _first(actor: Actor) -> str:
    return actor.name.split()[0]


def _due_tile(due: list[DueThen], today: date, url: str) -> Tile:
    """What is due next, or what was due already and is not settled."""
    if late := [one for one in due if one.due_on < today]:
        return Tile(
            "Due already", pounds(sum(one.pence for one in late)), f"since {day(late[0].due_on)}", url, "care"
        )
    return Tile(
        "Due next", pounds(due[0].pence) if due else "Nothing", f"on {day(due[0].due_on)}" if due else "", url
    )


def _to_come(number: int) -> str:
    return f"{number} planned to come" if number else "nobody planned to come"


def _free_words(row: Household, today: date) -> tuple[str, str]:
    """Whether they are free today, and until when they are not."""
    if row.status == "on_hold":
        return "On hold", "ask your fostering officer"
    begun, until = row.unavailable_from, row.unavailable_until
    is_away = (begun or until) and (begun is None or begun <= today) and (until is None or today < until)
    if is_away:
        return "Away", f"until {day(until)}" if until else "until you say so"
    return "Yes", f"away from {day(begun)}" if begun and begun > today else "as you are approved"


def _dates(row: Household, today: date) -> list[SummaryRow]:
    terms = own.terms_now(row, today)
    approved = (
        f"{count(terms.places, 'child', 'children')}, ages {terms.min_age} to {terms.max_age}"
        if terms
        else "Nobody now"
    )
    review = next_review_by(row)
    courses = [one for one in training_of(row) if one.counts_until and one.counts_until >= today]
    return [
        SummaryRow("Approved for", approved),
        SummaryRow("Yearly review by", day(review) if review else "Not known"),
        *(SummaryRow(f"Training again: {one.course}", day(one.counts_until)) for one in courses),
    ]


def _of_children(actor: Actor) -> list[SummaryRow]:
    found = []
    for one in for_carers.lives_here(actor):
        if one.state == "planned":
            found.append(SummaryRow(f"{one.initials} is to come", day(one.starts_on)))
        elif one.expected_end_on:
            found.append(SummaryRow(f"{one.initials} is expected to stay until", day(one.expected_end_on)))
    return found or [SummaryRow("Coming or leaving", "Nobody")]
