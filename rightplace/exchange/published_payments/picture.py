"""The market as councils' own payments show it: who is paid by whom, and how concentrated it is, by the register's groups."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from rightplace.core.buying.shares import Concentration, concentration
from rightplace.exchange.published_payments.models import PublishedPayment


@dataclass(frozen=True, slots=True)
class PaidBy:
    """One provider: what it was paid, by how many councils, and its part of all (0 to 1)."""

    provider_id: int
    provider: str
    councils: int
    pence: int
    part: float


@dataclass(frozen=True, slots=True)
class Council:
    """One council: what it paid to providers of the register, the largest of them, and how concentrated that is."""

    council: str
    pence: int
    largest: str
    measured: Concentration


@dataclass(frozen=True, slots=True)
class Picture:
    """The market in a year (or in all): its concentration, the largest providers, each council, what is not linked."""

    measured: Concentration
    providers: tuple[PaidBy, ...]
    councils: tuple[Council, ...]
    linked_pence: int
    unlinked_pence: int


def picture(year: str = "", most: int = 25) -> Picture:
    """Who is paid by whom: two reads over the payments, grouped by the provider that the payee is."""
    rows = PublishedPayment.objects.filter(financial_year=year) if year else PublishedPayment.objects.all()
    linked = rows.filter(payee__provider__isnull=False).order_by()
    grouped = linked.values_list("payee__provider_id", "payee__provider__name", "council").annotate(
        Sum("pence"), Count("id")
    )
    totals: dict[int, int] = {}
    names: dict[int, str] = {}
    by_council: dict[str, dict[int, int]] = {}
    for key, name, council, pence, _ in grouped:
        totals[key] = totals.get(key, 0) + pence
        names[key] = name
        by_council.setdefault(council, {})[key] = pence
    whole = sum(totals.values())
    other = rows.filter(payee__provider__isnull=True).aggregate(pence=Sum("pence"))["pence"] or 0
    providers = [
        PaidBy(
            key,
            names[key],
            sum(key in paid for paid in by_council.values()),
            pence,
            pence / whole if whole else 0.0,
        )
        for key, pence in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    ]
    councils = [
        Council(council, sum(paid.values()), names[max(paid, key=lambda key: paid[key])], concentration(paid))
        for council, paid in sorted(by_council.items())
    ]
    return Picture(concentration(totals), tuple(providers), tuple(councils), whole, other)
