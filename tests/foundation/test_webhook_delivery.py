"""One slow receiver holds up nobody else: real servers on this machine, one of which takes its time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.foundation.webhooks.outbox import deliver_due, message
from tests.cast import Cast

KIND = "placement.started"
SLOW_SECONDS = 0.8


@dataclass
class Receiver:
    """A server that answers after a while: which messages came, when, and how many were there at once."""

    port: int = 0
    seconds: float = 0.0
    came: list[tuple[int, float]] = field(default_factory=list)
    there: int = 0
    most_there: int = 0


@pytest.fixture
def receivers(settings: Any) -> Iterator[list[Receiver]]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    made, servers = [], []
    for seconds in (SLOW_SECONDS, 0.0, 0.0):
        found = Receiver(seconds=seconds)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
        found.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(found)
        servers.append(server)
    yield made
    for server in servers:
        server.shutdown()
        server.server_close()


def _handler(found: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.there += 1
            found.most_there = max(found.most_there, found.there)
            time.sleep(found.seconds)
            found.came.append((json.loads(body)["data"]["number"], time.monotonic()))
            found.there -= 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _waiting(cast: Cast, receiver: Receiver, number: int) -> Webhook:
    now = timezone.now()
    hook = Webhook.objects.create(
        authority=cast.croydon, name=f"On {receiver.port}", url=f"http://127.0.0.1:{receiver.port}/hook", kinds=[KIND],
        made_at=now, made_by="Ada Frost",
    )  # fmt: skip
    rows = [message(hook, KIND, now, {"number": each}) for each in range(number)]
    Delivery.objects.bulk_create(rows)
    return hook


def test_a_slow_receiver_holds_up_nobody_and_each_gets_its_messages_in_order(
    cast: Cast, receivers: list[Receiver]
) -> None:
    slow, *quick = receivers
    _waiting(cast, slow, 3)
    for one in quick:
        _waiting(cast, one, 10)
    begun = time.monotonic()
    assert deliver_due(timezone.now()) == 23
    whole = time.monotonic() - begun
    # All the others were there before the slow one took its last; one after another they would have waited for it.
    assert max(at for one in quick for _, at in one.came) < slow.came[-1][1]
    assert whole >= 3 * SLOW_SECONDS
    for one in receivers:
        assert [number for number, _ in one.came] == list(range(len(one.came)))
        assert one.most_there == 1


def test_a_run_begins_nothing_after_its_time_and_the_next_goes_on(
    cast: Cast, receivers: list[Receiver]
) -> None:
    _waiting(cast, receivers[0], 3)
    begun = time.monotonic()
    assert deliver_due(timezone.now(), seconds=SLOW_SECONDS / 2) == 1
    assert time.monotonic() - begun < 2 * SLOW_SECONDS
    assert Delivery.objects.filter(state="waiting").count() == 2
    assert deliver_due(timezone.now()) == 2


def test_one_that_fails_is_left_alone_for_the_run_and_the_others_are_sent(
    cast: Cast, receivers: list[Receiver]
) -> None:
    dead = _waiting(cast, Receiver(port=1), 3)
    _waiting(cast, receivers[1], 3)
    assert deliver_due(timezone.now()) == 3
    assert sorted(Delivery.objects.filter(webhook=dead).values_list("attempts", flat=True)) == [0, 0, 1]
