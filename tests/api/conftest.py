"""The walked world once for all tests of the API; whatever a test does to it is undone. Callers hold real tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from rightplace.foundation.access.actor import Actor
from tests.api.caller import Caller
from tests.world import World, make_world


@pytest.fixture(scope="session")
def api_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Work at every stage on both sides, in a transaction that is undone when the run is through."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(API_REQUESTS_A_MINUTE=10**9):
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def db(api_world: World, django_db_blocker: Any) -> Iterator[None]:
    """The database of one test, in place of the usual one: what the test does is undone, the world stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(api_world: World, db: None) -> World:
    """The walked world, for one test."""
    return api_world


@pytest.fixture
def call(world: World) -> Callable[..., Caller]:
    """Makes a caller with a token of its own: `call(world.cast.bola)`."""

    def made(actor: Actor, *scopes: str) -> Caller:
        return Caller(actor, *scopes)

    return made
