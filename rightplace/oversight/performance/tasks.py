"""The worker's part: figures kept ready follow what changed, a month that is over is frozen, alerts are told."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.oversight.performance.summaries import count_new_day, count_what_changed, freeze_last_month
from rightplace.oversight.performance.telling import tell_every_alert


@app.periodic(cron="* * * * * */3")
@app.task(name="count_what_changed", queueing_lock="count_what_changed", pass_context=False)
def count_what_changed_each_three_seconds(timestamp: int) -> None:
    """Every three seconds."""
    count_what_changed(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="count_new_day", queueing_lock="count_new_day", pass_context=False)
def count_new_day_each_minute(timestamp: int) -> None:
    """Every minute: after midnight all is counted again, and a month that is over is frozen."""
    count_new_day(timezone.now())
    freeze_last_month(timezone.now())


@app.periodic(cron="10 * * * *")
@app.task(name="tell_alerts", queueing_lock="tell_alerts", pass_context=False)
def tell_alerts_each_hour(timestamp: int) -> None:
    """Every hour: an alert that is new is told to its owner, once."""
    tell_every_alert(timezone.now())
