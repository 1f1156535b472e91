"""The step-by-step form: each step saves by itself; one may leave and return; the last shows every answer and sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.parts import Change, NavItem
from rightplace.desks.components.rows import any_rows_pressed
from rightplace.desks.layout.answers import add_problems, refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import found
from rightplace.desks.social_work.step_table import (
    BY_SLUG,
    STEPS,
    RowsStep,
    Shown,
    StepOfRequest,
    Who,
    next_step,
    step_of,
    steps_shown,
)
from rightplace.desks.social_work.summary import asked_words, parts_of
from rightplace.foundation.actions import STALE, Outcome
from rightplace.foundation.audit.queries import history
from rightplace.journey.requests import actions, queries
from rightplace.journey.requests.queries import RequestFile
from rightplace.journey.requests.states import REQUEST


def step(request: HttpRequest, request_id: int, slug: str) -> HttpResponse:
    """One step: shown with what is held, saved when sent."""
    this = found(BY_SLUG.get(slug))
    file = _file(request, request_id)
    if not _may_fill_in(request, file):
        return see_other(reverse("social_work:request", args=[request_id]))
    child = _number(request.GET.get("child"))
    if request.method != "POST":
        return _page(request, file, this, this.work.shown(file, None, child))
    if isinstance(this.work, RowsStep) and any_rows_pressed(request.POST):
        return _page(request, file, this, this.work.pressed(file, request.POST))
    shown = this.work.shown(file, request.POST, child)
    if not shown.is_valid():
        return _page(request, file, this, shown, status=422)
    who = Who(request.actor, timezone.now(), version_of(request))  # type: ignore[attr-defined]  # set by the middleware
    outcome = this.work.save(file, shown, who)
    if outcome.is_done:
        return see_other(_onward(request, file, this, shown))
    return _refused(request, request_id, this, shown, outcome)


def _refused(
    request: HttpRequest, request_id: int, this: StepOfRequest, shown: Shown, outcome: Outcome[Any]
) -> HttpResponse:
    """The same page with what was typed: beside what is held now when somebody else was quicker, else with the reasons."""
    fresh = _file(request, request_id)
    is_stale = any(problem.code == STALE for problem in outcome.problems)
    if is_stale:
        more = {"conflict": _conflict(request, fresh, this, shown)}
        return _page(request, fresh, this, shown, status=409, **more)
    if shown.form is not None:
        add_problems(shown.form, outcome.problems)
        return _page(request, fresh, this, shown, status=status_of(outcome.problems))
    return _page(request, fresh, this, shown, status=status_of(outcome.problems), problems=outcome.problems)


def _conflict(request: HttpRequest, fresh: RequestFile, this: StepOfRequest, shown: Shown) -> dict[str, Any]:
    """Who saved last and when, and which entries of this step differ from what is held now."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    last = history(actor, subject="request", subject_id=fresh.row.pk).last()
    held = this.work.shown(fresh, None, shown.asked.pk if shown.asked else 0)
    changes = _changes(shown, held)
    by, at = (last.actor_name, last.at) if last else ("Somebody", timezone.now())
    return {"changes": changes, "by": by, "at": at}


def _changes(typed: Shown, held: Shown) -> list[Change]:
    changes = []
    if typed.form is not None and held.form is not None:
        for name, field in typed.form.fields.items():
            yours, theirs = typed.form.cleaned_data.get(name), held.form.initial.get(name)
            if (yours or None) != (theirs or None):
                changes.append(Change(str(field.label), _said(field, yours), _said(field, theirs)))
    for (legend, mine), (_, theirs_rows) in zip(typed.rows, held.rows, strict=True):
        yours_rows = [_row_words(row) for row in mine.filled]
        held_rows = [_row_words(row) for row in theirs_rows.initial or []]
        if yours_rows != held_rows:
            changes.append(Change(legend, "; ".join(yours_rows), "; ".join(held_rows)))
    return changes


def _row_words(row: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in row.values() if value)


def _said(field: Any, value: Any) -> str:
    if value in (None, "", []):
        return ""
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (list, tuple)):
        return ", ".join(choices.get(str(one), str(one)) for one in value)
    return choices.get(str(value), str(value))


def _onward(request: HttpRequest, file: RequestFile, this: StepOfRequest, shown: Shown) -> str:
    """Where to go after a save: back to the request, to the next child's needs, or to the next step."""
    if request.POST.get("then") == "leave":
        messages.success(request, f"{file.row.reference} is saved. Come back to it when you like.")
        return reverse("social_work:request", args=[file.row.pk])
    if shown.asked is not None and (after := _next_child(file, shown.asked.pk)):
        return f"{reverse('social_work:step', args=[file.row.pk, this.slug])}?child={after}"
    onward = next_step(this)
    if onward is None or request.GET.get("then") == "check":
        return reverse("social_work:check", args=[file.row.pk])
    return reverse("social_work:step", args=[file.row.pk, onward.slug])


def _next_child(file: RequestFile, asked_id: int) -> int | None:
    ids = [one.pk for one in file.read.asked]
    place = ids.index(asked_id) + 1
    return ids[place] if place < len(ids) else None


def check(request: HttpRequest, request_id: int) -> HttpResponse:
    """The last step: every answer, the score of the quality check already, and the button that sends."""
    file = _file(request, request_id)
    if not _may_fill_in(request, file):
        return see_other(reverse("social_work:request", args=[request_id]))
    if request.method == "POST":
        return _send(request, file)
    return _check_page(request, file)


def _send(request: HttpRequest, file: RequestFile) -> HttpResponse:
    outcome = actions.submit_request(
        by=request.actor, now=timezone.now(), request_id=file.row.pk, version=version_of(request)  # type: ignore[attr-defined]  # set by the middleware
    )  # fmt: skip
    page = reverse("social_work:request", args=[file.row.pk])
    if outcome.is_done:
        messages.success(request, f"{file.row.reference} is with the brokers. They have been told.")
        return see_other(page)
    if status_of(outcome.problems) == 409:
        return refused(request, outcome.problems, back=page)
    return _check_page(request, file, problems=outcome.problems)


def _check_page(request: HttpRequest, file: RequestFile, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    def change(slug: str) -> str:
        return f"{reverse('social_work:step', args=[file.row.pk, slug])}?then=check"

    findings = [(found_, step_of(found_.field)) for found_ in file.quality.findings]
    context = {
        "file": file,
        "steps": steps_shown(file, "check", _urls(file)),
        "parts": parts_of(file, change),
        "findings": [(f, change(s.slug) if s else "") for f, s in findings],
        # Their fields stand on the steps: the list of what is to be mended leads there.
        "problems": [replace(one, field="") for one in problems],
    }
    return render(request, "social_work/check.html", context, status=422 if problems else 200)


def _page(
    request: HttpRequest, file: RequestFile, this: StepOfRequest, shown: Shown, status: int = 200, **more: Any
) -> HttpResponse:
    fields = {this.slug, *this.fields}
    context = {
        "file": file,
        "this": this,
        "shown": shown,
        "steps": steps_shown(file, this.slug, _urls(file)),
        "comments": [c for c in file.comments if c.settled_at is None and c.field.split(".")[0] in fields],
        "asked_words": asked_words(shown.asked) if shown.asked else "",
        "children_nav": _children_nav(file, this, shown),
        **more,
    }
    return render(request, this.template, context, status=status)


def _children_nav(file: RequestFile, this: StepOfRequest, shown: Shown) -> list[NavItem]:
    if shown.asked is None or len(file.read.asked) < 2:
        return []
    url = reverse("social_work:step", args=[file.row.pk, this.slug])
    return [NavItem(str(one.child), f"{url}?child={one.pk}", one == shown.asked) for one in file.read.asked]


def _urls(file: RequestFile) -> list[str]:
    urls = [reverse("social_work:step", args=[file.row.pk, one.slug]) for one in STEPS]
    return [*urls, reverse("social_work:check", args=[file.row.pk])]


def _file(request: HttpRequest, request_id: int) -> RequestFile:
    file: RequestFile = found(queries.request_file(request.actor, request_id, timezone.now()))  # type: ignore[attr-defined]  # set by the middleware
    return file


def _may_fill_in(request: HttpRequest, file: RequestFile) -> bool:
    role = request.actor.role  # type: ignore[attr-defined]  # set by the middleware
    return not REQUEST.problems("save_request", state=file.row.state, role=role) or request.method == "POST"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 15 else 0
