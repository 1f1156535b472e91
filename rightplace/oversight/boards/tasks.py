"""The worker's part: owners of milestones, actions and risks are reminded of what is late."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.oversight.boards.reminding import remind_owners


@app.periodic(cron="50 7 * * 1-5")
@app.task(name="remind_owners_of_the_board", queueing_lock="remind_owners_of_the_board", pass_context=False)
def remind_owners_each_morning(timestamp: int) -> None:
    """Every working morning: owners of what is late, once in two weeks."""
    remind_owners(timezone.now())
