"""When the database is away or takes no writes: a plain page that says so (503), and nothing by half."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import InternalError, OperationalError, close_old_connections, connection
from django.test import Client
from psycopg import sql

from rightplace.foundation.audit.models import AuditEntry
from rightplace.site.middleware import is_away
from tests.security.entering import post, signed_in
from tests.world import World


@pytest.fixture
def read_only(own_world: World) -> World:
    """The world in a database that takes no writes, as after a failover or when the disk is full."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(sql.Identifier(name)))
    return own_world


def test_where_nothing_can_be_written_pages_are_read_and_forms_refused(
    own_world: World, request: pytest.FixtureRequest
) -> None:
    client = signed_in(own_world.cast.bola)
    request.getfixturevalue("read_only")
    connection.close()
    assert client.get("/brokerage/searches/").status_code == 200
    answer = post(client, "/notices/read/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "nothing can be saved at the moment" in answer.content.decode()


def test_no_look_without_its_entry(own_world: World, request: pytest.FixtureRequest) -> None:
    """A child's file stays shut while the look into it cannot be recorded."""
    client, looks = signed_in(own_world.cast.sadia), AuditEntry.objects.count()
    request.getfixturevalue("read_only")
    connection.close()
    answer = client.get(f"/social-work/children/{own_world.cast.amber.pk}/")
    assert answer.status_code == 503
    assert "Fairweather" not in answer.content.decode()
    assert AuditEntry.objects.count() == looks


@pytest.mark.parametrize("address", ["/sign-in/", "/notices/", "/brokerage/searches/", "/"])
def test_an_unreachable_database_gives_a_plain_page(own_world: World, address: str) -> None:
    client = signed_in(own_world.cast.bola)
    client.raise_request_exception = False
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database_here"
    try:
        answer = client.get(address)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert answer.status_code == 503
    assert "Content-Security-Policy" in answer


def test_a_connection_cut_between_two_pages_is_made_again(own_world: World) -> None:
    client = signed_in(own_world.cast.bola)
    with connection.cursor() as cursor, psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        cursor.execute("SELECT pg_backend_pid()")
        admin.execute("SELECT pg_terminate_backend(%s)", cursor.fetchone())
    assert client.get("/brokerage/searches/").status_code in {200, 503}
    close_old_connections()  # as Django does around every request but those of a test
    assert client.get("/brokerage/searches/").status_code == 200


def test_a_mistake_of_ours_is_not_called_unavailable() -> None:
    assert is_away(OperationalError("gone"))
    assert not is_away(InternalError("something else"))
    assert not is_away(ImproperlyConfigured("ours"))


def test_a_page_open_to_everyone_says_so_too(own_world: World) -> None:
    assert Client().get("/about/").status_code == 200
