"""Under which code a charge is booked: cost centre, subjective code and section 251 line, by home, price and date.

Rows are kept by finance and dated; the narrowest row that fits a day rules, and of two alike the one that began later.
Codes stand on every line of a schedule. A line that was settled keeps the code under which it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Q, QuerySet

from rightplace.core.pricing import PriceKind
from rightplace.journey.contracts.models import Contract
from rightplace.journey.packages.models import Package
from rightplace.journey.packages.queries import terms_of
from rightplace.journey.payments.models import CostCode, ScheduleLine

CODED_HOMES = {
    "own_foster": "Own foster carers",
    "foster": "Foster home of an agency",
    "residential": "Children’s home",
    "supported": "Supported accommodation",
    "secure": "Secure children’s home",
    "service": "No home: a service for a child",
}
"""The homes that budgets tell apart; a code for "" is for any of them."""
OF_A_LINE = "service of "
"""A service of a kind with a budget line: the code of that section 251 line or cost centre goes before any other."""
CODED_KINDS = tuple(kind.value for kind in PriceKind)


@dataclass(frozen=True, slots=True)
class CostCodes:
    """All codes of one authority, to be asked for many charges."""

    rows: tuple[CostCode, ...]

    def holds(self, row: CostCode, on: date) -> bool:
        """Whether a code holds on a day."""
        return _holds(row, on)

    def code(self, home_kind: str, kind: str, on: date) -> CostCode | None:
        """The code of a price kind in a home on a day; None where finance keeps none."""
        fitting = [row for row in self.rows if _fits(row, home_kind, kind) and _holds(row, on)]
        return max(fitting, key=lambda row: (_is_of_line(row, home_kind), *_rank(row)), default=None)


def codes_of(authority_id: int) -> CostCodes:
    """Every code that an authority keeps or kept."""
    return CostCodes(tuple(CostCode.objects.filter(authority_id=authority_id).order_by("starts_on", "pk")))


def home_kind_of(contract: Contract) -> str:
    """The kind of home of a contract, as budgets tell homes apart, or the budget line of a service; read within the authority."""
    if contract.package is not None:
        return of_line(terms_of(contract.package).budget_line)
    if contract.provider_id is None:
        return "own_foster"
    setting = contract.setting
    return setting.kind if setting is not None and setting.kind in CODED_HOMES else "foster"


def code_again(authority_id: int) -> int:
    """Put the codes as they stand now on every line that is not settled; gives how many changed."""
    codes = codes_of(authority_id)
    rows = ScheduleLine.objects.filter(authority_id=authority_id, state="due", settled_at=None)
    days = sorted({day for row in codes.rows for day in (row.starts_on, row.ends_on) if day is not None})
    changed = 0
    for home_kind, homes in _homes(authority_id).items():
        for kind in rows.order_by().values_list("kind", flat=True).distinct():
            for start, end in pairwise([None, *days, None]):
                found = codes.code(home_kind, kind, start or date.min)
                part = _begun(rows.filter(homes, kind=kind), start, end)
                changed += part.exclude(cost_code=found).update(cost_code=found) if found else _uncoded(part)
    return changed


def by_code(lines: Iterable[ScheduleLine]) -> dict[int | None, int]:
    """What lines come to under each code, in pence."""
    sums: dict[int | None, int] = defaultdict(int)
    for line in lines:
        sums[line.cost_code_id] += line.pence
    return dict(sums)


def of_line(budget_line: str) -> str:
    """What codes know a service by: its kind's budget line, where it has one."""
    return f"{OF_A_LINE}{budget_line}" if budget_line else "service"


def _fits(row: CostCode, home_kind: str, kind: str) -> bool:
    home = "service" if home_kind.startswith(OF_A_LINE) else home_kind
    return row.home_kind in ("", home) and row.kind in ("", kind)


def _is_of_line(row: CostCode, home_kind: str) -> bool:
    line = home_kind.removeprefix(OF_A_LINE)
    return line != home_kind and line in (row.section_251_line, row.cost_centre)


def _holds(row: CostCode, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or on < row.ends_on)


def _rank(row: CostCode) -> tuple[int, bool, date, int]:
    return (row.home_kind != "") + (row.kind != ""), row.home_kind != "", row.starts_on, row.pk


def _homes(authority_id: int) -> dict[str, Q]:
    """Which lines are for which kind of home, and which for services, by budget line."""
    bought, of = Q(provider__isnull=False), "contract__placement__setting__kind"
    named = [kind for kind in CODED_HOMES if kind not in ("own_foster", "foster", "service")]
    found = {kind: bought & Q(**{of: kind}) for kind in named}
    return {
        **_of_services(authority_id),
        "own_foster": Q(provider__isnull=True),
        "foster": bought
        & Q(contract__package__isnull=True)
        & (Q(**{f"{of}__isnull": True}) | ~Q(**{f"{of}__in": named})),
        **found,
    }


def _of_services(authority_id: int) -> dict[str, Q]:
    found: dict[str, Q] = {}
    for row in Package.objects.filter(authority_id=authority_id, contract__isnull=False):
        key = of_line(terms_of(row).budget_line)
        found[key] = found.get(key, Q()) | Q(contract__package=row.pk)
    return found


def _begun(rows: QuerySet[ScheduleLine], start: date | None, end: date | None) -> QuerySet[ScheduleLine]:
    if start is not None:
        rows = rows.filter(period__startswith__gte=start)
    return rows if end is None else rows.filter(period__startswith__lt=end)


def _uncoded(rows: QuerySet[ScheduleLine]) -> int:
    return rows.filter(cost_code__isnull=False).update(cost_code=None)
