"""The buttons of a search: each one deed of `search.actions`, then back to the page it was pressed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.brokerage import search_parts as show
from rightplace.desks.brokerage.search_forms import AnswerForm, MomentForm, ReasonForm
from rightplace.desks.components.words import count
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.actions import Outcome
from rightplace.journey.search import actions, queries


def _seen(request: HttpRequest, search_id: int) -> dict[str, Any]:
    return {
        "by": actor_of(request),
        "now": timezone.now(),
        "search_id": search_id,
        "version": version_of(request),
    }


def _page(name: str, search_id: int) -> str:
    return reverse(f"brokerage:{name}", args=[search_id])


def open_market(request: HttpRequest, search_id: int) -> HttpResponse:
    """Ask all eligible providers now."""
    outcome = actions.open_market(**_seen(request, search_id))
    return answer(
        request, outcome, then=_page("search", search_id), said="All eligible providers have been asked."
    )


def widen(request: HttpRequest, search_id: int, candidate_id: int) -> HttpResponse:
    """Ask one home all the same."""
    reason = request.POST.get("reason", "")
    outcome = actions.widen_search(**_seen(request, search_id), candidate_id=candidate_id, reason=reason)
    then = reverse("brokerage:search_option", args=[search_id, candidate_id])
    return answer(request, outcome, then=then, said="The search was widened to this home.")


def widen_rule(request: HttpRequest, search_id: int) -> HttpResponse:
    """Ask every home that one rule alone left out."""
    code, reason = request.POST.get("code", ""), request.POST.get("reason", "")
    outcome = actions.widen_rule(**_seen(request, search_id), code=code, reason=reason)
    return answer(
        request,
        outcome,
        then=_page("search_left_out", search_id),
        said="The rule was set aside for this search.",
    )


def remind(request: HttpRequest, search_id: int) -> HttpResponse:
    """Remind everyone who has not answered."""
    outcome = actions.remind_invited(**_seen(request, search_id))
    return answer(
        request,
        outcome,
        then=_page("search_asked", search_id),
        said=f"{count(outcome.value or 0, 'reminder')} sent.",
    )


def close(request: HttpRequest, search_id: int) -> HttpResponse:
    """Close the search now."""
    outcome = actions.close_search(**_seen(request, search_id))
    return answer(
        request,
        outcome,
        then=_page("search", search_id),
        said="The search is closed. Offers can be compared.",
    )


def change_closing(request: HttpRequest, search_id: int) -> HttpResponse:
    """Change the closing time for everyone."""
    return _closing_form(
        request, search_id, actions.change_closing, "Change the closing time", "The closing time was changed."
    )


def reopen(request: HttpRequest, search_id: int) -> HttpResponse:
    """Search again until a new closing time."""
    return _closing_form(
        request, search_id, actions.reopen_search, "Search again", "The search is open again."
    )


def _closing_form(
    request: HttpRequest, search_id: int, verb: Callable[..., Outcome[Any]], title: str, said: str
) -> HttpResponse:
    file = found(queries.search_page(actor_of(request), search_id))
    closes = timezone.localtime(file.row.closes_at)
    form = MomentForm(
        request.POST or None, initial={"closes_on": closes.date(), "closes_time": f"{closes:%H:%M}"}
    )
    if form.is_bound and form.is_valid():
        return _taken(
            request, form, verb(**_seen(request, search_id), closes_at=form.closes_at), file, title, said
        )
    return _form_page(request, form, file, title, 422 if form.is_bound else 200)


def stop(request: HttpRequest, search_id: int) -> HttpResponse:
    """Stop the search, with the reason."""
    file = found(queries.search_page(actor_of(request), search_id))
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        outcome = actions.stop_search(**_seen(request, search_id), reason=form.cleaned_data["reason"])
        return _taken(
            request,
            form,
            outcome,
            file,
            "Stop the search",
            "The search was stopped. Everyone who was asked is told.",
        )
    return _form_page(request, form, file, "Stop the search", 422 if form.is_bound else 200)


def answer_question(request: HttpRequest, search_id: int, question_id: int) -> HttpResponse:
    """Answer a question for all who were asked."""
    file = found(queries.search_page(actor_of(request), search_id))
    question = found(next((one for one in file.questions if one.pk == question_id), None))
    form = AnswerForm(request.POST or None, initial={"answer": question.answer})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = actions.answer_question(
            by=actor_of(request),
            now=timezone.now(),
            question_id=question_id,
            version=version_of(request),
            answer=form.cleaned_data["answer"],
        )
        if outcome.is_done:
            return answer(
                request,
                outcome,
                then=_page("search_questions", search_id),
                said="The answer is there for all who were asked.",
            )
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    known = {"form": form, "file": file, "search": file.row, "question": question}
    return render(request, "brokerage/search_answer.html", known, status=status)


def _taken(
    request: HttpRequest,
    form: forms.Form,
    outcome: Outcome[Any],
    file: queries.SearchFile,
    title: str,
    said: str,
) -> HttpResponse:
    if outcome.is_done:
        return answer(request, outcome, then=_page("search", file.row.pk), said=said)
    add_problems(form, tuple(_at_field(one) for one in outcome.problems))
    return _form_page(request, form, file, title, status_of(outcome.problems))


def _at_field(problem: Problem) -> Problem:
    return replace(problem, field="closes_on") if problem.field == "closes_at" else problem


def _form_page(
    request: HttpRequest, form: forms.Form, file: queries.SearchFile, title: str, status: int
) -> HttpResponse:
    known = {"form": form, "file": file, "search": file.row, "title": title, "lead": show.lead_of(file)}
    return render(request, "brokerage/search_form.html", known, status=status)
