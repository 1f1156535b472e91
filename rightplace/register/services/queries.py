"""Questions about kinds of service and the services there are: terms on a day, search by need and distance, quotas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from rightplace.core.geography import Point, miles_between
from rightplace.core.services.kinds import KindTerms, terms_on
from rightplace.core.services.quota import QuotaLine, quota_lines
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.authorities import authority, children
from rightplace.foundation.reference.packaged import read_rows
from rightplace.foundation.reference.places import locate
from rightplace.foundation.reference.rules import rule
from rightplace.register.services.models import LISTS, KindRow, Service, TransferCount


@cache
def packaged_kinds() -> tuple[KindTerms, ...]:
    """The kinds that come with the product."""
    return tuple(_packaged(row) for row in read_rows("services/kinds.csv"))


def _packaged(row: Mapping[str, str]) -> KindTerms:
    words = (
        "code",
        "name",
        "group",
        "unit",
        "capacity",
        "home_kind",
        "return_codes",
        "panel",
        "budget_line",
        "source",
    )
    facts: dict[str, Any] = {name: row[name] for name in words}
    facts |= {name: tuple(filter(None, row[name].split("|"))) for name in LISTS}
    facts |= {
        "min_age": int(row["min_age"]),
        "max_age": int(row["max_age"]),
        "is_home": row["is_home"] == "yes",
    }
    return KindTerms(**facts, starts_on=date.fromisoformat(row["starts_on"]))


def kinds(authority_id: int, on: date) -> Mapping[str, KindTerms]:
    """Every kind of service as it holds in an authority on a day, by code, in order of name."""
    own = KindRow.objects.filter(authority_id=authority_id).order_by("starts_on", "id")
    return terms_on([*packaged_kinds(), *(row.as_terms() for row in own)], on)


def kind_on(authority_id: int, code: str, on: date) -> KindTerms | None:
    """One of them; None where there is no such kind on that day."""
    return kinds(authority_id, on).get(code)


def kind_history(actor: Actor, code: str) -> list[KindRow]:
    """The terms of a kind that the actor's authority wrote, the latest first."""
    return list(KindRow.objects.filter(authority_id=actor.authority_id, code=code).order_by("-starts_on"))


def services(
    *, words: str = "", kind: str = "", age: int | None = None, provider_id: int = 0
) -> QuerySet[Service]:
    """The services that are open, by name; `words` search name, what it is about and the needs it is for."""
    rows = Service.objects.filter(closed_on__isnull=True).select_related("provider")
    for word in words.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(about__icontains=word) | Q(needs__icontains=word))
    if kind:
        rows = rows.filter(kind_code=kind)
    if age is not None:
        rows = rows.filter(min_age__lte=age, max_age__gte=age)
    if provider_id:
        rows = rows.filter(provider_id=provider_id)
    return rows.order_by("name", "id")


def services_near(rows: QuerySet[Service], postcode: str, miles: int) -> dict[int, float]:
    """Which of the services lie within so many miles of a postcode, and how far; those without a place are left out.

    Empty where the postcode is not known.
    """
    here = locate(postcode)
    if here is None:
        return {}
    placed = rows.filter(latitude__isnull=False, longitude__isnull=False)
    found = {
        key: miles_between(here.point, Point(latitude, longitude))
        for key, latitude, longitude in placed.values_list("pk", "latitude", "longitude")
        if latitude is not None and longitude is not None
    }
    return {key: far for key, far in sorted(found.items(), key=lambda pair: pair[1]) if far <= miles}


def service(service_id: int) -> Service | None:
    """One service, open or closed."""
    return Service.objects.select_related("provider").filter(pk=service_id).first()


def transfer_quotas(on: date) -> tuple[list[QuotaLine], Fraction]:
    """Each authority's standing in the transfer scheme by the latest published counts, and the share that holds.

    Children aged 0 to 17 are those of the latest mid-year before the day.
    """
    held = rule("uasc_transfer_threshold", on)
    threshold = held.value if held else Fraction(0)
    latest = TransferCount.objects.filter(as_at__lte=on).order_by("gss_code", "-as_at").distinct("gss_code")
    counted = [
        (authority(row.gss_code).name, children(row.gss_code, on.year - 1), row.number) for row in latest
    ]
    return sorted(quota_lines(counted, threshold), key=lambda line: line.name), threshold
