"""A world walked once for a module of tests: the cast, and one contract drafted. Each test's own deeds are undone after it.

The way to a contract is long (request, search, offer, choice, permission), so it is gone once and not before each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from rightplace.journey.contracts.models import Contract
from tests import make
from tests.cast import Cast, make_cast


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast with one contract drafted, in a transaction that is undone when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        make.contract_drafted(cast)
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def db(world: Cast) -> Iterator[None]:
    """The database of one test, in place of the usual one: what the test does is undone, the world stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(world: Cast, db: None) -> Cast:
    """Everyone."""
    return world


@pytest.fixture
def drafted(cast: Cast) -> Contract:
    """The contract that was drafted for Amber at Acorn House."""
    return Contract.objects.select_related("placement").get()
