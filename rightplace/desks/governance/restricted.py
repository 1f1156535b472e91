"""Restricted cases: the list, restricting a case, one restricted case with its people, and its review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, moment
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.queries import history
from rightplace.foundation.safeguards import queries, restricting
from rightplace.foundation.safeguards.models import NamedPerson, Restriction

LEAD = (
    "Only the people named for it can open such a case. For everyone else of the authority it does not appear in lists, "
    "searches, pages, exports, panels or contracts. Totals of money and places still count it, without a name."
)
COLUMNS = (
    Column(
        "Child",
        "child_number",
        "reference",
        "child",
        link=lambda row: reverse("governance:restriction", args=[row.pk]),
    ),
    Column("Why", "reason"),
    Column("People named", "named", "number", "named"),
    Column("Since", lambda row: row.period.lower, "moment"),
    Column("Restricted by", "by"),
    Column("Review by", "review_on", "date", "review"),
)


class RestrictForm(forms.Form):
    """Restrict a case to named people."""

    child_number = forms.CharField(label="Child’s number", max_length=20)
    reason = forms.CharField(
        label="Why only named people may open this case",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For instance: the child is a relative of a member of staff. Whoever reviews the restriction reads this.",
    )
    people = forms.MultipleChoiceField(
        label="Who may open it",
        widget=forms.CheckboxSelectMultiple,
        help_text="Name everybody who works with the child.",
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people_choices(actor)  # type: ignore[attr-defined]  # a choice field


class NameForm(forms.Form):
    """Name a further person."""

    user_id = forms.ChoiceField(label="Person")
    why = forms.CharField(label="Why this person", max_length=300)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = [("", "Choose a person"), *people_choices(actor)]  # type: ignore[attr-defined]  # a choice field


def people_choices(actor: Actor) -> list[tuple[str, str]]:
    """Who may be named, with their roles; a person with two roles stands once."""
    held: dict[int, tuple[str, list[str]]] = {}
    for one in queries.may_be_named(actor, on=timezone.localdate()):
        held.setdefault(one.user_id, (str(one.user), []))[1].append(ROLES[one.role].words.lower())
    return [(str(key), f"{name}, {' and '.join(roles)}") for key, (name, roles) in held.items()]


def restriction_list(request: HttpRequest) -> HttpResponse:
    """Every restricted case of the authority."""
    today = timezone.localdate()
    states = {
        "due": ("Review due", Q(review_on__lte=today)),
        "later": ("Review later", Q(review_on__gt=today)),
    }
    found_rows = Rows(
        queries.restrictions(actor_of(request), now=timezone.now()), ("child_number", "reason", "by__last_name"),
        "Number, reason or person", states, {"child": "child_number", "review": "review_on", "named": "named"},
    )  # fmt: skip
    # Why a case is closed to colleagues is not handed out as a file.
    return show_list(
        request, "governance/restrictions.html", found_rows, COLUMNS, caption="Restricted cases", noun="case",
        empty="No case of your authority is restricted.", is_file=False, lead=LEAD,
    )  # fmt: skip


def restrict(request: HttpRequest) -> HttpResponse:
    """Restrict a case."""
    actor = actor_of(request)
    form, code = RestrictForm(actor, request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            given = {**form.cleaned_data, "people": [int(one) for one in form.cleaned_data["people"]]}
            outcome = restricting.restrict_case(by=actor, now=timezone.now(), **given)
            if outcome.is_done:
                return see_other(reverse("governance:restriction", args=[outcome.done().pk]))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    known = {
        "title": "Restrict a case", "lead": LEAD, "form": form, "button": "Restrict the case",
        "back": ("Restricted cases", reverse("governance:restrictions")),
    }  # fmt: skip
    return render(request, "governance/form.html", known, status=code)


def restriction(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """One restricted case: why, who may open it, what happened."""
    return _shown(request, restriction_id, NameForm(actor_of(request)), 200)


def name_person(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """Name a further person."""
    actor, form, code = actor_of(request), NameForm(actor_of(request), request.POST), 422
    if form.is_valid():
        outcome = restricting.name_person(
            by=actor, now=timezone.now(), restriction_id=restriction_id, version=version_of(request),
            user_id=int(form.cleaned_data["user_id"]), why=form.cleaned_data["why"],
        )  # fmt: skip
        if outcome.is_done:
            return answer(request, outcome, then=_url(restriction_id), said="Named.")
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return _shown(request, restriction_id, form, code)


def take_off(request: HttpRequest, restriction_id: int, user_id: int) -> HttpResponse:
    """Take a person off the case."""
    outcome = restricting.take_person_off(
        by=actor_of(request), now=timezone.now(), restriction_id=restriction_id, version=version_of(request), user_id=user_id
    )  # fmt: skip
    return answer(request, outcome, then=_url(restriction_id), said="Taken off.")


def keep(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """Reviewed: it goes on."""
    outcome = restricting.keep_restriction(
        by=actor_of(request), now=timezone.now(), restriction_id=restriction_id, version=version_of(request)
    )
    return answer(request, outcome, then=_url(restriction_id), said="Reviewed. The case stays restricted.")


def lift(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """It ends."""
    outcome = restricting.lift_restriction(
        by=actor_of(request), now=timezone.now(), restriction_id=restriction_id, version=version_of(request)
    )
    return answer(request, outcome, then=_url(restriction_id), said="The restriction is lifted.")


def _url(restriction_id: int) -> str:
    return reverse("governance:restriction", args=[restriction_id])


def _shown(request: HttpRequest, restriction_id: int, form: NameForm, code: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = queries.restrictions(actor, with_lifted=True)
    row: Restriction = found(rows.filter(pk=restriction_id).first())
    is_open = row.period.upper is None or row.period.upper > now
    people = list(queries.people_of(row))
    known = {
        "row": row, "form": form, "is_open": is_open,
        "named": [one for one in people if one.ends_at is None], "people": _people_table(people),
        "summary": _summary(row), "history": history(actor, subject="restriction", subject_id=row.pk),
        "is_due": is_open and row.review_on <= timezone.localdate(now),
    }  # fmt: skip
    return render(request, "governance/restriction.html", known, status=code)


def _summary(row: Restriction) -> list[SummaryRow]:
    until = moment(row.period.upper) if row.period.upper else "until it is lifted"
    return [
        SummaryRow("Child", row.child_number, note="by number only: this page opens no file"),
        SummaryRow("Why", row.reason),
        SummaryRow("Restricted", moment(row.period.lower), note=until),
        SummaryRow("By", str(row.by)),
        SummaryRow("Review by", day(row.review_on)),
    ]


def _people_table(people: list[NamedPerson]) -> Table:
    columns = (
        Column("Name", "user"),
        Column("Why", lambda one: one.why or "named at the start"),
        Column("Since", "starts_at", "moment"),
        Column("Until", "ends_at", "moment"),
    )
    return Table(columns, people, "Who may open it")
