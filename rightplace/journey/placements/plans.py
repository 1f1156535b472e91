"""The placement plan: how a home will meet the child's needs, agreed before the placement or within five working days of it.

The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 9. It is asked for of placements that were
agreed here; the plan of one that came with an import stands where it came from.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.clocks import within_working_days
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.placements.models import AGREED_HERE, WITHOUT_PLAN, Placement

LIMIT = "placement_plan_within"


def plan_due_on(placement: Placement) -> date | None:
    """The last day on which the plan is in time; None where none is asked for here."""
    is_asked = placement.source == AGREED_HERE and placement.state in {"planned", "started"}
    return due_after(placement.period.lower) if is_asked else None


def due_after(starts_on: date) -> date | None:
    """The last day for the plan of a placement that starts on a day; None before the rule held."""
    return None if rule(LIMIT, starts_on) is None else within_working_days(LIMIT, starts_on)


def plans_missing(actor: Actor) -> QuerySet[Placement]:
    """Placements that have started and have no plan recorded, of children whom this reader may know of; the oldest first."""
    rows = Placement.objects.filter(WITHOUT_PLAN, authority_id=actor.authority_id)
    return without_hidden(actor, rows, "child_id").order_by("period__startswith", "id")
