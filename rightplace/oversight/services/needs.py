"""Need against provision of one service: each item with what a review found, what is agreed and what was used of late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from rightplace.core.services.items import Item
from rightplace.core.services.needs import NeedLine, need_lines
from rightplace.journey.packages.models import Package
from rightplace.journey.packages.queries import agreed_items, needs_of, terms_of
from rightplace.journey.payments.models import Delivery

WEEKS_OF_USE = 12
CHARGED_AS_USED = frozenset({"session", "night", "mile"})
"""Of these nothing recorded is nothing used; hours are charged as agreed, so that nobody may have recorded them."""


def needs_against(row: Package, today: date) -> list[NeedLine]:
    """Each item that runs today; its use is the average a week over the last twelve weeks, or since it began."""
    items = agreed_items([row.pk], today).get(row.pk, ())
    if row.starts_on is None or row.starts_on > today:
        return []
    return need_lines(items, today, needs_of([row]).get(row.pk, {}), _used(row, items, row.starts_on, today))


def _used(row: Package, items: Iterable[Item], begun: date, today: date) -> dict[str, Decimal]:
    earliest = max(begun, today - timedelta(weeks=WEEKS_OF_USE))
    held = Delivery.objects.filter(contract__package=row, taken_back_at=None, on__gte=earliest, on__lt=today)
    by_words = held.order_by().values_list("contract_line__words").annotate(many=Sum("quantity"))
    many: dict[str, Decimal] = dict(by_words)
    kind_name, found = terms_of(row).name, {}
    for item in items:
        nights = (today - max(item.starts_on or earliest, earliest)).days
        used = many.get(item.words or kind_name, Decimal(0) if item.unit in CHARGED_AS_USED else None)
        if used is not None and nights >= 7:
            found[item.words] = round(used * 7 / nights, 2)
    return found
