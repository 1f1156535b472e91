"""In which homes and own households an authority's children live, and since when."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min
from django.db.models.functions import Lower

from rightplace.foundation.access.actor import Actor
from rightplace.journey.placements.queries import placements
from rightplace.register.visits.queries import Placed


def placed_homes(actor: Actor, on: date) -> dict[int, Placed]:
    """By home: how many of the authority's children live there on a day, and since when the first of them has."""
    rows = placements(actor).filter(state="started", period__contains=on, setting__isnull=False)
    counted = rows.order_by().values_list("setting_id").annotate(n=Count("pk"), first=Min(Lower("period")))
    return {setting_id: Placed(number, first) for setting_id, number, first in counted}


def placed_households(actor: Actor, on: date) -> dict[int, Placed]:
    """The same by own household."""
    rows = placements(actor).filter(state="started", period__contains=on, household__isnull=False)
    counted = rows.order_by().values_list("household_id").annotate(n=Count("pk"), first=Min(Lower("period")))
    return {household_id: Placed(number, first) for household_id, number, first in counted}
