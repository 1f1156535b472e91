"""What contracts come to in a financial year: by the schedule, as core/pricing charged it; what is paid and approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from rightplace.core.forecasting.kinds import OTHER, kind_of
from rightplace.core.periods import Period
from rightplace.core.pricing import weekly_rate
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.terms import amounts_on
from rightplace.journey.invoices.models import Payable
from rightplace.journey.payments.models import ScheduleLine

ONE_OFF = "one_off"
Money = dict[date, int]


@dataclass(slots=True)
class Spent:
    """One contract in a year, in pence by month."""

    recurring: Money = field(default_factory=lambda: defaultdict(int))
    one_off: Money = field(default_factory=lambda: defaultdict(int))
    paid: Money = field(default_factory=lambda: defaultdict(int))
    approved: Money = field(default_factory=lambda: defaultdict(int))

    def due(self, month: date) -> int:
        """What the schedule asks for the nights of a month."""
        return self.recurring.get(month, 0) + self.one_off.get(month, 0)

    def above(self, month: date) -> int:
        """What was paid or approved beyond it."""
        return max(self.paid.get(month, 0) + self.approved.get(month, 0) - self.due(month), 0)


@dataclass(frozen=True, slots=True)
class Stay:
    """A contract's stay as now expected, its kind of home, and what a week costs by what is agreed for a day."""

    contract_id: int
    kind: int
    starts_on: date
    ends_on: date
    weekly_pence: int


def months_of(year: Period) -> list[date]:
    """The first of each month of a financial year."""
    return [part.start for part in year.by_month()]


def spent(authority_id: int, year: Period, contract_ids: Iterable[int] | None = None) -> dict[int, Spent]:
    """What every contract (or these) comes to in the year, by month."""
    only = Q() if contract_ids is None else Q(contract__in=list(contract_ids))
    found: dict[int, Spent] = defaultdict(Spent)
    lines = ScheduleLine.objects.filter(
        only, authority_id=authority_id, state="due", month__gte=year.start, month__lt=year.closed_end
    )
    for number, month, kind, pence in (
        lines.order_by().values_list("contract_id", "month", "kind").annotate(all=Sum("pence"))
    ):
        part = found[number].one_off if kind == ONE_OFF else found[number].recurring
        part[month] += pence
    _add_payables(found, authority_id, year, only)
    return dict(found)


def _add_payables(found: dict[int, Spent], authority_id: int, year: Period, only: Q) -> None:
    """What was released for payment, told apart by whether a payment of it was sent."""
    rows = Payable.objects.filter(
        only, authority_id=authority_id, contract__isnull=False, invoice_line__starts_on__gte=year.start,
        invoice_line__starts_on__lt=year.closed_end,
    ).annotate(month=TruncMonth("invoice_line__starts_on"))  # fmt: skip
    sent = rows.filter(items__is_live=True, items__payment__state__in=["sent", "paid"])
    gone = set(sent.values_list("pk", flat=True))
    for key, number, month, pence in rows.values_list("pk", "contract_id", "month", "net_pence"):
        part = found[number].paid if key in gone else found[number].approved
        part[month] += pence


def stays(authority_id: int, contract_ids: Iterable[int], on: date) -> dict[int, Stay]:
    """Each of these contracts that stands: its stay, and its rate by what is agreed for a day."""
    rows = Contract.objects.filter(authority_id=authority_id, pk__in=list(contract_ids)).select_related(
        "placement"
    )
    return {
        row.pk: stay
        for row in rows.prefetch_related("versions__lines", "authority__carer_rates")
        if (stay := _stay(row, on))
    }


def _stay(row: Contract, on: date) -> Stay | None:
    stands = standing(row)
    if stands is None:
        return None
    terms = [one for one in stands.terms if one.starts_on <= on] or list(stands.terms[:1])
    weekly = weekly_rate(amounts_on(terms[-1], on), on)
    kind = kind_of(row.placement.place_code, row.placement.provider_code) if row.placement else OTHER
    return Stay(row.pk, kind, stands.stay.start, stands.stay.closed_end, weekly)
