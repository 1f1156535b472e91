"""The same form many times at the same moment, and many people at the same row: one effect, one winner."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from tests.figures import figure
from tests.security.entering import signed_in
from tests.world import World

AT_ONCE = int(os.environ.get("RIGHTPLACE_EDITORS", "8"))
SEQUENCES = int(os.environ.get("RIGHTPLACE_SEQUENCES", "40"))
SEQUENCE_SECONDS = float(os.environ.get("RIGHTPLACE_SEQUENCE_SECONDS", "3600"))
NEEDED_BY = {"needed_by_day": "1", "needed_by_month": "2", "needed_by_year": "2027"}


def at_once(send: Callable[[int], HttpResponse], many: int = AT_ONCE) -> list[HttpResponse]:
    """Run the same thing in threads that start together, each with a connection of its own."""
    start = Barrier(many)

    def one(number: int) -> HttpResponse:
        start.wait()
        try:
            return send(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def browser_like(client: Client) -> Client:
    """Another window of the same browser."""
    window = Client(raise_request_exception=False)
    window.cookies = client.cookies
    return window


def test_one_form_sent_many_times_at_once_starts_one_request(own_world: World) -> None:
    client, before = signed_in(own_world.cast.sadia), PlacementRequest.objects.count()
    address = f"/social-work/children/{own_world.cast.amber.pk}/start/"
    entries = {"once": str(uuid4()), **NEEDED_BY}
    answers = at_once(lambda _: browser_like(client).post(address, entries))
    assert {answer.status_code for answer in answers} <= {302, 303}, Counter(a.status_code for a in answers)
    assert len({answer["Location"] for answer in answers}) == 1
    assert PlacementRequest.objects.count() == before + 1
    assert check_chains().is_whole


def test_many_people_at_one_placement_have_one_winner(own_world: World) -> None:
    """Each sends a form of their own with the version that all have seen."""
    client, pk = signed_in(own_world.cast.bola), own_world.ours[0]["placement"]
    row = Placement.objects.get(pk=pk)
    entries = {"version": row.version}
    deeds = AuditEntry.objects.filter(is_look=False).count()
    address = f"/placements/{pk}/undo_start/"
    answers = at_once(lambda _: browser_like(client).post(address, {**entries, "once": str(uuid4())}))
    counted = Counter(answer.status_code for answer in answers)
    told = f"{AT_ONCE}; {counted[303] + counted[302]}; {counted[409]}"
    met = told == f"{AT_ONCE}; 1; {AT_ONCE - 1}"
    figure(7, "editors of one row at once; who won; told so (409)", told, "one winner", met=met)
    assert counted[303] + counted[302] == 1, counted
    assert counted[409] == AT_ONCE - 1, counted
    assert Placement.objects.get(pk=pk).version == row.version + 1
    assert AuditEntry.objects.filter(is_look=False).count() == deeds + 1
    assert check_chains().is_whole


def resent(windows: list[Client], address: str, chance: random.Random) -> tuple[set[str], set[int]]:
    """One form sent under one key two to ten times, one after another or some at once, as after a reply that was lost.

    Then once more with another body. Where the answers led, and how the other body was answered.
    """
    entries = {"once": str(uuid4()), **NEEDED_BY}
    answers = [windows[0].post(address, entries) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.25:
        answers += at_once(lambda number: windows[number].post(address, entries), len(windows))
    other = windows[0].post(address, {**entries, "needed_by_day": "2"})
    return {answer.get("Location", f"status {answer.status_code}") for answer in answers}, {other.status_code}


@pytest.mark.timeout(0 if SEQUENCES > 1_000 else 300)
def test_forms_sent_again_in_any_order_have_one_effect_each(own_world: World) -> None:
    client, chance = signed_in(own_world.cast.sadia), random.Random(20261122)
    windows = [browser_like(client) for _ in range(4)]
    address = f"/social-work/children/{own_world.cast.amber.pk}/start/"
    before, deeds = PlacementRequest.objects.count(), AuditEntry.objects.filter(verb="start_request").count()
    until, led, wrong, sequences = time.monotonic() + SEQUENCE_SECONDS, set[str](), [], 0
    while sequences < SEQUENCES and time.monotonic() < until:
        where, others = resent(windows, address, chance)
        wrong += [(where, others)] if len(where) != 1 or others != {409} or where & led else []
        led |= where
        sequences += 1
    started = PlacementRequest.objects.count() - before
    written = AuditEntry.objects.filter(verb="start_request").count() - deeds
    met = wrong == [] and started == written == sequences
    figure(
        4,
        "sequences of one form sent again; effects; entries",
        f"{sequences}; {started}; {written}",
        "equal",
        met=met,
    )
    assert wrong == []
    assert started == written == sequences
    assert check_chains().is_whole
