"""Where the children of an authority live on a day: how many in the area of each authority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.reference.places import authority_of
from rightplace.journey.placements.models import LIVED, Placement


@dataclass(frozen=True, slots=True)
class Lived:
    """Placements lived in on a day by the ONS code of the area, and how many stand where nobody knows."""

    by_area: Mapping[str, int]
    unknown: int

    def outside(self, areas: frozenset[str]) -> int:
        """How many live in none of these areas."""
        return sum(many for area, many in self.by_area.items() if area not in areas)


def lived_where(authority_id: int, on: date) -> Lived:
    """Of all placements lived in on a day, restricted cases among them, as figures are counted. One read."""
    with as_system():
        rows = Placement.objects.filter(LIVED, authority_id=authority_id, period__contains=on).order_by()
        told = list(rows.values_list("place_postcode").annotate(many=Count("pk")))
    found: Counter[str] = Counter()
    for postcode, many in told:
        found[(authority_of(postcode) if postcode else "") or ""] += many
    unknown = found.pop("", 0)
    return Lived(dict(found), unknown)
