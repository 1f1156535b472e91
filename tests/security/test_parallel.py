"""The same form many times at the same moment, and many people at the same row: one effect, one winner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from tests.security.entering import signed_in
from tests.world import World

AT_ONCE = 8


def at_once(send: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    """Run the same thing in threads that start together, each with a connection of its own."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> HttpResponse:
        start.wait()
        try:
            return send(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def browser_like(client: Client) -> Client:
    """Another window of the same browser."""
    window = Client(raise_request_exception=False)
    window.cookies = client.cookies
    return window


def test_one_form_sent_eight_times_at_once_starts_one_request(own_world: World) -> None:
    client, before = signed_in(own_world.cast.sadia), PlacementRequest.objects.count()
    address = f"/social-work/children/{own_world.cast.amber.pk}/start/"
    entries = {"once": str(uuid4()), "needed_by_day": "1", "needed_by_month": "2", "needed_by_year": "2027"}
    answers = at_once(lambda _: browser_like(client).post(address, entries))
    assert {answer.status_code for answer in answers} <= {302, 303}, Counter(a.status_code for a in answers)
    assert len({answer["Location"] for answer in answers}) == 1
    assert PlacementRequest.objects.count() == before + 1
    assert check_chains().is_whole


def test_eight_people_at_one_placement_have_one_winner(own_world: World) -> None:
    """Each sends a form of their own with the version that all have seen."""
    client, pk = signed_in(own_world.cast.bola), own_world.ours[0]["placement"]
    row = Placement.objects.get(pk=pk)
    entries = {"version": row.version}
    deeds = AuditEntry.objects.filter(is_look=False).count()
    address = f"/placements/{pk}/undo_start/"
    answers = at_once(lambda _: browser_like(client).post(address, {**entries, "once": str(uuid4())}))
    counted = Counter(answer.status_code for answer in answers)
    assert counted[303] + counted[302] == 1, counted
    assert counted[409] == AT_ONCE - 1, counted
    assert Placement.objects.get(pk=pk).version == row.version + 1
    assert AuditEntry.objects.filter(is_look=False).count() == deeds + 1
    assert check_chains().is_whole
