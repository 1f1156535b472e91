"""What was missed of a month: kept for its close, in its sums for everyone, and named only to those who may see the case."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.safeguards import restricting
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import proposing
from rightplace.journey.invoices.missed import keep_missed, missed, missed_unseen
from rightplace.journey.invoices.models import Finding, InvoiceLine
from rightplace.journey.ledger.figures import figures_of
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
from tests.visit import signed_in

__all__ = ["cast", "contract", "db", "world"]


def january(cast: Cast, contract: Contract) -> None:
    """January is billed, December is not."""
    with acting_as(cast.priya):
        lines = proposing.prefilled(cast.priya, contract.authority_id, JANUARY)
    sent(cast, contract, lines, number="OAK-JAN")


def kept() -> list[tuple[date, date, int]]:
    rows = Finding.objects.filter(outcome="missed", state="open")
    return list(rows.values_list("starts_on", "ends_on", "pence"))


def test_nights_after_which_the_contract_was_billed_are_missed_and_not_accrued(cast, contract) -> None:
    whole = sum(line.net_pence for line in december(cast, contract))
    january(cast, contract)
    assert keep_missed(contract.authority_id, DECEMBER, now=NOW) == 1
    assert kept() == [(DECEMBER, JANUARY, whole)]
    found = [one for one in figures_of(contract.authority_id, DECEMBER) if one.contract_id == contract.pk]
    assert (sum(one.missed for one in found), sum(one.accrued for one in found)) == (whole, 0)
    assert keep_missed(contract.authority_id, DECEMBER, now=NOW) == 1
    assert len(kept()) == 1


def test_nights_that_may_still_be_billed_are_accrued_and_not_missed(cast, contract) -> None:
    assert keep_missed(contract.authority_id, DECEMBER, now=NOW) == 0
    found = figures_of(contract.authority_id, DECEMBER)
    assert sum(one.missed for one in found) == 0
    assert sum(one.accrued for one in found) == sum(line.net_pence for line in december(cast, contract))


def test_once_billed_nothing_is_missed_any_more(cast, contract) -> None:
    january(cast, contract)
    keep_missed(contract.authority_id, DECEMBER, now=NOW)
    sent(cast, contract, december(cast, contract))
    assert keep_missed(contract.authority_id, DECEMBER, now=NOW) == 0
    assert kept() == []


def test_a_restricted_case_is_counted_for_everyone_and_named_to_those_who_may_see_it(cast, contract) -> None:
    whole = sum(line.net_pence for line in december(cast, contract))
    january(cast, contract)
    restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=cast.amber.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id, cast.dev.person_id],
    ).done()  # fmt: skip
    with acting_as(cast.fin):
        assert [one for one in missed(cast.fin, DECEMBER) if one.contract_id == contract.pk] == []
        unseen = missed_unseen(cast.fin, DECEMBER)
        assert (unseen.contracts, unseen.pence) == (1, whole)
    with acting_as(cast.dev):
        assert [one.contract_id for one in missed(cast.dev, DECEMBER)] == [contract.pk]
        assert missed_unseen(cast.dev, DECEMBER).contracts == 0
    assert keep_missed(contract.authority_id, DECEMBER, now=NOW) == 1
    page = signed_in(cast.fin).get("/finance/not-invoiced/?month=2026-12").content.decode()
    assert "is in restricted cases" in page
    assert contract.reference not in page


def test_a_month_billed_in_parts_is_whole_only_without_a_hole_and_until_it_is_credited(
    cast, contract
) -> None:
    nightly = sum(line.net_pence for line in december(cast, contract)) // 31
    parts = ((1, 11), (21, 31), (11, 21), (31, 32))
    open_nights = []
    for number, (first, after) in enumerate(parts):
        line = one_line(
            nightly * (after - first), starts_on=date(2026, 12, first),
            ends_on=date(2026, 12, after) if after < 32 else JANUARY, contract_reference=contract.reference,
        )  # fmt: skip
        sent(cast, contract, (line,), number=f"OAK-{number}")
        open_nights.append(sum(one.nights for one in missed(cast.fin, DECEMBER)))
    assert open_nights == [21, 11, 1, 0]
    InvoiceLine.objects.filter(contract=contract, starts_on=date(2026, 12, 11)).update(
        state="reduced", agreed_net_pence=0
    )
    assert sum(one.nights for one in missed(cast.fin, DECEMBER)) == 10
