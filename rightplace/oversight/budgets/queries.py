"""What is asked of budgets and the outturn: years, frozen versions, the bridge between two, spend by code, warnings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Min, OuterRef, QuerySet, Subquery, Sum

from rightplace.core.forecasting.bridge import Bridge, bridge
from rightplace.core.forecasting.kinds import K
from rightplace.core.forecasting.outturn import Book
from rightplace.core.money import pounds
from rightplace.core.periods import financial_year_period
from rightplace.core.pricing import day_number
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.payments.models import ScheduleLine
from rightplace.oversight.budgets.models import (
    BudgetLine,
    BudgetYear,
    MonthDifference,
    OutturnRow,
    OutturnVersion,
)


@dataclass(frozen=True, slots=True)
class CodeSpend:
    """A code of a year: its budget as it grew, and what contracts come to under it, in pence."""

    cost_centre: str
    subjective: str
    original: int
    virement: int
    growth: int
    savings: int
    outturn: int

    @property
    def budget(self) -> int:
        """The budget as it stands."""
        return self.original + self.virement + self.growth + self.savings

    @property
    def over(self) -> int:
        """Above the budget."""
        return self.outturn - self.budget


@dataclass(frozen=True, slots=True)
class Warned:
    """An early warning: what kind, in words, by how many pence, and the contract where it is one's."""

    kind: str
    words: str
    pence: int
    contract_id: int | None = None


def years(actor: Actor) -> QuerySet[BudgetYear]:
    """Every year of the actor's authority, the latest first."""
    return BudgetYear.objects.filter(authority_id=actor.authority_id)


def year(actor: Actor, key: int) -> BudgetYear | None:
    """One of them."""
    return years(actor).filter(pk=key).first()


def year_now(actor: Actor) -> BudgetYear | None:
    """The latest open one, else the latest."""
    return years(actor).filter(state="open").first() or years(actor).first()


def budget_lines(actor: Actor) -> QuerySet[BudgetLine]:
    """Every budget line of the authority."""
    return BudgetLine.objects.filter(authority_id=actor.authority_id).select_related("year")


def versions(actor: Actor) -> QuerySet[OutturnVersion]:
    """Every frozen month, the latest first."""
    return OutturnVersion.objects.filter(authority_id=actor.authority_id).select_related("year")


def version(actor: Actor, key: int) -> OutturnVersion | None:
    """One of them."""
    return versions(actor).filter(pk=key).first()


def version_before(row: OutturnVersion) -> OutturnVersion | None:
    """The frozen month before this one in its year."""
    return OutturnVersion.objects.filter(year_id=row.year_id, month__lt=row.month).order_by("-month").first()


def book_of(row: OutturnVersion) -> Book:
    """A frozen month in columns."""
    rows = list(OutturnRow.objects.filter(frozen=row))
    named = [(one, one.contract_id, one.starts_on, one.ends_on) for one in rows]
    held = [(one, key, first, last) for one, key, first, last in named if key and first and last]
    flow = sorted((one.kind, one.nights, one.recurring_pence) for one in rows if one.contract_id is None)
    return Book.of(
        contract=[key for _, key, _, _ in held], kind=[one.kind for one, *_ in held],
        start=[day_number(first) for _, _, first, _ in held], end=[day_number(last) for *_, last in held],
        rate=[one.weekly_pence for one, *_ in held], recurring=[one.recurring_pence for one, *_ in held],
        one_off=[one.one_off_pence for one, *_ in held], flow=[(nights, pence) for _, nights, pence in flow] or [(0, 0)] * K,
    )  # fmt: skip


def bridge_between(before: OutturnVersion, after: OutturnVersion) -> Bridge:
    """Why the outturn moved between two frozen months of one year."""
    return bridge(book_of(before), book_of(after))


def by_code(row: BudgetYear) -> list[CodeSpend]:
    """Budget and contracts of a year by cost centre and subjective code, in order; spend without a code comes last."""
    period = financial_year_period(row.financial_year)
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for centre, subjective, kind, pence in (
        row.lines.order_by().values_list("cost_centre", "subjective", "kind").annotate(all=Sum("pence"))
    ):
        found[centre, subjective][kind] += pence
    lines = ScheduleLine.objects.filter(
        authority_id=row.authority_id, state="due", month__gte=period.start, month__lt=period.closed_end
    ).order_by()
    for centre, subjective, pence in lines.values_list(
        "cost_code__cost_centre", "cost_code__subjective"
    ).annotate(all=Sum("pence")):
        found[centre or "", subjective or ""]["outturn"] += pence
    names = ("original", "virement", "growth", "savings", "outturn")
    return [
        CodeSpend(*code, *(found[code][name] for name in names))
        for code in sorted(found, key=lambda code: (code[0] == "", code))
    ]


def warnings(actor: Actor, row: BudgetYear) -> list[Warned]:
    """Early warnings of a year: codes over budget, contracts beyond their approval, approvals that ran out, the largest first."""
    period = financial_year_period(row.financial_year)
    found = [
        Warned(
            "over_budget",
            f"{one.cost_centre or 'No code'} {one.subjective} is {pounds(one.over)} over its budget",
            one.over,
        )
        for one in by_code(row)
        if one.over > 0
    ]
    found += [*_beyond_approval(actor), *_after_approval(actor, period.start, period.closed_end)]
    return sorted(found, key=lambda one: -one.pence)


def _beyond_approval(actor: Actor) -> list[Warned]:
    """Contracts that come to more than what was permitted for the whole stay, permitted rises with it."""
    rise = RisePermission.objects.filter(
        contract_version__contract=OuterRef("pk"), state="approved"
    ).order_by("-pk")
    rows = Contract.objects.filter(
        authority_id=actor.authority_id, placement__permission__isnull=False, schedule__state="due"
    )
    told = rows.annotate(
        due=Sum("schedule__pence"), risen=Subquery(rise.values("whole_cost_pence")[:1]),
        permitted=F("placement__permission__whole_cost_pence"),
    )  # fmt: skip
    return [
        Warned(
            "beyond_approval",
            f"{one} comes to {pounds(one.due - limit)} more than was permitted",
            one.due - limit,
            one.pk,
        )
        for one in told
        if one.due > (limit := one.risen or one.permitted)
    ]


def _after_approval(actor: Actor, start: date, end: date) -> list[Warned]:
    """Contracts with nights due in the year after the last day that was permitted."""
    rows = ScheduleLine.objects.filter(
        authority_id=actor.authority_id, state="due", month__gte=start, month__lt=end,
        period__startswith__gte=F("contract__placement__permission__ends_on"),
    )  # fmt: skip
    sums = rows.order_by().values("contract_id").annotate(all=Sum("pence"), first=Min("month"))
    return [
        Warned(
            "approval_over",
            f"IPC-{one['contract_id']:06d} is paid after its permission ended",
            one["all"],
            one["contract_id"],
        )
        for one in sums
        if one["all"] > 0
    ]


def differences(actor: Actor, *, state: str = "", month: date | None = None) -> QuerySet[MonthDifference]:
    """What the months have found, as narrowed."""
    rows = MonthDifference.objects.filter(authority_id=actor.authority_id).select_related("contract", "owner")
    rows = rows.filter(state=state) if state else rows
    return rows.filter(month=month) if month else rows


def difference(actor: Actor, key: int) -> MonthDifference | None:
    """One of them."""
    return differences(actor).filter(pk=key).first()
