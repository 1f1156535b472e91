"""Questions about placements: who is where, what starts and ends soon, and how full each place is, derived and never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import SOCIAL_WORKER, TEAM_MANAGER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.audit.record import look
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.placements.models import HOLDS_A_BED, Placement
from rightplace.register.carers.models import Household

ORDERS = {
    "child": ("child__last_name", "child__first_name", "id"),
    "start": ("period__startswith", "id"),
    "-start": (F("period__startswith").desc(), "-id"),
    "state": ("state", "id"),
    "miles": (F("miles").asc(nulls_last=True), "id"),
    "-miles": (F("miles").desc(nulls_last=True), "-id"),
}


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How full a place is on a day: beds lived in, beds held for a planned start, and how many there are."""

    places: int | None
    lived_in: int
    held: int

    @property
    def free(self) -> int | None:
        """Beds that nobody lives in or is planned for; None where the number of places is not known."""
        return None if self.places is None else max(self.places - self.lived_in - self.held, 0)


def placements(actor: Actor) -> QuerySet[Placement]:
    """The placements of the actor's authority, with child and place."""
    own = Placement.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "child_id")
    return rows.select_related("child", "setting", "household", "named_carer", "provider")


def placements_found(
    actor: Actor, *, words: str = "", state: str = "", kind: str = "", order: str = "-start"
) -> QuerySet[Placement]:
    """Placements by child's name or number, place or reference, state and kind of place, in a chosen order."""
    rows = placements(actor)
    for word in words.split():
        named = Q(child__first_name__icontains=word) | Q(child__last_name__icontains=word)
        place = Q(setting__name__icontains=word) | Q(household__reference__icontains=word)
        rows = rows.filter(named | place | Q(child__local_number=word) | _by_reference(word))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(place_code__startswith=kind)
    return rows.order_by(*ORDERS.get(order, ORDERS["-start"]))


def _by_reference(word: str) -> Q:
    digits = word.upper().removeprefix("P-")
    return Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 10 else Q(pk__in=())


def starting_soon(actor: Actor, *, today: date, days: int = 14) -> QuerySet[Placement]:
    """Planned placements that start within the days, and those whose start has passed unconfirmed; the earliest first."""
    rows = placements(actor).filter(state="planned", period__startswith__lt=today + timedelta(days=days))
    return rows.order_by("period__startswith", "id")


def ending_soon(actor: Actor, *, today: date, days: int = 42) -> QuerySet[Placement]:
    """Placements whose expected end comes within the days or has passed; the earliest first."""
    rows = placements(actor).filter(state="started", expected_end_on__lt=today + timedelta(days=days))
    return rows.order_by("expected_end_on", "id")


def of_ones_own(actor: Actor, rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """The placements that are this person's work: of the team's children for a manager, of one's own for a social worker.

    Others, and a manager without a team, have the whole authority's.
    """
    if actor.role == SOCIAL_WORKER:
        return rows.filter(child__social_worker_id=actor.user_id)
    if actor.role == TEAM_MANAGER and actor.team_id is not None:
        return rows.filter(child__team_id=actor.team_id)
    return rows


def placement_page(actor: Actor, placement_id: int, now: datetime) -> Placement | None:
    """One placement; opening it is a look into the child's file."""
    rows = placements(actor).select_related("permission__choice__request", "offer", "authority")
    placement = rows.filter(pk=placement_id).first()
    if placement is not None:
        look(by=actor, now=now, child_id=placement.child_id, words=f"Opened placement {placement.reference}")
    return placement


def placements_of_child(actor: Actor, child_id: int) -> QuerySet[Placement]:
    """Every placement of a child, the earliest first; whoever shows them has logged the look."""
    return placements(actor).filter(child_id=child_id).order_by("period__startswith", "id")


def last_ended(actor: Actor, child_id: int) -> Placement | None:
    """The placement of a child that ended last."""
    return (
        placements(actor)
        .filter(child_id=child_id, state="ended")
        .order_by("-period__endswith", "-id")
        .first()
    )


def household_occupancy(actor: Actor, *, on: date) -> dict[int, Occupancy]:
    """How full each of the authority's own households is on a day, by its number."""
    places: dict[int, int] = {}
    rows = Household.objects.filter(authority_id=actor.authority_id, approvals__period__contains=on)
    for key, number in rows.values_list("pk", "approvals__places"):
        places[key] = number
    with as_system():
        taken = _taken(Placement.objects.filter(household_id__in=places), "household_id", on)
    return {key: Occupancy(number, *taken.get(key, (0, 0))) for key, number in places.items()}


def setting_occupancy(settings: dict[int, int | None], *, on: date) -> dict[int, Occupancy]:
    """How full registered settings are on a day, whoever fills them (counts only); `settings` gives their places."""
    with as_system():
        rows = Placement.objects.filter(setting_id__in=list(settings), named_carer__isnull=True)
        taken = _taken(rows, "setting_id", on)
    return {key: Occupancy(places, *taken.get(key, (0, 0))) for key, places in settings.items()}


def _taken(rows: QuerySet[Placement], key: str, on: date) -> dict[int, tuple[int, int]]:
    """Beds lived in on the day, and beds held for a start on or after it, by place."""
    holding = rows.filter(HOLDS_A_BED)
    lived = Count("pk", filter=Q(state__in=["started", "ended"], period__contains=on))
    planned = Count("pk", filter=Q(state="planned"))
    counts = holding.values(key).annotate(lived=lived, planned=planned).order_by(key)
    return {row[key]: (row["lived"], row["planned"]) for row in counts}
