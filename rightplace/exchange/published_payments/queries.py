"""Questions to published spending: totals by provider, payee, kind of home, council and year. Public facts: no actor is asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from rightplace.exchange.published_payments.models import PublishedPayment
from rightplace.foundation.organisations.models import Provider
from rightplace.register.providers.models import Payee

OF_NO_PROVIDER = ("doubtful", "unlinked", "refused", "withheld")
KIND_WORDS = {
    "foster": "Fostering",
    "residential": "Children’s homes",
    "supported": "Supported accommodation",
    "other": "Other settings",
    "": "Providers of several kinds",
    "none": "Not linked",
}
"""What a payment is for, by the kinds of home that its provider has."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments: empty is all."""

    words: str = ""
    council: str = ""
    year: str = ""
    kind: str = ""
    state: str = ""

    def payments(self, prefix: str = "") -> Q:
        """As a filter of payments, or of rows that lead to them by `prefix`."""
        found = Q()
        for name, value in (("council", self.council), ("financial_year", self.year)):
            found &= Q(**{f"{prefix}{name}": value}) if value else Q()
        return found


@dataclass(frozen=True, slots=True)
class YearKind:
    """What one kind of home came to in a year; the kind is empty for providers of several, "none" where no provider is linked."""

    year: str
    kind: str
    pence: int
    payments: int


def by_provider(wanted: Wanted, order: str) -> QuerySet[Provider]:
    """Providers that were paid, with `pence`, `many` payments, `first_on` and `last_on`."""
    within = wanted.payments("payees__payments__")
    rows = Provider.objects.filter(payees__payments__isnull=False, name__icontains=wanted.words.strip())
    rows = rows.filter(_of_kind(wanted.kind)) if wanted.kind else rows
    rows = rows.filter(within).annotate(
        pence=Sum("payees__payments__pence"), many=Count("payees__payments"),
        first_on=Min("payees__payments__paid_on"), last_on=Max("payees__payments__paid_on"),
    )  # fmt: skip
    return rows.order_by(order, "id")


def _of_kind(kind: str) -> Q:
    if kind == "other":
        return ~Q(payees__kind__in=[*KIND_WORDS])
    return Q(payees__kind="" if kind == "several" else kind)


def by_payee(wanted: Wanted, order: str) -> QuerySet[Payee]:
    """Payees with what they were paid."""
    rows = Payee.objects.select_related("provider", "suggested").filter(payments__isnull=False)
    plain = wanted.words.strip()
    rows = rows.filter(Q(name__icontains=plain) | Q(provider__name__icontains=plain)) if plain else rows
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    rows = rows.filter(kind=wanted.kind) if wanted.kind else rows
    rows = rows.filter(wanted.payments("payments__"))
    rows = rows.annotate(
        pence=Sum("payments__pence"), many=Count("payments"), first_on=Min("payments__paid_on"), last_on=Max("payments__paid_on")
    )  # fmt: skip
    return rows.order_by(order, "id")


def by_year_and_kind(wanted: Wanted) -> list[YearKind]:
    """Totals by year and kind of home, with what is not linked."""
    rows = PublishedPayment.objects.filter(wanted.payments()).annotate(
        is_open=Q(payee__provider__isnull=True)
    )
    found = rows.values("financial_year", "payee__kind", "is_open").annotate(
        total=Sum("pence"), many=Count("id")
    )
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for row in found.order_by("financial_year", "payee__kind"):
        key = (row["financial_year"], "none" if row["is_open"] else kind_shown(row["payee__kind"]))
        pence, many = sums.get(key, (0, 0))
        sums[key] = (pence + row["total"], many + row["many"])
    return [YearKind(year, kind, pence, many) for (year, kind), (pence, many) in sums.items()]


def kind_shown(kind: str) -> str:
    """The kind under which a kind of the register is counted: the three of a request, others together, or several."""
    return kind if kind in KIND_WORDS else "other"


def councils_and_years() -> tuple[list[str], list[str]]:
    """The councils and the financial years of which there are payments."""
    rows = PublishedPayment.objects.order_by()
    councils = rows.values_list("council", flat=True).distinct()
    years = rows.values_list("financial_year", flat=True).distinct()
    return sorted(councils), sorted(years)


def by_council_and_year(payee_id: int) -> list[tuple[str, str, int, int]]:
    """What one payee was paid, by council and year: council, year, payments, pence."""
    rows = PublishedPayment.objects.filter(payee_id=payee_id).values("council", "financial_year")
    found = rows.annotate(many=Count("id"), total=Sum("pence")).order_by("council", "financial_year")
    return [(row["council"], row["financial_year"], row["many"], row["total"]) for row in found]


def states_in_use() -> dict[str, tuple[int, int]]:
    """For each state of payees: how many, and the pence that they were paid."""
    rows = Payee.objects.filter(payments__isnull=False).values("state")
    found = rows.annotate(many=Count("id", distinct=True), total=Sum("payments__pence"))
    return {row["state"]: (row["many"], row["total"]) for row in found.order_by("state")}
