"""How disputes end before a release, credit notes are chased, mediations recorded, and invoices checked again."""

from __future__ import annotations

from datetime import date

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.invoices import asking, deciding, keeping, resolving
from rightplace.journey.invoices.models import Payable
from tests.journey.invoices.invoice_world import NOW, TODAY, cast, contract, db, one_line, sent, world
from tests.journey.invoices.test_invoices import LATER, decided, paid, released, whole

__all__ = ["cast", "contract", "db", "world"]


def test_a_dispute_that_ends_before_the_release_is_released_with_the_rest(cast, contract) -> None:
    pence = whole(cast, contract)
    invoice = sent(cast, contract, (one_line(pence + 50_000, contract_reference=contract.reference),))
    decided(cast, invoice, "dispute", "The rate is above the contract.")
    query = invoice.queries.get()
    with acting_as(cast.fin):
        resolving.resolve_query(
            by=cast.fin,
            now=NOW,
            query_id=query.pk,
            version=query.version,
            outcome="paid",
            words="A variation was found.",
        ).done()
    assert not Payable.objects.exists()
    assert (released(cast, invoice).state, paid(invoice)) == ("released", pence + 50_000)


def test_a_credit_note_that_does_not_come_is_chased_once_a_day(cast, contract) -> None:
    pence = whole(cast, contract)
    invoice = sent(cast, contract, (one_line(pence + 50_000, contract_reference=contract.reference),))
    decided(cast, invoice, "reduce", "To the price of the contract.")
    released(cast, invoice)
    assert asking.chase_missing_credits(NOW) == 0
    assert asking.chase_missing_credits(LATER) == 1
    assert asking.chase_missing_credits(LATER) == 0
    with acting_as(cast.fin):
        again = asking.chase_credit(by=cast.fin, now=LATER, line_id=invoice.lines.get().pk)
    assert [problem.code for problem in again.problems] == ["taken"]


def test_a_mediation_is_recorded_with_its_day_and_the_answer_asked_again(cast, contract) -> None:
    invoice = sent(cast, contract, (one_line(1_000),))
    decided(cast, invoice, "dispute", "Who is this?")
    query = invoice.queries.get()
    with acting_as(cast.fin):
        facts = {"by": cast.fin, "now": LATER, "query_id": query.pk, "words": "Both sides met."}
        early = asking.begin_mediation(**facts, version=query.version, held_on=date(2026, 1, 1))
        assert [problem.code for problem in early.problems] == ["dates"]
        query = asking.begin_mediation(**facts, version=query.version, held_on=LATER.date()).done()
        query = asking.write_to_provider(**facts, version=query.version).done()
    assert query.state == "asked"
    assert query.answer_due_on == date(2027, 1, 21)
    assert [message.is_mediation for message in query.messages.all()] == [False, True, False]


def test_checking_again_follows_a_later_tolerance_and_asks_for_every_decision_anew(cast, contract) -> None:
    invoice = sent(
        cast, contract, (one_line(whole(cast, contract) + 90, contract_reference=contract.reference),)
    )
    decided(cast, invoice, "reduce", "To the price of the contract.")
    with acting_as(cast.fin):
        keeping.set_tolerance(by=cast.fin, now=NOW, starts_on=TODAY, pence=100).done()
        invoice.refresh_from_db()
        deciding.check_again(by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version).done()
    line = invoice.lines.get()
    assert (line.state, line.outcome, line.credit_due_pence) == ("accepted", "matched", 0)
    assert {one.state for one in invoice.findings.all()} == {"replaced"}
