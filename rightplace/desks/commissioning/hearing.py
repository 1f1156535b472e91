"""Complaints with their stages and clocks, compliments, and surveys with response rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.svg import Stack, stacked_bars
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.journey.reviews import complaints, surveys
from rightplace.journey.reviews import queries_of_hearing as queries
from rightplace.journey.reviews.models import Complaint, Survey
from rightplace.journey.reviews.states import COMPLAINT, SURVEY
from rightplace.journey.reviews.words import AGREE, AUDIENCES, FROM_WHOM, OUTCOMES

LONG: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 4}), "max_length": 4000}


class ComplaintFilter(forms.Form):
    """Which complaints."""

    q = forms.CharField(label="Home or number", required=False, max_length=60)
    state = forms.ChoiceField(label="Stage", required=False, choices=(("", "All"), *COMPLAINT.states.items()))


class ComplaintForm(forms.Form):
    """A complaint or a compliment."""

    is_compliment = forms.TypedChoiceField(
        label="What is it?", choices=(("no", "A complaint"), ("yes", "A compliment")), widget=forms.RadioSelect,
        coerce=lambda typed: typed == "yes",
    )  # fmt: skip
    from_whom = forms.ChoiceField(label="Who from?", choices=tuple(FROM_WHOM.items()))
    from_name = forms.CharField(label="Name", required=False, max_length=120)
    received_on = DateInPartsField(label="Day on which it came")
    words = forms.CharField(label="What was said", **LONG)
    wanted = forms.CharField(label="What they want to happen", required=False, max_length=500)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="Why", max_length=300)


class AnswerForm(forms.Form):
    """How a complaint ended."""

    outcome = forms.ChoiceField(
        label="How did it end?", choices=tuple(OUTCOMES.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(label="The answer that was sent", **LONG)


class SurveyForm(forms.Form):
    """A survey to be opened."""

    audience = forms.ChoiceField(
        label="Who is asked?", choices=tuple(AUDIENCES.items()), widget=forms.RadioSelect
    )
    title = forms.CharField(label="Title", max_length=150)
    is_anonymous = forms.BooleanField(
        label="Promise that nobody learns who said what", required=False, initial=True,
        help_text="Answers then hold no person and no time, and are shown from five on.",
    )  # fmt: skip
    closes_on = DateInPartsField(label="Closes on")


class LinksForm(forms.Form):
    """How many links to make."""

    number = forms.IntegerField(label="How many people are asked?", min_value=1, max_value=surveys.MOST_LINKS)


def complaint_list(request: HttpRequest) -> HttpResponse:
    """Complaints by clock, and compliments."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Complaint]:
        return queries.complaints_found(
            actor, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    columns = (
        Column("Number", "reference", "reference", link=lambda row: reverse("complaint", args=[row.pk])),
        Column("From", lambda row: FROM_WHOM[row.from_whom]),
        Column("About", lambda row: str(row.setting or row.provider or "Our own service")),
        Column("Received", "received_on", "date", sort="received"),
        Column(
            "Due",
            lambda row: (row.due_on, None) if row.due_on and row.state.startswith("stage") else None,
            "clock",
            sort="due",
        ),
        Column("Stage", lambda row: (look(row), words_of(row)), "status", sort="state"),
    )
    lead = "By the statutory stages: 10 working days, then 25, then a panel within 30."
    listing = Listing(
        "Complaints",
        "complaint",
        columns,
        rows,
        ComplaintFilter,
        sort="due",
        empty="No complaint or compliment yet.",
        context={"lead": lead},
    )
    return list_page(request, "commissioning/complaints.html", listing)


def look(row: Complaint) -> str:
    """The colour of a complaint's state."""
    if row.state.startswith("stage"):
        return "late" if row.due_on and row.due_on < timezone.localdate() else "open"
    return "good" if row.is_compliment else "done"


def words_of(row: Complaint) -> str:
    """A complaint's state in words."""
    if row.state == "answered":
        return f"Answered: {OUTCOMES[row.outcome].lower()}"
    return "Compliment" if row.is_compliment else COMPLAINT.states[row.state].partition(":")[0]


def record(request: HttpRequest) -> HttpResponse:
    """Record a complaint or a compliment; about a placement where the address names one."""
    about = request.GET.get("placement", "")
    placement_id = int(about) if about.isdecimal() and len(about) < 10 else None
    form = ComplaintForm(request.POST or None, initial={"received_on": timezone.localdate()})
    by, title = actor_of(request), "Record a complaint or compliment"
    return deed_page(
        request, Deed(title, "Record it", "Complaints", reverse("complaints")), form,
        lambda typed: complaints.record_complaint(by=by, now=timezone.now(), placement_id=placement_id, **typed),
        said="It is recorded.", then=lambda row: reverse("complaint", args=[row.pk]),
    )  # fmt: skip


def complaint(request: HttpRequest, key: int) -> HttpResponse:
    """One complaint with its stages."""
    actor = actor_of(request)
    row: Complaint = found(queries.complaint_page(actor, key, timezone.now()))
    facts = [
        SummaryRow("From", FROM_WHOM[row.from_whom], note=row.from_name),
        SummaryRow("About", str(row.setting or row.provider or "Our own service")),
        SummaryRow("Received", day(row.received_on)), SummaryRow("Wanted", row.wanted or "not said"),
    ]  # fmt: skip
    stages = [
        Happening(
            COMPLAINT.states[f"stage_{one.stage}"], one.began_on, detail=stage_words(one),
            state="done" if one.ended_on else "current",
        )
        for one in row.stages.all()
    ]  # fmt: skip
    known = {
        "row": row, "facts": facts, "stages": stages, "state": (look(row), words_of(row)),
        "verbs": [(step.verb, step.label) for step in COMPLAINT.open_to(state=row.state, role=actor.role)
                  if _fits(row, step.verb)],
    }  # fmt: skip
    return render(request, "commissioning/complaint.html", known)


def _fits(row: Complaint, verb: str) -> bool:
    last = max((one.stage for one in row.stages.all()), default=0)
    return not verb.startswith("take_to") or verb == f"take_to_stage_{last + 1}"


def stage_words(one: Any) -> str:
    """A stage's clock in words."""
    words = f"until {day(one.due_on)}"
    if one.extended_because:
        words += f", longer because: {one.extended_because}"
    return f"{words}; ended {day(one.ended_on)}" if one.ended_on else words


_DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "extend_complaint": (ReasonForm, complaints.extend_complaint),
    "answer_complaint": (AnswerForm, complaints.answer_complaint),
    "take_to_stage_2": (ReasonForm, complaints.take_complaint_further),
    "take_to_stage_3": (ReasonForm, complaints.take_complaint_further),
}


VERBS = tuple(_DEEDS)


def complaint_deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """One verb of a complaint."""
    form_class, act = found(_DEEDS.get(verb))
    row: Complaint = found(queries.complaint_page(actor_of(request), key, timezone.now()))
    label = COMPLAINT.transition(verb).label
    words = Verb(
        label, row.reference, "Recorded.", reverse("complaint", args=[key]), row.reference, row.version
    )
    return verb_page(request, form_class, act, {"complaint_id": key}, words)


def survey_list(request: HttpRequest) -> HttpResponse:
    """Surveys with their response rates."""
    actor = actor_of(request)
    columns = (
        Column("Survey", "title", link=lambda row: reverse("survey", args=[row.pk])),
        Column("Asked", lambda row: AUDIENCES[row.audience]),
        Column("Links given", "asked", "number"),
        Column("Answered", "answered", "number"),
        Column("Rate", lambda row: f"{row.answered / row.asked:.0%}" if row.asked else None),
        Column("Closes", "closes_on", "date"),
        Column("State", lambda row: (row.state, SURVEY.states[row.state]), "status"),
    )
    lead = "Short, and anonymous where that was promised: then answers are shown only from five on."
    listing = Listing(
        "Surveys", "survey", columns, lambda _filters, _sort: queries.surveys_of(actor), NoFilters,
        empty="No survey yet.", context={"lead": lead},
    )  # fmt: skip
    return list_page(request, "commissioning/surveys.html", listing)


def open_survey(request: HttpRequest) -> HttpResponse:
    """Open a survey."""
    by = actor_of(request)
    return deed_page(
        request, Deed("Open a survey", "Open the survey", "Surveys", reverse("surveys")), SurveyForm(request.POST or None),
        lambda typed: surveys.open_survey(by=by, now=timezone.now(), **typed),
        said="The survey is open. Make links next.", then=lambda row: reverse("survey", args=[row.pk]),
    )  # fmt: skip


def survey(request: HttpRequest, key: int) -> HttpResponse:
    """One survey: how many answered, and what they said where it may be shown."""
    actor, today = actor_of(request), timezone.localdate()
    row: Survey = found(queries.surveys_of(actor).filter(pk=key).first())
    result = surveys.survey_result(row, today)
    stacks = [Stack(question, list(numbers)) for question, numbers in result.counts]
    known = {
        "row": row, "result": result, "audience": AUDIENCES[row.audience], "state": (row.state, SURVEY.states[row.state]),
        "chart": stacked_bars(stacks, list(AGREE.values()), "What they said") if stacks else None,
        "verbs": {step.verb for step in SURVEY.open_to(state=row.state, role=actor.role)}, "form": LinksForm(),
    }  # fmt: skip
    return render(request, "commissioning/survey.html", known)


def survey_links(request: HttpRequest, key: int) -> HttpResponse:
    """Make links and show them this once."""
    row: Survey = found(queries.surveys_of(actor_of(request)).filter(pk=key).first())
    form = LinksForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else 0
    outcome = surveys.ask_in_survey(
        by=actor_of(request), now=timezone.now(), survey_id=key, version=version_of(request), number=number
    )
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("survey", args=[key]), said="")
    links = [request.build_absolute_uri(reverse("answer_survey", args=[token])) for token in outcome.done()]
    return render(request, "commissioning/survey_links.html", {"row": row, "links": links})


def close_survey(request: HttpRequest, key: int) -> HttpResponse:
    """Close a survey."""
    outcome = surveys.close_survey(
        by=actor_of(request), now=timezone.now(), survey_id=key, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("survey", args=[key]), said="The survey is closed.")
