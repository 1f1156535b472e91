"""Settling lines of a schedule: what has been invoiced or paid stays as it is from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rightplace.journey.payments.models import ScheduleLine


def settle(schedule_lines: Iterable[ScheduleLine | int], now: datetime) -> int:
    """Mark lines (or their numbers) as invoiced or paid; gives how many were not settled before.

    A line that was superseded meanwhile is left as it is: what stands in its place is still open. From then on the
    database lets nobody change a settled line; a later change of the contract adds a line of the difference.
    """
    keys = [line if isinstance(line, int) else line.pk for line in schedule_lines]
    rows = ScheduleLine.objects.filter(pk__in=keys, state="due", settled_at=None)
    return rows.update(settled_at=now)
