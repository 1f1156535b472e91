"""The worker's part: the exchange with case systems, every night."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.exchange.case_recording.nightly import exchange_all


@app.periodic(cron="30 2 * * *")
@app.task(name="exchange_with_case_systems", queueing_lock="exchange_with_case_systems", pass_context=False)
def exchange_each_night(timestamp: int) -> None:
    """At half past two; an extract that was taken in already changes nothing."""
    exchange_all(timezone.now())
