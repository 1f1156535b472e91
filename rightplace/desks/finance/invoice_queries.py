"""Queries to providers at the finance desk, what was not invoiced, credit notes that are waited for, and the tolerance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.invoice_parts import month_from, months_before, query_state, query_summary
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, pounds
from rightplace.desks.finance import invoice_forms as forms_
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import ROWS_A_PAGE, Listing, download, list_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.foundation.files.serving import as_download
from rightplace.journey.contracts.queries import providers_in_use
from rightplace.journey.invoices import asking, keeping, missed, queries, resolving, sides, threads
from rightplace.journey.invoices.models import Query
from rightplace.journey.invoices.states import QUERY

DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any], str, str]] = {
    "write_to_provider": (
        forms_.MessageForm, asking.write_to_provider, "Your message is sent.", "The provider’s time to answer begins anew.",
    ),
    "begin_mediation": (
        forms_.MediationForm, asking.begin_mediation, "The mediation is recorded.", "Both sides read this record.",
    ),
    "resolve_query": (
        forms_.ResolveForm, resolving.resolve_query, "The query is resolved.",
        "What is paid of the rest is released at once. Where less is paid than was billed, a credit note is waited for.",
    ),
}  # fmt: skip
QUERY_COLUMNS = (
    Column(
        "Query", "reference", "reference", "number", link=lambda row: reverse("finance_query", args=[row.id])
    ),
    Column("About", "subject"),
    Column("Provider", "payee", sort="payee"),
    Column("State", lambda row: query_state(row), "status", "state"),
    Column("Asked", lambda row: timezone.localdate(row.opened_at), "date", "opened"),
    Column("Answer due", "answer_due_on", "date", "due"),
    Column("Reminders", "reminders", "number"),
    Column("Held back", "held_pence", "money", "held"),
)
MISSED_COLUMNS = (
    Column(
        "Contract",
        "reference",
        "reference",
        link=lambda row: reverse("finance_contract", args=[row.contract_id]),
    ),
    Column("Child", "child"),
    Column("Provider", "payee"),
    Column("From", "starts_on", "date"),
    Column("Last night", "last_night", "date"),
    Column("Nights", "nights", "number"),
    Column("Comes to", "pence", "money"),
)
MOST_ASKED = 50


def query_list(request: HttpRequest) -> HttpResponse:
    """Every query, with how old the open ones are."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Query]:
        provider = filters.get("provider") or ""
        return threads.query_list(
            actor, words=filters.get("words") or "", state=filters.get("state") or "", sort=sort,
            overdue=bool(filters.get("overdue")), provider_id=int(provider) if provider else None,
        )  # fmt: skip

    listing = Listing(
        "Queries to providers", "query|queries", QUERY_COLUMNS, rows, forms_.with_providers(forms_.QueryFilters, actor),
        sort="due", as_row=threads.query_row, context={"ageing": ageing_of(actor)},
        empty="No queries. A query begins when you dispute a line of an invoice.",
    )  # fmt: skip
    return list_page(request, "finance/invoice_queries.html", listing)


def ageing_of(actor: Actor) -> Figure | None:
    """What is held back by open queries, by how long they have been open; None while there are none."""
    held = threads.ageing(actor, timezone.localdate())
    if not any(many for many, _ in held.values()):
        return None
    rows = [Bar(words, pence, note=count(many, "query", "queries")) for words, (many, pence) in held.items()]
    return bars(rows, "Held back by open queries, by how long they have been open", unit="pounds")


def query(request: HttpRequest, key: int) -> HttpResponse:
    """One query with its thread and the lines it is about."""
    actor = actor_of(request)
    row: threads.QueryRow = found(threads.query(actor, key))
    is_closed = threads.is_closed(actor, key)
    verbs = {step.verb for step in QUERY.open_to(state=row.state, role=actor.role)}
    known = {
        "query": row, "state": query_state(row), "summary": query_summary(row), "thread": threads.thread(actor, key),
        "lines": [sides.line_shown(line, actor, is_closed=is_closed) for line in threads.lines_asked_about(actor, key)],
        "deeds": [(verb, QUERY.transition(verb).label) for verb in DEEDS if verb in verbs],
        "may_chase": "chase_query" in verbs and row.is_overdue,
        "is_closed": is_closed,
        "history": history(actor, subject="invoice_query", subject_id=key),
    }  # fmt: skip
    return render(request, "finance/invoice_query.html", known)


def message_file(request: HttpRequest, key: int, file: int) -> HttpResponse:
    """A document that the provider sent with an answer."""
    return as_download(found(threads.message_file(actor_of(request), key, file)))


def chase(request: HttpRequest, key: int) -> HttpResponse:
    """Remind the provider."""
    outcome = asking.chase_query(
        by=actor_of(request), now=timezone.now(), query_id=key, version=version_of(request)
    )
    return answer(
        request, outcome, then=reverse("finance_query", args=[key]), said="The provider is reminded."
    )


def do(request: HttpRequest, key: int, deed: str) -> HttpResponse:
    """The page of a verb that wants words, a day or an outcome."""
    actor = actor_of(request)
    row: threads.QueryRow = found(threads.query(actor, key))
    if deed not in DEEDS:
        raise Http404
    form_class, act, said, lead = DEEDS[deed]
    back = reverse("finance_query", args=[key])
    words = Verb(QUERY.transition(deed).label, lead, said, back, row.reference, row.version)
    return verb_page(request, form_class, act, {"query_id": key}, words)


def missed_list(request: HttpRequest) -> HttpResponse:
    """What was agreed for a month and nobody has invoiced."""
    actor, today = actor_of(request), timezone.localdate()
    month = month_from(request.GET.get("month", ""), today)
    provider = request.GET.get("provider", "")
    rows = missed.missed(actor, month, int(provider) if provider.isdecimal() and len(provider) < 10 else None)
    if (kind := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(kind, f"Not invoiced {month:%Y-%m}", MISSED_COLUMNS, rows)
    form = MissedFilters(request.GET or {"month": f"{month:%Y-%m}"}, actor=actor)
    ask = Column("Asked", lambda row: "yes" if row.is_asked else "")
    address = f"?month={month:%Y-%m}&provider={provider}"
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    table = Table(
        (*MISSED_COLUMNS, ask), page.object_list, f"Not invoiced for {month:%B %Y}",
        totals={"Comes to": sum(row.pence for row in rows)},
        downloads=[("CSV", f"{address}&download=csv"), ("Excel", f"{address}&download=xlsx")] if rows else (),
        empty=f"Everything agreed for {month:%B %Y} has been invoiced.", hide_caption=True,
    )  # fmt: skip
    open_rows = [row for row in rows if row.provider_id and not row.is_asked][:MOST_ASKED]
    known = {
        "form": form, "table": table, "page": page, "month": month, "tiles": missed_tiles(rows), "to_ask": open_rows,
        "unseen": None if provider else missed.missed_unseen(actor, month),
    }  # fmt: skip
    return render(request, "finance/invoices_missed.html", known)


class MissedFilters(forms.Form):
    """Which month, and which provider."""

    month = forms.ChoiceField(label="Nights in")
    provider = forms.ChoiceField(label="Provider", required=False)

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["month"].choices = months_before(timezone.localdate())  # type: ignore[attr-defined]  # a ChoiceField
        found_ = providers_in_use(actor)
        self.fields["provider"].choices = [("", "Any"), *((str(key), name) for key, name in found_)]  # type: ignore[attr-defined]  # a ChoiceField


def missed_tiles(rows: list[missed.Missed]) -> list[Tile]:
    """What is not invoiced in all."""
    total = sum(row.pence for row in rows)
    return [
        Tile(
            "Not invoiced",
            pounds(total, whole=True),
            count(len({row.contract_id for row in rows}), "contract"),
        ),
        Tile("Nights", sum(row.nights for row in rows), "that were agreed and nobody has billed"),
        Tile(
            "Asked already", sum(row.is_asked for row in rows), "queries are open", reverse("invoice_queries")
        ),
    ]


def ask_missed(request: HttpRequest, key: int) -> HttpResponse:
    """Ask a provider why nights were not invoiced."""
    month = month_from(request.POST.get("month", ""), timezone.localdate())
    words = (
        f"Our contract IPC-{key:06d} has nights in {month:%B %Y} for which we have had no invoice. "
        "Please send it, or tell us if nothing is due."
    )
    outcome = asking.ask_about_missed(
        by=actor_of(request), now=timezone.now(), contract_id=key, month=month, words=words
    )
    then = f"{reverse('invoices_missed')}?month={month:%Y-%m}"
    return answer(request, outcome, then=then, said="The provider is asked.")


def credit_list(request: HttpRequest) -> HttpResponse:
    """Credit notes that are waited for."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        return queries.credits_due(actor, words=filters.get("words") or "", sort=sort)

    columns = (
        Column(
            "Invoice", "invoice.number", "reference", "invoice",
            link=lambda row: reverse("finance_invoice", args=[row.invoice_id]),
        ),
        Column("Line", "number", "number"),
        Column("Provider", lambda row: row.provider.name if row.provider else "", sort="payee"),
        Column("Contract", queries.reference_of, "reference"),
        Column("Decided", lambda row: timezone.localdate(row.decided_at) if row.decided_at else None, "date", "decided"),
        Column("Why", "decision_words"),
        Column("To be credited", "credit_due_pence", "money", "due"),
    )  # fmt: skip
    listing = Listing(
        "Credit notes expected", "line", columns, rows, forms_.CreditFilters, sort="decided",
        empty="No credit note is waited for.", context={"to_chase": queries.credits_due(actor)[:MOST_ASKED]},
    )  # fmt: skip
    return list_page(request, "finance/credit_notes.html", listing)


def chase_credit(request: HttpRequest, key: int) -> HttpResponse:
    """Remind a provider of a credit note."""
    outcome = asking.chase_credit(by=actor_of(request), now=timezone.now(), line_id=key)
    return answer(request, outcome, then=reverse("credit_notes"), said="The provider is reminded.")


def tolerance(request: HttpRequest) -> HttpResponse:
    """What is let pass, by date; and a new one from a day on."""
    actor = actor_of(request)
    form, status = (
        forms_.ToleranceForm(request.POST or None, initial={"starts_on": timezone.localdate()}),
        200,
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = keeping.set_tolerance(by=actor, now=timezone.now(), **form.cleaned_data)
            if outcome.is_done:
                return answer(request, outcome, then=reverse("tolerance"), said="The tolerance is kept.")
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    rows, usual = queries.tolerances(actor)
    columns = (
        Column("From", "starts_on", "date"),
        Column("For each line", "pence", "money"),
        Column("And of what is expected", lambda row: f"{row.basis_points / 100:g}%"),
        Column("Kept by", lambda row: row.made_by.get_full_name()),
    )
    empty = f"None kept: the house’s rule of {pounds(usual.pence)} a line holds."
    table = Table(columns, rows, "What is let pass", empty=empty)
    return render(request, "finance/tolerance.html", {"form": form, "table": table}, status=status)
