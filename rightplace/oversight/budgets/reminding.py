"""Reminding the owners of differences that are left open: one notice to a person, however many are theirs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rightplace.foundation.notices.actions import tell_user
from rightplace.foundation.reference.rules import rule
from rightplace.oversight.budgets.models import MonthDifference


@transaction.atomic
def remind_owners(now: datetime) -> int:
    """Remind each owner of what is open too long and was not told lately; how many owners. The worker's daily round.

    Rows are locked and those of another worker passed over, so that nobody is reminded twice.
    """
    today = timezone.localdate(now)
    held = rule("difference_reminded_every", today)
    wait = timedelta(days=int(held.value) if held else 14)
    late = MonthDifference.objects.filter(
        Q(reminded_on=None) | Q(reminded_on__lte=today - wait),
        state="open", owner__isnull=False, found_at__lte=now - wait,
    )  # fmt: skip
    found: dict[tuple[int, int], list[MonthDifference]] = defaultdict(list)
    for row in late.select_for_update(skip_locked=True, of=("self",)).order_by("month", "pk"):
        found[row.authority_id, row.owner_id or 0].append(row)
    for (authority_id, owner_id), rows in found.items():
        many = f"{len(rows)} differences wait" if len(rows) > 1 else "A difference waits"
        words = f"{many} for you to clear up, the oldest from {rows[0].month:%B %Y}"
        link = f"/finance/differences/{rows[0].pk}/" if len(rows) == 1 else "/finance/differences/?state=open"
        tell_user(authority_id=authority_id, user_id=owner_id, words=words, link=link, now=now)
    MonthDifference.objects.filter(pk__in=[row.pk for rows in found.values() for row in rows]).update(
        reminded_on=today
    )
    return len(found)
