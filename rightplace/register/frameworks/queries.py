"""Questions about buying routes: who is approved for which kind of home on a day, and the frameworks with their lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.register.frameworks.models import BandCeiling, Framework, Joining, Lot, LotMember


@dataclass(frozen=True, slots=True)
class Approved:
    """A provider on a lot for a kind of home: the framework it is bought from and the ceiling a week."""

    provider_id: int
    kind: str
    framework: str
    ceiling_pence_week: int | None


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
    known = rows.values_list("provider_id", "lot__kind", "lot__framework__name", "ceiling_pence_week")
    return {(row[0], row[1]): Approved(*row) for row in known}


def _not_joined(authority_id: int, on: date) -> QuerySet[Framework]:
    """Frameworks with named members among whom this authority is not on a day."""
    joined = Joining.objects.filter(member_id=authority_id, joined_on__lte=on)
    joined = joined.filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    return Framework.objects.filter(joinings__isnull=False).exclude(pk__in=joined.values("framework_id"))


def ceilings_on(lot_id: int, on: date) -> dict[str, int]:
    """The ceiling a week of each band of need on a lot, on a day."""
    rows = BandCeiling.objects.filter(lot_id=lot_id, starts_on__lte=on).order_by("starts_on", "id")
    return {one.band: one.weekly_pence for one in rows}


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
