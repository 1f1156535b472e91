"""What is asked of budgets and the outturn: years, frozen versions, the bridge between two, spend by code, warnings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Min, OuterRef, QuerySet, Subquery, Sum

from rightplace.core.forecasting.bridge import Bridge, bridge
from rightplace.core.forecasting.kinds import K
from rightplace.core.forecasting.outturn import Book
from rightplace.core.money import pounds
from rightplace.core.periods import financial_year, financial_year_period
from rightplace.core.pricing import day_number
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.payments.models import CostCode, ScheduleLine
from rightplace.oversight.budgets.cohorts import spend_by_cohort
from rightplace.oversight.budgets.models import (
    COHORTS,
    BudgetLine,
    BudgetYear,
    OutturnRow,
    OutturnVersion,
)


@dataclass(frozen=True, slots=True)
class BudgetSpend:
    """A part of a year's budget as it grew, and what contracts come to under it, in pence; `words` say which part."""

    words: str
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
class CodeSpend(BudgetSpend):
    """The part under one cost centre and subjective code; both empty for what bears none."""

    cost_centre: str
    subjective: str


@dataclass(frozen=True, slots=True)
class Warned:
    """An early warning: what kind, in words, by how many pence, and the contract where it is one's."""

    kind: str
    words: str
    pence: int
    contract_id: int | None = None
    cost_centre: str = ""


def years(actor: Actor) -> QuerySet[BudgetYear]:
    """Every year of the actor's authority, the latest first."""
    return BudgetYear.objects.filter(authority_id=actor.authority_id)


def year(actor: Actor, key: int) -> BudgetYear | None:
    """One of them."""
    return years(actor).filter(pk=key).first()


def year_now(actor: Actor) -> BudgetYear | None:
    """The latest open one, else the latest."""
    return years(actor).filter(state="open").first() or years(actor).first()


def year_of(actor: Actor, day: date) -> BudgetYear | None:
    """The year that a day is in, if its budget was opened."""
    return years(actor).filter(financial_year=financial_year(day)).first()


def year_asked(actor: Actor, name: str) -> BudgetYear | None:
    """The year of a name ("2026-27"), else the latest open one."""
    return years(actor).filter(financial_year=name).first() or year_now(actor)


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
    found = _budget_by(row, "cost_centre", "subjective")
    for centre, subjective, pence in _contracts_by(row, "cost_code__cost_centre", "cost_code__subjective"):
        found[centre or "", subjective or ""]["outturn"] += pence
    names = _names_of_codes(row.authority_id)
    return [
        CodeSpend(" ".join((*code, names.get(code, ""))).strip() or "No code", *_parts(found[code]), *code)
        for code in sorted(found, key=lambda code: (code[0] == "", code))
    ]


def _names_of_codes(authority_id: int) -> dict[tuple[str, ...], str]:
    """What the books call each code, the latest words first to stand."""
    rows = CostCode.objects.filter(authority_id=authority_id).exclude(words="").order_by("starts_on", "pk")
    return {tuple(code): words for *code, words in rows.values_list("cost_centre", "subjective", "words")}


def by_section_251(row: BudgetYear) -> list[BudgetSpend]:
    """The same by section 251 line."""
    found = _budget_by(row, "section_251_line")
    for line, pence in _contracts_by(row, "cost_code__section_251_line"):
        found[(line or "",)]["outturn"] += pence
    lines = sorted(found, key=lambda line: (line[0] == "", line))
    return [BudgetSpend(line[0] or "No line", *_parts(found[line])) for line in lines]


def by_cohort(row: BudgetYear) -> list[BudgetSpend]:
    """The same by cohort of children, each contract's months under the cohort that the child is of."""
    found = _budget_by(row, "cohort")
    for cohort, pence in spend_by_cohort(row.authority_id, financial_year_period(row.financial_year)).items():
        found[(cohort,)]["outturn"] += pence
    return [
        BudgetSpend(words, *_parts(found[(code,)])) for code, words in COHORTS.items() if (code,) in found
    ]


def codes_held(row: BudgetYear) -> list[tuple[str, str, str, str]]:
    """Every code of a year's budget: cost centre, subjective code, section 251 line and cohort, in order."""
    names = ("cost_centre", "subjective", "section_251_line", "cohort")
    return list(row.lines.order_by(*names).values_list(*names).distinct())


Found = dict[tuple[str, ...], dict[str, int]]


def _budget_by(row: BudgetYear, *names: str) -> Found:
    found: Found = defaultdict(lambda: defaultdict(int))
    for *code, kind, pence in row.lines.order_by().values_list(*names, "kind").annotate(all=Sum("pence")):
        found[tuple(code)][kind] += pence
    return found


def _contracts_by(row: BudgetYear, *names: str) -> QuerySet[ScheduleLine, tuple[Any, ...]]:
    period = financial_year_period(row.financial_year)
    lines = ScheduleLine.objects.filter(
        authority_id=row.authority_id, state="due", month__gte=period.start, month__lt=period.closed_end
    ).order_by()
    return lines.values_list(*names).annotate(all=Sum("pence"))


def _parts(found: dict[str, int]) -> tuple[int, int, int, int, int]:
    return found["original"], found["virement"], found["growth"], found["savings"], found["outturn"]


def warnings(actor: Actor, row: BudgetYear) -> list[Warned]:
    """Early warnings of a year: codes over budget, contracts beyond their approval, approvals that ran out, the largest first."""
    period = financial_year_period(row.financial_year)
    found = [
        Warned(
            "over_budget",
            f"{one.words} is {pounds(one.over)} over its budget",
            one.over,
            cost_centre=one.cost_centre,
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
