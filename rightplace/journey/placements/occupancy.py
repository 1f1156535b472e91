"""What placements tell the registers of a night: one's own children where they live, and how many places are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Q

from rightplace.foundation.access.scope import as_system
from rightplace.journey.placements.models import Placement
from rightplace.register.occupancy import Resident

HOLDING = Q(state__in=["planned", "started"])


def age_on(born_on: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


class PlacementOccupancy:
    """The stage of placements as the registers ask it (`register.occupancy.Occupancy`)."""

    def residents(self, authority_id: int, on: date) -> Iterable[Resident]:
        """The authority's own children, each where they live or are planned to live that night.

        By number, age and sex: children whose case is restricted are among them, or their beds would seem free.
        """
        with as_system():
            rows = Placement.objects.filter(
                HOLDING, authority_id=authority_id, period__contains=on
            ).values_list("child_id", "child__born_on", "child__sex", "household_id", "setting_id")
            found = list(rows.order_by("id"))
        for child_id, born_on, sex, household_id, setting_id in found:
            yield Resident(str(child_id), age_on(born_on, on), sex, household_id, setting_id)

    def places_taken(self, on: date) -> Mapping[int, int]:
        """By setting: how many places are taken that night by children of any authority.

        Counts only, so that a home is seen as full whoever fills it; no authority learns of another's child.
        """
        with as_system():
            rows = Placement.objects.filter(HOLDING, setting__isnull=False, period__contains=on)
            return dict(rows.values_list("setting_id").annotate(Count("pk")).order_by("setting_id"))
