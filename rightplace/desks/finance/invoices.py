"""Invoices at the finance desk: every invoice, one side by side with what was expected, decided and released."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.invoice_parts import invoice_state, invoice_summary, month_from, tick
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import count, pounds
from rightplace.desks.finance import invoice_forms as forms_
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.foundation.files.serving import as_download
from rightplace.journey.invoices import actions, deciding, proposing, queries, sides, threads
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.invoices.states import INVOICE
from rightplace.journey.invoices.wording import outcome_choices

COLUMNS = (
    Column(
        "Invoice", "number", "reference", "number", link=lambda row: reverse("finance_invoice", args=[row.id])
    ),
    Column("From", "payee", sort="payee"),
    Column("State", lambda row: invoice_state(row), "status", "state"),
    Column("Received", lambda row: timezone.localdate(row.received_at), "date", "received"),
    Column("To be paid by", "due_on", "date", "due"),
    Column("Lines", "lines", "number"),
    Column("To decide", lambda row: row.undecided or None, "number"),
    Column("At stake", lambda row: row.at_stake_pence or None, "money", "at_stake"),
    Column("Total", "gross_pence", "money", "total"),
)
SIDES_A_PAGE = 20
NOTHING = "No invoices yet. Providers send them in their portal; you can also make them from the schedule."


def invoice_list(request: HttpRequest) -> HttpResponse:
    """Every invoice of the authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Invoice]:
        return queries.invoices(actor, filters_from(filters), sort)

    waits = queries.waits_for_finance(actor)
    listing = Listing(
        "Invoices", "invoice", COLUMNS, rows, forms_.with_providers(forms_.InvoiceFilters, actor), sort="-received",
        empty=NOTHING, as_row=queries.invoice_row, context={"tiles": tiles(waits)},
    )  # fmt: skip
    return list_page(request, "finance/invoices.html", listing)


def filters_from(filters: Mapping[str, Any]) -> queries.InvoiceFilters:
    """The filters as the queries take them."""
    provider = filters.get("provider") or ""
    return queries.InvoiceFilters(
        words=filters.get("words") or "", state=filters.get("state") or "", waits=filters.get("waits") or "",
        provider_id=int(provider) if provider else None, outcome=filters.get("outcome") or "", today=timezone.localdate(),
    )  # fmt: skip


def tiles(waits: queries.Waits) -> list[Tile]:
    """What waits, as figures that lead there."""
    every = reverse("finance_invoices")
    tone = "care" if waits.to_decide else "good"
    return [
        Tile(
            "Invoices to check",
            waits.to_decide,
            f"{pounds(waits.at_stake_pence)} at stake",
            reverse("invoice_lines"),
            tone,
        ),
        Tile("Ready to release", waits.to_release, "every line is decided", reverse("invoices_ready")),
        Tile(
            "Objected to",
            waits.objected,
            "proposals that providers do not confirm",
            f"{every}?state=objected",
        ),
    ]


def home_tiles(actor: Actor) -> list[Tile]:
    """What waits about invoices, for the home of the desk."""
    late = threads.overdue_count(actor, timezone.localdate())
    address = f"{reverse('invoice_queries')}?overdue=on"
    return [
        *tiles(queries.waits_for_finance(actor))[:2],
        Tile("Answers overdue", late, "of queries to providers", address, "bad" if late else "good"),
    ]


def invoice(request: HttpRequest, key: int) -> HttpResponse:
    """One invoice side by side, with what may be done."""
    return shown(request, key, forms_.DecisionForm(actor=actor_of(request)))


def shown(request: HttpRequest, key: int, form: forms_.DecisionForm, status: int = 200) -> HttpResponse:
    """The page of an invoice, with the form of decisions as it stands."""
    actor = actor_of(request)
    row: queries.InvoiceRow = found(queries.invoice(actor, key))
    verbs = {step.verb for step in INVOICE.open_to(state=row.state, role=actor.role)}
    together: Any = sides.sides(actor, key)
    page = Paginator(together, SIDES_A_PAGE).get_page(request.GET.get("page"))
    sums = queries.line_sums(actor, key)
    known = {
        "title": "Credit note" if row.is_credit else "Invoice",
        "invoice": row, "state": invoice_state(row), "summary": invoice_summary(row), "page": page,
        "sums": sums, "verbs": verbs,
        "form": form, "chosen": set(request.POST.getlist("lines")), "may_decide": "decide_lines" in verbs,
        "may_release": "release_invoice" in verbs and not row.undecided,
        "history": history(actor, subject="invoice", subject_id=key),
    }  # fmt: skip
    return render(request, "finance/invoice.html", known, status=status)


def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Decide the chosen lines of an invoice."""
    form = forms_.DecisionForm(request.POST, actor=actor_of(request))
    if not form.is_valid():
        return shown(request, key, form, 422)
    outcome = deciding.decide_lines(
        by=actor_of(request), now=timezone.now(), invoice_id=key, version=version_of(request),
        line_ids=numbers(request, "lines"), decision=form.decision(),
    )  # fmt: skip
    if outcome.is_done or status_of(outcome.problems) != 422:
        return answer(
            request, outcome, then=reverse("finance_invoice", args=[key]), said="Your decision is kept."
        )
    add_problems(form, outcome.problems)
    return shown(request, key, form, 422)


def numbers(request: HttpRequest, name: str) -> list[int]:
    """The numbers ticked under a name; what is no number is left out."""
    return [int(text) for text in request.POST.getlist(name) if text.isdecimal() and len(text) < 19]


_verb = partial(button, of="invoice_id", page="finance_invoice")
release = _verb(deciding.release_invoice, "What is not disputed is released for payment.")
check_again = _verb(deciding.check_again, "The invoice was checked again.")
take_back = _verb(
    proposing.take_back_proposal, "The proposal is taken back. Its lines can be proposed again."
)


def document(request: HttpRequest, key: int) -> HttpResponse:
    """The provider's own document."""
    return as_download(found(queries.document(actor_of(request), key)))


def lines(request: HttpRequest) -> HttpResponse:
    """Every line that waits for a decision, to be decided many at once."""
    return _lines(request, forms_.DecisionForm(actor=actor_of(request)))


def _lines(request: HttpRequest, form: forms_.DecisionForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        provider = filters.get("provider") or ""
        return queries.lines_to_decide(
            actor, words=filters.get("words") or "", outcome=filters.get("outcome") or "", sort=sort,
            provider_id=int(provider) if provider else None,
        )  # fmt: skip

    listing = Listing(
        "Lines to decide", "line", line_columns(is_file="download" in request.GET), rows,
        forms_.with_providers(forms_.LineFilters, actor), sort="-at_stake",
        empty="Nothing waits for a decision. Lines that match are accepted by themselves.",
        as_rows=lambda found_: queries.line_rows(actor, found_), context={"decision": form},
    )  # fmt: skip
    response = list_page(request, "finance/invoice_lines.html", listing)
    response.status_code = status
    return response


def line_columns(*, is_file: bool) -> tuple[Column, ...]:
    """The columns of lines to decide; on the page each can be ticked."""
    choose = Column(
        "Choose", lambda row: tick("lines", row.id, f"{row.invoice}, line {row.number}", "decide")
    )
    columns = (
        Column("Found", lambda row: (row.outcome, outcome_name(row.outcome)), "status", "outcome"),
        Column(
            "Invoice",
            "invoice",
            "reference",
            "invoice",
            link=lambda row: reverse("finance_invoice", args=[row.invoice_id]),
        ),
        Column("Line", "number", "number"),
        Column("From", "payee", sort="payee"),
        Column("Contract", "contract", "reference"),
        Column("Child", "child"),
        Column("Nights from", "starts_on", "date", "starts"),
        Column("Billed", "net_pence", "money", "billed"),
        Column("Not in question", "agreed_pence", "money"),
        Column("At stake", "at_stake_pence", "money", "at_stake"),
    )
    return columns if is_file else (choose, *columns)


def outcome_name(outcome: str) -> str:
    """What was found, in a word or two."""
    return dict(outcome_choices()).get(outcome, "Matched")


def decide_many(request: HttpRequest) -> HttpResponse:
    """Decide the ticked lines of many invoices."""
    form = forms_.DecisionForm(request.POST, actor=actor_of(request))
    if form.is_valid():
        outcome = deciding.decide_many(
            by=actor_of(request), now=timezone.now(), line_ids=numbers(request, "lines"),
            decision=form.decision(),
        )  # fmt: skip
        if outcome.is_done:
            messages.success(request, f"{count(outcome.done(), 'line is', 'lines are')} decided.")
            return see_other(reverse("invoice_lines"))
        if status_of(outcome.problems) != 422:
            return answer(request, outcome, then=reverse("invoice_lines"), said="")
        add_problems(form, outcome.problems)
    return _lines(request, form, 422)


def ready(request: HttpRequest) -> HttpResponse:
    """Invoices whose lines are all decided, to be released together."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Invoice]:
        known = {**filters, "waits": "release"}
        return queries.invoices(actor, filters_from(known), sort)

    is_file = "download" in request.GET
    choose = Column(
        "Choose", lambda row: tick("invoices", f"{row.id}-{row.version}", f"invoice {row.number}", "release")
    )
    columns = tuple(column for column in COLUMNS if column.label not in ("To decide", "State"))
    listing = Listing(
        "Ready to release", "invoice", columns if is_file else (choose, *columns), rows,
        forms_.with_providers(forms_.LineFilters, actor), sort="due", as_row=queries.invoice_row,
        empty="Nothing is ready. An invoice is ready when each of its lines is decided.",
    )  # fmt: skip
    return list_page(request, "finance/invoices_ready.html", listing)


def release_many(request: HttpRequest) -> HttpResponse:
    """Release the ticked invoices, each as it was shown."""
    pairs = [text.partition("-") for text in request.POST.getlist("invoices")]
    chosen = [
        (int(key), int(version)) for key, _, version in pairs if key.isdecimal() and version.isdecimal()
    ]
    outcome = deciding.release_many(by=actor_of(request), now=timezone.now(), chosen=chosen)
    said = f"{count(len(chosen), 'invoice is', 'invoices are')} released for payment."
    return answer(request, outcome, then=reverse("invoices_ready"), said=said)


def propose(request: HttpRequest) -> HttpResponse:
    """Make invoices from the schedule of a month."""
    actor, today = actor_of(request), timezone.localdate()
    initial = {
        "month": request.GET.get("month") or f"{month_from('', today):%Y-%m}",
        "payee": request.GET.get("payee", ""),
    }
    form = forms_.ProposeForm(request.POST or None, initial=initial, actor=actor, today=today)
    lead = "From what the schedule has for the month and no invoice has yet. A provider confirms its invoice or objects."
    deed = Deed("Propose invoices", "Propose invoices", "Invoices", reverse("finance_invoices"), lead=lead)

    def said(made: Any) -> str:
        return f"{count(len(made), 'invoice is', 'invoices are')} made from the schedule."

    return deed_page(request, deed, form, lambda _: _propose(actor, form), said=said)


def _propose(actor: Actor, form: forms_.ProposeForm) -> Any:
    payee = int(form.cleaned_data["payee"])
    month = month_from(form.cleaned_data["month"], timezone.localdate())
    return proposing.propose_invoices(by=actor, now=timezone.now(), month=month, provider_id=payee or None)


def attach(request: HttpRequest, key: int) -> HttpResponse:
    """Keep a document with an invoice that came on paper."""
    file = request.FILES.get("file")
    outcome = actions.attach_document(
        by=actor_of(request), now=timezone.now(), invoice_id=key, version=version_of(request),
        name=file.name or "" if file else "", content=file.read() if file else b"",
    )  # fmt: skip
    return answer(
        request, outcome, then=reverse("finance_invoice", args=[key]), said="The document is attached."
    )
