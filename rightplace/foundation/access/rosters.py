"""Questions about who has access: people of an authority, when they joined, moved and left, and people at providers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.people import memberships_in
from rightplace.foundation.access.queries import SYSTEMS, not_over
from rightplace.foundation.audit.models import AuditEntry

BEGAN = {"joined": "Joined", "moved": "Changed role", "further": "Further role"}
ENDED = {"left": "Left", "moved": "Changed role", "ended": "Role ended"}


def people(by: Actor, *, today: date, text: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """People who hold or held a role in the actor's authority; with `is_here`, `is_coming` and `has_step`."""
    rows = memberships_in(by.authority_id).filter(user=OuterRef("pk"))
    held = rows.filter(not_over(today), starts_on__lte=today)
    found = User.objects.filter(Exists(rows)).exclude(username__startswith=SYSTEMS).annotate(
        is_here=Exists(held),
        is_coming=Exists(rows.filter(not_over(today), starts_on__gt=today)),
        has_step=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=("totp", "webauthn"))),
    )
    for word in text.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        )
    if role:
        found = found.filter(Exists(held.filter(role=role)))
    wanted = {
        "here": Q(is_here=True),
        "coming": Q(is_here=False, is_coming=True),
        "left": Q(is_here=False, is_coming=False),
        "no_step": Q(is_here=True, has_step=False),
    }
    return found.filter(wanted[state]) if state in wanted else found


def roles_by_person(by: Actor, user_ids: Iterable[int], *, today: date) -> dict[int, list[Membership]]:
    """The roles that each of these people holds or will hold in the actor's authority, in one statement."""
    found: dict[int, list[Membership]] = {}
    for row in (
        memberships_in(by.authority_id).filter(not_over(today), user_id__in=user_ids).order_by("starts_on")
    ):
        found.setdefault(row.user_id, []).append(row)
    return found


def roles_of(by: Actor, person_id: int) -> QuerySet[Membership]:
    """Every role that a person ever held in the actor's authority, the latest first."""
    return memberships_in(by.authority_id).filter(user_id=person_id).order_by("-starts_on", "-pk")


def changes(
    by: Actor, *, happened: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Membership]:
    """Joiners, movers and leavers: one row a role, with `is_first` and `is_move`, the latest change first."""
    rows = memberships_in(by.authority_id)
    earlier = rows.filter(user=OuterRef("user"), starts_on__lt=OuterRef("starts_on"))
    moved = rows.filter(user=OuterRef("user"), ended_because="moved", ends_on=OuterRef("starts_on"))
    rows = rows.annotate(is_first=~Exists(earlier), is_move=Exists(moved))
    began, ended = _within("starts_on", since, until), _within("ends_on", since, until)
    if happened == "joined":
        return rows.filter(began, is_first=True)
    if happened == "moved":
        return rows.filter(began, is_move=True)
    if happened == "left":
        return rows.filter(ended, ended_because="left")
    return rows.filter(began | ended)


def _within(name: str, since: date | None, until: date | None) -> Q:
    """A day that is there, and lies between the two (each may be open)."""
    limits: dict[str, Any] = {f"{name}__isnull": False}
    limits |= {f"{name}__gte": since} if since else {}
    limits |= {f"{name}__lte": until} if until else {}
    return Q(**limits)


def began_as(row: Any) -> str:
    """How a row of `changes` began: joined, moved or further."""
    if row.is_move:
        return "moved"
    return "joined" if row.is_first else "further"


def provider_people(by: Actor, *, text: str = "") -> QuerySet[Membership]:
    """People who act for a provider, now or later: those for whom this authority vouches, and those the operator added."""
    rows = Membership.objects.filter(not_over(timezone.localdate()), provider__isnull=False)
    rows = rows.filter(Q(vouched_by=by.authority_id) | Q(vouched_by__isnull=True))
    for word in text.split():
        rows = rows.filter(
            Q(provider__name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    return rows.select_related("user", "provider", "given_by")


def entries_about(by: Actor, person_id: int) -> QuerySet[AuditEntry]:
    """What the trail of the actor's authority says about a person's account, the latest first."""
    rows = AuditEntry.objects.filter(authority_id=by.authority_id, subject="account", subject_id=person_id)
    return rows.order_by("-number")


def staff_roles() -> tuple[tuple[str, str], ...]:
    """The roles that an access administrator can give, with their words."""
    return tuple((role.code, role.words) for role in roles.ROLES.values() if role.held_in == "authority")
