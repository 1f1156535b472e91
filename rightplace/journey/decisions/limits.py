"""Delegation: whose limit covers a cost, for how long and of what kind, and why this person may or may not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.journey.decisions.models import Cover, Delegation, Permission
from rightplace.journey.decisions.states import APPROVERS, HOME_KINDS, KINDS

OWN = Problem("own_request", "Nobody approves what they asked for or chose themselves.")
EX_ROLE = Problem("not_in_role", "This role is not held any more.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as limits look at it: its real cost over the whole stay, and who had a hand in asking."""

    authority_id: int
    kind: str
    home_kind: str
    whole_cost_pence: int
    weekly_pence: int
    weeks: int
    involved: frozenset[int]
    route: str = "delegated"


@dataclass(frozen=True, slots=True)
class Entitled:
    """As whom somebody may decide, and under which limit; `for_user` where they act for a person who is away."""

    delegation: Delegation | None
    for_user: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The limits, covers and memberships of an authority as they hold on a day, read once for many questions."""

    limits: tuple[Delegation, ...]
    covers: tuple[Cover, ...]
    held: frozenset[tuple[int, str]]

    def limit_of(self, user_id: int | None, role: str, asked: Asked) -> Delegation | None:
        """The one row that counts for a person in a role: the narrowest that fits. None: no limit of their own."""
        fitting = (row for row in self.limits if _fits(row, user_id, role, asked))
        return max(fitting, key=_narrowness, default=None)

    def entitlement(self, by: Actor, asked: Asked) -> tuple[Entitled | None, list[Problem]]:
        """As whom this person may decide; or every reason why not, in words.

        Own limit first, then those of people they cover for. Nobody decides on what they had a hand in, nor with the
        limit of somebody who had.
        """
        problems = [OWN] if by.user_id in asked.involved else []
        if (by.user_id, by.role) not in self.held:
            problems.append(EX_ROLE)
        own = self.limit_of(by.user_id, by.role, asked)
        short = _shortfalls(by.role, own, asked)
        if not problems and not short:
            return Entitled(own), []
        for cover in () if problems else self._covers_of(by, asked):
            theirs = self.limit_of(cover.absent_id, cover.role, asked)
            if not _shortfalls(cover.role, theirs, asked):
                return Entitled(theirs, cover.absent_id), []
        return None, problems + short

    def _covers_of(self, by: Actor, asked: Asked) -> Iterator[Cover]:
        for cover in self.covers:
            is_mine = cover.by_id == by.user_id and (cover.absent_id, cover.role) in self.held
            if is_mine and cover.absent_id not in asked.involved:
                yield cover


def standing_limits(authority_id: int, on: date) -> Standing:
    """What holds in an authority on a day."""
    covers = Cover.objects.filter(authority_id=authority_id, starts_on__lte=on, ends_on__gt=on)
    held = Membership.objects.filter(_holds(on), authority_id=authority_id, role__in=APPROVERS)
    return Standing(
        tuple(Delegation.objects.filter(_holds(on), authority_id=authority_id).order_by("id")),
        tuple(covers.order_by("id")),
        frozenset(held.filter(user__is_active=True).values_list("user_id", "role")),
    )


def holds_role(by: Actor, on: date) -> bool:
    """Whether somebody still holds the role in which they act; whoever left it decides nothing more."""
    rows = Membership.objects.filter(
        _holds(on), authority_id=by.authority_id, user_id=by.user_id or 0, role=by.role
    )
    return rows.filter(user__is_active=True).exists()


def limits(authority_id: int, on: date) -> dict[str, int]:
    """Each role's limit on the whole cost of a stay of any kind, in pence, the lowest first."""
    rows = Delegation.objects.filter(_holds(on), authority_id=authority_id, user=None, kind="", home_kind="")
    return {row.role: row.whole_cost_pence for row in rows.order_by("whole_cost_pence", "role")}


def asked_of(permission: Permission) -> Asked:
    """A permission to place as limits look at it."""
    people = {permission.asked_by_id, permission.choice.by_id, permission.choice.request.social_worker_id}
    return Asked(
        authority_id=permission.authority_id,
        kind=kind_of(is_emergency=permission.is_retrospective, is_spot=permission.is_spot),
        home_kind=permission.home_kind,
        whole_cost_pence=permission.whole_cost_pence,
        weekly_pence=permission.weekly_pence,
        weeks=weeks_of(permission.starts_on, permission.ends_on),
        involved=frozenset(people),
        route=permission.route,
    )


def kind_of(*, is_emergency: bool, is_spot: bool) -> str:
    """The kind of a placement's permission: an emergency before a spot purchase before any other."""
    return "emergency" if is_emergency else "spot" if is_spot else "placement"


def weeks_of(starts_on: date, ends_on: date) -> int:
    """The weeks of a stay, a begun one counted whole."""
    return -(-(ends_on - starts_on).days // 7)


def needed_role(authority_id: int, whole_cost_pence: int, on: date, asked: Asked | None = None) -> str:
    """The role with the lowest limit that covers what is asked; the panel when none does."""
    wanted = asked or Asked(authority_id, "placement", "", whole_cost_pence, 0, 0, frozenset())
    standing = standing_limits(authority_id, on)
    holders = {(row.user_id, row.role) for row in standing.limits}
    covering = []
    for user_id, role in holders:
        row = standing.limit_of(user_id, role, wanted)
        if row is not None and not _shortfalls(role, row, wanted):
            covering.append((row.whole_cost_pence, role))
    return min(covering)[1] if covering else roles.PANEL_CHAIR


def problems_of_approver(
    by: Actor, permission: Permission, on: date, standing: Standing | None = None
) -> list[Problem]:
    """Why this person may not approve: it is their own, the cost or the length is above their limit, or the role is over.

    The panel's chair may decide on what is at the panel, at any cost. `standing` is what holds, where it is known already.
    """
    held = standing or standing_limits(permission.authority_id, on)
    return held.entitlement(by, asked_of(permission))[1]


def limit_words(row: Delegation | None) -> str:
    """A limit in words; without one, a chair decides on what is at the panel."""
    if row is None:
        return "at any cost, as it is at the panel"
    parts = [f"up to {pounds(row.whole_cost_pence)} over the stay"]
    if row.weekly_pence is not None:
        parts.append(f"{pounds(row.weekly_pence)} a week")
    if row.longest_weeks is not None:
        parts.append(f"{row.longest_weeks} weeks")
    return ", ".join(parts) + scope_words(row)


def scope_words(row: Delegation) -> str:
    """For what a limit is, where it is not for everything."""
    named = [KINDS.get(row.kind, ""), HOME_KINDS.get(row.home_kind, "")]
    said = " in a ".join(one.lower() for one in named if one)
    return f", for {said}" if said else ""


def _holds(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def _fits(row: Delegation, user_id: int | None, role: str, asked: Asked) -> bool:
    is_theirs = row.role == role and row.user_id in {None, user_id}
    return is_theirs and row.kind in {"", asked.kind} and row.home_kind in {"", asked.home_kind}


def _narrowness(row: Delegation) -> tuple[bool, bool, bool, int]:
    return row.user_id is not None, row.kind != "", row.home_kind != "", row.pk or 0


def _shortfalls(role: str, limit: Delegation | None, asked: Asked) -> list[Problem]:
    """By what a limit falls short of what is asked; at the panel only the chair decides, at any cost."""
    if asked.route == "panel":
        at_panel = Problem("at_panel", "This is at the panel: its chair records the decision.")
        return [] if role == roles.PANEL_CHAIR else [at_panel]
    return list(_above(limit, asked))


def _above(limit: Delegation | None, asked: Asked) -> Iterable[Problem]:
    if limit is None:
        yield Problem("above_limit", "This role has no limit of its own: it decides on what is at the panel.")
        return
    whose = "the limit in this person’s name" if limit.user_id else "this role’s limit"
    if asked.whole_cost_pence > limit.whole_cost_pence:
        cost, most = pounds(asked.whole_cost_pence), pounds(limit.whole_cost_pence)
        yield Problem(
            "above_limit", f"The whole cost is {cost}, above {whose} of {most}{scope_words(limit)}."
        )
    if limit.weekly_pence is not None and asked.weekly_pence > limit.weekly_pence:
        cost, most = pounds(asked.weekly_pence), pounds(limit.weekly_pence)
        yield Problem("above_weekly", f"It costs {cost} a week, above {whose} of {most} a week.")
    if limit.longest_weeks is not None and asked.weeks > limit.longest_weeks:
        yield Problem(
            "too_long",
            f"The stay is {asked.weeks} weeks, longer than {whose} of {limit.longest_weeks} weeks.",
        )
