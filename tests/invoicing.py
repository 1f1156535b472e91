"""An invoice with a query that was answered with a document, and a file that waits, for both sides of the small world."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.files.taking import TakenFile, store_file
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import actions, asking, deciding
from rightplace.journey.invoices.deciding import Decision
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import QueryMessage
from tests.cast import Cast
from tests.files import PDF
from tests.make import LATER

CSV = b"Invoice number,First night,Last night,Net\nW-2,01/12/2026,02/12/2026,10.00\n"


def invoices_queried(cast: Cast, contract: Contract, provider: Actor) -> dict[str, int]:
    """The numbers of an invoice, its query, the document of an answer, and an upload."""
    start = contract.starts_on
    line = LineGiven(start, start + timedelta(days=7), 9_999_999, contract_reference=contract.reference)
    given = InvoiceGiven("W-1", date(2026, 11, 1), (line,))
    with acting_as(provider):
        invoice = actions.send_invoice(
            by=provider,
            now=LATER,
            authority_id=contract.authority_id,
            given=given,
            document=("bill.pdf", PDF),
        ).done()
    with acting_as(cast.fin):
        deciding.decide_lines(
            by=cast.fin, now=LATER, invoice_id=invoice.pk, version=invoice.version, decision=Decision("dispute", "Why?"),
            line_ids=[row.pk for row in invoice.lines.all()],
        ).done()  # fmt: skip
        query = invoice.queries.get()
    with acting_as(provider):
        asking.answer_query(
            by=provider,
            now=LATER,
            query_id=query.pk,
            version=query.version,
            words="See this.",
            document=("note.pdf", PDF),
        ).done()
        kept = store_file(
            TakenFile("bill.csv", "application/octet-stream", CSV), authority_id=contract.authority_id,
            provider_id=provider.provider_id, made_by=provider.name, now=LATER,
        )  # fmt: skip
    file = QueryMessage.objects.exclude(file=None).get(query=query).file_id
    line_id = invoice.lines.get().pk
    return {
        "invoice": invoice.pk,
        "invoice_line": line_id,
        "invoice_query": query.pk,
        "query_file": file or 0,
        "upload": kept.pk,
    }
