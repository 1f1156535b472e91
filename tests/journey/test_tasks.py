"""The outbox: every e-mail leaves once, a fault is tried again and never stops the others."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail

from rightplace.foundation.notices.actions import tell_provider
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.journey import tasks
from tests.cast import NOW, Cast


@pytest.fixture
def waiting(cast: Cast) -> OutgoingEmail:
    """One e-mail in the outbox."""
    words = "Amber’s referral waits"
    tell_provider(
        authority_id=cast.croydon.pk, provider_id=cast.oakhouse.pk, words=words, link="/portal/", now=NOW
    )
    return OutgoingEmail.objects.get()


def test_an_e_mail_leaves_once(waiting: OutgoingEmail) -> None:
    assert [tasks.send_outbox(NOW), tasks.send_outbox(NOW)] == [1, 0]
    assert [one.to for one in mail.outbox] == [["priya@example.org"]]
    waiting.refresh_from_db()
    assert waiting.sent_at == NOW


def test_an_e_mail_carries_no_name(waiting: OutgoingEmail) -> None:
    tasks.send_outbox(NOW)
    assert "Amber" not in mail.outbox[0].subject + mail.outbox[0].body


@pytest.mark.usefixtures("broken")
def test_a_fault_is_counted_and_tried_again_later_and_later(waiting: OutgoingEmail) -> None:
    tried = [minute for minute in range(20) if _was_tried(waiting, NOW + timedelta(minutes=minute))]
    assert tried == [0, 1, 3, 7, 15]
    assert "no such server" in waiting.last_error


@pytest.mark.usefixtures("broken")
def test_after_four_days_it_is_given_up(waiting: OutgoingEmail) -> None:
    hours = [hour for hour in range(200) if _was_tried(waiting, NOW + timedelta(hours=hour))]
    assert (waiting.attempts, waiting.sent_at) == (tasks.MOST_ATTEMPTS, None)
    assert 90 < hours[-1] < 120


@pytest.fixture
def broken(settings: object) -> None:
    """A mail server that is not there."""
    settings.EMAIL_BACKEND = "tests.journey.broken_mail.EmailBackend"  # type: ignore[attr-defined]  # a fixture of pytest-django


def _was_tried(mail: OutgoingEmail, now: datetime) -> bool:
    before = mail.attempts
    tasks.send_outbox(now)
    mail.refresh_from_db()
    return mail.attempts > before


def test_the_same_message_always_has_the_same_id(waiting: OutgoingEmail) -> None:
    for _ in range(2):
        OutgoingEmail.objects.update(sent_at=None)
        tasks.send_outbox(NOW)
    assert len(mail.outbox) == 2
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 1
