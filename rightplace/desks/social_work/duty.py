"""Out of hours: who answers now, the rota, and emergency beds that the directory knows."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.actions import Outcome
from rightplace.register.duty import actions, queries
from rightplace.register.duty.actions import PLANNERS
from rightplace.register.duty.models import DutyTurn
from rightplace.register.services.queries import services

TITLE = "Out of hours"
MOST = 14


def rota(request: HttpRequest) -> HttpResponse:
    """Who answers now and next, and which beds are held free."""
    actor, now = actor_of(request), timezone.now()
    here, coming = queries.on_duty(actor, now), list(queries.turns(actor, now)[:MOST])
    may = actor.role in PLANNERS
    columns = (
        Column("Who", lambda one: str(one.person)),
        Column("From", "period.lower", "moment"),
        Column("Until", "period.upper", "moment"),
        Column("Telephone", "telephone"),
    )
    beds = (
        Column("Service", "name", link=lambda one: reverse("service_entry", args=[one.pk])),
        Column("Provider", lambda one: str(one.provider or "")),
        Column("Places free", "places", "number"),
        Column("Last said true", "confirmed_on", "date"),
        Column("E-mail address", "email"),
    )
    buttons = [Button(reverse("drop_duty", args=[one.pk]), _drop_words(one), one.version) for one in coming]
    record = Record(
        TITLE, "Services for children", _back(actor.role), tiles=[_tile(here, coming)],
        links=[NavItem("Plan a turn", reverse("plan_duty"))] if may else [],
        lead="A child without a place tonight is asked for as an emergency placement request; whoever is on duty answers.",
        parts=[
            Part("The rota", table=Table(columns, coming, "The rota", id="rota", empty="Nobody is on the rota.",
                                         hide_caption=True), buttons=buttons if may else ()),
            Part("Emergency beds", table=Table(beds, list(services(kind="emergency_bed")), "Emergency beds", id="beds",
                                               empty="The directory holds none.", hide_caption=True)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _tile(here: DutyTurn | None, coming: list[DutyTurn]) -> Tile:
    if here:
        return Tile("On duty now", str(here.person), here.telephone, tone="good")
    if coming:
        return Tile(
            "On duty now",
            "Nobody",
            f"next {coming[0].person}, {timezone.localtime(coming[0].period.lower):%-d %b %H:%M}",
        )
    return Tile("On duty now", "Nobody", "and nobody is on the rota", tone="bad")


def _drop_words(one: DutyTurn) -> str:
    return f"Take {one.person} off, {timezone.localtime(one.period.lower):%-d %b}"


def _back(role: str) -> str:
    wanted = reverse("packages")
    return wanted if opens_for(wanted, role) else "/"


def _clock(label: str, example: str) -> forms.TimeField:
    narrow = forms.TextInput(attrs={"class": "govuk-input--width-5"})
    return forms.TimeField(label=label, help_text=f"Such as {example}.", widget=narrow)


class TurnForm(forms.Form):
    """Who, from when to when."""

    person = forms.ChoiceField(label="Who?")
    starts_on = DateInPartsField(label="From")
    starts = _clock("From, o’clock", "17:00")
    ends_on = DateInPartsField(label="Until")
    ends = _clock("Until, o’clock", "09:00")
    telephone = forms.CharField(label="Telephone number", max_length=30)


def plan(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    actor, today = actor_of(request), timezone.localdate()
    form = TurnForm(request.POST or None, initial={"starts_on": today, "starts": "17:00", "ends": "09:00"})
    choices = [(str(one.pk), str(one)) for one in queries.may_answer(actor)]
    form.fields["person"] = forms.ChoiceField(label="Who?", choices=choices)

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return actions.plan_duty(
            by=actor, now=timezone.now(), person_id=int(typed["person"]), telephone=typed["telephone"],
            starts_at=_moment(typed["starts_on"], typed["starts"]), ends_at=_moment(typed["ends_on"], typed["ends"]),
        )  # fmt: skip

    deed = Deed("Plan a turn", "Put on the rota", TITLE, reverse("duty_rota"))
    return deed_page(request, deed, form, press, said="It is on the rota.")


def _moment(on: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))


def drop(request: HttpRequest, turn_id: int) -> HttpResponse:
    """Take a turn off the rota."""
    actor = actor_of(request)
    found(queries.turns(actor, timezone.now()).filter(pk=turn_id).first())
    outcome = actions.drop_duty(by=actor, now=timezone.now(), turn_id=turn_id, version=version_of(request))
    return answer(request, outcome, then=reverse("duty_rota"), said="It is off the rota.")
