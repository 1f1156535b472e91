"""The verb of a limit reached: what was about to be looked at is not shown, and the information governance officer is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import INFORMATION_OFFICER
from rightplace.foundation.actions import Outcome, action
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role

VERB = "stop_looks"


@action
def stop_looks(*, by: Actor, now: datetime, limit: int) -> Outcome[None]:
    """Record that a person's looks were stopped at the limit of an hour; an alert goes out once an hour and person."""
    told = AuditEntry.objects.filter(
        authority_id=by.authority_id, verb=VERB, actor_id=by.user_id, at__gt=now - timedelta(hours=1)
    ).exists()
    words = f"Stopped: more than {limit} children's files in an hour"
    audit(
        by=by,
        now=now,
        verb=VERB,
        words=words,
        subject="account",
        subject_id=by.user_id,
        details={"limit": limit},
    )
    if not told:
        tell_role(
            authority_id=by.authority_id, role=INFORMATION_OFFICER,
            words=f"{by.name} opened more than {limit} children's files within an hour and was stopped",
            link=f"/governance/looks/?person={by.user_id}", now=now,
        )  # fmt: skip
    return Outcome(None)
