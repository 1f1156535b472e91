"""Questions of access: which roles a person holds, and who can be tried in a demonstration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.foundation.access.models import Membership
from rightplace.foundation.organisations.models import Authority

SYSTEMS = "service-"
"""How the names of accounts begin that other systems act in: nobody signs in to them."""
OF_SYSTEMS = Q(user__username__startswith=SYSTEMS)
"""Memberships in which other systems act, by their tokens: people are found with `~OF_SYSTEMS`."""


def not_over(today: date) -> Q:
    """Roles that do not end on or before a day; they may begin after it."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=today)


def memberships_of(user: Any, *, today: date) -> QuerySet[Membership]:
    """The roles that a person holds today, the oldest first."""
    rows = Membership.objects.select_related("user", "authority", "provider", "consortium")
    return rows.filter(not_over(today), starts_on__lte=today, user_id=user.pk, user__is_active=True).order_by(
        "starts_on", "pk"
    )


def will_hold_a_role(user: Any, *, today: date) -> bool:
    """Whether a person holds a role today or on a later day."""
    return Membership.objects.filter(not_over(today), user_id=user.pk, user__is_active=True).exists()


def is_demo() -> bool:
    """Whether this installation is a demonstration: every authority in it is marked so."""
    return (
        Authority.objects.filter(is_demo=True).exists()
        and not Authority.objects.filter(is_demo=False).exists()
    )


def demo_people(*, today: date) -> QuerySet[Membership]:
    """Everyone who can be tried without a password; nobody outside a demonstration."""
    if not is_demo():
        return Membership.objects.none()
    rows = Membership.objects.select_related("user", "authority", "provider", "consortium", "team")
    return rows.filter(~OF_SYSTEMS, not_over(today), starts_on__lte=today).order_by(
        "authority__name", "provider__name", "role", "pk"
    )


def demo_membership(key: str) -> Membership | None:
    """A membership to try, by its number; None outside a demonstration."""
    if not key.isdecimal() or not is_demo():
        return None
    return (
        Membership.objects.select_related("user")
        .filter(~OF_SYSTEMS, not_over(timezone.localdate()), pk=int(key), user__is_active=True)
        .first()
    )
