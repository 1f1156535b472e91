"""Questions about decisions: what waits for permission, one permission with its costs, and who could approve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import OF_SYSTEMS
from rightplace.foundation.audit.record import look
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.decisions.choosing import overtaken
from rightplace.journey.decisions.limits import (
    Asked,
    Standing,
    asked_of,
    limit_words,
    needed_role,
    standing_limits,
)
from rightplace.journey.decisions.models import Choice, Cover, Delegation, DelegationChange, Permission
from rightplace.journey.decisions.states import APPROVERS
from rightplace.journey.offers.feedback import suggested_feedback
from rightplace.journey.offers.queries import Compared, Comparison, offers_to_compare
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Search


@dataclass(frozen=True, slots=True)
class PossibleApprover:
    """Somebody who could approve, or why not."""

    name: str
    role_words: str
    limit_pence: int | None
    problems: tuple[Problem, ...]
    user_id: int | None = None
    role: str = ""
    limit_words: str = ""
    acts_for: str = ""

    @property
    def may(self) -> bool:
        """True when this person may approve."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Before a choice: the offer, each of the others with suggested words, and whose permission its cost needs.

    `problems` says why nothing can be chosen at present.
    """

    comparison: Comparison
    offer: Compared
    others: tuple[tuple[Compared, str], ...]
    needs_role: str
    problems: tuple[Problem, ...]


def choice_page(actor: Actor, request_id: int, offer_id: int, now: datetime) -> ChoicePage | None:
    """What a team manager needs to choose an offer; None where it is not there, or is sealed."""
    search = Search.objects.filter(request_id=request_id, authority_id=actor.authority_id).first()
    held = offers_to_compare(actor, search.pk, now) if search else None
    if not isinstance(held, Comparison):
        return None
    offer = next((one for one in held.offers if one.offer_id == offer_id), None)
    if offer is None:
        return None
    others = (one for one in held.offers if one.offer_id != offer_id and one.state == "submitted")
    cost = offer.cost.total_pence if offer.cost else 0
    row = PlacementRequest.objects.get(pk=request_id)
    return ChoicePage(
        comparison=held,
        offer=offer,
        others=tuple((one, suggested_feedback(one, offer)) for one in others),
        needs_role=needed_role(actor.authority_id, cost, timezone.localdate(now)),
        problems=tuple(overtaken(row)),
    )


def permissions(actor: Actor) -> QuerySet[Permission]:
    """Every permission of the actor's authority, the newest first."""
    own = Permission.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "choice__request__children__child_id")
    return rows.select_related(
        "choice__request", "choice__offer__setting", "choice__offer__household", "asked_by", "decided_by"
    ).order_by("-asked_at", "-id")


def permissions_waiting(actor: Actor, *, on: date) -> QuerySet[Permission]:
    """What this actor could decide on: within their limit or at the panel, not their own; the longest waiting first."""
    rows = permissions(actor).filter(state="asked").order_by("due_at", "asked_at", "id")
    standing = standing_limits(actor.authority_id, on)
    mine = [row.pk for row in rows if standing.entitlement(actor, asked_of(row))[0] is not None]
    return rows.filter(pk__in=mine)


def permission_page(actor: Actor, permission_id: int, now: datetime) -> Permission | None:
    """One permission with its costs by year; opening it is a look into each child's file."""
    rows = permissions(actor).prefetch_related("years", "choice__request__children__child", "placements")
    permission = rows.filter(pk=permission_id).first()
    if permission is not None:
        reference = permission.choice.request.reference
        for asked in permission.choice.request.children.all():
            look(by=actor, now=now, child_id=asked.child_id, words=f"Opened the permission for {reference}")
    return permission


def who_may_approve(permission: Permission, *, on: date) -> list[PossibleApprover]:
    """Everyone with a role that approves, whether they may approve this, and if not why not."""
    return possible_approvers(asked_of(permission), on=on)


def possible_approvers(asked: Asked, *, on: date) -> list[PossibleApprover]:
    """Everyone of the authority who holds a role that approves on a day: who could agree to this, and if not why not.

    The accounts in which other systems act are nobody who agrees.
    """
    held = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on)) & ~OF_SYSTEMS
    rows = Membership.objects.filter(held, authority_id=asked.authority_id, role__in=APPROVERS)
    standing = standing_limits(asked.authority_id, on)
    people = rows.filter(user__is_active=True).select_related("user")
    found = [
        _possible(row.as_actor(), asked, standing) for row in people.order_by("role", "user__last_name", "pk")
    ]
    return sorted(found, key=lambda person: not person.may)


def _possible(actor: Actor, asked: Asked, standing: Standing) -> PossibleApprover:
    entitled, problems = standing.entitlement(actor, asked)
    own = standing.limit_of(actor.user_id, actor.role, asked)
    away = entitled.for_user if entitled else None
    return PossibleApprover(
        name=actor.name,
        role_words=actor.role_words,
        limit_pence=own.whole_cost_pence if own else None,
        problems=tuple(problems),
        user_id=actor.user_id,
        role=actor.role,
        limit_words=limit_words(entitled.delegation if entitled and away else own),
        acts_for=str(User.objects.get(pk=away)) if away else "",
    )


def current_choice(actor: Actor, request_id: int) -> Choice | None:
    """The choice that stands for a request, with its permission."""
    rows = Choice.objects.filter(authority_id=actor.authority_id, request_id=request_id, is_current=True)
    return rows.select_related("permission", "offer__setting__provider", "offer__household", "by").first()


def delegations(actor: Actor, on: date | None = None) -> QuerySet[Delegation]:
    """The limits of the actor's authority as they hold on a day (today), the lowest first."""
    day = on or timezone.localdate()
    holds = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    rows = Delegation.objects.filter(holds, authority_id=actor.authority_id).select_related("user")
    return rows.order_by("whole_cost_pence", "role", "id")


def delegations_ever(actor: Actor) -> QuerySet[Delegation]:
    """Every limit there ever was or will be, the latest first, with who asked for it and who put it in force."""
    rows = Delegation.objects.filter(authority_id=actor.authority_id)
    return rows.select_related("user", "change__asked_by", "change__decided_by").order_by("-starts_on", "-id")


def limit_changes_waiting(actor: Actor) -> QuerySet[DelegationChange]:
    """Changes of limits that wait for a second person, the oldest first."""
    rows = DelegationChange.objects.filter(authority_id=actor.authority_id, state="asked")
    return rows.select_related("user", "asked_by").order_by("asked_at", "id")


def covers(actor: Actor, *, on: date) -> QuerySet[Cover]:
    """Absence covers that hold on a day or will, the soonest first."""
    rows = Cover.objects.filter(authority_id=actor.authority_id, ends_on__gt=on)
    return rows.select_related("absent", "by", "recorded_by").order_by("starts_on", "id")


def approvers(actor: Actor, *, on: date) -> list[Membership]:
    """Everyone of the authority who holds a role that approves on a day, by name."""
    held = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on)) & ~OF_SYSTEMS
    rows = Membership.objects.filter(held, authority_id=actor.authority_id, role__in=APPROVERS)
    return list(rows.select_related("user").order_by("user__last_name", "user__first_name", "role", "pk"))
