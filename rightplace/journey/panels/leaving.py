"""Whoever has left sits on no panel: the seat ends with the account, and the clerk looks for somebody else."""

from __future__ import annotations

from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.events import PersonLeft
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.notices.actions import tell_role
from rightplace.journey.panels.models import PanelMember
from rightplace.journey.panels.standing import held_on


def follow_person_left(event: PersonLeft) -> None:
    """End every seat that they hold, with its calendar address: in this authority, or everywhere once they are gone.

    Somebody who has left makes no quorum. The clerks of each authority are told which panels have a seat to fill.
    """
    today = timezone.localdate(event.now)
    with as_system():
        rows = PanelMember.objects.filter(held_on(today), user_id=event.user_id).select_related("kind")
        seats = list(rows if event.is_gone else rows.filter(authority_id=event.authority_id))
        PanelMember.objects.filter(pk__in=[row.pk for row in seats]).update(ends_on=today, feed_nonce="")
    for row in seats:
        tell_role(
            authority_id=row.authority_id, role=roles.PANEL_CLERK, words=f"{row.name} has left and no longer sits on {row.kind}",
            link=f"/panel/kinds/{row.kind_id}/", now=event.now,
        )  # fmt: skip
