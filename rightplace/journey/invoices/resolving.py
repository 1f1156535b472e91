"""How a query ends: the rest is paid, a part of it, or nothing, and then a credit note is waited for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.journey.invoices.asking import GONE, facts_of, own_query, record, say, words_problems
from rightplace.journey.invoices.checking import vat_of
from rightplace.journey.invoices.deciding import hold, make_payable, publish_released, releasing_problems
from rightplace.journey.invoices.events import QueryResolved
from rightplace.journey.invoices.models import Finding, Invoice, InvoiceLine, Query
from rightplace.journey.invoices.settling import settle_invoiced
from rightplace.journey.invoices.states import INVOICE, LINE, QUERY, QUERY_OUTCOMES


@action
def resolve_query(
    *,
    by: Actor,
    now: datetime,
    query_id: int,
    version: int,
    outcome: str,
    words: str,
    net_pence: int | None = None,
) -> Outcome[Query]:
    """End a query. "paid": the rest of its lines; "part": so much of it (`net_pence`); "not_paid" and "credit": nothing.

    What is paid is released by the same rules as an invoice: by nobody who made it or had a hand in the placement.
    """
    query = own_query(by, query_id)
    if query is None:
        return refuse(GONE)
    if query.invoice is not None:
        hold(query.invoice)
    lines = list(
        InvoiceLine.objects.filter(query=query, state="disputed").select_related("invoice").order_by("pk")
    )
    if problems := _problems(by, query, lines, outcome, words, net_pence, now):
        return refuse(problems)
    held = sum(line.held_back_pence for line in lines)
    facts = {
        "outcome": outcome, "outcome_words": words.strip(), "resolved_at": now, "resolved_by_id": by.user_id,
        "disputed_pence": held,
    }  # fmt: skip
    if problems := change_state(QUERY, query, "resolve_query", by=by, version=version, **facts):
        return refuse(problems)
    say(query, by, now, f"{QUERY_OUTCOMES[outcome]}. {words.strip()}")
    if problems := _settle(by, now, query, lines, outcome, net_pence or 0):
        return refuse(problems)
    publish(QueryResolved(**facts_of(by, now, query)))
    record(by, now, query, "resolve_query", f"{query.reference} resolved: {QUERY_OUTCOMES[outcome].lower()}")
    return Outcome(query)


def _problems(
    by: Actor,
    query: Query,
    lines: list[InvoiceLine],
    outcome: str,
    words: str,
    net_pence: int | None,
    now: datetime,
) -> list[Problem]:
    found = words_problems(words)
    held = sum(line.held_back_pence for line in lines)
    if outcome not in QUERY_OUTCOMES:
        found.append(Problem("unknown", "Choose how it ended.", "outcome"))
    if outcome == "part" and not 0 < (net_pence or 0) < held:
        found.append(
            Problem(
                "amount",
                f"Enter what is paid of it: more than nothing, less than {pounds(held)}.",
                "net_pence",
            )
        )
    if outcome in ("paid", "part") and query.invoice is not None:
        found += releasing_problems(by, query.invoice, lines, timezone.localdate(now))
    return found


def _settle(
    by: Actor, now: datetime, query: Query, lines: list[InvoiceLine], outcome: str, part: int
) -> list[Problem]:
    """Settle each line; an invoice that is not released yet takes up what is paid with everything else."""
    invoice = query.invoice
    is_released = invoice is not None and invoice.state == "part_released"
    made = []
    for line in lines:
        net, vat = _amounts(line, outcome, part)
        part -= net - line.agreed_net_pence
        more, more_vat = net - line.agreed_net_pence, vat - line.agreed_vat_pence
        facts = {
            "agreed_net_pence": net,
            "agreed_vat_pence": vat,
            "credit_due_pence": _credit_due(line, net, outcome),
        }
        if problems := change_state(LINE, line, "settle_line", by=by, **facts):
            return problems
        if is_released:
            made.append(make_payable(line, more, more_vat, "settled", by=by, now=now))
        upheld = "upheld" if net < line.net_pence else "let_pass"
        Finding.objects.filter(invoice_line=line).exclude(state="replaced").update(state=upheld)
    if invoice is None or not is_released:
        return []
    publish_released(by, now, invoice, [one for one in made if one is not None])
    settle_invoiced(lines, now)
    _close(invoice)
    return []


def _credit_due(line: InvoiceLine, net: int, outcome: str) -> int:
    """What the provider owes by a credit note: what it billed beyond what is paid, unless it was agreed that none is sent."""
    return 0 if outcome == "not_paid" else max(line.net_pence - net, 0)


def _amounts(line: InvoiceLine, outcome: str, part: int) -> tuple[int, int]:
    """What is paid of a line in the end, and its VAT: all, as much of the part as it holds back, or what was agreed."""
    if outcome == "paid":
        return line.net_pence, line.vat_pence
    more = min(max(part, 0), max(line.held_back_pence, 0)) if outcome == "part" else 0
    net = line.agreed_net_pence + more
    return net, vat_of(line, net) if more else line.agreed_vat_pence


def _close(invoice: Invoice) -> None:
    """With its last dispute the invoice is released as a whole."""
    if invoice.lines.filter(state="disputed").exists():
        return
    step = INVOICE.transition("mark_settled")
    rows = Invoice.objects.filter(pk=invoice.pk, state__in=step.sources)
    rows.update(state=step.target, version=F("version") + 1)
