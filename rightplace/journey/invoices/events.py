"""What happens to invoices, to queries about them, and what is released for payment."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceEvent(Event):
    """Something about one invoice."""

    invoice_id: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReceived(InvoiceEvent):
    """An invoice came in, or a proposed one was confirmed, and was checked."""

    findings: int
    at_stake_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceProposed(InvoiceEvent):
    """The authority made an invoice from the schedule: the provider confirms it or objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceObjected(InvoiceEvent):
    """The provider objects to a proposed invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReleased(InvoiceEvent):
    """What is not disputed of an invoice was released for payment; `is_whole` when nothing is disputed."""

    net_pence: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditChased(InvoiceEvent):
    """The provider was reminded of a credit note that is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayableReleased(Event):
    """One amount may be paid from now on: the ledger books it."""

    payable_id: int
    provider_id: int | None
    household_id: int | None
    net_pence: int
    vat_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryEvent(Event):
    """Something about a query."""

    query_id: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAsked(QueryEvent):
    """A query was opened, or asked again: the provider's clock runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnswered(QueryEvent):
    """The provider answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryChased(QueryEvent):
    """The provider was reminded of an answer, or of a credit note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResolved(QueryEvent):
    """A query was resolved, with or without paying more."""
