"""Under which code a line is booked: its price line's own, a proposed one, or the one that is chosen when it is decided."""

from __future__ import annotations

from datetime import date

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.invoices import deciding
from rightplace.journey.invoices.deciding import Decision
from rightplace.journey.invoices.models import Invoice, Payable
from rightplace.journey.payments import keeping_codes
from rightplace.journey.payments.models import CostCode
from tests.cast import Cast
from tests.journey.invoices.invoice_world import NOW, cast, contract, db, december, one_line, sent, world
from tests.visit import send, signed_in

__all__ = ["cast", "contract", "db", "world"]
SINCE = date(2020, 4, 1)


def code(cast: Cast, kind: str, subjective: str, **facts: date) -> CostCode:
    with acting_as(cast.fin):
        return keeping_codes.add_cost_code(
            by=cast.fin, now=NOW, cost_centre="CS4000", subjective=subjective, kind=kind, **{"starts_on": SINCE, **facts}
        ).done()  # fmt: skip


def decided(cast: Cast, invoice: Invoice, decision: Decision) -> list[str]:
    invoice.refresh_from_db()
    lines = [line.pk for line in invoice.lines.all()]
    with acting_as(cast.fin):
        outcome = deciding.decide_lines(
            by=cast.fin,
            now=NOW,
            invoice_id=invoice.pk,
            version=invoice.version,
            line_ids=lines,
            decision=decision,
        )
    return [problem.field for problem in outcome.problems]


def test_a_line_for_all_of_a_contract_is_proposed_under_the_code_of_most_of_its_price(cast, contract) -> None:
    fee = code(cast, "core_fee", "4300")
    code(cast, "support", "4301")
    whole = sum(line.net_pence for line in december(cast, contract))
    lines = (one_line(whole, contract_reference=contract.reference),)
    assert sent(cast, contract, lines).lines.get().cost_code == fee


def test_the_code_is_changed_with_the_decision_and_stands_on_what_is_paid(cast, contract) -> None:
    code(cast, "core_fee", "4300")
    other = code(cast, "therapy", "4309")
    whole = sum(line.net_pence for line in december(cast, contract))
    invoice = sent(cast, contract, (one_line(whole, contract_reference=contract.reference),))
    assert decided(cast, invoice, Decision("accept", cost_code_id=other.pk)) == []
    invoice.refresh_from_db()
    with acting_as(cast.fin):
        deciding.release_invoice(by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version).done()
    assert Payable.objects.get().cost_code == other


def test_what_has_no_contract_is_not_accepted_without_a_code(cast, contract) -> None:
    fee = code(cast, "core_fee", "4300")
    invoice = sent(cast, contract, (one_line(12_300, contract_reference="IPC-999999"),))
    line = invoice.lines.get()
    assert (line.contract, line.cost_code) == (None, None)
    assert decided(cast, invoice, Decision("accept", "Agreed by telephone.")) == ["cost_code"]
    assert decided(cast, invoice, Decision("dispute", "What is this for?")) == []
    assert decided(cast, invoice, Decision("accept", "Agreed by telephone.", cost_code_id=fee.pk)) == []


def test_a_code_that_does_not_hold_on_the_night_or_is_anothers_is_refused(cast, contract) -> None:
    later = code(cast, "", "4310", starts_on=date(2030, 4, 1))
    whole = sum(line.net_pence for line in december(cast, contract))
    invoice = sent(cast, contract, (one_line(whole, contract_reference=contract.reference),))
    assert decided(cast, invoice, Decision("accept", cost_code_id=later.pk)) == ["cost_code"]
    assert decided(cast, invoice, Decision("accept", cost_code_id=10**9)) == ["cost_code"]


def test_the_page_lets_finance_choose_the_code(cast, contract) -> None:
    other = code(cast, "therapy", "4309")
    invoice = sent(cast, contract, (one_line(12_300, contract_reference="IPC-999999"),))
    fin, address = signed_in(cast.fin), f"/finance/invoices/{invoice.pk}/"
    assert "CS4000 4309" in fin.get(address).content.decode()
    entries = {"how": "accept", "words": "Agreed.", "lines": invoice.lines.get().pk}
    refused = send(fin, f"{address}decide/", invoice.version, **entries)
    assert refused.status_code == 422
    assert "choose one" in refused.content.decode()
    done = send(fin, f"{address}decide/", invoice.version, **entries, cost_code=other.pk)
    assert done.status_code == 303
    assert invoice.lines.get().cost_code == other
