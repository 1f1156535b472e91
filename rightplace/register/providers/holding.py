"""Holds on homes as a concern places and ends them, and whether a home is held for an authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.safeguards.hiding import shared_concerns
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.register.providers.models import Hold, Setting

HOLD_KINDS = {3: "concern", 4: "suspension"}
"""The kind of hold by the grade of the concern behind it."""


def homes_of(provider_id: int) -> QuerySet[Setting]:
    """Everything that a provider runs and that is not closed."""
    return Setting.objects.filter(provider_id=provider_id, closed_on__isnull=True).order_by("id")


def place_holds(
    setting_ids: Iterable[int], *, authority_id: int, grade: int, reason: str, on: date
) -> list[Hold]:
    """Hold these homes from today for a concern of this grade."""
    return [
        Hold.objects.create(
            setting_id=one, kind=HOLD_KINDS[grade], reason=reason, raised_by_id=authority_id, starts_on=on,
            is_of_concern=True,
        )
        for one in setting_ids
    ]  # fmt: skip


def end_holds(hold_ids: Iterable[int], on: date) -> None:
    """End holds from a day on; one that starts later never begins to count."""
    for row in Hold.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), pk__in=list(hold_ids)):
        Hold.objects.filter(pk=row.pk).update(ends_on=max(on, row.starts_on))


def sharers_with(authority_id: int, on: date) -> frozenset[int]:
    """The authorities that share their concerns with this one by an agreement in force on a day."""
    return frozenset(_agreements(on, authority_id).values_list("authority_id", flat=True))


def shared_with(authority_id: int, on: date) -> frozenset[int]:
    """The authorities with which this one shares its concerns by an agreement in force on a day."""
    from rightplace.foundation.organisations.models import Authority

    found: set[int] = set()
    for row in _in_force(on).filter(authority_id=authority_id):
        if row.shared_with_id is not None:
            found.add(row.shared_with_id)
        else:
            found.update(
                Authority.objects.filter(consortium_id=row.consortium_id).values_list("pk", flat=True)
            )
    return frozenset(found - {authority_id})


def _in_force(on: date) -> QuerySet[SharingAgreement]:
    return SharingAgreement.objects.filter(
        kind="concerns", ended_at__isnull=True, starts_on__lte=on, ends_on__gt=on
    )


def _agreements(on: date, authority_id: int) -> QuerySet[SharingAgreement]:
    rows = _in_force(on).filter(consortium__authorities=authority_id)
    return rows.filter(Q(shared_with_id__isnull=True) | Q(shared_with_id=authority_id))


def held_for(authority_id: int, setting_id: int | None, on: date) -> str:
    """Why an authority may place no child in a home from a day on: its own holds and those shared with it; "" where none.

    Asked by the product itself, whoever acts: a provider's offer is held to what the authority knows.
    """
    if setting_id is None:
        return ""
    with as_system():
        seen = {authority_id, *sharers_with(authority_id, on)}
        rows = Hold.objects.filter(setting_id=setting_id, raised_by_id__in=seen, starts_on__lte=on)
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).order_by("-starts_on", "-id")
        first = rows.first()
    return first.reason if first else ""


def holds_shown(setting_ids: Iterable[int], on: date) -> dict[int, list[Hold]]:
    """Holds in force of these homes, as far as they are shared with the actor of this scope."""
    rows = shared_concerns(Hold.objects.filter(setting_id__in=list(setting_ids), starts_on__lte=on))
    found: dict[int, list[Hold]] = {}
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).order_by("-starts_on", "-id"):
        found.setdefault(row.setting_id, []).append(row)
    return found
