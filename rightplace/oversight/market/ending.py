"""Contracts of an authority that end between two days, by month: what has to be decided about, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing


@dataclass(frozen=True, slots=True)
class Month:
    """A month: how many contracts end in it, and what they cost a week today."""

    month: str
    contracts: int
    weekly_pence: int


def _ending(actor: Actor, on: date, until: date) -> QuerySet[Contract]:
    own = Contract.objects.filter(
        authority_id=actor.authority_id, state__in=["in_force", "varying"], ended_on=None
    )
    return without_hidden(actor, own.filter(ends_on__gte=on, ends_on__lt=until), "child_id")


def how_many(actor: Actor, on: date, until: date) -> int:
    """How many contracts with a provider end between two days."""
    return _ending(actor, on, until).filter(provider__isnull=False).count()


def by_month(actor: Actor, on: date, until: date) -> list[Month]:
    """Month by month: two reads."""
    rows = _ending(actor, on, until).filter(provider__isnull=False)
    found = (
        rows.annotate(month=TruncMonth("ends_on"))
        .values("month")
        .annotate(many=Count("id"))
        .order_by("month")
    )
    numbers = dict(rows.values_list("pk", "ends_on"))
    prices = standing(
        AgreedPrice.objects.filter(authority_id=actor.authority_id, contract_number__in=list(numbers)), on
    )
    sums: dict[date, int] = {}
    for number, pence in prices.values_list("contract_number", "weekly_pence"):
        ends = numbers[number]
        if ends is not None:
            sums[ends.replace(day=1)] = sums.get(ends.replace(day=1), 0) + pence
    return [Month(f"{row['month']:%B %Y}", row["many"], sums.get(row["month"], 0)) for row in found]
