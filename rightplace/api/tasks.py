"""The worker's part: what waits in the outbox goes out every ten seconds."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.foundation.webhooks.outbox import deliver_due


@app.periodic(cron="* * * * * */10")
@app.task(name="deliver_webhooks", queueing_lock="deliver_webhooks", pass_context=False)
def deliver_webhooks_each_ten_seconds(timestamp: int) -> None:
    """Every ten seconds; two never run at once for the same message."""
    deliver_due(timezone.now())
