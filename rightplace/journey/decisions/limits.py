"""Delegation: which role's limit covers a cost, and why this person may or may not approve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.decisions.models import Delegation, Permission


def limits(authority_id: int, on: date) -> dict[str, int]:
    """Each role's limit on the whole cost of a stay in an authority on a day, in pence, the lowest first."""
    holds = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    rows = Delegation.objects.filter(holds, authority_id=authority_id).order_by("whole_cost_pence", "role")
    return {row.role: row.whole_cost_pence for row in rows}


def needed_role(authority_id: int, whole_cost_pence: int, on: date) -> str:
    """The role with the lowest limit that covers the cost; the panel when none does."""
    covering = (role for role, pence in limits(authority_id, on).items() if pence >= whole_cost_pence)
    return next(covering, roles.PANEL_CHAIR)


def problems_of_approver(
    by: Actor, permission: Permission, on: date, held: Mapping[str, int] | None = None
) -> list[Problem]:
    """Why this person may not approve: it is their own request or choice, or the cost is above their limit.

    The panel's chair may decide on what is at the panel, at any cost. `held` are the limits, where they are known already.
    """
    problems = []
    limit = (limits(permission.authority_id, on) if held is None else held).get(by.role)
    if by.user_id in {
        permission.asked_by_id,
        permission.choice.by_id,
        permission.choice.request.social_worker_id,
    }:
        problems.append(Problem("own_request", "Nobody approves what they asked for or chose themselves."))
    if permission.route == "panel":
        if by.role != roles.PANEL_CHAIR:
            problems.append(Problem("at_panel", "This is at the panel: its chair records the decision."))
    elif (limit or 0) < permission.whole_cost_pence:
        problems.append(Problem("above_limit", _limit_words(permission, limit)))
    return problems


def _limit_words(permission: Permission, limit: int | None) -> str:
    if limit is None:
        return "This role has no limit of its own: it decides on what is at the panel."
    return f"The whole cost is {pounds(permission.whole_cost_pence)}, above this role’s limit of {pounds(limit)}."
