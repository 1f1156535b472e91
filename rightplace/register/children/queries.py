"""Questions about children: who is known to this authority, their legal status, brothers and sisters, and what must not leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet

from rightplace.core.disclosure import Known
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.register.children.models import Child, LegalStatus, ReviewingOfficer, Sibling


def children(actor: Actor, *, words: str = "", mine: bool = False) -> QuerySet[Child]:
    """The children of the actor's authority by name; `words` search names and numbers, `mine` are the actor's own."""
    own = Child.objects.filter(authority_id=actor.authority_id).select_related("social_worker", "team")
    rows = without_hidden(actor, own, "id")
    if mine:
        rows = rows.filter(social_worker_id=actor.user_id)
    for word in words.split()[:5]:
        is_named = (
            Q(first_name__istartswith=word) | Q(last_name__istartswith=word) | Q(known_as__istartswith=word)
        )
        rows = rows.filter(is_named | Q(local_number=word))
    return rows.order_by("last_name", "first_name", "id")


def child_file(
    actor: Actor, child_id: int, *, now: datetime, words: str = "Opened the child's file"
) -> Child | None:
    """One child of the actor's authority, and the look recorded; None when there is no such child there."""
    child = children(actor).filter(pk=child_id).first()
    if child is not None:
        look(by=actor, now=now, child_id=child.pk, words=words)
    return child


def siblings_of(child_ids: Iterable[int]) -> dict[int, list[Child]]:
    """The brothers and sisters of each child, the oldest first."""
    wanted = set(child_ids)
    pairs = Sibling.objects.filter(Q(child_id__in=wanted) | Q(sibling_id__in=wanted)).select_related(
        "child", "sibling"
    )
    found: dict[int, list[Child]] = defaultdict(list)
    for pair in pairs:
        for one, other in ((pair.child, pair.sibling), (pair.sibling, pair.child)):
            if one.pk in wanted:
                found[one.pk].append(other)
    return {key: sorted(rows, key=lambda row: (row.born_on, row.pk)) for key, rows in found.items()}


def legal_statuses_on(child_ids: Iterable[int], day: date) -> Mapping[int, str]:
    """The code of each child's legal status on a day; children without one are left out."""
    rows = LegalStatus.objects.filter(child_id__in=list(child_ids), period__contains=day)
    return dict(rows.values_list("child_id", "code"))


def reviewing_officer_on(child_id: int, day: date) -> ReviewingOfficer | None:
    """Who reviews a child's case on a day, independent of it; None where nobody was named."""
    rows = ReviewingOfficer.objects.filter(child_id=child_id, period__contains=day)
    return rows.select_related("user").first()


def legal_status_history(child: Child) -> list[LegalStatus]:
    """Every legal status of a child, the first one first."""
    return sorted(child.legal_statuses.all(), key=lambda row: row.period.lower)


def known_of(rows: Iterable[Child], *, others: Iterable[Child] = ()) -> Known:
    """What the register knows of children that no text about them may show; `others` are named in it too."""
    listed = list(rows)
    people = [*listed, *others]
    names = (name for one in people for name in (one.first_name, one.last_name, one.known_as))
    workers = (str(one.social_worker) for one in listed if one.social_worker_id)
    return Known(
        names=_distinct([*names, *workers]),
        postcodes=_distinct(code for one in people for code in (one.home_postcode, one.school_postcode)),
        places=_distinct(one.school_name for one in people),
        references=_distinct(code for one in people for code in (one.local_number, one.upn)),
        dates=tuple(dict.fromkeys(one.born_on for one in people)),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
