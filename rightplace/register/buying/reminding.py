"""Reminders of evidence that ends: each provider once at each of the stated days before, its buyers on the day itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.register.buying.events import EvidenceEnding
from rightplace.register.buying.models import Evidence
from rightplace.register.buying.words import REMIND_AT_DAYS
from rightplace.register.frameworks.models import LotMember

FIRST = max(REMIND_AT_DAYS)
REMINDED = Problem(MISSING, "This was reminded of already, or has been replaced.")


def remind_of_endings(now: datetime) -> int:
    """Remind of whatever ends within the stated days; how many reminders went out. Run daily; a day left out is made up for."""
    today = timezone.localdate(now)
    rows = Evidence.objects.filter(replaced_at=None, expires_on__lte=today + timedelta(days=FIRST))
    rows = rows.exclude(reminded_days=min(REMIND_AT_DAYS))
    due = [(row, step_due(row, today)) for row in rows.order_by("expires_on", "id")]
    by = system_actor()
    return sum(
        remind_of_ending(by=by, now=now, evidence_id=row.pk, days=days).is_done
        for row, days in due
        if days is not None
    )


def step_due(row: Evidence, on: date) -> int | None:
    """The reminder that a piece of evidence is due on a day, in days before its end; None where that one was sent.

    Only the latest one counts: whoever was not reminded at 42 days is reminded once at 14, not twice.
    """
    if row.expires_on is None:
        return None
    left = max((row.expires_on - on).days, 0)
    steps = [one for one in REMIND_AT_DAYS if left <= one]
    if not steps:
        return None
    return min(steps) if row.reminded_days is None or row.reminded_days > min(steps) else None


@action
def remind_of_ending(*, by: Actor, now: datetime, evidence_id: int, days: int) -> Outcome[Evidence]:
    """Remind a provider of one piece of evidence, once for each of the stated days."""
    rows = Evidence.objects.filter(
        Q(reminded_days=None) | Q(reminded_days__gt=days), pk=evidence_id, replaced_at=None, expires_on__isnull=False
    )  # fmt: skip
    if not rows.update(reminded_days=days):
        return refuse(REMINDED)
    row = Evidence.objects.select_related("provider").get(pk=evidence_id)
    has_ended = row.expires_on is not None and row.expires_on <= timezone.localdate(now)
    words = f"{row.words} {'ended' if has_ended else 'ends'} on {row.expires_on:%-d %B %Y}"
    audit(
        by=by, now=now, verb="remind_of_ending", words=f"{row.provider} reminded: {words}", subject="evidence",
        subject_id=row.pk, provider_id=row.provider_id,
    )  # fmt: skip
    publish(
        EvidenceEnding(
            by=by, now=now, authority_id=0, evidence_id=row.pk, provider_id=row.provider_id, kind=row.kind, words=words,
            has_ended=has_ended, buyer_ids=_buyers(row) if has_ended else (),
        )
    )  # fmt: skip
    return Outcome(row)


def _buyers(row: Evidence) -> tuple[int, ...]:
    """The members of the consortia on whose lots the provider stands and whose framework asks for this evidence."""
    stands = LotMember.objects.filter(
        provider_id=row.provider_id, ends_on=None, lot__framework__requirements__kind=row.kind
    )
    members = Authority.objects.filter(consortium__in=stands.values("lot__framework__consortium"))
    return tuple(members.order_by("pk").values_list("pk", flat=True))
