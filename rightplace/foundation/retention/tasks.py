"""Work by the clock: lists proposed each month, agreed ones carried out, old rows cleared, requests for one's own data."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.retention.clearing import clear_what_is_old
from rightplace.foundation.retention.destroying import carry_on, propose_destruction
from rightplace.foundation.retention.subject.job import carry_on_requests


def propose_everywhere(now: datetime) -> int:
    """Propose a list in every authority that has something due and no list open; how many."""
    return sum(
        propose_destruction(by=system_actor(authority_id=one), now=now, authority_id=one).is_done
        for one in Authority.objects.order_by("pk").values_list("pk", flat=True)
    )


@app.periodic(cron="30 5 1 * *")
@app.task(name="propose_destruction", queueing_lock="propose_destruction", pass_context=False)
def propose_each_month(timestamp: int) -> None:
    """On the first of each month."""
    propose_everywhere(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="carry_on_destruction", queueing_lock="carry_on_destruction", pass_context=False)
def carry_on_each_minute(timestamp: int) -> None:
    """Every minute."""
    carry_on(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="carry_on_requests", queueing_lock="carry_on_requests", pass_context=False)
def carry_on_requests_each_minute(timestamp: int) -> None:
    """Every minute."""
    carry_on_requests(timezone.now())


@app.periodic(cron="15 3 * * *")
@app.task(name="clear_what_is_old", queueing_lock="clear_what_is_old", pass_context=False)
def clear_each_night(timestamp: int) -> None:
    """Every night."""
    clear_what_is_old(now=timezone.now())
