"""In-house fostering at the brokerage desk: those who ask to foster, one of them, reviews due, and a household's record."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.calendar import add_months
from rightplace.desks.brokerage import carer_accounts
from rightplace.desks.brokerage.carer_terms import TermsForm
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, percent
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.register.carers.models import Household
from rightplace.register.carers.queries import households
from rightplace.register.fostering import actions, queries
from rightplace.register.fostering.models import Applicant
from rightplace.register.fostering.states import APPLICANT, OFFICERS

TITLE = "Becoming a foster carer"
LOOKED_BACK_MONTHS = 24
VERBS = tuple(step.verb for step in APPLICANT.transitions)
HEARD = (
    "Word of mouth",
    "Our website",
    "Social media",
    "Advertisement",
    "Event",
    "Other carers",
    "Otherwise",
)


def _long(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ApplicantFilter(forms.Form):
    """Which of those who asked."""

    q = forms.CharField(label="Name or how they heard", required=False, max_length=60)
    state = forms.ChoiceField(
        label="Step", required=False, choices=(("", "On the way"), *APPLICANT.states.items())
    )


COLUMNS = (
    Column("Who", "names", sort="names", link=lambda row: reverse("brokerage:applicant", args=[row.pk])),
    Column("Heard by", "heard_by"),
    Column("Hopes for", "wish"),
    Column("Asked on", "enquired_on", "date", sort="enquired_on"),
    Column("Step", lambda row: (row.state, APPLICANT.states[row.state]), "status"),
    Column("Since", "reached_on", "date", sort="reached_on"),
    Column("Next by", lambda row: (queries.due_on(row), None), "clock"),
)


def applicants(request: HttpRequest) -> HttpResponse:
    """Those who are on the way to approval."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Applicant]:
        return queries.applicants(
            actor, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    links = [NavItem("How many get how far", reverse("brokerage:fostering_figures")),
             NavItem("Reviews due", reverse("brokerage:carer_reviews_due"))]  # fmt: skip
    if actor.role in OFFICERS:
        links.insert(0, NavItem("Take an enquiry", reverse("brokerage:take_enquiry")))
    lead = "From enquiry to approval, the longest on their step first. Once approved they stand among the own carers."
    listing = Listing(TITLE, "applicant", COLUMNS, rows, ApplicantFilter, sort="reached_on", is_file=False,
                      context={"lead": lead, "links": links}, empty="Nobody is on the way.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


class EnquiryForm(forms.Form):
    """Who asks."""

    names = forms.CharField(label="Who asks?", max_length=160)
    heard_by = forms.ChoiceField(label="How did they hear of it?", choices=[(one, one) for one in HEARD])
    enquired_on = DateInPartsField(label="Asked on")
    postcode = forms.CharField(label="Postcode", required=False, max_length=8)
    wish = forms.CharField(
        label="What they hope for",
        required=False,
        max_length=200,
        help_text="Such as short breaks, or teenagers.",
    )


def take_enquiry(request: HttpRequest) -> HttpResponse:
    """Somebody asks whether they can foster."""
    form = EnquiryForm(request.POST or None, initial={"enquired_on": timezone.localdate()})
    act = partial(actions.take_enquiry, by=actor_of(request), now=timezone.now())
    deed = Deed("Take an enquiry", "Keep the enquiry", TITLE, reverse("brokerage:applicants"))
    return deed_page(request, deed, form, lambda typed: act(**typed), said="The enquiry is kept.",
                     then=lambda row: reverse("brokerage:applicant", args=[row.pk]))  # fmt: skip


def applicant(request: HttpRequest, applicant_id: int) -> HttpResponse:
    """One of them: the step, the days, what was found."""
    actor = actor_of(request)
    row: Any = found(queries.applicant(actor, applicant_id))
    steps = [
        Happening(APPLICANT.states[one.state], one.reached_on, str(one.by), one.words, "done")
        for one in row.steps.all()
    ]
    due = queries.due_on(row)
    facts = [
        SummaryRow(
            "Asked on", day(row.enquired_on), note=f"heard by: {row.heard_by.lower()}" if row.heard_by else ""
        ),
        SummaryRow("Hopes for", row.wish or "Not said"),
        SummaryRow("Area", row.postcode.partition(" ")[0] or "Not said"),
        *([SummaryRow("Next step by", day(due))] if due else []),
        *([SummaryRow("Decided by", str(row.decided_by))] if row.decided_by else []),
        *([SummaryRow("Closed", row.closed_words)] if row.closed_words else []),
    ]
    links = [
        NavItem(step.label, reverse("brokerage:applicant_deed", args=[row.pk, step.verb]))
        for step in APPLICANT.open_to(state=row.state, role=actor.role)
    ]
    if row.household and opens_for(reverse("brokerage:own_carers"), actor.role):
        links.append(NavItem("The household", reverse("brokerage:own_carer", args=[row.household_id])))
    record = Record(row.names, TITLE, reverse("brokerage:applicants"), caption=str(row), links=links,
                    state=(row.state, APPLICANT.states[row.state]),
                    parts=[Part(summary=facts), Part("Steps", happened=steps)])  # fmt: skip
    return record_page(request, record)


class StepForm(forms.Form):
    """When the step was reached, and what was found."""

    reached_on = DateInPartsField(label="Reached on")
    words = _long("What was found?")


class CloseForm(forms.Form):
    """Why they go no further."""

    words = _long("Why do they go no further?")


class ApproveForm(TermsForm):
    """The terms of approval, and what the panel recommended."""

    words = _long("What the panel recommended, and why you follow it or not")
    field_order = ("words",)


def applicant_deed(request: HttpRequest, applicant_id: int, verb: str) -> HttpResponse:
    """One verb about an applicant."""
    actor = actor_of(request)
    row: Any = found(queries.applicant(actor, applicant_id))
    step = found(next((one for one in APPLICANT.transitions if one.verb == verb), None))
    form, press = _pressing(request, row, verb)
    label = step.label
    deed = Deed(
        label,
        label,
        row.names,
        reverse("brokerage:applicant", args=[row.pk]),
        str(row),
        is_grave=step.is_grave,
    )
    return deed_page(request, deed, form, press, said=f"{label}: it is kept.", version=row.version)


def _pressing(request: HttpRequest, row: Applicant, verb: str) -> tuple[forms.Form, Any]:
    known: dict[str, Any] = {
        "by": actor_of(request), "now": timezone.now(), "applicant_id": row.pk, "version": version_of(request),
    }  # fmt: skip
    today = timezone.localdate()
    if verb == "close_applicant":
        return CloseForm(request.POST or None), lambda typed: actions.close_applicant(**known, **typed)
    if verb == "approve_applicant":
        form = ApproveForm(
            request.POST or None, initial={"starts_on": today, "min_age": 0, "max_age": 17, "places": 1}
        )
        return form, lambda typed: actions.approve_applicant(**known, given=form.given, words=typed["words"])
    move = partial(actions.move_applicant, **known, verb=verb)
    return StepForm(request.POST or None, initial={"reached_on": today}), lambda typed: move(**typed)


def figures(request: HttpRequest) -> HttpResponse:
    """How many get how far and how fast, how they heard, and who stays."""
    actor, today = actor_of(request), timezone.localdate()
    since = add_months(today, -LOOKED_BACK_MONTHS)
    stays = queries.retention(actor, today)
    left = percent(stays.left_share) if stays.left_share is not None else "none"
    reached = (
        Column("Step", lambda one: APPLICANT.states[one.step]),
        Column("Number", "number", "number"),
        Column("Of the step before", "share", "percent"),
        Column("Usual days", "median_days", "number"),
    )
    heard = (
        Column("Heard by", lambda one: one[0] or "Not said"),
        Column("Asked", lambda one: one[1], "number"),
        Column("Approved", lambda one: one[2], "number"),
    )
    record = Record(
        "How many get how far", TITLE, reverse("brokerage:applicants"),
        lead=f"Those who asked since {day(since)}, and coming and going of own carers over twelve months.",
        tiles=[
            Tile("Households now", stays.now, f"{stays.before} a year ago"),
            Tile("Came", stays.came, "approved over twelve months"),
            Tile("Left", stays.left, f"over twelve months, {left} of those there"),
        ],
        parts=[
            Part("From step to step", table=Table(reached, queries.reached(actor, since), "From step to step", id="steps",
                                                  hide_caption=True)),
            Part("How they heard", table=Table(heard, queries.by_source(actor, since), "How they heard", id="heard",
                                               empty="Nobody has asked.", hide_caption=True)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def reviews_due(request: HttpRequest) -> HttpResponse:
    """Every household by the day of its next yearly review."""
    actor = actor_of(request)
    columns = (
        Column(
            "Household",
            "household.carers",
            link=lambda one: reverse("brokerage:carer_record", args=[one.key]),
        ),
        Column("Reference", "household.reference"),
        Column("Last reviewed", "last_on", "date"),
        Column("Next by", lambda one: (one.due_on, None), "clock"),
    )
    lead = "A household’s approval is reviewed at least once a year: a year after the last review, or after approval."
    listing = Listing("Reviews of own carers", "household", columns, lambda *_: queries.reviews_due(actor), NoFilters,
                      context={"lead": lead}, is_file=False, empty="No household fosters here.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def record(request: HttpRequest, household_id: int) -> HttpResponse:
    """The reviews and training of a household."""
    actor = actor_of(request)
    row = _household(actor, household_id)
    reviews = [
        Happening("Suitable" if one.is_suitable else "Not suitable", one.held_on, str(one.by),
                  f"{one.found}{' At the fostering panel.' if one.at_panel else ''}", "done")
        for one in queries.carer_reviews(row)
    ]  # fmt: skip
    trained = (
        Column("Course", "course"),
        Column("Finished", "done_on", "date"),
        Column("Counts until", "counts_until", "date"),
    )
    may = actor.role in OFFICERS and row.status != "left"
    links = [
        NavItem(words, reverse("brokerage:carer_record_deed", args=[row.pk, name]))
        for name, (words, *_) in DEEDS.items()
    ]
    page = Record(
        row.carers, "Reviews of own carers", reverse("brokerage:carer_reviews_due"), caption=row.reference,
        links=[*links, NavItem("Let a carer sign in", reverse("brokerage:let_carer_in", args=[row.pk]))] if may else [],
        parts=[
            Part("Reviews", happened=reviews) if reviews else Part("Reviews", words="None yet."),
            Part("Training", table=Table(trained, queries.training_of(row), "Training", id="training",
                                         empty="None is kept.", hide_caption=True)),
            *carer_accounts.parts(row, may=may),
        ],
    )  # fmt: skip
    return record_page(request, page)


class ReviewForm(forms.Form):
    """What the yearly review found."""

    held_on = DateInPartsField(label="Held on")
    is_suitable = forms.TypedChoiceField(
        label="Are they and the household still suitable?", choices=(("yes", "Yes"), ("no", "No")), widget=forms.RadioSelect,
        coerce=lambda said: said == "yes", initial="yes",
    )  # fmt: skip
    at_panel = forms.BooleanField(label="It went to the fostering panel", required=False)
    found = _long("What was found?", "What the carers, the children and their social workers say.")


class TrainingForm(forms.Form):
    """A course."""

    course = forms.CharField(label="Which course?", max_length=120)
    done_on = DateInPartsField(label="Finished on")
    counts_until = DateInPartsField(label="Counts until", required=False)


class LeaveForm(forms.Form):
    """When and why they stop."""

    left_on = DateInPartsField(label="They stop on")
    reason = forms.CharField(label="Why?", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


DEEDS: dict[str, tuple[str, type[forms.Form], Any, str]] = {
    "review": ("Record a review", ReviewForm, actions.record_carer_review, "The review is kept."),
    "training": ("Record training", TrainingForm, actions.record_training, "The training is kept."),
    "leave": ("They stop fostering", LeaveForm, actions.end_fostering, "They have stopped."),
}


def record_deed(request: HttpRequest, household_id: int, verb: str) -> HttpResponse:
    """One verb about a household's record."""
    label, form_class, act, said = found(DEEDS.get(verb))
    row = _household(actor_of(request), household_id)
    form = form_class(request.POST or None)
    back = reverse("brokerage:carer_record", args=[row.pk])

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        known = {
            "by": actor_of(request),
            "now": timezone.now(),
            "household_id": row.pk,
            "version": version_of(request),
        }
        outcome: Outcome[Any] = act(**known, **typed)
        return outcome

    deed = Deed(label, label, row.carers, back, row.reference, is_grave=verb == "leave")
    return deed_page(request, deed, form, press, said=said, version=row.version)


def _household(actor: Actor, household_id: int) -> Household:
    row: Household = found(households(actor).filter(pk=household_id).first())
    return row
