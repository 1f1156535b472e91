"""Freezing a month: the whole year's outturn as it stands, contract by contract, kept for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np
from django.db.models import Sum
from django.utils import timezone

from rightplace.core.forecasting.outturn import Outturn, outturn
from rightplace.core.periods import Period, financial_year_period
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.budgets.codes import CLOSED, MAY_KEEP, NO_YEAR, NOT_YOURS
from rightplace.oversight.budgets.flow import Flow, flow_of
from rightplace.oversight.budgets.models import BudgetYear, OutturnMonthFigure, OutturnRow, OutturnVersion
from rightplace.oversight.budgets.spending import Spent, Stay, spent, stays

FROZEN = Problem("frozen", "This month is frozen already. What changed since shows in the next month.")
OUTSIDE = Problem("outside", "The month must lie in the year and have begun.", "month")


@action
def freeze_month(*, by: Actor, now: datetime, year_id: int, month: date) -> Outcome[OutturnVersion]:
    """Keep the year's outturn as it stands now under a month. Refused: a month that is frozen, not in the year, not begun."""
    year = BudgetYear.objects.select_for_update().filter(authority_id=by.authority_id, pk=year_id).first()
    if year is None or by.role not in MAY_KEEP:
        return refuse(NO_YEAR if year is None else NOT_YOURS)
    period = financial_year_period(year.financial_year)
    if year.state != "open":
        return refuse(CLOSED)
    if month.day != 1 or not period.contains(month) or month > timezone.localdate(now):
        return refuse(OUTSIDE)
    if year.versions.filter(month=month).exists():
        return refuse(FROZEN)
    row = _frozen(by, now, year, month)
    audit(
        by=by,
        now=now,
        verb="freeze_month",
        words=f"Froze the outturn of {row}",
        subject="outturn",
        subject_id=row.pk,
    )
    return Outcome(row)


def _frozen(by: Actor, now: datetime, year: BudgetYear, month: date) -> OutturnVersion:
    period = financial_year_period(year.financial_year)
    with as_system():
        found = spent(year.authority_id, period)
        held = stays(year.authority_id, found, period.closed_end.replace(month=3, day=31))
    flow = flow_of(by, period.by_month(), timezone.localdate(now))
    told = year_outturn(found, flow, period, elapsed=_elapsed(period, month), budget=budget_of(year))
    row = OutturnVersion.objects.create(
        authority_id=year.authority_id, year=year, month=month, budget_pence=told.budget, outturn_pence=told.total,
        low_pence=told.low, high_pence=told.high, run_rate_pence=told.run_rate, made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    OutturnMonthFigure.objects.bulk_create(_month_rows(row, period, told))
    OutturnRow.objects.bulk_create([*_contract_rows(row, period, found, held), *_flow_rows(row, flow)])
    return row


def year_outturn(
    found: Mapping[int, Spent], flow: Flow, period: Period, *, elapsed: int, budget: int
) -> Outturn:
    """The year's outturn from what contracts come to and the flow."""
    known = np.zeros((3, len(flow.pence)), dtype=np.int64)
    for place, part in enumerate(period.by_month()):
        for one in found.values():
            paid, approved = one.paid.get(part.start, 0), one.approved.get(part.start, 0)
            known[:, place] += (paid, approved, max(one.due(part.start) - paid - approved, 0))
    return outturn(known, flow.pence, flow.interval, elapsed=elapsed, budget=budget)


def budget_of(year: BudgetYear) -> int:
    """What a year's lines come to, in pence."""
    return year.lines.aggregate(all=Sum("pence"))["all"] or 0


def _elapsed(period: Period, month: date) -> int:
    """Months of the year that are over when this one is frozen: those before it."""
    return [part.start for part in period.by_month()].index(month)


def _month_rows(row: OutturnVersion, period: Period, told: Outturn) -> list[OutturnMonthFigure]:
    return [
        OutturnMonthFigure(
            authority_id=row.authority_id, frozen=row, month=part.start, paid_pence=one.paid, approved_pence=one.approved,
            committed_pence=one.committed, flow_pence=one.flow, low_pence=one.low, high_pence=one.high,
        )
        for part, one in zip(period.by_month(), told.months, strict=True)
    ]  # fmt: skip


def _contract_rows(
    row: OutturnVersion, period: Period, found: Mapping[int, Spent], held: Mapping[int, Stay]
) -> list[OutturnRow]:
    return [
        _contract_row(row, period, number, one, held.get(number)) for number, one in sorted(found.items())
    ]


def _contract_row(
    row: OutturnVersion, period: Period, number: int, one: Spent, stay: Stay | None
) -> OutturnRow:
    months = [part.start for part in period.by_month()]
    start = min(max(stay.starts_on, period.start), period.closed_end) if stay else period.start
    end = max(min(stay.ends_on, period.closed_end), start) if stay else start
    return OutturnRow(
        authority_id=row.authority_id, frozen=row, contract_id=number, kind=stay.kind if stay else 0, starts_on=start,
        ends_on=end, nights=(end - start).days, weekly_pence=stay.weekly_pence if stay else 0,
        recurring_pence=sum(one.recurring.values()),
        one_off_pence=sum(one.one_off.values()) + sum(one.above(month) for month in months),
        paid_pence=sum(one.paid.values()), approved_pence=sum(one.approved.values()),
    )  # fmt: skip


def _flow_rows(row: OutturnVersion, flow: Flow) -> Sequence[OutturnRow]:
    return [
        OutturnRow(
            authority_id=row.authority_id, frozen=row, contract=None, kind=kind, nights=nights, weekly_pence=0,
            recurring_pence=pence, one_off_pence=0, paid_pence=0, approved_pence=0,
        )
        for kind, (nights, pence) in enumerate(flow.by_kind)
    ]  # fmt: skip
