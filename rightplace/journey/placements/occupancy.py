"""What placements tell the registers of a night: one's own children where they live, and how many places are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from rightplace.core.calendar import age_on
from rightplace.foundation.access.scope import as_system
from rightplace.journey.placements.experience import brought_by, like_needs
from rightplace.journey.placements.models import Placement
from rightplace.register.children.living_with import alongside_of
from rightplace.register.occupancy import NOTHING_KNOWN, Beds, Homes, LikeNeeds, Resident, next_free

HOLDING = Q(state__in=["planned", "started"])


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

    def settled(self, authority_id: int, on: date, homes: Homes | None = None) -> Iterable[Resident]:
        """The authority's own children where they live that night, or are planned to live later; all, or in these homes.

        A bed that is promised is not free, so that nobody is placed in it for the nights between.
        """
        with as_system():
            rows = _holding_from(on).filter(authority_id=authority_id).order_by("id")
            if homes is not None:
                of = Q(household_id__in=homes.household_ids) | Q(setting_id__in=homes.setting_ids)
                rows = rows.filter(of)
            columns = ("child_id", "child__born_on", "child__sex", "household_id", "setting_id", "period")
            found = list(rows.values_list(*columns))
            ids = [row[0] for row in found]
            # With every home asked for, naming thousands of children would cost more than reading all that is kept.
            named = None if homes is None else ids
            known = alongside_of(authority_id, on, named, brought_by(ids, authority_id))
        for child_id, born_on, sex, household_id, setting_id, period in found:
            age, alongside = age_on(born_on, on), known.get(child_id, NOTHING_KNOWN)
            yield Resident(str(child_id), age, sex, household_id, setting_id, period.upper, alongside)

    def beds(self, on: date, setting_ids: Iterable[int] | None = None) -> Mapping[int, Beds]:
        """By setting: the places taken that night or promised for later; counts only, as `places_taken`."""
        rows = _holding_from(on).filter(setting__isnull=False)
        if setting_ids is not None:
            rows = rows.filter(setting_id__in=list(setting_ids))
        ends: dict[int, list[date | None]] = defaultdict(list)
        with as_system():
            for setting_id, period in rows.values_list("setting_id", "period"):
                ends[setting_id].append(period.upper)
        return {setting_id: Beds(len(known), *next_free(known)) for setting_id, known in ends.items()}

    def like_needs(
        self, authority_id: int, on: date, homes: Homes | None = None, *, seen_only: bool = False
    ) -> Iterable[LikeNeeds]:
        """Which needs homes have cared for with the authority's own children up to a day: all, or those one may see."""
        if seen_only:
            return like_needs(authority_id, on, homes)
        with as_system():
            return like_needs(authority_id, on, homes)


def _holding_from(on: date) -> QuerySet[Placement]:
    """Placements that hold a place on a night or later."""
    return Placement.objects.filter(HOLDING, Q(period__endswith__gt=on) | Q(period__upper_inf=True))
