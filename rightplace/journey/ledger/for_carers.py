"""What an own foster carer sees of their household: who lives there, what is due month by month, what was paid.

Children are called by initials, as in the portal: the page may be left open on a kitchen table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.journey.ledger.models import Payment
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement
from rightplace.register.carers.own import own_household

SHOWN = ("planned", "started")
LATEST = 12


@dataclass(frozen=True, slots=True)
class LivesHere:
    """A child who lives with the carers or is to come, by initials."""

    initials: str
    state: str
    starts_on: date
    expected_end_on: date | None


@dataclass(frozen=True, slots=True)
class DueThen:
    """What is due to a household on a day, with what was settled of it already."""

    due_on: date
    pence: int


def lives_here(actor: Actor) -> list[LivesHere]:
    """Who lives with the carers now, and who is planned to come, the earliest first."""
    household = own_household(actor)
    rows = (
        Placement.objects.filter(household=household, state__in=SHOWN)
        if household
        else Placement.objects.none()
    )
    known = rows.order_by("period", "pk").values_list(
        "contract__child_initials", "state", "period", "expected_end_on"
    )
    return [
        LivesHere(initials or "A child", state, period.lower, expected)
        for initials, state, period, expected in known
    ]


def still_due(actor: Actor) -> list[DueThen]:
    """What is due and not settled yet, by day, the earliest first."""
    household = own_household(actor)
    if household is None:
        return []
    rows = ScheduleLine.objects.filter(
        contract__placement__household=household, state="due", settled_at__isnull=True
    )
    summed = rows.order_by().values("due_on").annotate(pence=Sum(F("pence") + F("vat_pence")))
    return [DueThen(one["due_on"], one["pence"]) for one in summed.order_by("due_on")[:LATEST]]


def paid(actor: Actor) -> list[Payment]:
    """Payments to the household, the latest first."""
    household = own_household(actor)
    if household is None:
        return []
    return list(
        Payment.objects.filter(household=household).exclude(state="taken_out").order_by("-id")[:LATEST]
    )
