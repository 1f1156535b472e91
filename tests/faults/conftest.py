"""The walked world as a sealed dump, and installations restored from it, to do harm to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from rightplace.site.backup.dump import Made, make_dump
from rightplace.site.backup.sealed import make_keys, public_key
from tests.faults.journeys import Cards
from tests.faults.standing import Installation, installed
from tests.security.entering import signed_in
from tests.walked import connected_to, create_copy, drop
from tests.world import World, make_world


@dataclass(frozen=True)
class Dumped:
    """The world as a dump: the file, the keys, who is signed in, and the database that it was made of."""

    made: Made
    private: Path
    public: str
    cards: Cards
    world: World
    url: str


@pytest.fixture(scope="session")
def dumped(
    django_test_environment: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dumped]:
    """Walk the world once, sign people in, and dump it."""
    name, folder = f"test_rightplace_{os.getpid()}_faults", tmp_path_factory.mktemp("dump")
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        create_copy(name, template or "template1")
        with connected_to(name):
            if template in {None, "template1"}:
                call_command("migrate", verbosity=0)
            with transaction.atomic():
                world = make_world()
            cards = _cards(world)
        url = os.environ["DATABASE_URL"].replace("/rightplace?", f"/{name}?")
        private, public = make_keys()
        key = folder / "key"
        key.write_text(private)
        made = make_dump(url, folder, public_key(public), now=datetime.now(UTC), advance=lambda *_: None)
        yield Dumped(made, key, public, cards, world, url)
        drop(name)


@pytest.fixture(scope="session")
def place(dumped: Dumped) -> Iterator[Installation]:
    """An installation that all tests of a run share, not yet served."""
    with installed(short_folder(), dumped.made.path, dumped.private) as found:
        yield found


def short_folder() -> Path:
    """A new folder outside pytest's own: that one is shut to PostgreSQL's user whenever another run begins.

    Its path is short enough for a socket. Whoever asks for it removes it.
    """
    folder = Path(tempfile.mkdtemp(prefix="rightplace-"))
    folder.chmod(0o755)  # run by root, PostgreSQL is another user and must get through
    return folder


def _cards(world: World) -> Cards:
    cast = world.cast
    people = {"sadia": cast.sadia, "priya": cast.priya, "bola": cast.bola}
    sessions = {
        name: signed_in(actor).cookies[settings.SESSION_COOKIE_NAME].value for name, actor in people.items()
    }
    return Cards(sessions, (cast.amber.pk, cast.jude.pk, cast.kiran.pk), cast.acorn_house.pk)
