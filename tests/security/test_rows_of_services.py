"""Services that are paid for, without any filter: the database shows each side its rows, and a restricted child to the named."""

from __future__ import annotations

import pytest
from django.db.models import Model

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.safeguards import restricting
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.invoices.models import Invoice, InvoiceLine, Query, QueryMessage
from rightplace.journey.packages.models import Package, PackageOffer, PackagePrice
from rightplace.journey.payments.models import ScheduleLine
from tests.cast import Cast
from tests.invoicing import invoices_queried
from tests.journey.contracts.test_of_services import agreed
from tests.make import LATER

pytestmark = pytest.mark.django_db
OF_BOTH: tuple[type[Model], ...] = (
    Contract, ContractVersion, ContractLine, ScheduleLine, Invoice, InvoiceLine, Query, QueryMessage,
)  # fmt: skip
OF_THE_AUTHORITY: tuple[type[Model], ...] = (Package, PackageOffer, PackagePrice)
# Figures name nobody, so that sums stay right: these stay visible when a case is restricted.
FIGURES = {"ScheduleLine", "Invoice", "InvoiceLine"}


def seen(actor: Actor, tables: tuple[type[Model], ...]) -> dict[str, int]:
    """How many rows of each table the database shows, with no condition at all."""
    with acting_as(actor):
        return {one.__name__: one._default_manager.count() for one in tables}


@pytest.fixture
def paid(cast: Cast) -> Contract:
    """A service of Oakhouse with an invoice that Croydon disputes and Oakhouse answers."""
    contract = Contract.objects.get(package=agreed(cast, "week", 40_000, "1"))
    invoices_queried(cast, contract, cast.priya)
    return contract


def test_the_provider_and_the_authority_see_every_row_of_it_and_nobody_else_any(
    cast: Cast, paid: Contract
) -> None:
    whole = {one.__name__: one._default_manager.count() for one in OF_BOTH}
    assert all(whole.values())
    assert seen(cast.priya, OF_BOTH) == whole and seen(cast.fin, OF_BOTH) == whole
    for other in (cast.quinn, cast.brenda, cast.conrad, cast.abby):
        assert not any(seen(other, OF_BOTH).values()), other.name


def test_what_is_the_authoritys_own_of_a_service_is_shown_to_no_provider(cast: Cast, paid: Contract) -> None:
    assert all(seen(cast.bola, OF_THE_AUTHORITY).values())
    for other in (cast.priya, cast.quinn, cast.brenda, cast.conrad, cast.abby):
        assert not any(seen(other, OF_THE_AUTHORITY).values()), other.name


def test_words_about_a_restricted_childs_service_are_for_the_named_and_for_its_provider(
    cast: Cast, paid: Contract
) -> None:
    whole = seen(cast.fin, OF_BOTH)
    restricting.restrict_case(
        by=cast.iggy, now=LATER, child_number=cast.amber.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    assert not any(seen(cast.bola, OF_THE_AUTHORITY).values())
    hidden = {name for name, number in seen(cast.bola, OF_BOTH).items() if not number}
    assert {"Contract", "ContractVersion", "QueryMessage"} <= hidden and not hidden & FIGURES
    assert all(seen(cast.sadia, OF_THE_AUTHORITY).values())
    assert seen(cast.priya, OF_BOTH) == whole
