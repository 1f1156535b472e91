"""Allotting beds: the lowest free bed of a place; the database refuses the same bed twice, whoever is quicker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.problems import Problem
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements.models import HOLDS_A_BED, Placement

TAKEN = Problem("taken", "The last free place in this home has just been taken.")


def capacity(offer: Offer, on: date) -> int | None:
    """How many children the place may have on a day; None where the register states no number."""
    if offer.household is not None:
        approval = offer.household.approvals.filter(period__contains=on).first()
        return approval.places if approval else 0
    if offer.named_carer is not None:
        return offer.named_carer.places
    return offer.setting.places if offer.setting else None


@transaction.atomic(savepoint=False)
def place_in_free_bed(placement: Placement, places: int | None) -> list[Problem]:
    """Save a planned placement in the lowest bed that is free over its period; refused when none is.

    Where the register states no number of places (`places` None), no bed is allotted. Always in a transaction: the place in
    the queue is held until it ends.
    """
    if places is None:
        placement.save()
        return []
    _queue(placement)
    for bed in free_beds(placement, places):
        placement.bed = bed
        try:
            with transaction.atomic():
                placement.save()
            return []
        except IntegrityError as error:  # taken since we looked: try the next one
            if "no_bed_of_a" not in str(error):
                raise
    return [TAKEN]


def _queue(placement: Placement) -> None:
    """Wait until whoever else is being placed there is through: rows that exclude each other, written at once, would each
    wait for the other until PostgreSQL turns one of them away, although a bed is free for both.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_place(placement)])


def _place(placement: Placement) -> str:
    if placement.household_id is not None:
        return f"beds of household {placement.household_id}"
    return f"beds of setting {placement.setting_id} {placement.named_carer_id or ''}"


def free_beds(placement: Placement, places: int) -> Sequence[int]:
    """The numbers of the beds that nobody holds during the placement's period, the lowest first."""
    held = Placement.objects.filter(HOLDS_A_BED, period__overlap=placement.period)
    if placement.named_carer_id is not None:
        held = held.filter(named_carer_id=placement.named_carer_id)
    elif placement.household_id is not None:
        held = held.filter(household_id=placement.household_id)
    elif placement.setting_id is not None:
        held = held.filter(setting_id=placement.setting_id, named_carer__isnull=True)
    taken = set(held.exclude(pk=placement.pk).values_list("bed", flat=True))
    return [bed for bed in range(1, places + 1) if bed not in taken]


def from_day(day: date, until: date | None = None) -> DateRange:
    """The half-open period from a day, open-ended unless `until` is given."""
    return DateRange(day, until, "[)")
