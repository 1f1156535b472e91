"""Places that are not registered and that a court orders: the list with what is overdue, one with its reviews, its deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow, Tile
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.actions import Outcome, refuse
from rightplace.journey.court_orders import actions, queries
from rightplace.journey.court_orders.actions import OrderGiven
from rightplace.journey.court_orders.models import CourtPlace
from rightplace.journey.court_orders.states import ASKERS, COURT_PLACE

LONG = forms.Textarea(attrs={"rows": 4})
LEAD = (
    "A child may not live in a place that has to be registered and is not. Where a court orders it all the same, the director "
    "decides, Ofsted is told, and every week asks what was done to find a registered place."
)


class PlaceFilter(forms.Form):
    """Which of them."""

    q = forms.CharField(label="Place or request", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "All"), *COURT_PLACE.states.items())
    )


class OrderForm(forms.Form):
    """A court's order."""

    request = forms.CharField(label="Request", max_length=12, help_text="Its number, such as R-000123")
    place = forms.CharField(
        label="Where the child is to live", max_length=200, help_text="No address of a carer."
    )
    urn = forms.CharField(
        label="Number on Ofsted’s register", required=False, max_length=10,
        help_text="Where the place stands there: registration applied for, suspended or ended.",
    )  # fmt: skip
    court = forms.CharField(label="Court", max_length=160)
    order_number = forms.CharField(label="Number of the order", max_length=60)
    ordered_on = DateInPartsField(label="Ordered on")
    ends_on = DateInPartsField(label="The order ends on")
    why = forms.CharField(
        label="Why was no registered place found?",
        widget=LONG,
        max_length=4000,
        help_text="How many were asked, and what was tried.",
    )


class WordsForm(forms.Form):
    """Why."""

    words = forms.CharField(label="Why?", widget=LONG, max_length=4000)


class ToldForm(forms.Form):
    """When Ofsted was told."""

    told_on = DateInPartsField(label="Told on")
    reference = forms.CharField(label="Ofsted’s reference", max_length=120)


class ReviewForm(forms.Form):
    """What a review found."""

    safe_words = forms.CharField(label="Is the child safe and well there?", widget=LONG, max_length=4000)
    search_words = forms.CharField(
        label="What was done to find a registered place?", widget=LONG, max_length=4000
    )


class EndForm(forms.Form):
    """When it ended."""

    ended_on = DateInPartsField(label="Ended on")
    words = forms.CharField(label="Where has the child gone, or why did it end?", widget=LONG, max_length=500)


DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Outcome[Any]], str]] = {
    "agree": (WordsForm, actions.agree_court_place, "The place is agreed. Ofsted has to be told now."),
    "refuse": (WordsForm, actions.refuse_court_place, "The place is not agreed."),
    "told": (ToldForm, actions.tell_regulator, "Recorded."),
    "review": (ReviewForm, actions.review_court_place, "The review is recorded."),
    "end": (EndForm, actions.end_court_place, "It has ended."),
}
VERBS = {
    "agree": "agree_court_place", "refuse": "refuse_court_place", "told": "tell_regulator", "review": "review_court_place",
    "end": "end_court_place",
}  # fmt: skip


def place_list(request: HttpRequest) -> HttpResponse:
    """Every such place of the authority, with what is overdue."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CourtPlace]:
        return queries.court_places(
            actor, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    columns = (
        Column("Order", "reference", "reference", link=lambda row: reverse("court_place", args=[row.pk])),
        Column("Request", "request.reference", "reference"),
        Column("Place", "place"),
        Column("Court", lambda row: f"{row.court}, {row.order_number}"),
        Column("Ordered", "ordered_on", "date", sort="ordered"),
        Column("Until", "ends_on", "date", sort="until"),
        Column("Nights", lambda row: queries.nights_so_far(row, today), "number"),
        Column("Ofsted told", "told_on", "date"),
        Column("Overdue", lambda row: queries.late_words(row, today)),
        Column("State", lambda row: (row.state, COURT_PLACE.states[row.state]), "status", sort="state"),
    )
    links = [NavItem("Record a court order", reverse("ask_for_court_place"))] if actor.role in ASKERS else []
    listing = Listing("Places without registration", "place", columns, rows, PlaceFilter, sort="-ordered",
                      context={"lead": LEAD, "links": links, "tiles": _tiles(request)},
                      empty="No child lives in a place without registration by a court’s order.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _tiles(request: HttpRequest) -> list[Tile]:
    actor, today = actor_of(request), timezone.localdate()
    agreed = list(queries.court_places(actor, state="agreed"))
    late = sum(bool(queries.late_words(one, today)) for one in agreed)
    waiting = queries.court_places(actor, state="asked").count()
    nights = sum(queries.nights_so_far(one, today) for one in agreed)
    return [
        Tile("Agreed now", len(agreed), f"{nights:,} nights so far", tone="care" if agreed else "good"),
        Tile("With the director", waiting, "orders to decide on", tone="care" if waiting else "plain"),
        Tile("Overdue", late, "not told, not reviewed, or run out", tone="care" if late else "good"),
    ]


def ask(request: HttpRequest) -> HttpResponse:
    """Put a court's order before the director."""
    actor = actor_of(request)

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        number = typed.pop("request").strip().upper().removeprefix("R-")
        if not number.isdecimal():
            return refuse(Problem("unknown", "Enter the number of the request, such as R-000123.", "request"))
        outcome = actions.ask_for_court_place(
            by=actor, now=timezone.now(), request_id=int(number), given=OrderGiven(**typed)
        )
        if any(one.code == "missing" for one in outcome.problems):
            return refuse(Problem("unknown", "Your authority has no request of this number.", "request"))
        return outcome

    deed = Deed("Record a court order", "Put it before the director", "Places without registration",
                reverse("court_places"), lead=LEAD)  # fmt: skip
    return deed_page(request, deed, OrderForm(request.POST or None), act, said="It is with the director.",
                     then=lambda row: reverse("court_place", args=[row.pk]))  # fmt: skip


def place(request: HttpRequest, court_place_id: int) -> HttpResponse:
    """One place: the order, who decided, Ofsted, and each review."""
    actor, today = actor_of(request), timezone.localdate()
    row: CourtPlace = found(queries.court_place(actor, court_place_id))
    steps = {step.verb: step.label for step in COURT_PLACE.open_to(state=row.state, role=actor.role)}
    if row.asked_by_id == actor.user_id:
        steps = {
            verb: label
            for verb, label in steps.items()
            if verb not in ("agree_court_place", "refuse_court_place")
        }
    links = [
        NavItem(steps[verb], reverse("court_place_deed", args=[row.pk, name]))
        for name, verb in VERBS.items()
        if verb in steps
    ]
    late = queries.late_words(row, today)
    record = Record(
        row.place, "Places without registration", reverse("court_places"), caption=row.reference,
        state=(row.state, COURT_PLACE.states[row.state]), links=links,
        lead=f"Overdue. {late}." if late else "",
        parts=[
            Part(summary=_facts(row, late)),
            Part("Why no registered place was found", words=row.why),
            Part("Reviews", happened=_reviews(row)) if row.reviews.all() else Part("Reviews", words="None yet."),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _facts(row: CourtPlace, late: str) -> list[SummaryRow]:
    rows = [
        SummaryRow("Request", row.request.reference),
        SummaryRow(
            "Order", f"{row.court}, {row.order_number}", note=f"{day(row.ordered_on)} to {day(row.ends_on)}"
        ),
        SummaryRow("On the register", row.setting.status if row.setting else "No"),
        SummaryRow("Asked by", str(row.asked_by), note=moment(row.asked_at)),
    ]
    if row.decided_by:
        rows.append(
            SummaryRow("Decided by", f"{row.decided_by}, {moment(row.decided_at)}", note=row.decision)
        )
    if row.state == "agreed":
        rows.append(SummaryRow("Next review by", day(queries.review_due(row))))
    told = (
        f"{day(row.told_on)}, {row.told_reference}"
        if row.told_on
        else f"Not yet: by {day(queries.told_by(row))}"
    )
    rows.append(SummaryRow("Ofsted told", told))
    if row.ended_on:
        rows.append(SummaryRow("Ended", day(row.ended_on), note=row.ended_words))
    return rows


def _reviews(row: CourtPlace) -> list[Happening]:
    return [
        Happening(f"{one.safe_words} Search: {one.search_words}", one.reviewed_on, str(one.by), state="done")
        for one in row.reviews.all()
    ]


def deed(request: HttpRequest, court_place_id: int, verb: str) -> HttpResponse:
    """One verb about such a place."""
    form_class, act, said = found(DEEDS.get(verb))
    row: CourtPlace = found(queries.court_place(actor_of(request), court_place_id))
    label = COURT_PLACE.transition(VERBS[verb]).label
    words = Deed(
        label,
        label,
        row.place,
        reverse("court_place", args=[row.pk]),
        row.reference,
        is_grave=verb == "agree",
    )
    done = partial(
        act, by=actor_of(request), now=timezone.now(), court_place_id=row.pk, version=version_of(request)
    )
    return deed_page(request, words, form_class(request.POST or None), lambda typed: done(**typed), said=said,
                     version=row.version)  # fmt: skip
