"""Two approvers at once, two proposals at once, over the same payables, in transactions that are real: one effect."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from rightplace.foundation.actions import Outcome
from rightplace.journey.ledger import runs, sending
from rightplace.journey.ledger.models import JournalEntry, PaymentItem, PaymentRun
from tests.cast import make_cast
from tests.paying import PAYDAY, Till, broken, filed, make_till, released
from tests.walked import connected_to, create_copy, drop

AT_ONCE = 6
TODAY = PAYDAY.date()


@pytest.fixture
def till(django_test_environment: None, django_db_blocker: object) -> Iterator[Till]:
    """Payees with something due, in a database where transactions are real."""
    name = f"test_rightplace_{os.getpid()}_at_once"
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        create_copy(name, template or "template1")
        with connected_to(name):
            if template in {None, "template1"}:
                call_command("migrate", verbosity=0)
            with transaction.atomic():
                found = make_till(make_cast())
                for pence in (100_000, 50_000):
                    released(found, found.oakhouse, pence)
                released(found, found.adams, 40_000)
            yield found
        drop(name)


def at_once(act: Callable[[int], Outcome[PaymentRun]]) -> Counter[str]:
    """The same thing in threads that start together; how many were done, and the others' reasons."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> str:
        start.wait()
        try:
            outcome = act(number)
            return "done" if outcome.is_done else outcome.problems[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def test_every_step_done_by_six_at_once_is_done_once(till: Till) -> None:
    propose = {"by": till.proposer, "now": PAYDAY, "due_by": TODAY, "pay_on": TODAY}
    counted = at_once(lambda _: runs.propose_run(**propose))
    assert counted["done"] == 1 and set(counted) <= {"done", "nothing", "taken"}
    run = PaymentRun.objects.get()
    assert run.total_pence == 190_000
    people = (till.approver, till.cast.dev)
    counted = at_once(
        lambda n: runs.approve_run(by=people[n % 2], now=PAYDAY, run_id=run.pk, version=run.version)
    )
    assert counted["done"] == 1 and set(counted) <= {"done", "stale", "wrong_state"}
    run.refresh_from_db()
    run = filed(till, run)
    counted = at_once(
        lambda _: sending.send_run(by=till.proposer, now=PAYDAY, run_id=run.pk, version=run.version)
    )
    assert counted["done"] == 1 and set(counted) <= {"done", "stale", "wrong_state"}
    assert JournalEntry.objects.filter(source="paid").count() == 2
    assert PaymentItem.objects.filter(is_live=True).count() == 3
    assert broken() == []
