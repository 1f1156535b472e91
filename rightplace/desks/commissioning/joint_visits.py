"""Visits that two authorities make together, as the page of either shows them: coming along, and taking over what was found."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.pressing import button
from rightplace.foundation.access.actor import Actor
from rightplace.register.visits.joining import companions, join_visit, may_join, take_findings
from rightplace.register.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Joint:
    """Who visits together: the visit that this one joined (closed: shared no more) and whether its day is another, those that
    joined it, what may be done."""

    lead: Visit | None
    is_closed: bool
    companions: tuple[Visit, ...]
    may_join: bool
    may_take: bool
    has_other_day: bool


def joint_of(actor: Actor, row: Visit, lead: Visit | None, verbs: AbstractSet[str]) -> Joint:
    """The part of a visit's page about visiting together."""
    may_take = "take_findings" in verbs and lead is not None and lead.state == "done"
    is_closed = row.joined_id is not None and lead is None and row.authority_id == actor.authority_id
    planned = lead is not None and lead.state == row.state == "planned"
    has_other_day = planned and lead is not None and lead.planned_on != row.planned_on
    return Joint(
        lead, is_closed, tuple(companions(actor, row)), may_join(actor, row), may_take, has_other_day
    )


def join(request: HttpRequest, key: int) -> HttpResponse:
    """Come along to a visit of another authority."""
    outcome = join_visit(by=actor_of(request), now=timezone.now(), visit_id=key)
    then = reverse("visit", args=[outcome.value.pk if outcome.value else key])
    return answer(request, outcome, then=then, said="You come along. The other authority is told.")


take = button(
    take_findings,
    "Taken over: day, judgement and counts. The findings are read here.",
    of="visit_id",
    page="visit",
)
