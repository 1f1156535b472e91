"""A lock storm: somebody holds a table and does not let go. Whoever wants it is told to come back, and comes back once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.requests.models import PlacementRequest
from rightplace.site import waiting
from rightplace.site.backup.restoring import database_beside
from tests.figures import figure
from tests.security.entering import signed_in
from tests.security.test_parallel import NEEDED_BY, at_once, browser_like
from tests.world import World

PEOPLE = 8
MOST_SECONDS = 6.0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a web process, which sets its limits on each new connection; a lock is waited for one second."""
    monkeypatch.setitem(waiting.LIMITS, "lock_timeout", 1)
    waiting.limit_waiting()
    yield
    waiting.connection_created.disconnect(dispatch_uid="rightplace.set_limits")


@contextmanager
def held(table: str) -> Iterator[None]:
    """Hold a table against everybody, as a transaction that was forgotten does."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(database_beside(os.environ["DATABASE_URL"], name)) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def test_whoever_waits_for_a_lock_is_told_to_come_back_and_has_one_effect(
    own_world: World, impatient: None
) -> None:
    client, before = signed_in(own_world.cast.sadia), PlacementRequest.objects.count()
    address = f"/social-work/children/{own_world.cast.amber.pk}/start/"
    forms = [{"once": str(uuid4()), **NEEDED_BY} for _ in range(PEOPLE)]
    with held("requests_placementrequest"):
        began = time.monotonic()
        answers = at_once(lambda number: browser_like(client).post(address, forms[number]), PEOPLE)
        seconds = time.monotonic() - began
    told = [(answer.status_code, "Retry-After" in answer) for answer in answers]
    assert told == [(503, True)] * PEOPLE
    assert seconds < MOST_SECONDS
    figure(
        1, "people told to come back (503) while a table was held; most seconds", f"{PEOPLE}; {seconds:.1f}"
    )
    assert PlacementRequest.objects.count() == before
    again = [client.post(address, form).status_code for form in forms for _ in range(2)]
    assert set(again) <= {302, 303}
    assert PlacementRequest.objects.count() == before + PEOPLE
    assert check_chains().is_whole


def test_a_connection_of_the_web_has_its_limits(own_world: World, impatient: None) -> None:
    connection.close()
    with connection.cursor() as cursor:
        found = {}
        for name in waiting.LIMITS:
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "lock_timeout": "1s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "5min",
    }
    connection.close()
