"""The worker's part: owners of differences that are left too long are reminded."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.oversight.budgets.reminding import remind_owners


@app.periodic(cron="55 7 * * 1-5")
@app.task(
    name="remind_owners_of_differences", queueing_lock="remind_owners_of_differences", pass_context=False
)
def remind_owners_each_morning(timestamp: int) -> None:
    """Every working morning: owners of differences that are open for two weeks, once in two weeks."""
    remind_owners(timezone.now())
