"""What a contract comes to as core prices it: the same as its schedule, to the penny, before and after a variation."""

from __future__ import annotations

from rightplace.core.pricing import charges_until
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.agreed import agreement_of, commissioned
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import due, vary


def priced(contract: Contract) -> int:
    """What the agreement comes to over its stay, in pence."""
    agreement = agreement_of(Contract.objects.get(pk=contract.pk))
    assert agreement is not None
    return charges_until(agreement, agreement.stay.closed_end).total_pence


def test_a_contract_in_force_comes_to_its_schedule(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    assert priced(row) == sum(due(row).values()) > 0


def test_a_variation_from_a_later_day_moves_both_alike(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    before = priced(row)
    vary(cast, row)
    assert priced(row) == sum(due(row).values()) > before


def test_what_nobody_has_signed_is_no_agreement(cast: Cast, drafted: Contract) -> None:
    assert agreement_of(drafted) is None
    assert commissioned([drafted]).contract_ids == ()


def test_contracts_become_columns_in_their_order(cast: Cast, drafted: Contract) -> None:
    row = Contract.objects.get(pk=make.contract_in_force(cast, drafted).pk)
    found = commissioned([row])
    assert found.places == {row.pk: 0}
    assert found.columns.provider.tolist() == [row.provider_id]
