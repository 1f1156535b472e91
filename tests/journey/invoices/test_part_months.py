"""Parts of months: what was invoiced is settled night by night, so that nothing is invoiced twice and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from rightplace.core.periods import Period
from rightplace.foundation.access.scope import acting_as, as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import deciding, proposing
from rightplace.journey.invoices.given import LineGiven
from rightplace.journey.invoices.models import Invoice, Payable
from rightplace.journey.ledger.figures import figures_of
from rightplace.journey.offers.given import LineGiven as Price
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from tests import make
from tests.cast import Cast
from tests.journey.invoices.invoice_world import (
    DECEMBER,
    JANUARY,
    NOW,
    cast,
    contract,
    db,
    december,
    one_line,
    sent,
    world,
)

__all__ = ["cast", "contract", "db", "world"]
MIDDLE = date(2026, 12, 15)


def part(cast: Cast, contract: Contract, starts_on: date, ends_on: date) -> LineGiven:
    """One line for all that the contract comes to for some nights."""
    with as_system():
        from rightplace.journey.payments.agreed import PARTS, agreement_of, priced_between

        row = Contract.objects.prefetch_related(*PARTS).get(pk=contract.pk)
        agreement = agreement_of(row)
        assert agreement is not None
        pence = sum(each.pence for each in priced_between(agreement, Period(starts_on, ends_on)).values())
    return LineGiven(starts_on, ends_on, pence, contract_reference=contract.reference)


def released(cast: Cast, invoice: Invoice) -> Invoice:
    invoice.refresh_from_db()
    with acting_as(cast.fin):
        return deciding.release_invoice(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version
        ).done()


def due(contract: Contract, **facts: object) -> int:
    rows = ScheduleLine.objects.filter(contract=contract, month=DECEMBER, state="due", **facts)
    return sum(row.pence for row in rows)


def test_a_part_of_a_month_settles_its_nights_and_the_rest_stays_to_be_invoiced(cast, contract) -> None:
    whole = due(contract)
    invoice = sent(cast, contract, (part(cast, contract, DECEMBER, MIDDLE),))
    left = december(cast, contract)
    assert {(line.starts_on, line.ends_on) for line in left} == {(MIDDLE, JANUARY)}
    assert invoice.net_pence + sum(line.net_pence for line in left) == whole
    released(cast, invoice)
    assert december(cast, contract) == left
    assert due(contract, settled_at__isnull=False) == invoice.net_pence
    assert due(contract) == whole
    assert not ScheduleLine.objects.filter(contract=contract, is_difference=True).exists()
    assert check_schedules().wrong == ()


def test_the_rest_of_the_month_is_invoiced_once_and_then_nothing_is_left(cast, contract) -> None:
    whole = due(contract)
    released(cast, sent(cast, contract, (part(cast, contract, DECEMBER, MIDDLE),)))
    rest = sent(cast, contract, december(cast, contract), number="OAK-2")
    assert not rest.findings.exists()
    released(cast, rest)
    assert december(cast, contract) == ()
    assert (
        sum(one.net_pence for one in Payable.objects.all())
        == whole
        == due(contract, settled_at__isnull=False)
    )
    again = sent(cast, contract, (part(cast, contract, MIDDLE, JANUARY),), number="OAK-3")
    assert [one.outcome for one in again.findings.all()] == ["duplicate"]


def test_a_part_in_the_middle_leaves_both_ends(cast, contract) -> None:
    released(cast, sent(cast, contract, (part(cast, contract, date(2026, 12, 10), date(2026, 12, 20)),)))
    left = {(line.starts_on, line.ends_on) for line in december(cast, contract)}
    assert left == {(DECEMBER, date(2026, 12, 10)), (date(2026, 12, 20), JANUARY)}
    assert check_schedules().wrong == ()


def test_one_line_over_two_months_settles_both_whole(cast, contract) -> None:
    released(cast, sent(cast, contract, (part(cast, contract, contract.starts_on, JANUARY),)))
    rows = ScheduleLine.objects.filter(contract=contract, state="due", period__startswith__lt=JANUARY)
    assert rows
    assert all(row.settled_at for row in rows)


def test_a_dearer_variation_after_a_part_was_paid_adds_a_difference_for_it_and_charges_the_rest_anew(
    cast, contract
) -> None:
    """Nights 1 to 14 were paid; from the 8th the price rises: a difference for 7 nights, the new price for the rest."""
    released(cast, sent(cast, contract, (part(cast, contract, DECEMBER, MIDDLE),)))
    before = due(contract)
    _varied(cast, contract, date(2026, 12, 8))
    assert check_schedules().wrong == ()
    settled = due(contract, settled_at__isnull=False)
    differences = due(contract, is_difference=True)
    charges = due(contract, settled_at=None, is_difference=False)
    assert settled + differences + charges == due(contract) != before
    assert differences < 0
    assert due(contract, settled_at=None, is_difference=False, period__startswith__lt=MIDDLE) > 0


def test_the_month_adds_up_with_a_part_of_it_invoiced(cast, contract) -> None:
    released(cast, sent(cast, contract, (part(cast, contract, DECEMBER, MIDDLE),)))
    sent(
        cast,
        contract,
        (replace(part(cast, contract, MIDDLE, date(2026, 12, 20)), net_pence=1_000_000),),
        number="OAK-2",
    )
    found = figures_of(contract.authority_id, DECEMBER)
    rows = [one for one in found if one.contract_id == contract.pk]
    assert sum(one.expected for one in rows) == due(contract)
    for one in rows:
        assert one.expected == one.invoiced + one.missed + one.disputed + one.accrued - one.above
    assert sum(one.invoiced for one in rows) == part(cast, contract, DECEMBER, MIDDLE).net_pence


def test_an_invoice_of_which_nothing_is_paid_settles_nothing(cast, contract) -> None:
    whole = due(contract)
    invoice = sent(cast, contract, (one_line(whole, contract_reference=contract.reference),))
    with acting_as(cast.fin):
        deciding.decide_lines(
            by=cast.fin, now=NOW, invoice_id=invoice.pk, version=invoice.version, line_ids=[invoice.lines.get().pk],
            decision=deciding.Decision("reduce", "Sent by mistake.", 0),
        ).done()  # fmt: skip
    released(cast, invoice)
    assert due(contract, settled_at__isnull=False) == 0
    assert sum(line.net_pence for line in december(cast, contract)) == whole


def test_a_proposal_is_made_of_what_is_left(cast, contract) -> None:
    whole = due(contract)
    invoice = sent(cast, contract, (part(cast, contract, DECEMBER, MIDDLE),))
    with acting_as(cast.fin):
        made = proposing.propose_invoices(
            by=cast.fin, now=NOW, month=DECEMBER, provider_id=contract.provider_id
        ).done()
    assert [one.net_pence for one in made] == [whole - invoice.net_pence]
    assert december(cast, contract) == ()


def _varied(cast: Cast, row: Contract, since: date) -> None:
    from rightplace.journey.contracts import actions as contracts

    row.refresh_from_db()
    with acting_as(cast.bola):
        contracts.vary_contract(
            by=cast.bola, now=NOW + timedelta(days=1), contract_id=row.pk, version=row.version, in_force_from=since,
            lines=(Price("core_fee", "week", 100_000),), reason="Less support is needed.",
        ).done()  # fmt: skip
    make.contract_signed_by(cast.bola, row)
    make.contract_signed_by(make.maker_of(cast, row.placement.setting), row)
    row.refresh_from_db()
