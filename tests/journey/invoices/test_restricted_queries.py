"""What is said in a query about a restricted case is for those named for it; its money stays in every sum."""

from __future__ import annotations

from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.safeguards import restricting
from rightplace.journey.invoices import asking, threads
from rightplace.journey.invoices.models import InvoiceLine, Query, QueryMessage
from tests.cast import Cast
from tests.files import PDF
from tests.journey.invoices.invoice_world import NOW, cast, contract, db, one_line, sent, world
from tests.journey.invoices.test_invoices import decided, whole
from tests.visit import signed_in

__all__ = ["cast", "contract", "db", "world"]

WORDS = "Her aunt came to the house on Friday."


def queried(cast: Cast, contract) -> Query:
    """Finance asks about a line of Amber’s contract; the provider answers, with a document; then the case is restricted."""
    line = one_line(
        whole(cast, contract) + 50_000, contract_reference=contract.reference, child_reference="Amber F",
        words="A week with her aunt",
    )  # fmt: skip
    decided(cast, sent(cast, contract, (line,)), "dispute", "Why two nights more?")
    query = Query.objects.get()
    with acting_as(cast.priya):
        asking.answer_query(
            by=cast.priya, now=NOW, query_id=query.pk, version=query.version, words=WORDS,
            document=("letter.pdf", PDF),
        ).done()  # fmt: skip
    restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=cast.amber.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id, cast.dev.person_id],
    ).done()  # fmt: skip
    return query


def seen_by(actor: Actor, query: Query) -> tuple[int, int, int, int]:
    """Messages and files of the database, messages of the query, and pence of the line."""
    with acting_as(actor):
        return (
            QueryMessage.objects.filter(query=query).count(),
            StoredFile.objects.filter(name__contains="letter").count(),
            len(threads.thread(actor, query.pk)),
            sum(InvoiceLine.objects.filter(query=query).values_list("net_pence", flat=True)),
        )


def test_words_and_documents_are_hidden_by_the_database_and_the_money_is_not(cast, contract) -> None:
    pence = whole(cast, contract) + 50_000
    query = queried(cast, contract)
    file = QueryMessage.objects.exclude(file=None).get().file_id
    assert seen_by(cast.fin, query) == (0, 0, 0, pence)
    assert seen_by(cast.dev, query) == (2, 1, 2, pence)
    assert seen_by(cast.priya, query) == (2, 1, 2, pence)
    with acting_as(cast.fin):
        assert threads.message_file(cast.fin, query.pk, file) is None


def test_the_queries_hold_also_without_the_row_security(cast, contract) -> None:
    query = queried(cast, contract)
    assert threads.is_closed(cast.fin, query.pk)
    assert threads.thread(cast.fin, query.pk) == []
    assert not threads.is_closed(cast.dev, query.pk)


def test_the_page_says_why_nothing_is_read_and_shows_the_money(cast, contract) -> None:
    query = queried(cast, contract)
    page = signed_in(cast.fin).get(f"/finance/queries/{query.pk}/").content.decode()
    assert "you are not named for it" in page
    assert WORDS not in page
    assert "aunt" not in page
    invoice = signed_in(cast.fin).get(f"/finance/invoices/{query.invoice_id}/").content.decode()
    assert "aunt" not in invoice
    assert "Amber F" not in invoice
    assert "Why two nights more?" not in invoice
    assert "aunt" in signed_in(cast.priya).get(f"/portal/invoices/{query.invoice_id}/").content.decode()


def test_a_query_about_another_child_stays_open(cast, contract) -> None:
    query = queried(cast, contract)
    with acting_as(cast.fin):
        other = Query.objects.create(
            authority=cast.croydon, provider=cast.oakhouse, subject="Something else", opened_at=NOW,
            opened_by_id=cast.fin.person_id, answer_due_on=NOW.date(),
        )  # fmt: skip
        asking.say(other, cast.fin, NOW, "About a fee for the house.")
        assert len(threads.thread(cast.fin, other.pk)) == 1
        assert threads.thread(cast.fin, query.pk) == []
