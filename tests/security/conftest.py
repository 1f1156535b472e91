"""What the tests of security share: who is signed in, every page as it was opened once, and the forms on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from rightplace.desks.layout import doors
from rightplace.foundation.access.actor import Actor
from tests.security import crawl
from tests.security.crawl import Opened
from tests.security.entering import Browsers, signed_in
from tests.security.forms import Form
from tests.walked import connected_to, once_in_a_run
from tests.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Opening every page is counted to the first test that asks for them: give it the time, also on a busy machine."""
    for item in items:
        if "pages" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(1_200))


@pytest.fixture
def enter(world: World) -> Callable[[Actor | None], Client]:
    """Signs somebody in: `enter(world.cast.bola).get(…)`."""
    return signed_in


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door's refusal without its page: where only the status is asked."""
    monkeypatch.setattr(doors, "error_page", lambda request, status, *_, **__: HttpResponse(status=status))


@pytest.fixture(scope="session")
def pages(world_database: tuple[str, World], django_db_blocker: object) -> list[Opened]:
    """Every page of the site as everyone who may opens it; opened once in a run."""
    name, world = world_database

    def open_all() -> list[Opened]:
        with connected_to(name), transaction.atomic():
            found = crawl.open_all(world)
            transaction.set_rollback(True)
        return found

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        return once_in_a_run("pages", open_all)


@pytest.fixture(scope="session")
def unique_forms(pages: list[Opened]) -> dict[str, tuple[Opened, Form]]:
    """One of each form, with the page that it was found on."""
    return crawl.unique_forms(pages)


@pytest.fixture
def forms(unique_forms: dict[str, tuple[Opened, Form]], world: World) -> list[tuple[str, Client, Form]]:
    """Every form with the browser of somebody who may send it."""
    browsers = Browsers(world.actors)
    return [(key, browsers[each.who], form) for key, (each, form) in unique_forms.items()]
