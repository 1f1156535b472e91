"""The worker's part: the exchange with case systems, every night."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.exchange.case_recording.nightly import exchange_all

LAST_TRY = 5
"""The hour of it."""


@app.periodic(cron="30 2-5 * * *")
@app.task(name="exchange_with_case_systems", queueing_lock="exchange_with_case_systems", pass_context=False)
def exchange_each_night(timestamp: int) -> None:
    """At half past two, and every hour until half past five what did not go through; the last try tells."""
    now = timezone.now()
    exchange_all(now, is_last_try=now.hour >= LAST_TRY)
