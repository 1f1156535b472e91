"""Telling the owner of an alert, once: the person whose it is, or everyone of the role where nobody is named.

The words name nobody, so that a restricted case stays one; its page opens to those who may open it. What no longer stands is
forgotten: should it stand again, it is told again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.performance.alerts import Alert, alerts
from rightplace.oversight.performance.models import AlertTold

Standing = tuple[str, int, date | None]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who an alert of a kind belongs to where no person does, where it is acted on, and what they are told."""

    role: str
    page: str
    words: Callable[[str], str]


OWNERS: Mapping[str, Owner] = {
    "third_placement": Owner(
        roles.TEAM_MANAGER, "/social-work/children/{}/", lambda _: "A child is likely to reach a third placement within a year"
    ),
    "review": Owner(roles.TEAM_MANAGER, "/reviews/{}/", lambda day: f"A statutory review is due on {day}"),
    "plan": Owner(
        roles.TEAM_MANAGER, "/placements/{}/", lambda day: f"A placement plan must be agreed and recorded by {day}"
    ),
    "contract": Owner(
        roles.BROKER, "/contracts/{}/", lambda day: f"A contract ends on {day}: decide whether it goes on"
    ),
    "visit": Owner(roles.COMMISSIONER, "/visits/{}/", lambda day: f"A visit planned for {day} is overdue"),
    "registration": Owner(
        roles.BROKER, "/brokerage/homes/{}/", lambda _: "A home where a child lives is closing, or is not active on the register"
    ),
}  # fmt: skip


def tell_every_alert(now: datetime) -> int:
    """Tell the alerts of every authority; how many were new."""
    keys = Authority.objects.order_by("pk").values_list("pk", flat=True)
    return sum(tell_alerts(key, now) for key in keys)


@transaction.atomic
def tell_alerts(authority_id: int, now: datetime) -> int:
    """Tell each alert that stands and was not told yet to its owner; how many. One at a time in an authority."""
    Authority.objects.select_for_update(no_key=True).get(pk=authority_id)
    actor, standing = system_actor(authority_id=authority_id), dict[Standing, Alert]()
    for alert in alerts(actor, timezone.localdate(now)):
        standing.setdefault((alert.kind, alert.key, alert.due_on), alert)
    told: dict[Standing, int] = {
        (row.kind, row.key, row.due_on): row.pk for row in AlertTold.objects.filter(authority_id=authority_id)
    }
    AlertTold.objects.filter(pk__in=[pk for one, pk in told.items() if one not in standing]).delete()
    new = [alert for one, alert in standing.items() if one not in told]
    AlertTold.objects.bulk_create(
        AlertTold(authority_id=authority_id, kind=one.kind, key=one.key, due_on=one.due_on, told_at=now)
        for one in new
    )
    for alert in new:
        _tell(authority_id, alert, now)
    return len(new)


def _tell(authority_id: int, alert: Alert, now: datetime) -> None:
    owner = OWNERS[alert.kind]
    due = f"{alert.due_on.day} {alert.due_on:%B %Y}" if alert.due_on else ""
    words, link = owner.words(due), owner.page.format(alert.key)
    if alert.owner_id is not None:
        tell_user(authority_id=authority_id, user_id=alert.owner_id, words=words, link=link, now=now)
    else:
        tell_role(authority_id=authority_id, role=owner.role, words=words, link=link, now=now)
