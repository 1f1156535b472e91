"""What the tests of security share: who is signed in, and every page as it was opened once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from rightplace.foundation.access.actor import Actor
from tests.security import crawl
from tests.security.crawl import Opened
from tests.security.entering import signed_in
from tests.walked import connected_to
from tests.world import World


@pytest.fixture
def enter(world: World) -> Callable[[Actor | None], Client]:
    """Signs somebody in: `enter(world.cast.bola).get(…)`."""
    return signed_in


@pytest.fixture(scope="session")
def pages(world_database: tuple[str, World], django_db_blocker: object) -> list[Opened]:
    """Every page of the site as everyone who may opens it; opened once in a run."""
    name, world = world_database
    with django_db_blocker.unblock(), connected_to(name), transaction.atomic():  # type: ignore[attr-defined]  # pytest-django gives no type
        found = crawl.open_all(world)
        transaction.set_rollback(True)
    return found
