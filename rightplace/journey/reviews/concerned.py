"""Whom a concern concerns: authorities with children in the homes it covers, or about to, as far as it is shared with them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from rightplace.foundation.access.roles import BROKER, COMMISSIONER
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.journey.decisions.models import Permission
from rightplace.journey.placements.models import Placement
from rightplace.journey.search.models import Invitation
from rightplace.register.concerns.events import ConcernEvent, ConcernLifted
from rightplace.register.concerns.models import Concern
from rightplace.register.providers.holding import shared_with


def tell_of_concern(event: ConcernEvent) -> None:
    """Tell the authority itself, everyone it shares with who has or is about to have children there, and the host authority."""
    today = timezone.localdate(event.now)
    shared = shared_with(event.authority_id, today)
    there = have_children(event.setting_ids, today) | about_to_place(event.setting_ids)
    concern = Concern.objects.get(pk=event.concern_id)
    told = (
        {event.authority_id} | (there & shared) | ({concern.host_id} & shared if concern.host_id else set())
    )
    what = (
        "was lifted"
        if isinstance(event, ConcernLifted)
        else "concerns homes where your children are or may soon be"
    )
    words = f"Concern {concern.reference}, grade {event.grade}, {what}"
    link = f"/concerns/{event.concern_id}/"
    for authority_id in sorted(told):
        for role in (COMMISSIONER, BROKER):
            tell_role(authority_id=authority_id, role=role, words=words, link=link, now=event.now)
        for user_id in _workers(authority_id, event.setting_ids, today):
            tell_user(authority_id=authority_id, user_id=user_id, words=words, link=link, now=event.now)


def have_children(setting_ids: tuple[int, ...], on: date) -> set[int]:
    """The authorities with a child who lives in these homes, or is to, by number only."""
    rows = Placement.objects.filter(setting_id__in=setting_ids, state__in=["planned", "started"])
    current = rows.filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=on))
    return set(current.values_list("authority_id", flat=True))


def about_to_place(setting_ids: tuple[int, ...]) -> set[int]:
    """The authorities that asked these homes in a search that goes on, or have chosen an offer of theirs."""
    chosen = Permission.objects.filter(
        choice__offer__setting_id__in=setting_ids, state__in=["asked", "approved"]
    )
    asked = Invitation.objects.filter(setting_id__in=setting_ids, search__closed_at__isnull=True)
    return set(chosen.values_list("authority_id", flat=True)) | set(
        asked.values_list("authority_id", flat=True)
    )


def _workers(authority_id: int, setting_ids: tuple[int, ...], on: date) -> list[int]:
    """The social workers of children who live there."""
    rows = Placement.objects.filter(
        authority_id=authority_id, setting_id__in=setting_ids, state__in=["planned", "started"]
    )
    current = rows.filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=on))
    found = current.filter(child__social_worker__isnull=False).values_list(
        "child__social_worker_id", flat=True
    )
    return sorted(set(found))
