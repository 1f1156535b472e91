"""Two people at the same moment, in transactions of their own: one invoice of a number, and one release of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import actions, deciding
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.invoices.models import Invoice, Payable
from tests import make
from tests.cast import make_cast, person
from tests.journey.invoices.invoice_world import NOW, TODAY, december


def together(deeds: dict[Actor, Callable[[Actor], Outcome[Any]]]) -> list[Outcome[Any]]:
    """Every deed at the same moment, each by its own person."""
    start, outcomes = threading.Barrier(len(deeds)), []

    def run(by: Actor, act: Callable[[Actor], Outcome[Any]]) -> None:
        try:
            start.wait()
            with acting_as(by):
                outcomes.append(act(by))
        finally:
            connection.close()

    people = [threading.Thread(target=run, args=pair) for pair in deeds.items()]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_an_invoice_sent_twice_is_one_and_two_officers_release_it_once() -> None:
    cast = make_cast()
    contract: Contract = make.contract_in_force(cast)
    second = person("Finn Second", roles.FINANCE_OFFICER, authority=cast.croydon)
    colleague = person("Pia Second", roles.PROVIDER, provider=cast.oakhouse)
    lines = december(cast, contract)

    def send(by: Actor) -> Outcome[Invoice]:
        given = InvoiceGiven("OAK-1", TODAY, lines)
        return actions.send_invoice(by=by, now=NOW, authority_id=cast.croydon.pk, given=given)

    sent = together({cast.priya: send, colleague: send})
    assert sorted(outcome.is_done for outcome in sent) == [False, True]
    assert [p.code for outcome in sent for p in outcome.problems] == ["taken"]
    invoice = Invoice.objects.get()

    def release(by: Actor) -> Outcome[Invoice]:
        return deciding.release_invoice(by=by, now=NOW, invoice_id=invoice.pk, version=invoice.version)

    released = together({cast.fin: release, second: release})
    assert sorted(outcome.is_done for outcome in released) == [False, True]
    assert sum(one.net_pence for one in Payable.objects.all()) == invoice.net_pence
    assert Payable.objects.count() == len(lines)
