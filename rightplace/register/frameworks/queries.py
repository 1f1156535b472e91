"""Questions about buying routes: who is approved for which kind of home on a day, and the frameworks with their lots."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.register.frameworks.models import BandCeiling, Discount, Framework, Joining, Lot, LotMember


@dataclass(frozen=True, slots=True)
class Approved:
    """A provider on one lot or more for a kind of home: its framework, ceiling a week, lots, and where homes may lie."""

    provider_id: int
    kind: str
    framework: str
    ceiling_pence_week: int | None
    lot_ids: tuple[int, ...] = ()
    # In small letters, as sources write them differently; none: anywhere.
    regions: frozenset[str] = frozenset()

    def covers(self, region: str) -> bool:
        """Whether a home in a region is bought under these lots; one whose region nobody knows is."""
        return not self.regions or not region or region.casefold() in self.regions


def consortium_of(authority_id: int | None) -> int | None:
    """The consortium that an authority buys with."""
    return Authority.objects.filter(pk=authority_id or 0).values_list("consortium_id", flat=True).first()


def approved(
    consortium_id: int | None, on: date, authority_id: int | None = None
) -> dict[tuple[int, str], Approved]:
    """Who may be asked as an approved provider on a day, by provider and kind of home.

    Approved is: on a lot of one of the consortium's frameworks for that kind, both running on the day, and not suspended.
    With an authority, only frameworks that it has joined by then count; one that names no members is open to all.
    """
    rows = (
        LotMember.objects.filter(lot__framework__consortium_id=consortium_id or 0)
        .filter(starts_on__lte=on, lot__framework__starts_on__lte=on, lot__framework__ends_on__gt=on)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), suspended_on__isnull=True)
        .order_by("id")
    )
    if authority_id is not None:
        rows = rows.exclude(lot__framework__in=_not_joined(authority_id, on))
    columns = (
        "provider_id", "lot__kind", "lot__framework__name", "ceiling_pence_week", "lot_id", "lot__regions",
    )  # fmt: skip
    found: dict[tuple[int, str], Approved] = {}
    for provider_id, kind, name, ceiling, lot_id, regions in rows.values_list(*columns):
        before = found.get((provider_id, kind))
        lot_ids = (*before.lot_ids, lot_id) if before else (lot_id,)
        # One lot without regions is enough to be bought from anywhere.
        anywhere = not regions or (before is not None and not before.regions)
        where = frozenset() if anywhere else frozenset(one.casefold() for one in regions)
        where |= before.regions if before and not anywhere else frozenset()
        found[provider_id, kind] = Approved(provider_id, kind, name, ceiling, lot_ids, where)
    return found


def _not_joined(authority_id: int, on: date) -> QuerySet[Framework]:
    """Frameworks with named members among whom this authority is not on a day."""
    joined = Joining.objects.filter(member_id=authority_id, joined_on__lte=on)
    joined = joined.filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    return Framework.objects.filter(joinings__isnull=False).exclude(pk__in=joined.values("framework_id"))


def ceilings_on(lot_id: int, on: date) -> dict[str, int]:
    """The ceiling a week of each band of need on a lot, on a day."""
    rows = BandCeiling.objects.filter(lot_id=lot_id, starts_on__lte=on).order_by("starts_on", "id")
    return {one.band: one.weekly_pence for one in rows}


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What one lot or several agree for a band of need: the lowest ceiling a week, and what is taken off for what."""

    ceiling_pence: int | None
    discounts: tuple[Discount, ...]

    def reached(self, counted: Mapping[str, int]) -> LotTerms:
        """With those discounts only that are reached, of each kind the highest step; `counted` says how many there are."""
        due = {one.kind: one for one in self.discounts if counted.get(one.kind, 0) >= one.at_least}
        return LotTerms(self.ceiling_pence, tuple(due.values()))


def terms_of_lots(sets: Collection[tuple[int, ...]], band: str, on: date) -> dict[tuple[int, ...], LotTerms]:
    """By set of lots, their terms together for a band of need on a day: the lowest ceiling, every discount by its step.

    Two reads, of however many sets.
    """
    lot_ids = {lot for lots in sets for lot in lots}
    ceilings: dict[int, int] = {}
    rows = BandCeiling.objects.filter(lot_id__in=lot_ids, band=band, starts_on__lte=on)
    for one in rows.order_by("starts_on", "id"):
        ceilings[one.lot_id] = one.weekly_pence
    steps = list(Discount.objects.filter(lot_id__in=lot_ids).order_by("at_least", "basis_points", "id"))
    return {
        lots: LotTerms(
            min((ceilings[lot] for lot in lots if lot in ceilings), default=None),
            tuple(one for one in steps if one.lot_id in lots),
        )
        for lots in sets
    }


def framework(actor: Actor, framework_id: int) -> Framework | None:
    """One framework of the actor's consortium, with all that it says of itself."""
    consortium = actor.consortium_id or consortium_of(actor.authority_id)
    rows = Framework.objects.filter(pk=framework_id, consortium_id=consortium or 0)
    parts = ("windows", "joinings__member", "lots__ceilings", "lots__discounts", "requirements")
    return rows.select_related("lead").prefetch_related(*parts).first()


def frameworks(actor: Actor) -> QuerySet[Framework]:
    """The frameworks of the actor's consortium with their lots and how many stand on each."""
    consortium = actor.consortium_id or consortium_of(actor.authority_id)
    lots = Lot.objects.annotate(member_count=Count("members")).order_by("name", "id")
    rows = Framework.objects.filter(consortium_id=consortium or 0).order_by("-starts_on", "name")
    return rows.prefetch_related(Prefetch("lots", queryset=lots))


def lot(actor: Actor, lot_id: int) -> Lot | None:
    """A lot of the actor's consortium with its framework."""
    consortium = actor.consortium_id or consortium_of(actor.authority_id)
    return (
        Lot.objects.filter(pk=lot_id, framework__consortium_id=consortium or 0)
        .select_related("framework")
        .first()
    )


def lot_members(actor: Actor, lot_id: int) -> QuerySet[LotMember]:
    """Who stands on a lot, by name."""
    consortium = actor.consortium_id or consortium_of(actor.authority_id)
    rows = LotMember.objects.filter(lot_id=lot_id, lot__framework__consortium_id=consortium or 0)
    return rows.select_related("provider").order_by("provider__name", "id")
