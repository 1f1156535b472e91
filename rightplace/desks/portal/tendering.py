"""Tenders in the portal: what is open to this provider, its sealed answer, and its result with feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, moment, pounds
from rightplace.desks.layout.answers import answer, see_other, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.register.buying import answering, queries
from rightplace.register.buying.given import PriceGiven
from rightplace.register.buying.models import Answered
from rightplace.register.buying.states import ANSWERED, TENDER
from rightplace.register.buying.words import TENDER_ROUTES

COLUMNS = (
    Column("What is bought", "title", link=lambda row: row["url"]),
    Column("Route", "route"),
    Column("Led by", "lead"),
    Column("Closes", "closes", "moment"),
    Column("You", "state", "status"),
    Column("Result", "result"),
)


class AnswerForm(forms.Form):
    """Words to each criterion, and the one price."""

    weekly_pence = MoneyField(label="Price of a place a week", required=False, max_pence=10_000_000)
    travel_pence_week = MoneyField(label="Travel of a place a week", required=False, max_pence=1_000_000)
    once_pence = MoneyField(label="Paid once, for all", required=False)

    def __init__(
        self, *args: Any, criteria: list[tuple[int, str, str, int]], said: dict[int, str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.keys = [one[0] for one in criteria]
        for key, name, about, weight in criteria:
            self.fields[f"words_{key}"] = forms.CharField(
                label=f"{name} (weighs {weight} of 100)",
                help_text=about,
                widget=forms.Textarea,
                max_length=8_000,
                required=False,
                initial=said.get(key, ""),
            )
        self.order_fields([f"words_{key}" for key in self.keys])

    @property
    def words(self) -> dict[int, str]:
        """Words by criterion."""
        return {key: self.cleaned_data[f"words_{key}"] for key in self.keys}

    @property
    def price(self) -> PriceGiven:
        """The one price."""
        typed = self.cleaned_data
        return PriceGiven(typed["weekly_pence"], typed["travel_pence_week"] or 0, typed["once_pence"] or 0)


def tender_list(request: HttpRequest) -> HttpResponse:
    """What is open to the provider, and what it has tendered."""
    actor, now = actor_of(request), timezone.now()

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        own = {one.tender_id: one for one in queries.tendered_by(actor)}
        still = [
            one
            for one in queries.tenders_open_to(actor, now).order_by("closes_at", "id")
            if one.pk not in own
        ]
        return [*(_open_row(one) for one in still), *(_own_row(one) for one in own.values())]

    lead = "What you tender stays sealed until the closing time. There is one price: it is never an auction."
    listing = Listing("Tenders", "tender", COLUMNS, rows, NoFilters, context={"lead": lead},
                      empty="Nothing is open to you, and you have tendered nothing.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def _open_row(one: Any) -> dict[str, Any]:
    return {
        "title": one.title,
        "url": reverse("portal:tender", args=[one.pk]),
        "route": TENDER_ROUTES[one.route],
        "lead": one.lead.name,
        "closes": one.closes_at,
        "state": ("open", "Open to you"),
        "result": "",
    }


def _own_row(row: Answered) -> dict[str, Any]:
    one = row.tender
    is_over = one.state == "awarded"
    result = ("Awarded to you" if row.is_winner else f"Place {row.place}") if is_over and row.place else ""
    return {
        "title": one.title,
        "url": reverse("portal:tendered", args=[row.pk]),
        "route": TENDER_ROUTES[one.route],
        "lead": one.lead.name,
        "closes": one.closes_at,
        "state": (row.state, ANSWERED.states[row.state]),
        "result": result,
    }


def tender(request: HttpRequest, tender_id: int) -> HttpResponse:
    """An open tender, before one answers it."""
    row = found(queries.tenders_open_to(actor_of(request), timezone.now()).filter(pk=tender_id).first())
    criteria = [(one.name, one.weight, one.about) for one in row.criteria.all()]
    table = Table(
        (
            Column("Judged by", lambda one: one[0]),
            Column("Weight of 100", lambda one: one[1], "number"),
            Column("Looked for", lambda one: one[2]),
        ),
        criteria,
        "Judged by",
        id="criteria",
        hide_caption=True,
    )
    begin = Button(reverse("portal:begin_answer", args=[row.pk]), "Answer it", None, "primary")
    record = Record(
        row.title, "Tenders", reverse("portal:tenders"), caption=row.reference, lead=row.about, buttons=[begin],
        parts=[Part(summary=_summary(row)), Part("Judged by", table=table)],
    )  # fmt: skip
    return record_page(request, record)


def _summary(row: Any) -> list[SummaryRow]:
    known = [
        SummaryRow("Route", TENDER_ROUTES[row.route]), SummaryRow("Led by", row.lead.name),
        SummaryRow("Contract", f"{count(row.places, 'place')}, {day(row.starts_on)} to {day(row.ends_on)}"),
    ]  # fmt: skip
    return [*known, SummaryRow("Closes", moment(row.closes_at))] if row.closes_at else known


def begin_answer(request: HttpRequest, tender_id: int) -> HttpResponse:
    """Begin to answer."""
    outcome = answering.begin_answer(by=actor_of(request), now=timezone.now(), tender_id=tender_id)
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("portal:tenders"), said="")
    return see_other(reverse("portal:tendered", args=[outcome.done().pk]))


def _own(request: HttpRequest, answered_id: int) -> Answered:
    row: Answered = found(queries.tendered_by(actor_of(request)).filter(pk=answered_id).first())
    return row


def tendered(request: HttpRequest, answered_id: int) -> HttpResponse:
    """One's own answer: what is in it, and after the award its result and feedback."""
    row, actor = _own(request, answered_id), actor_of(request)
    one = row.tender
    is_open = one.state == "open" and one.closes_at is not None and one.closes_at > timezone.now()
    verbs = {step.verb for step in ANSWERED.open_to(state=row.state, role=actor.role)} if is_open else set()
    links = (
        [NavItem("Write it", reverse("portal:save_answer", args=[row.pk]))] if "save_answer" in verbs else []
    )
    pairs = (("submit_answer", "Submit", "primary"), ("take_back_answer", "Take back to change", "secondary"))
    buttons = [
        Button(reverse(f"portal:{verb}", args=[row.pk]), label, row.version, kind)
        for verb, label, kind in pairs
        if verb in verbs
    ]
    price = [
        SummaryRow("A place a week", pounds(row.weekly_pence) if row.weekly_pence else "Not given"),
        SummaryRow("Travel a week", pounds(row.travel_pence_week)), SummaryRow("Once", pounds(row.once_pence)),
    ]  # fmt: skip
    said = [
        (words.criterion.name, words.words)
        for words in row.answers.select_related("criterion").order_by("criterion_id")
    ]
    record = Record(
        one.title,
        "Tenders",
        reverse("portal:tenders"),
        caption=one.reference,
        state=(row.state, ANSWERED.states[row.state]),
        lead=TENDER.states[one.state],
        links=links,
        buttons=buttons,
        parts=[
            *_result(row),
            Part(summary=_summary(one)),
            Part("Your price", summary=price),
            *(Part(name, words=words) for name, words in said),
        ],
    )
    return record_page(request, record)


def _result(row: Answered) -> list[Part]:
    if row.tender.state != "awarded" or row.place is None:
        return []
    head = "Awarded to you" if row.is_winner else f"Place {row.place}"
    points = f"{row.total / 100:.1f} points of 100" if row.total is not None else "Awarded directly"
    return [
        Part(summary=[SummaryRow("Result", head, note=points)]),
        *([Part("Feedback", words=row.feedback)] if row.feedback else []),
    ]


def save_answer(request: HttpRequest, answered_id: int) -> HttpResponse:
    """Write the answer."""
    row = _own(request, answered_id)
    criteria = [
        (one.pk, one.name, one.about, one.weight) for one in row.tender.criteria.all() if not one.is_cost
    ]
    said = {one.criterion_id: one.words for one in row.answers.all()}
    start = {
        "weekly_pence": row.weekly_pence,
        "travel_pence_week": row.travel_pence_week,
        "once_pence": row.once_pence,
    }
    form = AnswerForm(request.POST or None, criteria=criteria, said=said, initial=start)
    deed = Deed(
        "Write your answer",
        "Keep",
        row.tender.reference,
        reverse("portal:tendered", args=[row.pk]),
        caption=row.tender.title,
        lead="Kept as a draft until you submit it. Nobody else reads it.",
    )
    return deed_page(
        request,
        deed,
        form,
        lambda typed: answering.save_answer(
            by=actor_of(request),
            now=timezone.now(),
            answered_id=answered_id,
            version=version_of(request),
            words=form.words,
            price=form.price,
        ),
        said="Kept.",
        version=row.version,
    )


submit_answer = button(answering.submit_answer, "It is submitted.", of="answered_id", page="portal:tendered")
take_back_answer = button(
    answering.take_back_answer, "You can change it.", of="answered_id", page="portal:tendered"
)
