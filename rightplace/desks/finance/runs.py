"""Payment runs: every run, one run with its payments and what may be done with it, and proposing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance import ledger_forms as forms_
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.exchange.payments_system.files import KINDS, run_files
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.audit.queries import history
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.ledger import due, queries, runs, sending
from rightplace.journey.ledger.approving import problems_of_run_approver
from rightplace.journey.ledger.instructions import instructions_of
from rightplace.journey.ledger.models import Payment, PaymentRun
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.runs import own_run
from rightplace.journey.ledger.states import PAYMENT, PAYMENT_RUN

DEEDS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "refuse_run": (runs.refuse_run, "The run is refused. What was in it is due as before.", "Who proposed it reads your reason."),
    "withdraw_run": (runs.withdraw_run, "The run is withdrawn. What was in it is due as before.", "Nothing has been paid yet."),
    "cancel_filed_run": (
        runs.cancel_filed_run, "The run is cancelled. What was in it is due as before.",
        "Only if its file was never given to the bank. Make sure first: otherwise payees are paid twice.",
    ),
}  # fmt: skip


def run_list(request: HttpRequest) -> HttpResponse:
    """Every payment run, with what is due now."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PaymentRun]:
        words, state = filters.get("words") or "", filters.get("state") or ""
        return queries.runs(actor, words=words, state=state, sort=sort)

    columns = (
        Column(
            "Run", "reference", "reference", "number", link=lambda row: reverse("payment_run", args=[row.pk])
        ),
        Column("State", state_of, "status", "state"),
        Column("Paid on", "pay_on", "date", "pay_on"),
        Column("Payments", "payment_count", "number", "payments"),
        Column("Proposed by", lambda row: str(row.proposed_by)),
        Column("Decided by", lambda row: str(row.decided_by) if row.decided_by else None),
        Column("Total", "total_pence", "money", "total"),
    )
    context = {
        "waiting": due.due_now(actor.authority_id, timezone.localdate()),
        "may_propose": actor.role == FINANCE_OFFICER,
    }
    listing = Listing(
        "Payment runs", "run", columns, rows, forms_.RunFilters, sort="-number", context=context,
        empty="No payment runs yet. Once invoices are released, propose one.",
    )  # fmt: skip
    return list_page(request, "finance/runs.html", listing)


def state_of(row: PaymentRun) -> tuple[str, str]:
    """The state with its words."""
    return (row.state, PAYMENT_RUN.states[row.state])


def payment_run(request: HttpRequest, key: int) -> HttpResponse:
    """One run: its payments, its files, and what may be done with it."""
    actor = actor_of(request)
    row: PaymentRun = found(queries.run(actor, key))
    verbs = {step.verb for step in PAYMENT_RUN.open_to(state=row.state, role=actor.role)}
    why_not = problems_of_run_approver(actor, row, timezone.now()) if "approve_run" in verbs else []
    changed = runs.account_problems(row) if row.state in {"proposed", "approved"} else []
    known = {
        "run": row,
        "state": state_of(row),
        "tiles": tiles_of(row),
        "summary": summary(row),
        "verbs": verbs,
        "why_not": [*why_not, *changed] if "approve_run" in verbs else changed,
        "deeds": [(verb, PAYMENT_RUN.transition(verb).label) for verb in DEEDS if verb in verbs],
        "payments": payments_table(row, actor),
        "files": files_of(row) if actor.role == FINANCE_OFFICER else [],
        "history": history(actor, subject="run", subject_id=key),
    }
    return render(request, "finance/run.html", known)


def files_of(row: PaymentRun) -> list[tuple[str, str, str]]:
    """The files of a run: kind, words and name. Those who pay load them down; a director approves without them."""
    return [(one.kind, KINDS[one.kind], one.file.name) for one in row.files.select_related("file")]


def tiles_of(row: PaymentRun) -> list[Tile]:
    """The run at a glance."""
    return [
        Tile("Total", pounds(row.total_pence), f"paid from {row.paid_from.masked}"),
        Tile("Payments", row.payment_count, "one for each payee"),
        Tile("Paid by the bank on", f"{row.pay_on:%-d %b %Y}", f"what was due by {row.due_by:%-d %B %Y}"),
    ]


def summary(row: PaymentRun) -> list[SummaryRow]:
    """Who did what with a run."""
    lines = [
        SummaryRow(
            "Proposed by",
            f"{row.proposed_by}",
            note=f"{timezone.localtime(row.proposed_at):%-d %B %Y, %H:%M}",
        )
    ]
    if row.decided_by and row.decided_at:
        what = "Refused by" if row.state == "refused" else "Approved by"
        note = f"{timezone.localtime(row.decided_at):%-d %B %Y, %H:%M}"
        note += f", within a limit of {pounds(row.limit_pence)}" if row.limit_pence is not None else ""
        lines.append(SummaryRow(what, f"{row.decided_by}", note=note))
    if row.sent_by and row.sent_at:
        lines.append(
            SummaryRow(
                "Sent by", f"{row.sent_by}", note=f"{timezone.localtime(row.sent_at):%-d %B %Y, %H:%M}"
            )
        )
    if row.reason:
        lines.append(SummaryRow("Reason", row.reason))
    return lines


def payments_table(row: PaymentRun, actor: Actor) -> Table:
    """Every payee of a run."""
    payments = list(queries.payments_of(row))
    names = names_of([payee_of(one) for one in payments], row.authority_id)
    columns = (
        Column("Payee", lambda one: names[payee_of(one)], link=lambda one: reverse("payment", args=[one.pk])),
        Column("Account", lambda one: one.account.masked, "reference"),
        Column("Items", "item_count", "number"),
        Column("State", lambda one: (one.state, PAYMENT.states[one.state]), "status"),
        Column("Amount", "pence", "money"),
    )
    total = {"Amount": sum(one.pence for one in payments if one.state != "taken_out")}
    return Table(columns, payments, "Payments", id="payments", totals=total)


def propose(request: HttpRequest) -> HttpResponse:
    """Propose a run, having seen who can be paid and who not."""
    actor, today = actor_of(request), timezone.localdate()
    first = first_day_of_payment(today)
    initial = {"due_by": first, "pay_on": first, "payees": ""}
    form, status = forms_.ProposeForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {**form.cleaned_data, "key": f"form:{request.POST.get('once', '')}"}
            outcome = runs.propose_run(by=actor, now=timezone.now(), **given)
            if outcome.is_done:
                messages.success(request, "The run is proposed. A second person approves it.")
                return see_other(reverse("payment_run", args=[outcome.done().pk]))
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    seen = due.due_now(actor.authority_id, first, proposed_by=actor.user_id)
    known = {"form": form, "due": seen, "ready": ready_table(seen), "left_out": left_out_table(seen)}
    return render(request, "finance/run_propose.html", known, status=status)


def first_day_of_payment(today: date) -> date:
    """The first day on which BACS pays what is sent today: the third working day, today (or the next) being the first."""
    days = holidays()
    day, left = today - timedelta(days=1), 3
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in days
    return day


def ready_table(seen: due.Due) -> Table:
    """Who can be paid."""
    columns = (
        Column("Payee", "name"),
        Column("Items", lambda one: len(one.parts), "number"),
        Column(
            "Set off", lambda one: -sum(part.pence for part in one.parts if part.pence < 0) or None, "money"
        ),
        Column("Amount", "pence", "money"),
    )
    return Table(
        columns, seen.ready, "Can be paid", id="ready", totals={"Amount": seen.pence} if seen.ready else {},
        empty="Nothing that can be paid is due by then.",
    )  # fmt: skip


def left_out_table(seen: due.Due) -> Table | None:
    """Who cannot be paid, and why."""
    if not seen.left_out:
        return None
    columns = (
        Column("Payee", "name", link=lambda one: reverse("payee_account", args=[one.payee.key])),
        Column("Why", "why"),
        Column("Items", "payables", "number"),
        Column("Amount", "pence", "money"),
    )
    return Table(columns, seen.left_out, "Cannot be paid yet", id="left-out")


_verb = partial(button, of="run_id", page="payment_run")
approve = _verb(runs.approve_run, "The run is approved. Make its files next.")
send = _verb(sending.send_run, "The run is marked as sent, and its payees are told.")
confirm_paid = _verb(sending.confirm_run_paid, "The run is confirmed as paid.")


def make_files(request: HttpRequest, key: int) -> HttpResponse:
    """Make the files of an approved run and keep them."""
    actor = actor_of(request)
    row: PaymentRun = found(own_run(actor, key))
    files = run_files(instructions_of(row))
    outcome = sending.make_run_files(
        by=actor, now=timezone.now(), run_id=key, version=version_of(request), files=files
    )
    said = "The files are made. Give the BACS file to the bank, then mark the run as sent."
    return answer(request, outcome, then=reverse("payment_run", args=[key]), said=said)


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of a verb that wants a reason."""
    actor = actor_of(request)
    row: PaymentRun = found(queries.run(actor, key))
    if verb not in DEEDS:
        raise Http404
    act, said, lead = DEEDS[verb]
    back = reverse("payment_run", args=[key])
    words = Verb(PAYMENT_RUN.transition(verb).label, lead, said, back, row.reference, row.version)
    return verb_page(request, forms_.ReasonForm, act, {"run_id": key}, words)


def run_file(request: HttpRequest, key: int, file_kind: str) -> HttpResponse:
    """A file of a run as it was first made."""
    return as_download(found(queries.run_file(actor_of(request), key, file_kind)))


def take_out(request: HttpRequest, key: int) -> HttpResponse:
    """Take one payee out of a run that is not approved yet."""
    row: Payment = found(queries.payment(actor_of(request), key))
    back = reverse("payment_run", args=[row.run_id])
    lead = "What it was for stays due and can be in a later run."
    said = "The payment is taken out of the run."
    words = Verb("Take this payment out", lead, said, back, row.run.reference, row.version)
    return verb_page(request, forms_.ReasonForm, runs.take_out_payment, {"payment_id": key}, words)


def returned(request: HttpRequest, key: int) -> HttpResponse:
    """Record that the bank returned a payment."""
    row: Payment = found(queries.payment(actor_of(request), key))
    back = reverse("payment", args=[key])
    lead = (
        "It is owed to the payee again, and nothing more goes to this account until a new one is confirmed."
    )
    said = "The return is recorded."
    words = Verb("Record a return", lead, said, back, row.reference, row.version)
    return verb_page(request, forms_.ReturnForm, sending.record_return, {"payment_id": key}, words)
