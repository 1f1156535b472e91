"""The worker's part: figures kept ready follow what changed, a new day is counted, a month that is over is frozen."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.oversight.performance.summaries import count_new_day, count_what_changed, freeze_last_month


@app.periodic(cron="* * * * * */10")
@app.task(name="count_what_changed", queueing_lock="count_what_changed", pass_context=False)
def count_what_changed_each_ten_seconds(timestamp: int) -> None:
    """Every ten seconds."""
    count_what_changed(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="count_new_day", queueing_lock="count_new_day", pass_context=False)
def count_new_day_each_minute(timestamp: int) -> None:
    """Every minute: after midnight all is counted again, and a month that is over is frozen."""
    count_new_day(timezone.now())
    freeze_last_month(timezone.now())
