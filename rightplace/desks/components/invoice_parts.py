"""Parts of invoices that finance and the portal share: states, facts at a glance, a box to tick in a row."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from rightplace.core.calendar import add_months
from rightplace.desks.components.markup import attributes, element, joined
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.words import day, moment, pounds
from rightplace.foundation.access.actor import Actor
from rightplace.journey.invoices import queries
from rightplace.journey.invoices.queries import InvoiceRow
from rightplace.journey.invoices.threads import QueryRow

MONTHS_BACK = 18
LATEST = 4


def invoice_state(row: InvoiceRow) -> tuple[str, str]:
    """The state in words: what came in is to decide, or ready to be released."""
    if row.state == "received":
        return ("new", "To decide") if row.undecided else ("pending", "To release")
    looks = {"part_released": "disputed", "released": "done", "proposed": "proposed", "objected": "returned"}
    return (looks.get(row.state, row.state), row.state_words)


def query_state(row: QueryRow) -> tuple[str, str]:
    """The state of a query; an answer past its day is overdue."""
    if row.is_overdue:
        return ("overdue", "Answer overdue")
    looks = {"asked": "waiting", "answered": "new", "mediation": "reviewed", "resolved": "done"}
    return (looks[row.state], row.state_words)


def invoice_summary(row: InvoiceRow) -> list[SummaryRow]:
    """The facts of an invoice, in lines."""
    lines = [
        SummaryRow("From", row.payee, note=row.channel),
        SummaryRow(
            "Total", pounds(row.gross_pence), note=f"{pounds(row.net_pence)} and {pounds(row.vat_pence)} VAT"
        ),
        SummaryRow("Date of the invoice", day(row.invoiced_on)),
        SummaryRow("Received", moment(row.received_at), note=f"by {row.made_by}"),
        SummaryRow("To be paid by", day(row.due_on)),
    ]
    if row.released_at is not None:
        lines.append(SummaryRow("Released", pounds(row.released_pence), note=moment(row.released_at)))
    if row.objection:
        lines.append(SummaryRow("Objection", row.objection))
    return lines


def invoiced_summary(actor: Actor, contract_id: int) -> list[SummaryRow]:
    """How the latest invoices of a contract stand, for whoever arranged the placement: billed, released, disputed."""
    return [
        SummaryRow(
            f"{row['invoice__number']}, {row['invoice__received_at']:%-d %B %Y}", f"{pounds(row['billed'])} billed",
            note=f"{pounds(row['released'])} released" + (", the rest is disputed" if row["disputed"] else ""),
        )
        for row in queries.of_contract(actor, contract_id)[:LATEST]
    ]  # fmt: skip


def query_summary(row: QueryRow) -> list[SummaryRow]:
    """The facts of a query, in lines."""
    late = timezone.localdate() > row.answer_due_on and row.state == "asked"
    lines = [
        SummaryRow("Asked", moment(row.opened_at)),
        SummaryRow("Held back", pounds(row.held_pence), note="without VAT"),
    ]
    if row.state == "asked":
        lines.append(SummaryRow("Answer due", day(row.answer_due_on), note="overdue" if late else ""))
    if row.reminders:
        lines.append(SummaryRow("Reminders", str(row.reminders)))
    if row.outcome:
        lines.append(SummaryRow("Outcome", row.outcome, note=row.outcome_words))
    return lines


def tick(name: str, value: Any, about: str, form: str) -> SafeString:
    """A box to tick in a row of a table, for a form that stands elsewhere on the page."""
    key = f"{name}-{value}"
    facts = {
        "type": "checkbox",
        "class": "govuk-checkboxes__input",
        "id": key,
        "name": name,
        "value": value,
        "form": form,
    }
    box = mark_safe(f"<input{attributes(facts)}>")
    words = element("span", f"Choose {about}", class_="govuk-visually-hidden")
    label = element("label", words, class_="govuk-label govuk-checkboxes__label", for_=key)
    item = element("div", joined([box, label]), class_="govuk-checkboxes__item")
    return element("div", item, class_="govuk-checkboxes govuk-checkboxes--small")


def months_before(today: date) -> list[tuple[str, str]]:
    """This month and those before it, to choose from."""
    first = today.replace(day=1)
    months = [add_months(first, -back) for back in range(MONTHS_BACK)]
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]


def month_from(text: str, today: date) -> date:
    """The first day of a month as it stands in an address; last month where it is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return add_months(today.replace(day=1), -1)
