"""What safeguards do by the clock: anchors of the audit trail every hour, overdue reviews chased every morning."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.foundation.audit.anchors import is_due, write_anchor
from rightplace.foundation.safeguards.chasing import chase_reviews


@app.periodic(cron="*/15 * * * *")
@app.task(name="anchor_audit", queueing_lock="anchor_audit", pass_context=False)
def anchor_each_hour(timestamp: int) -> None:
    """Looked at each quarter of an hour, so that no anchor becomes older than an hour."""
    now = timezone.now()
    if is_due(settings.AUDIT_ANCHORS, now):
        write_anchor(settings.AUDIT_ANCHORS, now)


@app.periodic(cron="0 6 * * *")
@app.task(name="chase_access_reviews", queueing_lock="chase_access_reviews", pass_context=False)
def chase_each_morning(timestamp: int) -> None:
    """Every morning."""
    chase_reviews(timezone.now())
