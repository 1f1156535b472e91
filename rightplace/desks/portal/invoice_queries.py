"""Queries in the portal: what the authorities ask about invoices, with the thread, and answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.invoice_parts import query_state, query_summary
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.portal import invoice_forms as forms_
from rightplace.foundation.files.serving import as_download
from rightplace.journey.invoices import asking, sides, threads
from rightplace.journey.invoices.models import Query
from rightplace.journey.invoices.states import QUERY

COLUMNS = (
    Column(
        "Query", "reference", "reference", "number", link=lambda row: reverse("portal_query", args=[row.id])
    ),
    Column("About", "subject"),
    Column("From", "authority"),
    Column("State", lambda row: query_state(row), "status", "state"),
    Column("Asked", lambda row: timezone.localdate(row.opened_at), "date", "opened"),
    Column("Answer by", "answer_due_on", "date", "due"),
    Column("Held back", "held_pence", "money", "held"),
)


def query_list(request: HttpRequest) -> HttpResponse:
    """Every query to this provider."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Query]:
        return threads.query_list(
            actor, words=filters.get("words") or "", state=filters.get("state") or "", sort=sort
        )

    listing = Listing(
        "Queries", "query|queries", COLUMNS, rows, forms_.QueryFilters, sort="due", as_row=threads.query_row,
        empty="No queries. When an authority disputes a line of an invoice, its question stands here.",
        context={"lead": "What authorities ask about your invoices. What is not disputed is paid meanwhile."},
    )  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def query(request: HttpRequest, key: int) -> HttpResponse:
    """One query with its thread."""
    return _shown(request, key, forms_.AnswerForm(), 200)


def answer_query(request: HttpRequest, key: int) -> HttpResponse:
    """Answer it, perhaps with a document."""
    form = forms_.AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, key, form, 422)
    file = form.cleaned_data["file"]
    outcome = asking.answer_query(
        by=actor_of(request), now=timezone.now(), query_id=key, version=version_of(request), words=form.cleaned_data["words"],
        document=(file.name or "", file.read()) if file else None,
    )  # fmt: skip
    if outcome.is_done:
        messages.success(request, "Your answer is sent.")
        return see_other(reverse("portal_query", args=[key]))
    add_problems(form, outcome.problems)
    return _shown(request, key, form, status_of(outcome.problems))


def message_file(request: HttpRequest, key: int, file: int) -> HttpResponse:
    """A document of the thread."""
    return as_download(found(threads.message_file(actor_of(request), key, file)))


def _shown(request: HttpRequest, key: int, form: forms_.AnswerForm, status: int) -> HttpResponse:
    actor = actor_of(request)
    row: threads.QueryRow = found(threads.query(actor, key))
    verbs = {step.verb for step in QUERY.open_to(state=row.state, role=actor.role)}
    known = {
        "query": row, "state": query_state(row), "summary": query_summary(row), "thread": threads.thread(actor, key),
        "lines": [sides.line_shown(line, actor) for line in threads.lines_asked_about(actor, key)],
        "form": form, "may_answer": "answer_query" in verbs,
    }  # fmt: skip
    return render(request, "portal/invoice_query.html", known, status=status)
