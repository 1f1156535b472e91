"""Homes of the market as commissioners, brokers and the region look at them: lists, one home, the picture by area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.foundation.safeguards.hiding import shared_concerns
from rightplace.register.frameworks.models import LotMember
from rightplace.register.occupancy import places_taken
from rightplace.register.providers.models import Condition, Hold, NamedCarer, Setting, SettingChange

KINDS = tuple(str(kind) for kind in HomeKind)


@dataclass(frozen=True, slots=True)
class HomeFile:
    """One home with everything that is shared about it."""

    row: Setting
    taken: int
    changes: tuple[SettingChange, ...]
    conditions: tuple[Condition, ...]
    holds: tuple[Hold, ...]
    named_carers: tuple[NamedCarer, ...]
    lots: tuple[LotMember, ...]


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many homes, registered places and homes on hold there are in an area."""

    area: str
    homes: int
    places: int
    on_hold: int


def held_on(on: date) -> QuerySet[Hold]:
    """Holds in force on a day, as far as they are shared with the actor."""
    rows = shared_concerns(Hold.objects.filter(starts_on__lte=on))
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def homes(
    on: date,
    *,
    text: str = "",
    kind: str = "",
    grade: str = "",
    area: str = "",
    held: bool = False,
    closed: bool = False,
) -> QuerySet[Setting]:
    """Homes on the register, by name; each says whether it is on hold that day."""
    hold = held_on(on).filter(setting_id=OuterRef("pk"))
    rows = Setting.objects.select_related("provider").annotate(is_held=Exists(hold))
    rows = rows.filter(closed_on__isnull=not closed)
    if text := text.strip():
        rows = rows.filter(
            Q(name__icontains=text) | Q(provider__name__icontains=text) | Q(urn__startswith=text)
        )
    for column, value in (("kind", kind), ("grade", grade), ("local_authority", area)):
        rows = rows.filter(**{column: value}) if value else rows
    return (rows.filter(is_held=True) if held else rows).order_by("name", "id")


def home_file(setting_id: int, on: date) -> HomeFile | None:
    """One home with its history, conditions, holds, lots and named carers; None when there is none."""
    row = Setting.objects.select_related("provider").filter(pk=setting_id).first()
    if row is None:
        return None
    return HomeFile(
        row=row,
        taken=places_taken(on).get(row.pk, 0),
        changes=tuple(row.changes.order_by("-as_at", "-id")[:100]),
        conditions=tuple(row.conditions.order_by("id")),
        holds=tuple(shared_concerns(row.holds.select_related("raised_by")).order_by("-starts_on", "-id")),
        named_carers=tuple(row.named_carers.order_by("reference")[:200]),
        lots=tuple(
            LotMember.objects.filter(provider_id=row.provider_id)
            .select_related("lot__framework")
            .order_by("lot__name", "id")
        ),
    )


def grades() -> list[str]:
    """The grades that homes have now."""
    rows = Setting.objects.filter(kind__in=KINDS, closed_on__isnull=True).exclude(grade="")
    return list(rows.order_by("grade").values_list("grade", flat=True).distinct())


def areas() -> list[str]:
    """The areas in which homes are."""
    rows = Setting.objects.filter(kind__in=KINDS, closed_on__isnull=True).exclude(local_authority="")
    return list(rows.order_by("local_authority").values_list("local_authority", flat=True).distinct())


def by_area(on: date, kind: str = "") -> list[AreaCount]:
    """Homes by area, most first."""
    held = held_on(on).values("setting_id")
    rows = Setting.objects.filter(kind__in=[kind] if kind else KINDS, closed_on__isnull=True)
    counted = rows.values_list("local_authority").annotate(
        homes=Count("id"), places=Sum("places"), on_hold=Count("id", filter=Q(pk__in=held))
    )
    return [
        AreaCount(row[0] or "Not stated", row[1], row[2] or 0, row[3])
        for row in counted.order_by("-homes", "local_authority")
    ]


def by_kind_and_grade() -> dict[tuple[str, str], int]:
    """How many homes of each kind have each grade; an empty grade is not yet inspected."""
    rows = Setting.objects.filter(kind__in=KINDS, closed_on__isnull=True)
    counted = rows.order_by("kind", "grade").values_list("kind", "grade").annotate(homes=Count("id"))
    return {(row[0], row[1]): row[2] for row in counted}


def recent_changes(limit: int = 10) -> list[SettingChange]:
    """What the last imports changed, the newest first."""
    return list(SettingChange.objects.select_related("setting").order_by("-as_at", "-id")[:limit])


def holds_now(on: date) -> list[Hold]:
    """Every hold in force, the newest first."""
    return list(held_on(on).select_related("setting__provider", "raised_by").order_by("-starts_on", "-id"))


def register_day() -> date | None:
    """The day of the newest register that was imported."""
    newest: date | None = Setting.objects.aggregate(newest=Max("as_at"))["newest"]
    return newest


def mapped(areas_wanted: Iterable[str] = ()) -> list[Setting]:
    """Homes with a known place, for a map; of some areas when they are named."""
    rows = Setting.objects.filter(kind__in=KINDS, closed_on__isnull=True, latitude__isnull=False)
    wanted = list(areas_wanted)
    return list((rows.filter(local_authority__in=wanted) if wanted else rows).order_by("name", "id"))


def homes_within(known: Mapping[tuple[int, str], frozenset[str]]) -> frozenset[int]:
    """The homes that lie where the lots of their provider allow, of those whose lots name regions. One read, or none."""
    named = {pair: regions for pair, regions in known.items() if regions}
    if not named:
        return frozenset()
    rows = Setting.objects.filter(provider_id__in={provider_id for provider_id, _ in named})
    return frozenset(
        pk for pk, provider_id, kind, region in rows.values_list("pk", "provider_id", "kind", "region")
        if not region or region.casefold() in named.get((provider_id, kind), ())
    )  # fmt: skip
