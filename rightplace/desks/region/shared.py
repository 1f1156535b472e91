"""What the authorities share with the region: prices, needs and homes in use, in numbers, of those only that have agreed.

The figures are counted by the product itself over the authorities whose agreement is in force on the day, and name nobody; a
number below five is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import sentence_case
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.decisions.models import Permission
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import Need
from rightplace.journey.requests.queries import OPEN

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Shared:
    """A figure: what, how many, and pence a week where it is a price."""

    name: str
    number: int
    pence: int | None = None


def prices(actor: Actor, on: date) -> list[Shared]:
    """The average agreed price a week by kind of home, over the authorities that share their prices."""
    of = sharing_authorities(actor, "prices", on)
    with as_system():
        priced = Permission.objects.filter(authority_id__in=of, state="approved", weekly_pence__isnull=False)
        rows = priced.filter(choice__offer__setting__isnull=False)
        counted = (
            rows.values_list("choice__offer__setting__kind")
            .annotate(Count("id"), Avg("weekly_pence"))
            .order_by()
        )
        found = [Shared(HomeKind.words_for(kind), number, round(mean)) for kind, number, mean in counted]
    return sorted((one for one in found if one.number >= FEWEST), key=lambda one: one.name)


def needs(actor: Actor, on: date) -> list[Shared]:
    """How many open requests state each need, over the authorities that share their needs."""
    of = sharing_authorities(actor, "needs", on)
    with as_system():
        rows = Need.objects.filter(authority_id__in=of, request_child__request__state__in=OPEN)
        counted = (
            rows.values_list("kind")
            .annotate(number=Count("request_child__request", distinct=True))
            .order_by("-number")
        )
        return [Shared(sentence_case(kind), number) for kind, number in counted if number >= FEWEST]


def homes_in_use(actor: Actor, on: date) -> list[Shared]:
    """How many children of the authorities that share what they know of providers live in each home."""
    of = sharing_authorities(actor, "providers", on)
    with as_system():
        rows = Placement.objects.filter(
            authority_id__in=of, state="started", setting__isnull=False, period__contains=on
        )
        counted = (
            rows.values_list("setting__name")
            .annotate(number=Count("id"))
            .order_by("-number", "setting__name")
        )
        return [Shared(name, number) for name, number in counted if number >= FEWEST][:50]


def shared(request: HttpRequest) -> HttpResponse:
    """Three tables, each with who shares it."""
    actor, today = actor_of(request), timezone.localdate()
    parts = (("prices", "Agreed prices a week", prices), ("needs", "What is asked for", needs),
             ("providers", "Homes in use", homes_in_use))  # fmt: skip
    tables = [
        (_table(caption, figures(actor, today), kind), _names(actor, kind, today))
        for kind, caption, figures in parts
    ]
    return render(request, "region/shared.html", {"tables": tables})


def _table(caption: str, rows: list[Shared], kind: str) -> Table:
    price = (Column("Average a week", "pence", "pounds"),) if kind == "prices" else ()
    columns = (Column("What", "name"), Column("Number", "number", "number"), *price)
    return Table(
        columns, rows, caption, id=f"shared-{kind}", empty="Nothing is shared, or fewer than five of a kind."
    )


def _names(actor: Actor, kind: str, on: date) -> str:
    rows = Authority.objects.filter(pk__in=sharing_authorities(actor, kind, on)).order_by("name")
    return ", ".join(row.name for row in rows) or "no authority"
