"""Orders that deprive of liberty, as the services that watch them record each: from the day it was made to its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from rightplace.exchange.ssda903.deriving import Order
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.models import Particular
from rightplace.register.services.queries import kinds

CODE = "DOLO"
"""What a kind of service says under "codes in the statutory return" if it watches such an order."""

ENDS = "Order ends"
"""The particular that keeps the day on which the order runs out; a renewed order has a later day."""


def watched_orders(authority: Authority, until: date, on: date) -> dict[int, list[Order]]:
    """The orders that services of an authority's children watched up to a day, by child, as they are known on a day.

    An order ends on the day on which its service ended; while the service runs, on the day kept for it once that has come.
    """
    rows = Package.objects.filter(
        authority=authority, kind_code__in=_watching(authority, until), starts_on__lte=until,
        state__in=["running", "ended"],
    ).order_by("starts_on", "id")  # fmt: skip
    told = list(rows.values_list("pk", "child_id", "starts_on", "ended_on"))
    kept = _kept_ends([key for key, *_ in told], on)
    found: dict[int, list[Order]] = defaultdict(list)
    for key, child_id, start, ended_on in told:
        if start is None:
            continue
        runs_out = kept.get(key)
        reached = runs_out if runs_out is not None and start <= runs_out <= on else None
        found[child_id].append(Order(start, ended_on or reached))
    return found


def _watching(authority: Authority, on: date) -> list[str]:
    """The kinds of service that watch such an order."""
    known = kinds(authority.pk, on)
    return [code for code, kind in known.items() if CODE in kind.return_codes.replace(",", " ").split()]


def _kept_ends(package_ids: Collection[int], on: date) -> dict[int, date]:
    """The day on which each order runs out, as it was last kept by a day."""
    rows = Particular.objects.filter(
        package_id__in=package_ids, words=ENDS, said_on__lte=on, on__isnull=False
    )
    latest = rows.order_by("package_id", "-said_on", "-id").distinct("package_id")
    return {key: day for key, day in latest.values_list("package_id", "on") if day is not None}
