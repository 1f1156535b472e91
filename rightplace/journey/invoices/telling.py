"""Who is told of invoices and queries: finance, and the provider in its portal."""

from __future__ import annotations

from rightplace.core.money import pounds
from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import Event
from rightplace.foundation.notices.actions import tell_provider, tell_role
from rightplace.journey.invoices.events import (
    CreditChased,
    InvoiceEvent,
    InvoiceObjected,
    InvoiceProposed,
    InvoiceReceived,
    InvoiceReleased,
    QueryAnswered,
    QueryAsked,
    QueryChased,
    QueryEvent,
    QueryResolved,
)

OF_QUERIES = {
    QueryAsked: "A query about your invoices waits for your answer",
    QueryChased: "Reminder: a query about your invoices waits for your answer",
    QueryResolved: "A query about your invoices is resolved",
}


def tell(event: Event) -> None:
    """Tell whoever waits for what has happened."""
    if isinstance(event, QueryAnswered):
        words = f"The provider answered Q-{event.query_id:06d}"
        _tell_finance(event, words, f"/finance/queries/{event.query_id}/")
    elif isinstance(event, QueryEvent):
        _tell_provider(event, OF_QUERIES[type(event)], f"/portal/queries/{event.query_id}/")
    elif isinstance(event, InvoiceEvent):
        _tell_of_invoice(event)


def _tell_of_invoice(event: InvoiceEvent) -> None:
    ours, theirs = f"/finance/invoices/{event.invoice_id}/", f"/portal/invoices/{event.invoice_id}/"
    if isinstance(event, InvoiceReceived) and event.findings:
        many = "1 finding" if event.findings == 1 else f"{event.findings} findings"
        words = f"An invoice came in with {many}, {pounds(event.at_stake_pence)} at stake"
        _tell_finance(event, words, ours)
    elif isinstance(event, InvoiceObjected):
        _tell_finance(event, "A provider objects to an invoice that you proposed", ours)
    elif isinstance(event, InvoiceProposed):
        _tell_provider(event, "An invoice was made for you: confirm it, or say what is wrong", theirs)
    elif isinstance(event, CreditChased):
        _tell_provider(event, "Reminder: a credit note for an invoice of yours is waited for", theirs)
    elif isinstance(event, InvoiceReleased):
        words = "An invoice of yours is released for payment" + ("" if event.is_whole else " in part")
        _tell_provider(event, words, theirs)


def _tell_finance(event: Event, words: str, link: str) -> None:
    with as_system():
        tell_role(
            authority_id=event.authority_id, role=roles.FINANCE_OFFICER, words=words, link=link, now=event.now
        )


def _tell_provider(event: InvoiceEvent | QueryEvent, words: str, link: str) -> None:
    if event.provider_id is not None:
        with as_system():
            tell_provider(
                authority_id=event.authority_id,
                provider_id=event.provider_id,
                words=words,
                link=link,
                now=event.now,
            )
