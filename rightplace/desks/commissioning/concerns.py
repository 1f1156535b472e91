"""Concerns at the desks: the list, one with its timeline, raising, adding, and coming down again by two people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, SummaryRow, Waiting
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER, DIRECTOR
from rightplace.register.concerns import actions, queries
from rightplace.register.concerns.actions import EntryGiven
from rightplace.register.concerns.forums import agreed_about
from rightplace.register.concerns.models import Concern
from rightplace.register.concerns.queries import ConcernPage
from rightplace.register.concerns.states import CONCERN, RAISERS
from rightplace.register.concerns.words import (
    ABOUT,
    ENTRY_KINDS,
    GRADE_HINTS,
    GRADES,
    SEEN_BY,
    SEEN_HINTS,
    WRITTEN_KINDS,
)
from rightplace.register.providers import market

GRADE_CHOICES = [(str(grade), f"{grade}. {words}") for grade, words in GRADES.items()]
SEEN_CHOICES = list(SEEN_BY.items())
KIND_CHOICES = [(kind, ENTRY_KINDS[kind]) for kind in WRITTEN_KINDS]
WORDS: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 4}), "max_length": 4000}


class ConcernFilter(forms.Form):
    """Which concerns."""

    q = forms.CharField(label="Home, provider or number", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=(("", "All"), ("standing", "Standing"), *CONCERN.states.items()),
    )
    grade = forms.ChoiceField(label="Grade", required=False, choices=(("", "All"), *GRADE_CHOICES))


class EntryForm(forms.Form):
    """One line of the timeline."""

    kind = forms.ChoiceField(label="What is it?", choices=KIND_CHOICES, widget=forms.RadioSelect)
    words = forms.CharField(label="In words", help_text="Name no child and no member of staff.", **WORDS)
    how_known = forms.CharField(
        label="How is it known?",
        required=False,
        max_length=200,
        help_text="A fact needs this: seen on a visit, a report, a letter.",
    )
    seen_by = forms.ChoiceField(
        label="Who may see it?", choices=SEEN_CHOICES, widget=forms.RadioSelect, initial="authorities"
    )
    choice_hints: Mapping[str, Mapping[str, str]] = {"seen_by": SEEN_HINTS}  # read by the form renderer

    @property
    def entry(self) -> EntryGiven:
        """The line as the action takes it."""
        typed = self.cleaned_data
        return EntryGiven(typed["kind"], typed["words"], typed["how_known"], typed["seen_by"])


class RaiseForm(EntryForm):
    """A new concern with its first line."""

    title = forms.CharField(label="The concern in a line", max_length=150, help_text="Name no child.")
    about = forms.ChoiceField(
        label="What is it about?", choices=tuple(ABOUT.items()), widget=forms.RadioSelect
    )
    grade = forms.TypedChoiceField(label="Grade", choices=GRADE_CHOICES, coerce=int, widget=forms.RadioSelect)
    covers_provider = forms.BooleanField(
        label="It is about everything that this provider runs",
        required=False,
        help_text="From grade 3 on all its homes are held.",
    )
    choice_hints = {  # read by the form renderer
        "seen_by": SEEN_HINTS, "grade": {str(grade): words for grade, words in GRADE_HINTS.items()},
    }  # fmt: skip
    field_order = ("title", "about", "kind", "words", "how_known", "seen_by", "grade", "covers_provider")


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="Why", **WORDS)


class GradeForm(ReasonForm):
    """A higher grade."""

    grade = forms.TypedChoiceField(
        label="New grade", choices=GRADE_CHOICES, coerce=int, widget=forms.RadioSelect
    )
    field_order = ("grade", "reason")


class TellForm(forms.Form):
    """What the provider is told."""

    words = forms.CharField(
        label="What the provider is told", help_text="It may reply, and reads no other line unless that is marked for it.",
        **WORDS,
    )  # fmt: skip


def concern_list(request: HttpRequest) -> HttpResponse:
    """Concerns of the own authority and of those that share theirs with it."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Concern]:
        wanted = {
            "words": filters.get("q") or "",
            "state": filters.get("state") or "",
            "grade": filters.get("grade") or "",
        }
        return queries.concerns_found(actor, **wanted, order=sort)

    columns = (
        Column("Concern", "reference", "reference", link=lambda row: reverse("concern", args=[row.pk])),
        Column("Home", lambda row: str(row.setting or f"All homes of {row.provider}"), sort="home"),
        Column("In a line", "title"),
        Column("Grade", lambda row: grade_look(row), "status", sort="grade"),
        Column("Raised by", lambda row: str(row.authority)),
        Column("Raised", "raised_at", "date", sort="raised"),
        Column("State", lambda row: (row.state, CONCERN.states[row.state]), "status", sort="state"),
    )
    lead = "What authorities have raised about homes, as far as it is shared with you. From grade 3 on placements are stopped."
    empty = "No concern. Raise one from the page of a home."
    listing = Listing(
        "Concerns",
        "concern",
        columns,
        rows,
        ConcernFilter,
        sort="-grade",
        empty=empty,
        context={"lead": lead},
    )
    return list_page(request, "commissioning/concerns.html", listing)


def grade_look(row: Concern) -> tuple[str, str]:
    """The grade as a tag: grave ones stand out while the concern stands."""
    looks = {1: "draft", 2: "late", 3: "suspended", 4: "suspended"}
    return ("draft" if row.state == "lifted" else looks[row.grade], f"{row.grade}. {GRADES[row.grade]}")


def concern(request: HttpRequest, key: int, form: EntryForm | None = None, code: int = 200) -> HttpResponse:
    """One concern: what stands, its timeline as the actor may read it, and what may be done."""
    actor = actor_of(request)
    page: ConcernPage = found(queries.concern_page(actor, key))
    row = page.row
    open_verbs = {step.verb for step in CONCERN.open_to(state=row.state, role=actor.role)}
    verbs = open_verbs if page.is_own else open_verbs & {"add_to_concern"}
    if row.proposed_by_id == actor.user_id:
        verbs -= {"lift_concern"}
    known = {
        "row": row,
        "grade": grade_look(row),
        "state": (row.state, CONCERN.states[row.state]),
        "facts": fact_rows(page),
        "lines": [_happening(line, page.is_own) for line in page.lines],
        "deeds": [(verb, label) for verb, label in DEEDS.items() if verb in verbs],
        "may_add": "add_to_concern" in verbs,
        "waits_for_other": row.state == "lifting" and row.proposed_by_id == actor.user_id,
        "form": form or EntryForm(),
        "agreed": agreed_about(actor, key),
    }
    return render(request, "commissioning/concern.html", known, status=code)


def fact_rows(page: ConcernPage) -> list[SummaryRow]:
    """A concern at a glance."""
    row = page.row
    told = f"told {moment(row.provider_told_at)}" if row.provider_told_at else "not told yet"
    rows = [
        SummaryRow("About", ABOUT[row.about]),
        SummaryRow("Home", str(row.setting or "All homes of the provider")),
        SummaryRow("Provider", row.provider.name, note=told),
        SummaryRow("Raised by", str(row.raised_by), note=f"{row.authority}, {day(row.raised_at)}"),
        SummaryRow("Host authority", host_words(page), note="" if row.host else "Not in Rightplace: tell it yourselves."),
    ]  # fmt: skip
    if row.proposed_by:
        rows.append(SummaryRow("Lifting proposed by", str(row.proposed_by)))
    if row.lifted_by:
        rows.append(
            SummaryRow("Lifted by", str(row.lifted_by), note=day(row.lifted_at) if row.lifted_at else "")
        )
    return rows


def host_words(page: ConcernPage) -> str:
    """The authority in whose area the home lies."""
    row = page.row
    return str(row.host) if row.host else (row.setting.local_authority if row.setting else "") or "not known"


def _happening(line: queries.Line, is_own: bool) -> Happening:
    how = f"Known by: {line.how_known}" if line.how_known else ""
    seen = f"Seen by: {SEEN_BY[line.seen_by].lower()}" if is_own else ""
    detail = ". ".join(part for part in (how, seen) if part)
    return Happening(
        f"{line.kind_words}: {line.words}",
        line.at,
        line.by,
        detail,
        "problem" if line.kind == "allegation" else "done",
    )


def raise_concern(request: HttpRequest, key: int) -> HttpResponse:
    """Raise a concern about a home."""
    home = found(market.home_file(key, timezone.localdate())).row
    form, code = RaiseForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            typed = form.cleaned_data
            given = {name: typed[name] for name in ("title", "about", "grade", "covers_provider")}
            outcome = actions.raise_concern(
                by=actor_of(request), now=timezone.now(), setting_id=key, first=form.entry, **given
            )
            if outcome.is_done:
                said = "The concern is raised. Whoever has children there is told at once, as far as you share with them."
                return answer(request, outcome, then=reverse("concern", args=[outcome.done().pk]), said=said)
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    known = {"form": form, "home": home, "back": reverse("home_quality", args=[key])}
    return render(request, "commissioning/concern_raise.html", known, status=code)


def add(request: HttpRequest, key: int) -> HttpResponse:
    """Add a line to the timeline."""
    form = EntryForm(request.POST)
    if not form.is_valid():
        return concern(request, key, form=form, code=422)
    version = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else 0
    outcome = actions.add_to_concern(
        by=actor_of(request), now=timezone.now(), concern_id=key, version=version, entry=form.entry
    )
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return concern(request, key, form=form, code=422)
    return answer(request, outcome, then=reverse("concern", args=[key]), said="Added to the timeline.")


DEEDS = {
    "raise_grade": "Raise the grade",
    "tell_provider_of_concern": "Tell the provider",
    "propose_lifting": "Propose to lift it",
    "lift_concern": "Lift it",
    "keep_concern": "Keep it",
}
_ACTS: dict[str, tuple[type[forms.Form], Callable[..., Any], str, str]] = {
    "raise_grade": (GradeForm, actions.raise_grade, "From grade 3 on placements stop at once.", "The grade is raised."),
    "tell_provider_of_concern": (TellForm, actions.tell_provider_of_concern, "It has a right of reply.", "The provider is told."),
    "propose_lifting": (ReasonForm, actions.propose_lifting, "The hold stays until another lifts it.", "Lifting is proposed."),
    "lift_concern": (ReasonForm, actions.lift_concern, "Its holds end today.", "The concern is lifted."),
    "keep_concern": (ReasonForm, actions.keep_concern, "Its holds stay.", "The concern stays."),
}  # fmt: skip


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """One of the further verbs, on a page of its own."""
    form_class, act, lead, said = found(_ACTS.get(verb))
    page: ConcernPage = found(queries.concern_page(actor_of(request), key))
    row = page.row if page.is_own else found(None)
    back = reverse("concern", args=[key])
    words = Verb(DEEDS[verb], f"{row.reference}: {row.title}. {lead}", said, back, row.reference, row.version)
    return verb_page(request, form_class, act, {"concern_id": key}, words)


def may_raise(actor: Actor) -> bool:
    """Whether this person may raise a concern."""
    return actor.role in RAISERS


def lifting_waits(actor: Actor) -> list[Concern]:
    """Concerns whose lifting waits for a second person, who may be this one."""
    if actor.role not in (COMMISSIONER, DIRECTOR):
        return []
    rows = queries.concerns(actor).filter(authority_id=actor.authority_id, state="lifting")
    return list(rows.exclude(proposed_by_id=actor.user_id)[:20])


def concerns_waiting(actor: Actor) -> list[Waiting]:
    """The same as work that waits on a desk."""
    return [
        Waiting(
            f"{one.reference}: lifting proposed",
            reverse("concern", args=[one.pk]),
            one.title,
            None,
            "asked",
            "Decide",
        )
        for one in lifting_waits(actor)
    ]
