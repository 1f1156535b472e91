"""The walked world once for all tests of the API; whatever a test does to it is undone. Callers hold real tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from rightplace.foundation.access.actor import Actor
from tests.api.caller import Caller
from tests.world import World


@pytest.fixture
def db(world: World) -> Iterator[None]:
    """The walked world's database in place of the usual one, for calls that no limit stops."""
    with override_settings(API_REQUESTS_A_MINUTE=10**9):
        yield


@pytest.fixture
def call(world: World, db: None) -> Callable[..., Caller]:
    """Makes a caller with a token of its own: `call(world.cast.bola)`."""

    def made(actor: Actor, *scopes: str) -> Caller:
        return Caller(actor, *scopes)

    return made
