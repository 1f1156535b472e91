"""The three-way reconciliation of a month: who is placed, what is contracted, what is billed and paid; each difference once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.models import Contract
from rightplace.journey.ledger.booking import next_month
from rightplace.journey.ledger.figures import MonthFigure, figures_of
from rightplace.journey.placements.models import AGREED_HERE, Placement
from rightplace.oversight.budgets.codes import MAY_KEEP, NOT_YOURS
from rightplace.oversight.budgets.models import MonthDifference

NOT_OVER = Problem("not_over", "A month is reconciled when it is over.", "month")
STANDING = ("in_force", "varying", "ended")
BOUGHT = ("PR3", "PR4", "PR5")
"""Provider codes of the statutory return whose homes are paid for: other public provision, private, voluntary."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its kind, the placement, its contract where there is one, and pence."""

    kind: str
    placement: int
    contract_id: int | None
    pence: int


@action
def reconcile_month(*, by: Actor, now: datetime, month: date) -> Outcome[int]:
    """Find what placements, contracts and payments of a month disagree in; gives how many are new. Others stay."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    if month.day != 1 or next_month(month) > timezone.localdate(now):
        return refuse(NOT_OVER)
    held = set(
        MonthDifference.objects.filter(authority_id=by.authority_id, month=month).values_list(
            "kind", "placement_number"
        )
    )
    new = [one for one in found_in(by.authority_id, month) if (one.kind, one.placement) not in held]
    MonthDifference.objects.bulk_create(
        MonthDifference(
            authority_id=by.authority_id, month=month, kind=one.kind, placement_number=one.placement,
            contract_id=one.contract_id, pence=one.pence, owner_id=by.person_id, found_at=now,
        )
        for one in new
    )  # fmt: skip
    words = f"Reconciled {month:%B %Y}: {len(new)} new differences"
    audit(
        by=by, now=now, verb="reconcile_month", words=words, subject="authority", subject_id=by.authority_id
    )
    return Outcome(len(new))


def found_in(authority_id: int, month: date) -> list[Difference]:
    """Every difference of a month, by placement."""
    return [
        *_without_contract(authority_id, month),
        *_only_in_case_system(authority_id, month),
        *_unlike(authority_id, month),
    ]


def _without_contract(authority_id: int, month: date) -> Iterator[Difference]:
    for key in (
        _placed(authority_id, month).filter(import_run_id=None, source=AGREED_HERE).values_list("pk", flat=True)
    ):
        yield Difference("no_contract", key, None, 0)


def _only_in_case_system(authority_id: int, month: date) -> Iterator[Difference]:
    """Placements taken in from a file that somebody else runs and is paid for: nobody contracts them, so nobody pays."""
    rows = _placed(authority_id, month).filter(import_run_id__isnull=False, provider_code__in=BOUGHT)
    for key in rows.values_list("pk", flat=True):
        yield Difference("case_only", key, None, 0)


def _placed(authority_id: int, month: date) -> QuerySet[Placement]:
    """Placements with nights in a month that no contract in force pays for."""
    rows = Placement.objects.filter(
        authority_id=authority_id,
        state__in=["started", "ended"],
        period__overlap=DateRange(month, next_month(month)),
    )
    return rows.exclude(contract__state__in=STANDING).order_by("pk")


def _unlike(authority_id: int, month: date) -> Iterator[Difference]:
    figures: dict[int, list[MonthFigure]] = defaultdict(list)
    for one in figures_of(authority_id, month):
        figures[one.contract_id].append(one)
    for row in Contract.objects.filter(pk__in=figures, placement__isnull=False).order_by("pk"):
        parts = figures[row.pk]
        sums = {
            "not_billed": sum(one.accrued + one.missed for one in parts),
            "not_paid": sum(max(one.invoiced - one.paid, 0) for one in parts),
            "above": sum(one.above for one in parts),
            "after_end": sum(one.expected for one in parts) if row.ended_on and row.ended_on <= month else 0,
        }
        for kind, pence in sums.items():
            if pence > 0:
                yield Difference(kind, row.placed.pk, row.pk, pence)
