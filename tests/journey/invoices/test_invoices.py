"""Invoices by the real verbs: taken in and checked, decided, released once, disputed and resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import (
    actions,
    asking,
    deciding,
    keeping,
    missed,
    proposing,
    resolving,
    sides,
)
from rightplace.journey.invoices.deciding import Decision
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.invoices.models import Finding, Invoice, InvoiceLine, Payable, Query
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import Cast
from tests.journey.invoices.invoice_world import (
    DECEMBER,
    JANUARY,
    NOW,
    TODAY,
    cast,
    changed,
    contract,
    db,
    december,
    one_line,
    sent,
    world,
)

__all__ = ["cast", "contract", "db", "world"]
LATER = NOW + timedelta(days=10)


def whole(cast: Cast, contract: Contract) -> int:
    """What December comes to."""
    return sum(line.net_pence for line in december(cast, contract))


def decided(
    cast: Cast, invoice: Invoice, how: str, words: str = "As the contract says.", **more: int
) -> Invoice:
    invoice.refresh_from_db()
    lines = list(invoice.lines.values_list("pk", flat=True))
    with acting_as(cast.fin):
        return deciding.decide_lines(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version, line_ids=lines,
            decision=Decision(how, words, **more),
        ).done()  # fmt: skip


def released(cast: Cast, invoice: Invoice) -> Invoice:
    invoice.refresh_from_db()
    with acting_as(cast.fin):
        return deciding.release_invoice(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version
        ).done()


def paid(invoice: Invoice) -> int:
    return sum(one.net_pence for one in Payable.objects.filter(invoice=invoice))


def test_an_invoice_as_the_schedule_has_it_matches_line_by_line_and_is_released_to_the_penny(
    cast, contract
) -> None:
    lines = december(cast, contract)
    invoice = sent(cast, contract, lines)
    assert len(lines) >= 3
    assert {line.state for line in invoice.lines.all()} == {"accepted"}
    assert not invoice.findings.exists()
    invoice = released(cast, invoice)
    due = ScheduleLine.objects.filter(contract=contract, month=DECEMBER, state="due")
    assert invoice.state == "released"
    assert paid(invoice) == sum(line.pence for line in due) == invoice.released_net_pence
    assert all(line.settled_at for line in due)
    assert december(cast, contract) == ()


def test_one_line_for_all_of_a_month_and_one_for_two_months_match_too(cast, contract) -> None:
    both = sum(
        line.pence
        for line in ScheduleLine.objects.filter(
            contract=contract, period__startswith__lt=JANUARY, state="due"
        )
    )
    line = one_line(both, starts_on=date(2026, 11, 23), contract_reference=contract.reference)
    assert sent(cast, contract, (line,)).lines.get().outcome == "matched"


def test_the_same_month_under_another_number_is_a_duplicate_and_nothing_of_it_may_be_paid(
    cast, contract
) -> None:
    pence = whole(cast, contract)
    first = sent(cast, contract, (one_line(pence, contract_reference=contract.reference),))
    again = sent(cast, contract, (one_line(pence, contract_reference=contract.reference),), number="OAK-2")
    found = again.findings.get()
    assert (found.outcome, found.clause, found.pence) == ("duplicate", "payment.once", pence)
    assert found.other_line == first.lines.get()
    assert again.lines.get().agreed_net_pence == 0
    assert again.lines.get().state == "open"


def test_a_rate_above_the_contract_leaves_what_was_agreed_undisputed(cast, contract) -> None:
    pence = whole(cast, contract)
    invoice = sent(cast, contract, (one_line(pence + 50_000, contract_reference=contract.reference),))
    line = invoice.lines.get()
    assert (line.outcome, line.agreed_net_pence, invoice.at_stake_pence) == (
        "overcharged_rate",
        pence,
        50_000,
    )
    decided(cast, invoice, "dispute", "The rate is above the contract.")
    invoice = released(cast, invoice)
    assert (invoice.state, paid(invoice)) == ("part_released", pence)
    assert not Payable.objects.filter(net_pence=50_000).exists()


@pytest.mark.parametrize(
    ("outcome", "more", "credit"), [("paid", 50_000, 0), ("credit", 0, 50_000), ("part", 20_000, 30_000)]
)
def test_a_dispute_ends_with_the_rest_a_part_or_nothing(
    cast, contract, outcome: str, more: int, credit: int
) -> None:
    pence = whole(cast, contract)
    invoice = sent(cast, contract, (one_line(pence + 50_000, contract_reference=contract.reference),))
    decided(cast, invoice, "dispute", "The rate is above the contract.")
    invoice = released(cast, invoice)
    query = Query.objects.get(invoice=invoice)
    with acting_as(cast.priya):
        query = asking.answer_query(
            by=cast.priya, now=NOW, query_id=query.pk, version=query.version, words="We agree."
        ).done()
    with acting_as(cast.fin):
        query = resolving.resolve_query(
            by=cast.fin, now=LATER, query_id=query.pk, version=query.version, outcome=outcome, words="As talked.",
            net_pence=20_000 if outcome == "part" else None,
        ).done()  # fmt: skip
    invoice.refresh_from_db()
    assert (invoice.state, query.state) == ("released", "resolved")
    assert paid(invoice) == pence + more == invoice.released_net_pence
    assert invoice.lines.get().credit_due_pence == credit
    assert query.messages.count() == 3


def test_a_credit_note_that_is_waited_for_settles_itself_and_is_never_paid_back(cast, contract) -> None:
    pence = whole(cast, contract)
    invoice = sent(cast, contract, (one_line(pence + 50_000, contract_reference=contract.reference),))
    decided(cast, invoice, "reduce", "To the price of the contract.")
    released(cast, invoice)
    credit = sent(
        cast, contract, (one_line(-50_000, contract_reference=contract.reference),), number="OAK-C1"
    )
    line = credit.lines.get()
    assert (line.state, line.agreed_net_pence, credit.net_pence) == ("settled", 0, -50_000)
    assert invoice.lines.get().credited_by == line
    released(cast, credit)
    assert paid(invoice) == pence
    assert not Payable.objects.filter(invoice=credit).exists()


def test_a_charge_credited_in_full_may_be_billed_again(cast, contract) -> None:
    pence = whole(cast, contract)
    line = one_line(pence, contract_reference=contract.reference)
    for number, billed in (("1", line), ("2", replace(line, net_pence=-pence)), ("3", line)):
        invoice = sent(cast, contract, (billed,), number=number)
    assert not invoice.findings.filter(outcome="duplicate").exists()


def test_a_mistyped_reference_is_read_as_the_contract_whose_price_it_comes_to(cast, contract) -> None:
    typed = f"{contract.reference}8"
    invoice = sent(cast, contract, (one_line(whole(cast, contract), contract_reference=typed),))
    line = invoice.lines.get()
    assert (line.contract, line.outcome, line.contract_reference) == (contract, "matched", typed)


def test_the_providers_own_reference_finds_the_contract_once_it_is_kept(cast, contract) -> None:
    line = one_line(whole(cast, contract), child_reference="OAK/77 b")
    before = sent(cast, contract, (line,))
    assert before.lines.get().outcome == "not_commissioned"
    with acting_as(cast.priya):
        keeping.save_own_reference(
            by=cast.priya, now=NOW, contract_id=contract.pk, reference="Oak 77B"
        ).done()
        actions.withdraw_invoice(by=cast.priya, now=NOW, invoice_id=before.pk, version=before.version).done()
    assert sent(cast, contract, (line,)).lines.get().outcome == "matched"


def test_dates_with_day_and_month_exchanged_are_read_as_meant_and_kept_as_typed(cast, contract) -> None:
    line = one_line(whole(cast, contract), contract_reference=contract.reference, starts_on=date(2026, 1, 12))
    read = sent(cast, contract, (line,)).lines.get()
    assert (read.starts_on, read.typed_starts_on, read.outcome) == (DECEMBER, date(2026, 1, 12), "matched")


def test_a_tolerance_lets_pass_what_it_says_from_its_day(cast, contract) -> None:
    line = one_line(whole(cast, contract) + 90, contract_reference=contract.reference)
    assert sent(cast, contract, (line,)).lines.get().state == "open"
    with acting_as(cast.fin):
        keeping.set_tolerance(by=cast.fin, now=NOW, starts_on=TODAY, pence=100).done()
    Invoice.objects.update(state="withdrawn")
    assert sent(cast, contract, (line,), number="OAK-9").lines.get().state == "accepted"


def test_nobody_elses_contract_is_commissioned_from_this_provider(cast, contract) -> None:
    with acting_as(cast.quinn):
        outcome = actions.send_invoice(
            by=cast.quinn,
            now=NOW,
            authority_id=contract.authority_id,
            given=InvoiceGiven("H-1", TODAY, (one_line(1000),)),
        )
    assert [problem.code for problem in outcome.problems] == ["missing"]
    with acting_as(cast.priya):
        own = actions.own_invoice(cast.quinn, sent(cast, contract, (one_line(1000),)).pk)
    assert own is None


BAD = [
    ({"currency": "EUR"}, {}, "currency"),
    ({"net_pence": 1}, {}, "total"),
    ({}, {"quantity": -3}, "negative"),
    ({}, {"net_pence": 0}, "empty"),
    ({}, {"vat_pence": -5}, "sign"),
    ({}, {"unit": "fortnight"}, "unknown"),
    ({}, {"ends_on": date(2160, 1, 1)}, "dates"),
]


@pytest.mark.parametrize(("facts", "of_line", "code"), BAD)
def test_bad_invoices_are_refused_with_a_reason_and_leave_nothing(
    cast, contract, facts, of_line, code: str
) -> None:
    given = InvoiceGiven("OAK-1", TODAY, changed((one_line(1000),), **of_line), **facts)
    with acting_as(cast.priya):
        outcome = actions.send_invoice(
            by=cast.priya, now=NOW, authority_id=contract.authority_id, given=given
        )
    assert code in [problem.code for problem in outcome.problems]
    assert not Invoice.objects.exists()


def test_the_number_of_an_invoice_is_taken_once(cast, contract) -> None:
    lines = december(cast, contract)
    sent(cast, contract, lines)
    given = InvoiceGiven("OAK-1", TODAY, lines)
    with acting_as(cast.priya):
        outcome = actions.send_invoice(
            by=cast.priya, now=NOW, authority_id=contract.authority_id, given=given
        )
    assert [problem.code for problem in outcome.problems] == ["taken"]
    assert Invoice.objects.count() == 1


def test_nothing_is_released_while_a_line_is_undecided_nor_twice(cast, contract) -> None:
    invoice = sent(
        cast, contract, (one_line(whole(cast, contract) + 50_000, contract_reference=contract.reference),)
    )
    with acting_as(cast.fin):
        facts = {"by": cast.fin, "now": NOW, "invoice_id": invoice.pk}
        assert deciding.release_invoice(**facts, version=invoice.version).problems[0].code == "undecided"
    decided(cast, invoice, "reduce")
    released(cast, invoice)
    with acting_as(cast.fin):
        invoice.refresh_from_db()
        assert deciding.release_invoice(**facts, version=invoice.version).problems[0].code == "wrong_state"
    payable = Payable.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payable.objects.create(
            **{
                f.attname: getattr(payable, f.attname)
                for f in Payable._meta.concrete_fields
                if f.attname != "id"
            }
        )


def as_finance(cast: Cast, actor: Actor) -> Actor:
    """The same person in the finance officer's role as well."""
    return Membership.objects.create(
        user_id=actor.user_id, role=roles.FINANCE_OFFICER, authority=cast.croydon, starts_on=date(2020, 1, 1)
    ).as_actor()


@pytest.mark.parametrize("who", ["sadia", "moses", "dev"])
def test_who_asked_for_a_placement_or_agreed_to_it_releases_nothing_of_it(cast, contract, who: str) -> None:
    invoice = sent(cast, contract, december(cast, contract))
    actor = as_finance(cast, getattr(cast, who))
    with acting_as(actor):
        outcome = deciding.release_invoice(by=actor, now=NOW, invoice_id=invoice.pk, version=invoice.version)
    permission = contract.placement.permission
    had_a_hand = actor.user_id in (
        permission.requested_by_id,
        permission.asked_by_id,
        permission.decided_by_id,
    )
    assert [p.code for p in outcome.problems] == (["own_request"] if had_a_hand else [])
    assert had_a_hand or who == "dev"


def test_who_entered_an_invoice_does_not_release_it(cast, contract) -> None:
    given = InvoiceGiven("PAPER-1", TODAY, december(cast, contract))
    with acting_as(cast.fin):
        invoice = actions.send_invoice(
            by=cast.fin, now=NOW, authority_id=cast.croydon.pk, given=given, provider_id=cast.oakhouse.pk
        ).done()
        outcome = deciding.release_invoice(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version
        )
    assert [p.code for p in outcome.problems] == ["own_request"]
    assert not Payable.objects.exists()


def test_many_invoices_are_released_together_or_none(cast, contract) -> None:
    good = sent(cast, contract, december(cast, contract))
    bad = sent(cast, contract, (one_line(9_999),), number="OAK-2")
    with acting_as(cast.fin):
        outcome = deciding.release_many(
            by=cast.fin, now=NOW, chosen=[(good.pk, good.version), (bad.pk, bad.version)]
        )
        assert outcome.problems[0].sentence.startswith("OAK-2")
        assert not Payable.objects.exists()
        assert deciding.release_many(by=cast.fin, now=NOW, chosen=[(good.pk, good.version)]).done() == 1


def test_many_lines_are_decided_together_and_open_one_query_an_invoice(cast, contract) -> None:
    lines = tuple(one_line(1_000 + n, child_reference=f"X{n}") for n in range(3))
    first, second = sent(cast, contract, lines), sent(cast, contract, lines, number="OAK-2")
    wanted = list(InvoiceLine.objects.filter(state="open").values_list("pk", flat=True))
    with acting_as(cast.fin):
        done = deciding.decide_many(
            by=cast.fin, now=NOW, line_ids=wanted, decision=Decision("dispute", "Who is this?")
        ).done()
    assert done == 6
    assert [first.queries.count(), second.queries.count()] == [1, 1]
    assert Finding.objects.filter(state="open").count() == 0


def test_a_proposed_invoice_is_confirmed_checked_and_released(cast, contract) -> None:
    with acting_as(cast.fin):
        (invoice,) = proposing.propose_invoices(
            by=cast.fin, now=NOW, month=DECEMBER, provider_id=cast.oakhouse.pk
        ).done()
        assert proposing.propose_invoices(
            by=cast.fin, now=NOW, month=DECEMBER, provider_id=cast.oakhouse.pk
        ).problems
    with acting_as(cast.priya):
        invoice = proposing.confirm_invoice(
            by=cast.priya, now=NOW, invoice_id=invoice.pk, version=invoice.version
        ).done()
    invoice.refresh_from_db()
    assert {line.state for line in invoice.lines.all()} == {"accepted"}
    assert invoice.net_pence == whole(cast, contract) or invoice.net_pence > 0


def test_a_proposal_that_is_objected_to_is_taken_back_and_its_lines_come_again(cast, contract) -> None:
    with acting_as(cast.fin):
        (invoice,) = proposing.propose_invoices(
            by=cast.fin, now=NOW, month=DECEMBER, provider_id=cast.oakhouse.pk
        ).done()
    with acting_as(cast.priya):
        invoice = proposing.object_to_invoice(
            by=cast.priya,
            now=NOW,
            invoice_id=invoice.pk,
            version=invoice.version,
            words="She left on the 20th.",
        ).done()
    with acting_as(cast.fin):
        proposing.take_back_proposal(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version
        ).done()
    assert december(cast, contract)


def test_an_overdue_answer_is_chased_once_a_day(cast, contract) -> None:
    invoice = sent(cast, contract, (one_line(1_000),))
    decided(cast, invoice, "dispute", "Who is this?")
    assert asking.chase_overdue_queries(NOW) == 0
    assert asking.chase_overdue_queries(LATER) == 1
    assert asking.chase_overdue_queries(LATER) == 0


def test_own_carers_invoices_are_made_at_once_checked_and_released_by_a_colleague(cast) -> None:
    carers = make.contract_in_force(
        cast, home=cast.adams, children=(cast.jude,), lines=(LineGiven("core_fee", "week", 55_000),)
    )
    with acting_as(cast.fin):
        (invoice,) = proposing.propose_invoices(by=cast.fin, now=NOW, month=DECEMBER).done()
        invoice.refresh_from_db()
        facts = {"now": NOW, "invoice_id": invoice.pk, "version": invoice.version}
        assert deciding.release_invoice(by=cast.fin, **facts).problems[0].code == "own_request"
    assert (invoice.household, invoice.provider, invoice.state) == (cast.adams, None, "received")
    assert {line.outcome for line in invoice.lines.all()} == {"matched"}
    colleague = Membership.objects.get(user__first_name="Finn").as_actor()
    with acting_as(colleague):
        deciding.release_invoice(by=colleague, **facts).done()
    due = ScheduleLine.objects.filter(contract=carers, month=DECEMBER, state="due")
    assert paid(invoice) == sum(line.pence for line in due) > 0
    assert {one.household_id for one in Payable.objects.all()} == {cast.adams.pk}


def test_nights_after_the_child_left_are_found_and_what_came_before_is_not_in_question(
    cast, contract
) -> None:
    make.placement_started(cast, contract)
    pence = whole(cast, contract)
    Contract.objects.filter(pk=contract.pk).update(ended_on=date(2026, 12, 20))
    invoice = sent(cast, contract, (one_line(pence, contract_reference=contract.reference),))
    outcomes = {one.outcome: one for one in invoice.findings.all()}
    assert set(outcomes) == {"after_the_end"}
    assert outcomes["after_the_end"].starts_on == date(2026, 12, 20)
    expected = next(iter(sides.sides(cast.fin, invoice.pk)[:5])).expected_pence
    assert abs(invoice.lines.get().agreed_net_pence - expected) <= 12


def test_what_is_missed_is_asked_of_core_for_whole_months(cast, contract) -> None:
    (row,) = missed.missed(cast.fin, DECEMBER)
    assert (row.contract_id, row.nights, row.pence) == (contract.pk, 31, whole(cast, contract))
    sent(
        cast,
        contract,
        (
            one_line(
                whole(cast, contract) // 31 * 10,
                ends_on=date(2026, 12, 11),
                contract_reference=contract.reference,
            ),
        ),
    )
    (rest,) = missed.missed(cast.fin, DECEMBER)
    assert (rest.starts_on, rest.nights) == (date(2026, 12, 11), 21)


def test_only_vat_may_be_disputed(cast, contract) -> None:
    pence = whole(cast, contract)
    invoice = sent(
        cast, contract, (one_line(pence, vat_pence=pence // 5, contract_reference=contract.reference),)
    )
    assert invoice.lines.get().outcome == "vat_wrong"
    decided(cast, invoice, "dispute", "No VAT is due on this.")
    released(cast, invoice)
    payable = Payable.objects.get()
    assert (payable.net_pence, payable.vat_pence) == (pence, 0)
