"""Who works with a child and who reviews the case: giving the case to a social worker, naming the reviewing officer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.roles import REVIEWING_OFFICER, SOCIAL_WORKER
from rightplace.foundation.actions import Outcome
from rightplace.journey.requests import case_people
from rightplace.journey.requests.child_files import ChildFile, open_child

OFFICER_LEAD = (
    "A reviewing officer is independent: not the child’s social worker, nor who manages the case or what is spent on it "
    "(Care Planning Regulations 2010, regulation 46)."
)


class PersonForm(forms.Form):
    """One of the authority's people in a role."""

    hide_optional = True

    user_id = forms.TypedChoiceField(label="Who", coerce=int, empty_value=None, required=False)

    def __init__(self, role: str, request: HttpRequest, label: str, now_held: int | None) -> None:
        super().__init__(request.POST or None, initial={"user_id": now_held})
        people = case_people.holders(actor_of(request), role, timezone.localdate())
        field: Any = self.fields["user_id"]
        field.label = label
        field.choices = [("", "Choose"), *((key, str(row.user)) for key, row in people.items())]


def give_case(request: HttpRequest, child_id: int) -> HttpResponse:
    """Give the case to a social worker."""
    file = _file(request, child_id)
    form = PersonForm(SOCIAL_WORKER, request, "Social worker", file.child.social_worker_id)
    words = {
        "title": "Give the case to a social worker",
        "lead": "The child then belongs to the worker’s team.",
        "button": "Give the case",
    }
    return _page(request, file, form, case_people.give_case, "The case is given.", words)


def name_officer(request: HttpRequest, child_id: int) -> HttpResponse:
    """Name the reviewing officer."""
    file = _file(request, child_id)
    form = PersonForm(REVIEWING_OFFICER, request, "Reviewing officer from today", None)
    words = {"title": "Name the reviewing officer", "lead": OFFICER_LEAD, "button": "Name the officer"}
    return _page(
        request, file, form, case_people.name_reviewing_officer, "The reviewing officer is named.", words
    )


def _page(
    request: HttpRequest, file: ChildFile, form: forms.Form, verb: Callable[..., Outcome[Any]], said: str, words: dict[str, str]
) -> HttpResponse:  # fmt: skip
    code, back = 200, reverse("social_work:child", args=[file.child.pk])
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = verb(
                by=actor_of(request), now=timezone.now(), child_id=file.child.pk, version=version_of(request),
                user_id=form.cleaned_data["user_id"],
            )  # fmt: skip
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                return answer(request, outcome, then=back, said=said)
            add_problems(form, outcome.problems)
    known = {
        "form": form,
        "back": (str(file.child), back),
        "version": file.child.version,
        "caption": file.child,
    }
    return render(request, "social_work/keep.html", {**known, **words}, status=code)


def _file(request: HttpRequest, child_id: int) -> ChildFile:
    file: ChildFile = found(open_child(actor_of(request), child_id, timezone.now()))
    return file
