"""Questions about notices: what waits on this actor's desk."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.models import Notice

UNREAD = "SELECT count(*) FROM notices_notice WHERE read_at IS NULL"
OF_A_DESK = "authority_id = %s AND (user_id = %s OR role = %s)"


def notices(actor: Actor) -> QuerySet[Notice]:
    """Everything told to this actor: to the person, to the role, or to the provider; newest first."""
    if actor.provider_id is not None:
        mine = Q(provider_id=actor.provider_id)
    else:
        mine = Q(authority_id=actor.authority_id) & (Q(user_id=actor.user_id) | Q(role=actor.role))
    return Notice.objects.filter(mine).order_by("-at", "-id")


def unread_count(actor: Actor) -> int:
    """How many notices this actor has not read; of the same notices as `notices`, in SQL, as every page asks."""
    where = "provider_id = %s"
    values: list[int | str | None] = [actor.provider_id]
    if actor.provider_id is None:
        where, values = OF_A_DESK, [actor.authority_id, actor.user_id, actor.role]
    with connection.cursor() as cursor:
        cursor.execute(f"{UNREAD} AND {where}", values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
