"""Row 4 for the API: the same POST ten times at once, replies lost or not, has one effect; another body is refused."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.providers.models import Setting
from tests.api.caller import Caller
from tests.cast import Cast

NEW = {"children": [{"child_number": "1001"}]}
ROUNDS, AT_ONCE = 10, 10


def at_once(calls: list) -> list:
    """The answers of calls made at the same time, each over a connection of its own."""

    def run(one: object) -> object:
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_the_same_post_ten_times_at_once_has_one_effect(cast: Cast) -> None:
    caller = Caller(cast.sadia)
    for _ in range(ROUNDS):
        key, before = uuid.uuid4().hex, PlacementRequest.objects.count()
        answers = at_once([lambda key=key: caller.post("/requests", NEW, key=key)] * AT_ONCE)
        assert [one.status_code for one in answers] == [201] * AT_ONCE
        assert len({one.json()["id"] for one in answers}) == 1
        assert sum("Idempotent-Replayed" not in one for one in answers) == 1
        assert PlacementRequest.objects.count() == before + 1
    assert AuditEntry.objects.filter(verb="start_request").count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_requests_at_once_lets_one_through(cast: Cast) -> None:
    caller = Caller(cast.sadia)
    for _ in range(ROUNDS):
        key, bodies = uuid.uuid4().hex, [NEW, {**NEW, "about": "Loves football."}]
        answers = at_once([lambda b=body, k=key: caller.post("/requests", b, key=k) for body in bodies])
        assert sorted(one.status_code for one in answers) == [201, 422]


@pytest.mark.django_db(transaction=True)
def test_ten_systems_with_the_same_etag_overwrite_nobody(cast: Cast) -> None:
    """Each has a key of its own: one is first, the others are told that somebody was quicker."""
    callers = [Caller(cast.priya) for _ in range(AT_ONCE)]
    path = f"/vacancies/{cast.acorn_house.pk}"
    for _ in range(3):
        etag, version = callers[0].get(path)["ETag"], Setting.objects.get(pk=cast.acorn_house.pk).version
        wanted = [
            lambda c=one, n=number % 4, e=etag: c.post(path, {"vacancies": n}, etag=e)
            for number, one in enumerate(callers)
        ]
        counted = Counter(one.status_code for one in at_once(wanted))
        assert counted == {200: 1, 412: AT_ONCE - 1}
        assert Setting.objects.get(pk=cast.acorn_house.pk).version == version + 1
