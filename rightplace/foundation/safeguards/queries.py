"""Questions of safeguards: who may open which restricted case, what waits for review, what is shared with whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import OF_SYSTEMS, not_over
from rightplace.foundation.access.roles import (
    ANALYST,
    CASE_STAFF,
    CONSORTIUM_OFFICER,
    DIRECTOR,
    FINANCE_OFFICER,
    INFORMATION_OFFICER,
    PANEL_CLERK,
    PANEL_MEMBER,
    SUPPORT,
)
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import (
    AccessReview,
    EmergencyAccess,
    NamedPerson,
    Restriction,
    SharingAgreement,
    SupportVisit,
)

# Case staff, and whoever has to handle the case's panel papers, payments, rights of access and its place in the statutory return.
MAY_BE_NAMED = CASE_STAFF | {ANALYST, PANEL_MEMBER, PANEL_CLERK, FINANCE_OFFICER, INFORMATION_OFFICER}


def hidden_children(actor: Actor, now: datetime | None = None) -> QuerySet[Restriction]:
    """The restricted cases that this actor may not open, as numbers of children: for leaving them out of a query."""
    moment = now or timezone.now()
    standing = Q(people__ends_at__isnull=True) | Q(people__ends_at__gt=moment)
    named = Restriction.objects.filter(
        standing, people__user_id=actor.user_id or 0, people__starts_at__lte=moment
    )
    opened = EmergencyAccess.objects.filter(
        user_id=actor.user_id or 0, role=actor.role, starts_at__lte=moment, ends_at__gt=moment
    )
    rows = Restriction.objects.filter(authority_id=actor.authority_id, period__contains=moment)
    hidden = rows.exclude(pk__in=named.values("pk")).exclude(child_id__in=opened.values("child_id"))
    return hidden.values("child_id")  # type: ignore[return-value]  # one column, for `in`


def may_be_named(actor: Actor, *, on: date) -> QuerySet[Membership]:
    """Who of the authority may be named for a restricted case on a day, by name: whoever leaves later is still here."""
    rows = Membership.objects.filter(authority_id=actor.authority_id, role__in=sorted(MAY_BE_NAMED))
    current = rows.filter(~OF_SYSTEMS, not_over(on), user__is_active=True).select_related("user")
    return current.order_by("user__last_name", "user__first_name", "pk")


def restrictions(
    actor: Actor, *, with_lifted: bool = False, now: datetime | None = None
) -> QuerySet[Restriction]:
    """The restricted cases of the authority, the soonest review first."""
    rows = Restriction.objects.filter(authority_id=actor.authority_id).select_related("by")
    if not with_lifted:
        rows = rows.filter(period__contains=now or timezone.now())
    named = Count("people", filter=Q(people__ends_at__isnull=True))
    return rows.annotate(named=named).order_by("review_on", "id")


def people_of(restriction: Restriction) -> QuerySet[NamedPerson]:
    """Everyone who is or was named for a case, those who are named now first."""
    rows = restriction.people.select_related("user")
    return rows.order_by(F("ends_at").desc(nulls_first=True), "user__last_name", "pk")


def emergencies(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Every emergency access of the authority: unreviewed first, then the newest."""
    rows = EmergencyAccess.objects.filter(authority_id=actor.authority_id)
    related = rows.select_related("user", "reviewer", "reviewed_by", "restriction")
    return related.order_by(F("reviewed_at").desc(nulls_first=True), "-starts_at", "-id")


def own_emergencies(actor: Actor, now: datetime) -> QuerySet[EmergencyAccess]:
    """The actor's own emergency accesses that are open now."""
    rows = EmergencyAccess.objects.filter(
        user_id=actor.user_id or 0, authority_id=actor.authority_id, ends_at__gt=now
    )
    return rows.select_related("restriction", "reviewer").order_by("ends_at")


def looks_during(row: EmergencyAccess) -> QuerySet[AuditEntry]:
    """What was looked at during an emergency access."""
    rows = AuditEntry.objects.filter(authority_id=row.authority_id, is_look=True, child_id=row.child_id)
    return rows.filter(details__emergency=row.pk).order_by("number")


def reviewers(actor: Actor, now: datetime) -> QuerySet[Membership]:
    """Who may review this actor's emergency access: the information governance officers, then the directors, never oneself."""
    today = timezone.localdate(now)
    rows = Membership.objects.filter(
        authority_id=actor.authority_id, role__in=(INFORMATION_OFFICER, DIRECTOR)
    )
    current = rows.filter(~OF_SYSTEMS, not_over(today), starts_on__lte=today, user__is_active=True)
    order = Case(When(role=INFORMATION_OFFICER, then=Value(0)), default=Value(1), output_field=IntegerField())
    return current.exclude(user_id=actor.user_id or 0).select_related("user").order_by(order, "pk")


def visits(actor: Actor) -> QuerySet[SupportVisit]:
    """Support visits: one's own for a support person, the authority's for everyone else; what waits first."""
    rows = SupportVisit.objects.select_related("user", "authority", "decided_by")
    own = (
        rows.filter(user_id=actor.user_id or 0)
        if actor.role == SUPPORT
        else rows.filter(authority_id=actor.authority_id)
    )
    order = Case(When(state="asked", then=Value(0)), When(state="agreed", then=Value(1)), default=Value(2))
    return own.order_by(order, "-asked_at", "-id")


def running_visit(visit_id: object, user_id: int, now: datetime) -> SupportVisit | None:
    """An agreed visit of this person that is running now."""
    if not isinstance(visit_id, int):
        return None
    rows = SupportVisit.objects.select_related("authority")
    return rows.filter(pk=visit_id, user_id=user_id, state="agreed", ends_at__gt=now).first()


def agreements(actor: Actor) -> QuerySet[SharingAgreement]:
    """What is shared: by the actor's authority, or by every authority of the consortium for its officer."""
    rows = SharingAgreement.objects.select_related("authority", "shared_with", "recorded_by")
    if actor.role == CONSORTIUM_OFFICER:
        rows = rows.filter(consortium_id=actor.consortium_id or 0)
    else:
        rows = rows.filter(authority_id=actor.authority_id)
    return rows.order_by(F("ended_at").desc(nulls_first=True), "kind", "id")


def sharing_authorities(actor: Actor, kind: str, on: date) -> list[int]:
    """The authorities that share this kind with the actor on a day: the actor's own among them.

    Who shares with it is the actor's to know; the agreements themselves stay with their authorities, so the product reads them.
    """
    consortium = actor.consortium_id
    if consortium is None:
        found = (
            Authority.objects.filter(pk=actor.authority_id).values_list("consortium_id", flat=True).first()
        )
        consortium = found or 0
    rows = SharingAgreement.objects.filter(consortium_id=consortium, kind=kind, ended_at__isnull=True)
    rows = rows.filter(starts_on__lte=on, ends_on__gt=on)
    if actor.role != CONSORTIUM_OFFICER:
        rows = rows.filter(Q(shared_with__isnull=True) | Q(shared_with_id=actor.authority_id))
    else:
        rows = rows.filter(shared_with__isnull=True)
    with as_system():
        sharing = set(rows.values_list("authority_id", flat=True))
    return sorted(sharing | ({actor.authority_id} if actor.authority_id else set()))


def reviews(actor: Actor) -> QuerySet[Any]:
    """The reviews of access of the authority, each with how many accounts, undecided and ended; the newest first."""
    rows = AccessReview.objects.filter(authority_id=actor.authority_id).select_related("signed_off_by")
    return rows.annotate(
        accounts=Count("lines"),
        undecided=Count("lines", filter=Q(lines__decision="")),
        ended=Count("lines", filter=Q(lines__decision="ended")),
    ).order_by("-month")


def waiting(actor: Actor, now: datetime) -> Mapping[str, int]:
    """How much waits at the governance desk, by kind."""
    today = timezone.localdate(now)
    own = {"authority_id": actor.authority_id}
    return {
        "emergencies": EmergencyAccess.objects.filter(**own, reviewed_at__isnull=True).count(),
        "restrictions": Restriction.objects.filter(**own, period__contains=now, review_on__lte=today).count(),
        "visits": SupportVisit.objects.filter(**own, state="asked").count(),
        "reviews": AccessReview.objects.filter(**own, signed_off_at__isnull=True).count(),
    }
