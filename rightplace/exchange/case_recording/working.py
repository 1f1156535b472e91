"""Whose case it is by the case system: given to that worker where they have an account here and do not review the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F

from rightplace.exchange.case_recording.noting import Difference, Noted
from rightplace.exchange.case_recording.stated import Allocated
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.roles import SOCIAL_WORKER
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child, ReviewingOfficer


def allocate(
    authority: Authority, stated: Iterable[Allocated], children: Mapping[str, int], noted: Noted, today: date
) -> int:
    """Give each child's case to the worker of today; gives how many changed hands. What cannot be is listed."""
    current = _current(stated, children, today)
    workers = _workers(authority, {one.email for one in current.values()}, today)
    rows = Child.objects.in_bulk(current)
    reviewers = _reviewers(current, today)
    changed = 0
    for child_id, one in current.items():
        child, worker = rows[child_id], workers.get(one.email)
        if worker is None:
            words = f"{one.name or one.email} has no account here as a social worker"
            noted.note(
                Difference(child_id, "accounts", "worker", words, one.email, str(child.social_worker or ""))
            )
        elif worker.user_id == reviewers.get(child_id):
            words = f"{worker.user} reviews this child’s case and may not work on it"
            noted.note(
                Difference(child_id, "workers", "worker", words, one.email, str(child.social_worker or ""))
            )
        elif worker.user_id != child.social_worker_id:
            team = worker.team_id or child.team_id
            Child.objects.filter(pk=child_id).update(
                social_worker=worker.user_id, team=team, version=F("version") + 1
            )
            changed += 1
    return changed


def _current(stated: Iterable[Allocated], children: Mapping[str, int], today: date) -> dict[int, Allocated]:
    """The worker of today of each child: of several the one who began last."""
    found: dict[int, Allocated] = {}
    for one in sorted(stated, key=lambda row: (row.start, row.email)):
        if one.person in children and one.start <= today and (one.end is None or one.end > today):
            found[children[one.person]] = one
    return found


def _workers(authority: Authority, emails: set[str], today: date) -> dict[str, Membership]:
    rows = Membership.objects.filter(
        not_over(today), authority=authority, role=SOCIAL_WORKER, starts_on__lte=today, user__is_active=True
    )
    return {
        row.user.email.lower(): row
        for row in rows.select_related("user").order_by("pk")
        if row.user.email.lower() in emails
    }


def _reviewers(children: Iterable[int], today: date) -> dict[int, int]:
    rows = ReviewingOfficer.objects.filter(child_id__in=list(children), period__contains=today)
    return dict(rows.values_list("child_id", "user_id"))
