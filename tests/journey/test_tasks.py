"""The outbox: every e-mail leaves once, a fault is tried again and never stops the others."""

from __future__ import annotations

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


def test_a_fault_is_counted_and_tried_five_times(waiting: OutgoingEmail, settings: object) -> None:
    settings.EMAIL_BACKEND = "tests.journey.broken_mail.EmailBackend"  # type: ignore[attr-defined]  # a fixture of pytest-django
    assert [tasks.send_outbox(NOW) for _ in range(7)] == [0] * 7
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.sent_at) == (5, None)
    assert "no such server" in waiting.last_error
