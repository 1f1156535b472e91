"""What is kept for days and not for years: sessions, keys of forms, e-mails sent, old notices, uploads nobody confirmed.

None of it is a record of a person, so it goes by its age alone, by the worker, with its counts in the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.models import Submission
from rightplace.foundation.actions import Outcome, action
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import ImportRun, StoredFile
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.foundation.retention.models import SubjectRequest
from rightplace.foundation.retention.registry import referring
from rightplace.foundation.retention.rules import days_of

JOBS_OVER = ("succeeded", "failed", "cancelled", "aborted")


@action
def clear_what_is_old(*, by: Any = None, now: datetime) -> Outcome[dict[str, int]]:
    """Clear everything that is kept by its age in days only; how many rows of each kind went."""
    actor = by or system_actor()
    counts = {
        kind: clear(now - timedelta(days=days_of(kind, timezone.localdate(now))))
        for kind, clear in CLEARED.items()
    }
    total = sum(counts.values())
    audit(
        by=actor,
        now=now,
        verb="clear_what_is_old",
        words=f"Cleared {total} rows that are kept for days only",
        subject="retention",
        subject_id=None,
        details=counts,
    )
    return Outcome(counts)


def _delete(rows: QuerySet[Any]) -> int:
    return int(rows.delete()[0])


def _uploads(before: datetime) -> int:
    """Stored files that no row refers to: uploads that somebody looked at and never confirmed."""
    rows = StoredFile.objects.filter(made_at__lt=before)
    for there, key in referring(StoredFile):
        rows = rows.exclude(pk__in=there._base_manager.filter(**{f"{key}__isnull": False}).values(key))
    return _delete(rows)


def _bundles(before: datetime) -> int:
    """Bundles handed over long enough ago: the answer stays on record, its content goes."""
    rows = SubjectRequest.objects.filter(closed_at__lt=before, bundle__isnull=False)
    files = list(rows.values_list("bundle_id", flat=True))
    rows.update(bundle=None)
    return _delete(StoredFile.objects.filter(pk__in=files))


def _sessions(before: datetime) -> int:
    """Sessions that ended, in whichever table keeps them."""
    count = 0
    for label in ("sessions.Session", "access.Session"):
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        count += _delete(model._base_manager.filter(expire_date__lt=before))
    return count


def _jobs(before: datetime) -> int:
    """Jobs of the worker that are over; the library's own table, so by its own columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status::text = ANY(%s) AND NOT EXISTS (SELECT 1 FROM"
            " procrastinate_events e WHERE e.job_id = j.id AND e.at >= %s)",
            [list(JOBS_OVER), before],
        )
        return max(int(cursor.rowcount), 0)


def _messages(before: datetime) -> int:
    """E-mails that went out, and messages to programs that were delivered or given up."""
    count = _delete(OutgoingEmail.objects.filter(made_at__lt=before, sent_at__isnull=False))
    for model in apps.get_models():
        if model._meta.label == "webhooks.Delivery":
            count += _delete(model._base_manager.filter(made_at__lt=before).exclude(state="waiting"))
    return count


def _cost_checks(before: datetime) -> int:
    """Checks of past costs, with their findings; the table belongs to a floor above."""
    return _delete(apps.get_model("cost_check.CostCheck")._base_manager.filter(made_at__lt=before))


def _simulations(before: datetime) -> int:
    """Simulations of the market, with their figures; the table belongs to a floor above."""
    return _delete(apps.get_model("simulations.Simulation")._base_manager.filter(made_at__lt=before))


CLEARED: dict[str, Callable[[datetime], int]] = {
    "session": _sessions,
    "submission": lambda before: _delete(Submission.objects.filter(taken_at__lt=before)),
    "outgoing_email": _messages,
    "notice": lambda before: _delete(Notice.objects.filter(at__lt=before)),
    "import_run": lambda before: _delete(ImportRun.objects.filter(started_at__lt=before)),
    "subject_bundle": _bundles,
    "subject_request": lambda before: _delete(SubjectRequest.objects.filter(closed_at__lt=before)),
    "upload_waiting": _uploads,
    "cost_check": _cost_checks,
    "simulation": _simulations,
    "job": _jobs,
}
