"""Quality in the portal: concerns with the right of reply, visits and what is to be put right, reviews to score, incidents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.quality.stability import SIGNS
from rightplace.desks.commissioning.visit_files import files_table, report
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.social_work.score_forms import ScoreForm
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.reference.quality import quality_areas
from rightplace.journey.contracts.queries import contracts
from rightplace.journey.reviews import actions as reviews
from rightplace.journey.reviews import queries as review_queries
from rightplace.journey.reviews import steadiness
from rightplace.journey.reviews.queries import CarerPapers
from rightplace.register.concerns import actions as concern_actions
from rightplace.register.concerns import queries as concern_queries
from rightplace.register.concerns.queries import OwnConcern
from rightplace.register.concerns.states import CONCERN
from rightplace.register.visits import queries as visit_queries
from rightplace.register.visits.queries import OwnAction, OwnVisit
from rightplace.register.visits.states import VISIT_ACTION
from rightplace.register.visits.words import JUDGEMENTS, SCORES, VISIT_KINDS

CARER_WORDS = "What else should the review know?"


class ReplyForm(forms.Form):
    """The provider's reply."""

    words = forms.CharField(
        label="Your reply",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="It stands on the timeline as you write it. Name no child.",
    )


class SignForm(forms.Form):
    """Something that happened to a child of a contract."""

    contract_id = forms.TypedChoiceField(label="Which contract?", coerce=int)
    kind = forms.ChoiceField(label="What happened?", choices=tuple(SIGNS.items()), widget=forms.RadioSelect)
    happened_on = DateInPartsField(label="When?")
    words = forms.CharField(label="In words", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    is_notified = forms.BooleanField(label="We notified Ofsted", required=False)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["contract_id"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def concern_list(request: HttpRequest) -> HttpResponse:
    """Concerns that the provider was told of."""
    actor = actor_of(request)
    columns = (
        Column("Concern", "reference", "reference", link=lambda row: reverse("portal_concern", args=[row.id])),
        Column("Home", "home"), Column("About", "about"), Column("Raised by", "authority"),
        Column("Told", "told_at", "date"),
        Column("State", lambda row: (row.state, CONCERN.states[row.state]), "status"),
    )  # fmt: skip
    listing = Listing(
        "Concerns", "concern", columns,
        lambda _f, _s: concern_queries.concerns(actor).order_by("state", "-provider_told_at", "-id"),
        NoFilters, empty="Nobody has told you of a concern.", as_row=concern_queries.as_own,
        context={"lead": "What authorities have told you, and your right of reply."},
    )  # fmt: skip
    return list_page(request, "portal/concerns.html", listing)


def concern(request: HttpRequest, key: int, form: ReplyForm | None = None, code: int = 200) -> HttpResponse:
    """One concern: what the provider was told and has replied."""
    one: OwnConcern = found(concern_queries.own_concern(actor_of(request), key))
    lines = [
        Happening(
            f"{line.kind_words}: {line.words}",
            line.at,
            line.by,
            state="done",
        )
        for line in one.lines
    ]
    known = {
        "one": one,
        "lines": lines,
        "state": (one.state, CONCERN.states[one.state]),
        "form": form or ReplyForm(),
    }
    return render(request, "portal/concern.html", known, status=code)


def reply(request: HttpRequest, key: int) -> HttpResponse:
    """Reply to a concern."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return concern(request, key, form=form, code=422)
    outcome = concern_actions.reply_to_concern(
        by=actor_of(request), now=timezone.now(), concern_id=key, words=form.cleaned_data["words"]
    )
    return answer(
        request,
        outcome,
        then=reverse("portal_concern", args=[key]),
        said="Your reply stands on the timeline.",
    )


def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits to the provider's homes, and what is to be put right."""
    actor = actor_of(request)
    columns = (
        Column("Visit", "reference", "reference", link=lambda row: reverse("portal_visit", args=[row.id])),
        Column("Home", "home"), Column("By", "authority"), Column("Visited", "visited_on", "date"),
        Column("Judgement", lambda row: JUDGEMENTS.get(row.judgement, "")),
        Column("To put right", lambda row: sum(one.may_report for one in row.actions), "number"),
    )  # fmt: skip
    listing = Listing(
        "Visits", "visit", columns, lambda _f, _s: visit_queries.visits_read(actor),
        NoFilters, empty="No visit was written up yet.", as_row=visit_queries.as_own,
        context={"lead": "What authorities found, and what you put right."},
    )  # fmt: skip
    return list_page(request, "portal/visits.html", listing)


def _report_url(one: OwnAction) -> str:
    return reverse("portal_report_action", args=[one.id]) if one.may_report else ""


def visit(request: HttpRequest, key: int) -> HttpResponse:
    """One visit as the home reads it."""
    one: OwnVisit = found(visit_queries.own_visit(actor_of(request), key))
    names = {area.code: area.area for area in quality_areas(one.visited_on or timezone.localdate())}
    actions = Table(
        (
            Column("To be put right", "words", link=_report_url),
            Column("By", "owner_name"), Column("By when", "due_on", "date"),
            Column("State", lambda row: (row.state, VISIT_ACTION.states[row.state]), "status"),
            Column("Evidence", "evidence"), Column("Said about it", "closed_words"),
        ),
        one.actions, "Improvement plan", id="actions", empty="Nothing to be put right.", hide_caption=True,
    )  # fmt: skip
    findings = Table(
        (
            Column("Area", lambda row: names.get(row[0], row[0])), Column("Found", lambda row: SCORES[row[1]]),
            Column("What was seen", lambda row: row[2]),
        ),
        one.findings, "Findings", id="findings", hide_caption=True,
    )  # fmt: skip
    facts = [
        SummaryRow("Home", one.home), SummaryRow("By", one.authority), SummaryRow("Visited", day(one.visited_on)),
        SummaryRow("Kind", VISIT_KINDS[one.kind]), SummaryRow("Judgement", JUDGEMENTS.get(one.judgement, "")),
    ]  # fmt: skip
    files = files_table(visit_queries.files_of(actor_of(request), key), "portal_visit_file")
    known = {"one": one, "actions": actions, "findings": findings, "facts": facts, "files": files}
    return render(request, "portal/visit.html", known)


def report_action(request: HttpRequest, key: int) -> HttpResponse:
    """Say that an action is done, and what shows it."""
    row = found(visit_queries.open_actions(actor_of(request)).filter(pk=key, state="open").first())
    back = reverse("portal_visit", args=[row.visit_id])
    return report(request, row, back=back, said="Your evidence is with the authority.")


def visit_file(request: HttpRequest, key: int) -> HttpResponse:
    """A file of a visit to one's own home."""
    return as_download(found(visit_queries.visit_file(actor_of(request), key)))


def review_list(request: HttpRequest) -> HttpResponse:
    """Reviews of children who live with the provider."""
    actor, today = actor_of(request), timezone.localdate()
    columns = (
        Column("Child", "child", link=lambda row: reverse("portal_review", args=[row.review_id])),
        Column("Home", "home"), Column("Contract", "contract", "reference"), Column("Authority", "authority"),
        Column("Review by", "review_on", "date"), Column("Your answer", lambda row: moment(row.answered_at) or "waits for you"),
    )  # fmt: skip
    listing = Listing(
        "Reviews", "review", columns, lambda _f, _s: review_queries.papers_of(actor), NoFilters, is_file=False,
        empty="No review was sent to you yet.", as_row=lambda row: review_queries.as_papers(row, today),
        context={"lead": "Before each review you see the outcomes that were agreed and say how they stand."},
    )  # fmt: skip
    return list_page(request, "portal/reviews.html", listing)


def review(request: HttpRequest, key: int) -> HttpResponse:
    """One review: the outcomes agreed, scored by the carer."""
    actor = actor_of(request)
    papers: CarerPapers = found(review_queries.carer_papers(actor, key, timezone.localdate()))
    form = ScoreForm(
        request.POST or None,
        outcomes=papers.outcomes,
        with_words=CARER_WORDS,
        initial={"words": papers.words},
    )
    code = 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = reviews.score_outcomes(
                by=actor,
                now=timezone.now(),
                review_id=key,
                scores=form.given,
                words=form.cleaned_data["words"],
            )
            if outcome.is_done:
                return answer(
                    request,
                    outcome,
                    then=reverse("portal_review", args=[key]),
                    said="Thank you. The review sees what you wrote.",
                )
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    facts = [
        SummaryRow("Home", papers.home), SummaryRow("Contract", papers.contract), SummaryRow("Authority", papers.authority),
        SummaryRow("Review by", day(papers.review_on)), SummaryRow("Your answer", moment(papers.answered_at) or "not yet"),
    ]  # fmt: skip
    return render(
        request, "portal/review.html", {"papers": papers, "form": form, "facts": facts}, status=code
    )


def tell_sign(request: HttpRequest) -> HttpResponse:
    """Tell of something that may shake a placement."""
    actor = actor_of(request)
    rows = contracts(actor).filter(state__in=["in_force", "varying"]).order_by("-starts_on", "-id")[:200]
    choices = [(row.pk, f"{row.reference}, {row.child_initials}, {row.home_words}") for row in rows]
    form = SignForm(request.POST or None, choices=choices, initial={"happened_on": timezone.localdate()})
    lead = "Missing, an incident, notice, a need for support, exclusion from school: the authority sees it at once."
    return deed_page(
        request, Deed("Tell of an incident", "Tell the authority", "Reviews", reverse("portal_reviews"), lead=lead), form,
        lambda typed: steadiness.tell_sign(by=actor, now=timezone.now(), **typed), said="It is told to the authority.",
    )  # fmt: skip
