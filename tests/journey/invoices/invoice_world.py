"""A contract in force for Amber at Acorn House, walked once for a module, and invoices for it made by the real verbs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import actions, proposing
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Invoice
from tests import make
from tests.cast import Cast, make_cast, person
from tests.contract_world import cast, db

__all__ = ["cast", "contract", "db", "world"]

NOW = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast with one contract in force, in a transaction that is undone when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        make.contract_in_force(cast)
        person("Finn Second", roles.FINANCE_OFFICER, authority=cast.croydon)
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """Amber's contract at Acorn House, from 23 November 2026."""
    return Contract.objects.get(provider=cast.oakhouse)


def december(cast: Cast, contract: Contract) -> tuple[LineGiven, ...]:
    """What the schedule has for December, as the portal fills it in."""
    with acting_as(cast.priya):
        return proposing.prefilled(cast.priya, contract.authority_id, DECEMBER)


def one_line(pence: int, **facts: Any) -> LineGiven:
    """A line of December for the whole of Amber's contract."""
    return LineGiven(**{"starts_on": DECEMBER, "ends_on": JANUARY, "net_pence": pence, **facts})


def sent(
    cast: Cast,
    contract: Contract,
    lines: tuple[LineGiven, ...],
    *,
    number: str = "OAK-1",
    now: datetime = NOW,
    **facts: Any,
) -> Invoice:
    """An invoice by Priya, as the site takes it: within her own scope."""
    with acting_as(cast.priya):
        return actions.send_invoice(
            by=cast.priya, now=now, authority_id=contract.authority_id,
            given=InvoiceGiven(number, now.date(), lines, **facts),
        ).done()  # fmt: skip


def changed(lines: tuple[LineGiven, ...], **facts: Any) -> tuple[LineGiven, ...]:
    """The same lines with other facts."""
    return tuple(replace(line, **facts) for line in lines)
