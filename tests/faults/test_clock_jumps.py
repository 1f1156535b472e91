"""The machine's clock jumps ahead and back: deeds and trail stay whole, and nothing waits for a moment that never was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from rightplace.foundation.access.models import Session
from rightplace.foundation.audit.anchors import anchors_in, check_against_anchors, is_due, write_anchor
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.foundation.notices.actions import tell_provider
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.journey import tasks
from rightplace.journey.requests import actions
from tests.cast import NOW, Cast
from tests.security.entering import signed_in

AHEAD = timedelta(days=400)
JUMPS = (timedelta(), AHEAD, -timedelta(hours=30), timedelta(minutes=1), -AHEAD, timedelta(minutes=2))


def test_deeds_and_their_trail_stay_whole(cast: Cast) -> None:
    """Order is kept by the numbers of the chain, which no clock gives."""
    for jump in JUMPS:
        actions.start_request(by=cast.sadia, now=NOW + jump, child_ids=(cast.amber.pk,)).done()
    entries = AuditEntry.objects.filter(verb="start_request").order_by("number")
    assert [entry.at for entry in entries] == [NOW + jump for jump in JUMPS]
    assert check_chains().is_whole


def test_an_anchor_from_the_future_keeps_no_other_from_being_written(cast: Cast, tmp_path: Path) -> None:
    actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.amber.pk,)).done()
    write_anchor(tmp_path, NOW + AHEAD)
    assert is_due(tmp_path, NOW)
    write_anchor(tmp_path, NOW)
    assert not is_due(tmp_path, NOW)
    assert len(anchors_in(tmp_path)) == 2
    assert check_against_anchors(tmp_path).is_whole


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), AHEAD])
def test_a_session_seen_in_the_future_is_over(cast: Cast, ahead: timedelta) -> None:
    client: Client = signed_in(cast.sadia)
    assert client.get("/social-work/").status_code == 200
    Session.objects.update(seen_at=Session.objects.get().seen_at + ahead)
    assert client.get("/social-work/")["Location"].startswith("/sign-in/")


def test_a_message_put_off_while_the_clock_was_ahead_leaves(cast: Cast) -> None:
    words = {"words": "A referral waits", "link": "/portal/", "now": NOW}
    tell_provider(authority_id=cast.croydon.pk, provider_id=cast.oakhouse.pk, **words)
    OutgoingEmail.objects.update(next_try_at=NOW + AHEAD, attempts=1)
    assert (tasks.send_outbox(NOW), tasks.send_outbox(NOW)) == (1, 0)
