"""Questions about out-of-hours duty: who is on now, who is next, who may answer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import OF_SYSTEMS, not_over
from rightplace.foundation.access.roles import BROKER, COMMISSIONER, SOCIAL_WORKER, TEAM_MANAGER
from rightplace.register.duty.models import DutyTurn

ANSWERING = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, COMMISSIONER)


def turns(actor: Actor, now: datetime) -> QuerySet[DutyTurn]:
    """The turns of the actor's authority that are not over, in order of time."""
    rows = DutyTurn.objects.filter(authority_id=actor.authority_id, dropped_at=None, period__endswith__gt=now)
    return rows.select_related("person").order_by("period", "id")


def on_duty(actor: Actor, now: datetime) -> DutyTurn | None:
    """Who answers now; None where nobody is on the rota."""
    return turns(actor, now).filter(period__contains=now).first()


def may_answer(actor: Actor) -> QuerySet[User]:
    """Those of the authority who can be put on duty: people who hold such a role now, and no account of a system."""
    held = Membership.objects.filter(
        ~OF_SYSTEMS, not_over(timezone.localdate()), authority_id=actor.authority_id, role__in=ANSWERING
    )
    rows = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return rows.order_by("last_name", "first_name", "id")
