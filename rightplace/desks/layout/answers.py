"""Answering a form: on to the next page when it was done, else the problems, with the status that tells why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from rightplace.core.problems import Problem
from rightplace.desks.layout.errors import error_page
from rightplace.foundation.actions import MISSING, STALE, Outcome


def version_of(request: HttpRequest) -> int:
    """The version of the row that the form was made from; 0 (always stale) when the form says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def answer(request: HttpRequest, outcome: Outcome[Any], *, then: str, said: str) -> HttpResponse:
    """After a button: on to `then` with what was done, or a page that says why not (409 when somebody was quicker)."""
    if outcome.is_done:
        messages.success(request, said)
        return see_other(then)
    return refused(request, outcome.problems, back=then)


def refused(request: HttpRequest, problems: tuple[Problem, ...], *, back: str) -> HttpResponse:
    """A page of its own with every reason why not, and the way back; what is not there or not yours is 404."""
    if status_of(problems) == 404:
        return error_page(request, 404)
    return error_page(request, status_of(problems), problems=problems, back=back)


def status_of(problems: tuple[Problem, ...]) -> int:
    """404 for what is not there or not yours, 409 when somebody else was quicker, 422 for what can be mended."""
    if any(p.code == MISSING for p in problems):
        return 404
    return 409 if any(p.code in {STALE, "wrong_state", "taken"} for p in problems) else 422


def see_other(url: str) -> HttpResponseRedirect:
    """A redirect after a POST that makes the browser GET."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


MOST_PROBLEMS = 20


def first_problems(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The first of many problems of a file, and how many more there are."""
    left = len(problems) - MOST_PROBLEMS
    if left <= 0:
        return problems
    return (
        *problems[:MOST_PROBLEMS],
        Problem("more", f"And {left:,} more. Mend the file, or leave these rows out."),
    )


def add_problems(form: forms.BaseForm, problems: tuple[Problem, ...]) -> None:
    """Put each problem at its field of the form, or above the form."""
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
