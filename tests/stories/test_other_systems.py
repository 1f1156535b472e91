"""Two systems do the work of two people: a council's case system asks for a place, a provider's system answers.

Each calls the API over HTTP with a token of its own. The provider's is told by a webhook: a real HTTP server on this
machine takes the message, checks its signature, and only then asks what it is about.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from rightplace.foundation.notices.models import Notice
from rightplace.foundation.tokens.actions import make_service_token
from rightplace.foundation.webhooks import actions as webhooks
from rightplace.foundation.webhooks.kinds import TO_AUTHORITIES, TO_PROVIDERS
from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.foundation.webhooks.outbox import MOST_ATTEMPTS, deliver_due
from rightplace.foundation.webhooks.sending import secret_of, signature
from rightplace.journey.requests import actions as requests
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search import actions as search
from rightplace.journey.search.queries import suggestion
from tests import make
from tests.api.caller import Caller
from tests.cast import NOW, Cast

# The cast's play goes into the days ahead of its own time, whatever the clock says.
AFTERWARDS = NOW + timedelta(days=90)
STORY = {
    "children": [
        {
            "child_number": "1001",
            "needs": [{"kind": "self_harm", "severity": 2, "evidence": make.NEEDS[0].evidence}],
            "child_view": "I want to stay near my friends.",
        }
    ],
    "essential": ["own_bedroom"],
    "desirable": ["supports_contact"],
    "outcomes": [{"area": one.area, "words": one.words, "measure": one.measure} for one in make.OUTCOMES],
}


@dataclass
class Receiver:
    """A system that listens: keeps each message that is signed with the secret it was given."""

    secret: str = ""
    status: int = 204
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    seen: int = 0
    port: int = 0

    def take(self, headers: Any, body: bytes) -> int:
        """The status to answer with."""
        self.seen += 1
        moment, event_id = int(headers["webhook-timestamp"]), headers["webhook-id"]
        if headers["webhook-signature"] != signature(self.secret, event_id, moment, body):
            self.refused += 1
            return 401
        if 200 <= self.status < 300:
            self.taken.append(json.loads(body))
        return self.status


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A real HTTP server on this machine."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.take(self.headers, body))
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def listening(receiver: Receiver, actor: Any, kinds: Any) -> Webhook:
    """A webhook of this actor's to the receiver, which has been given the secret."""
    url = f"http://127.0.0.1:{receiver.port}/hook"
    row = webhooks.add_webhook(by=actor, now=timezone.now(), name="Test", url=url, kinds=kinds).done()
    receiver.secret = secret_of(row.nonce)
    return row


def system_of(actor: Any, role: str, *scopes: str) -> Caller:
    """A caller whose token was made for a system, with an account of its own."""
    made = make_service_token(
        by=actor, now=timezone.now(), name="Case system", role=role, scopes=scopes, days=90
    ).done()
    return Caller.of(made)


def searched(cast: Cast, request_id: int, now: datetime) -> None:
    """The brokers check the request and ask own carers and the market at the same time."""
    row = PlacementRequest.objects.get(pk=request_id)
    words = make.words_masked(row)
    requests.pass_request(
        by=cast.bola, now=now, request_id=row.pk, version=row.version, confirmed_words=words
    ).done()
    plan = suggestion(cast.bola, row.pk, now)
    reason = "" if plan and plan.strategy.code == "all_at_once" else "The market is known."
    search.open_search(
        by=cast.bola, now=now, request_id=row.pk, strategy="all_at_once", override_reason=reason
    ).done()


def test_a_case_system_asks_and_a_providers_system_answers(cast: Cast, receiver: Receiver) -> None:
    now = timezone.now()
    case_system = system_of(cast.ada, "team_manager", "read:requests", "write:requests", "read:placements")
    needed_by = (timezone.localdate(now) + timedelta(days=21)).isoformat()
    made = case_system.post("/requests", {**make.ANSWERS, **STORY, "needed_by": needed_by})
    assert made.status_code == 201, made.content
    assert [one["words"] for one in made.json()["to_mend"] if one["severity"] == "must"] == []
    sent = case_system.post(f"/requests/{made.json()['id']}/submit", etag=made["ETag"])
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")

    listening(receiver, cast.priya, TO_PROVIDERS)
    searched(cast, made.json()["id"], now)
    assert deliver_due(timezone.now()) >= 1
    told = [one for one in receiver.taken if one["type"] == "referral.received"]
    assert len(told) >= 1
    assert set(told[0]) == {"id", "type", "timestamp", "data"}
    assert set(told[0]["data"]) == {"referral_id"}

    desk = system_of(
        cast.priya, "provider", "read:referrals", "write:referrals", "read:offers", "write:offers"
    )
    referral = desk.post(f"/referrals/{told[0]['data']['referral_id']}/open").json()
    answers = [
        {"about": "criterion", "topic": one["topic"], "is_met": True, "words": make.HOW}
        for one in referral["criteria"]
    ]
    answers += [
        {"about": "need", "topic": one["topic"], "words": make.HOW} for one in referral["need_topics"]
    ]
    line = {"kind": "core_fee", "unit": "week", "amount_pence": 400_000}
    offer = {"referral_id": referral["id"], "starts_on": needed_by, "support_words": make.SUPPORT}
    begun = desk.post("/offers", {**offer, "lines": [line], "answers": answers})
    assert begun.status_code == 201, begun.content
    assert begun.json()["missing"] == []
    offered = desk.post(f"/offers/{begun.json()['id']}/submit", etag=begun["ETag"])
    assert (offered.status_code, offered.json()["state"]) == (200, "submitted")

    compared = Caller(cast.moses).get(f"/requests/{made.json()['id']}/offers").json()
    assert (compared["is_sealed"], compared["submitted"], compared["offers"]) == (True, 1, [])


def test_a_case_system_reads_its_placement(cast: Cast, receiver: Receiver) -> None:
    listening(receiver, cast.ada, TO_AUTHORITIES)
    contract = make.placement_started(cast, make.contract_in_force(cast))
    while deliver_due(AFTERWARDS):
        pass
    kinds = [one["type"] for one in receiver.taken]
    for kind in (
        "request.submitted",
        "search.closed",
        "offer.chosen",
        "permission.given",
        "placement.planned",
    ):
        assert kind in kinds
    started = next(one for one in receiver.taken if one["type"] == "placement.started")
    case_system = system_of(cast.ada, "team_manager", "read:placements")
    placement = case_system.get(f"/placements/{started['data']['placement_id']}").json()
    assert (placement["state"], placement["child_number"], placement["place"]) == (
        "started",
        "1001",
        "Acorn House",
    )
    assert placement["id"] == contract.placement_id


def test_no_message_carries_a_persons_data(cast: Cast, receiver: Receiver) -> None:
    listening(receiver, cast.ada, TO_AUTHORITIES)
    listening(receiver, cast.priya, TO_PROVIDERS)
    make.placement_started(cast, make.contract_in_force(cast))
    told = [(one["type"], one["data"]) for one in Delivery.objects.values_list("body", flat=True)]
    bodies = json.dumps(told)
    assert len(told) > 15
    child = cast.amber
    for word in (
        child.first_name,
        child.last_name,
        child.local_number,
        "child",
        "Croydon",
        "Sadia",
        "pence",
        "2012",
    ):
        assert word not in bodies
    provided = Delivery.objects.filter(provider_id=cast.oakhouse.pk).values_list("body", flat=True)
    assert provided
    assert not any("request_id" in one["data"] or "search_id" in one["data"] for one in provided)


def test_what_is_undone_is_never_told(cast: Cast, receiver: Receiver) -> None:
    listening(receiver, cast.ada, TO_AUTHORITIES)
    with transaction.atomic():
        make.request_submitted(cast)
        assert Delivery.objects.filter(kind="request.submitted").count() == 1
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 0


def test_a_failing_receiver_is_tried_later_and_later_and_then_given_up(
    cast: Cast, receiver: Receiver
) -> None:
    row, now = listening(receiver, cast.priya, TO_PROVIDERS), timezone.now()
    webhooks.ping_webhook(by=cast.priya, now=now, webhook_id=row.pk).done()
    receiver.status = 500
    ids, waits = set(), []
    for _ in range(MOST_ATTEMPTS):
        assert deliver_due(now) == 0
        one = Delivery.objects.get()
        ids.add(one.event_id)
        waits.append((one.next_try_at - now) if one.next_try_at else None)
        now = (one.next_try_at or now) + timedelta(seconds=1)
    assert (one.state, one.attempts, one.last_status) == ("dead", MOST_ATTEMPTS, 500)
    assert waits[:-1] == sorted(waits[:-1]) and waits[-1] is None
    assert len(ids) == 1
    assert Notice.objects.filter(provider=cast.oakhouse, words__contains="given up").count() == 1
    assert deliver_due(now + timedelta(days=9)) == 0
    receiver.status = 204
    webhooks.repeat_delivery(by=cast.priya, now=now, webhook_id=row.pk, delivery_id=one.pk).done()
    assert deliver_due(now) == 1
    assert receiver.taken[-1]["id"] == str(one.event_id)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(cast: Cast, receiver: Receiver, status: int) -> None:
    row = listening(receiver, cast.priya, TO_PROVIDERS)
    webhooks.ping_webhook(by=cast.priya, now=timezone.now(), webhook_id=row.pk).done()
    receiver.status = status
    assert deliver_due(timezone.now()) == 0
    assert receiver.seen == 1
    assert Delivery.objects.get().last_status == status


def test_a_message_with_another_secret_is_known_for_what_it_is(cast: Cast, receiver: Receiver) -> None:
    row = listening(receiver, cast.priya, TO_PROVIDERS)
    receiver.secret = "whsec_d3Jvbmc="
    webhooks.ping_webhook(by=cast.priya, now=timezone.now(), webhook_id=row.pk).done()
    deliver_due(timezone.now())
    assert (receiver.refused, receiver.taken) == (1, [])


def test_a_paused_webhook_is_told_nothing(cast: Cast, receiver: Receiver) -> None:
    row, now = listening(receiver, cast.ada, TO_AUTHORITIES), timezone.now()
    webhooks.pause_webhook(by=cast.ada, now=now, webhook_id=row.pk, version=row.version).done()
    make.request_submitted(cast)
    assert deliver_due(now) == 0
    assert Delivery.objects.count() == 0


def test_one_sides_webhook_hears_nothing_of_the_other(cast: Cast, receiver: Receiver) -> None:
    listening(receiver, cast.quinn, TO_PROVIDERS)
    make.contract_issued(cast)
    kinds = set(Delivery.objects.filter(provider=cast.harbour).values_list("kind", flat=True))
    assert "contract.issued" not in kinds
    assert not Delivery.objects.filter(provider=cast.oakhouse).exists()
