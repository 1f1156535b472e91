"""Questions about decisions: what waits for permission, one permission with its costs, and who could approve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.audit.record import look
from rightplace.journey.decisions.choosing import overtaken
from rightplace.journey.decisions.limits import limits, needed_role, problems_of_approver
from rightplace.journey.decisions.models import Choice, Delegation, Permission
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
    rows = Permission.objects.filter(authority_id=actor.authority_id)
    return rows.select_related(
        "choice__request", "choice__offer__setting", "choice__offer__household", "asked_by", "decided_by"
    ).order_by("-asked_at", "-id")


def permissions_waiting(actor: Actor, *, on: date) -> QuerySet[Permission]:
    """What this actor could decide on: within their limit or at the panel, not their own; the longest waiting first."""
    rows = permissions(actor).filter(state="asked").order_by("due_at", "asked_at", "id")
    if actor.role == roles.PANEL_CHAIR:
        rows = rows.filter(route="panel")
    else:
        limit = limits(actor.authority_id, on).get(actor.role, -1)
        rows = rows.filter(route="delegated", whole_cost_pence__lte=limit)
    mine = (
        Q(asked_by_id=actor.user_id)
        | Q(choice__by_id=actor.user_id)
        | Q(choice__request__social_worker_id=actor.user_id)
    )
    return rows.exclude(mine)


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
    held = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    rows = Membership.objects.filter(held, authority_id=permission.authority_id, role__in=APPROVERS)
    limit = limits(permission.authority_id, on)
    found = []
    for row in rows.select_related("user").order_by("role", "user__last_name", "pk"):
        actor = row.as_actor()
        problems = tuple(problems_of_approver(actor, permission, on, limit))
        found.append(PossibleApprover(actor.name, actor.role_words, limit.get(actor.role), problems))
    return sorted(found, key=lambda person: not person.may)


def current_choice(actor: Actor, request_id: int) -> Choice | None:
    """The choice that stands for a request, with its permission."""
    rows = Choice.objects.filter(authority_id=actor.authority_id, request_id=request_id, is_current=True)
    return rows.select_related("permission", "offer__setting__provider", "offer__household", "by").first()


def delegations(actor: Actor) -> QuerySet[Delegation]:
    """The limits of the actor's authority as they hold today, the lowest first."""
    today = timezone.localdate()
    holds = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    return Delegation.objects.filter(holds, authority_id=actor.authority_id).order_by(
        "whole_cost_pence", "role"
    )
