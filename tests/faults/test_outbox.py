"""The outbox against a mail server that fails three times in ten: each message reaches it, as one message."""

from __future__ import annotations

import os
import re
import time
from datetime import timedelta
from pathlib import Path

from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.journey import tasks
from tests.cast import NOW, Cast
from tests.faults.smtp import FaultyMail, faulty_mail
from tests.figures import figure

MESSAGES = int(os.environ.get("RIGHTPLACE_OUTBOX_MESSAGES", "300"))
FAULTS = 0.3
SENDS = re.compile(r"\b(send_mail|send_mass_mail|EmailMessage|EmailMultiAlternatives|get_connection)\(")
SENDERS = {"journey/tasks.py"}
"""The worker's own module: whatever waits for a mail server waits there."""


def send_all(server: FaultyMail, settings: object) -> int:
    """Let the worker's minutes pass until the outbox is empty; how many minutes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # a fixture of pytest-django
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]  # type: ignore[attr-defined]  # the same
    for minute in range(24 * 60):
        tasks.send_outbox(NOW + timedelta(minutes=minute))
        if not OutgoingEmail.objects.filter(sent_at__isnull=True).exists():
            return minute
    raise AssertionError("not empty after a day")


def test_every_message_arrives_as_one_message(cast: Cast, settings: object) -> None:
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(
            authority=cast.croydon,
            to=f"one-{number}@example.org",
            subject="Something waits",
            body="Sign in.",
            made_at=NOW,
        )
        for number in range(MESSAGES)
    )
    begun = time.monotonic()
    with faulty_mail(FAULTS) as server:
        minutes = send_all(server, settings)
    again = sum(server.taken.values()) - len(server.taken)
    figure(
        28, f"messages sent through {FAULTS:.0%} faults; arrived", f"{MESSAGES}; {len(server.taken)}", "all"
    )
    figure(28, "handed over again after a lost reply, under the same Message-ID", again)
    figure(
        28,
        "minutes of the worker until the outbox was empty; seconds of work",
        f"{minutes}; {time.monotonic() - begun:.1f}",
    )
    assert len(server.taken) == MESSAGES
    assert not OutgoingEmail.objects.filter(sent_at__isnull=True).exists()


def test_a_mail_server_that_is_away_holds_the_worker_for_a_moment_only(cast: Cast, settings: object) -> None:
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(authority=cast.croydon, to="one@example.org", subject="It", body="It", made_at=NOW)
        for _ in range(60)
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # a fixture of pytest-django
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]  # the same: nobody listens there
    begun = time.monotonic()
    assert tasks.send_outbox(NOW) == 0
    assert time.monotonic() - begun < 5
    assert OutgoingEmail.objects.filter(attempts=1).count() == tasks.FAULTS_IN_A_ROW


def test_no_page_waits_for_a_mail_server() -> None:
    """Pages only write into the outbox, so no web thread is ever held by a slow mail server."""
    root = Path(tasks.__file__).resolve().parents[1]
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if SENDS.search(path.read_text())}
    figure(28, "modules outside the worker that wait for a mail server", len(found - SENDERS), 0)
    assert found <= SENDERS
