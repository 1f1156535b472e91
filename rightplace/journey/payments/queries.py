"""Questions about payment schedules: what is due, for whom, when, and what has changed.

Finance sees the whole authority, a provider its own lines. The child is known by initials only. The month of a line is
the month of its nights; it is due on the day after the last of them, a difference on the day on which it was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from rightplace.core.pricing import PriceKind
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.journey.contracts.agreement import KIND_WORDS, price_words
from rightplace.journey.contracts.issuing import provider_name
from rightplace.journey.contracts.models import Contract, Signature
from rightplace.journey.payments.models import ScheduleLine

CODE_PARTS = ("cost_centre", "subjective", "section_251_line")
OWN_SERVICE = "Own fostering service"


@dataclass(frozen=True, slots=True)
class ScheduleFilters:
    """What the schedule is narrowed to. `month` is its first day; provider 0 is the authority's own service."""

    month: date | None = None
    financial_year: str = ""
    provider_id: int | None = None
    kind: str = ""
    contract_id: int | None = None
    cost_centre: str = ""
    with_superseded: bool = False
    sort: str = "due_on"


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A line of the schedule."""

    id: int
    contract_id: int
    reference: str
    child_initials: str
    home: str
    provider: str
    authority: str
    kind: str
    price: str
    starts_on: date
    ends_on: date
    due_on: date
    financial_year: str
    pence: int
    state: str
    vat_pence: int = 0
    is_difference: bool = False
    reason: str = ""
    is_settled: bool = False
    code: str = ""

    @property
    def what(self) -> str:
        """What the line is: a charge, or a difference with its reason; and whether it was settled."""
        words = f"Difference: {self.reason}" if self.is_difference else "Charge"
        return f"{words}, settled" if self.is_settled else words

    @property
    def nights(self) -> int:
        """How many nights the line is for."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_night(self) -> date:
        """The last night it is for."""
        return self.ends_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Total:
    """What something comes to: pence and lines."""

    pence: int
    lines: int


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What the nights of a month come to."""

    month: date
    pence: int


@dataclass(frozen=True, slots=True)
class NamedTotal:
    """What a provider, a year or a kind comes to; `key` is what a filter takes."""

    key: str
    name: str
    pence: int
    contracts: int


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """A schedule that was made, or made again: when, how many lines, and by how much the total moved."""

    contract_id: int
    reference: str
    child_initials: str
    provider: str
    at: datetime
    lines_added: int
    lines_superseded: int
    change_pence: int

    @property
    def is_new(self) -> bool:
        """Whether it is the first schedule of a contract newly in force."""
        return self.lines_superseded == 0


SORTS = {
    "due_on": ("due_on", "contract_id", "id"),
    "provider": ("provider__name", "due_on", "id"),
    "contract": ("contract_id", "due_on", "id"),
    "kind": ("kind", "due_on", "id"),
    "pence": ("pence", "due_on", "id"),
    "starts_on": ("period", "contract_id", "id"),
}


def schedule(actor: Actor, filters: ScheduleFilters = ScheduleFilters()) -> QuerySet[ScheduleLine]:
    """The lines that this actor may see, as narrowed and sorted; turn each into a row with `schedule_row`."""
    rows = _narrowed(actor, filters).select_related(
        "contract__authority", "contract__provider", "contract_line", "cost_code"
    )
    key = filters.sort if filters.sort.lstrip("-") in SORTS else "due_on"
    columns = SORTS[key.lstrip("-")]
    return rows.order_by(*(f"-{column}" if key.startswith("-") else column for column in columns))


def schedule_row(line: ScheduleLine) -> ScheduleRow:
    """A line as a row of a list."""
    contract = line.contract
    return ScheduleRow(
        id=line.pk,
        contract_id=contract.pk,
        reference=contract.reference,
        child_initials=contract.child_initials,
        home=contract.home_words,
        provider=provider_name(contract),
        authority=contract.authority.name,
        kind=KIND_WORDS[PriceKind(line.kind)],
        price=price_words(line.contract_line.as_price_line()),
        starts_on=line.period.lower,
        ends_on=line.period.upper,
        due_on=line.due_on,
        financial_year=line.financial_year,
        pence=line.pence,
        state=line.state,
        vat_pence=line.vat_pence,
        is_difference=line.is_difference,
        reason=line.reason,
        is_settled=line.settled_at is not None,
        code=str(line.cost_code) if line.cost_code else "",
    )


def schedule_total(actor: Actor, filters: ScheduleFilters = ScheduleFilters()) -> Total:
    """What the lines of a narrowed schedule come to, over all its pages."""
    return total_of(_narrowed(actor, filters))


def total_of(rows: QuerySet[ScheduleLine]) -> Total:
    """What these lines come to; superseded lines count for nothing."""
    due = rows.order_by().filter(state="due").aggregate(total=Sum("pence"), many=Count("id"))
    return Total(due["total"] or 0, due["many"])


def due_between(actor: Actor, start: date, end: date) -> Total:
    """What falls due from a day up to, but not including, another."""
    return total_of(_narrowed(actor, ScheduleFilters()).filter(due_on__gte=start, due_on__lt=end))


def due_dates(actor: Actor, start: date, end: date) -> tuple[tuple[date, int, int], ...]:
    """The days on which something falls due from a day up to another: day, pence, number of contracts."""
    rows = _narrowed(actor, ScheduleFilters()).filter(due_on__gte=start, due_on__lt=end)
    sums = rows.values("due_on").annotate(total=Sum("pence"), many=Count("contract_id", distinct=True))
    return tuple((row["due_on"], row["total"], row["many"]) for row in sums.order_by("due_on"))


def due_by_month(actor: Actor, filters: ScheduleFilters = ScheduleFilters()) -> tuple[MonthTotal, ...]:
    """What the nights of each month come to, in order."""
    rows = _narrowed(actor, filters).filter(state="due").values("month").annotate(total=Sum("pence"))
    return tuple(MonthTotal(row["month"], row["total"]) for row in rows.order_by("month"))


def year_totals(actor: Actor, filters: ScheduleFilters = ScheduleFilters()) -> tuple[NamedTotal, ...]:
    """What each financial year comes to, in order."""
    rows = _narrowed(actor, filters).filter(state="due").values("financial_year")
    sums = rows.annotate(total=Sum("pence"), many=Count("contract_id", distinct=True)).order_by(
        "financial_year"
    )
    return tuple(
        NamedTotal(row["financial_year"], row["financial_year"], row["total"], row["many"]) for row in sums
    )


def provider_totals(actor: Actor, filters: ScheduleFilters = ScheduleFilters()) -> tuple[NamedTotal, ...]:
    """What each provider's lines come to, the largest first."""
    rows = _narrowed(actor, filters).filter(state="due").values("provider_id", "provider__name")
    sums = rows.annotate(total=Sum("pence"), many=Count("contract_id", distinct=True)).order_by(
        "-total", "provider_id"
    )
    return tuple(
        NamedTotal(
            str(row["provider_id"] or 0), row["provider__name"] or OWN_SERVICE, row["total"], row["many"]
        )
        for row in sums
    )


def months_in_use(actor: Actor) -> tuple[date, ...]:
    """The months from the first line to the last, in order."""
    found = _narrowed(actor, ScheduleFilters()).aggregate(first=Min("month"), last=Max("month"))
    if found["first"] is None:
        return ()
    months = [found["first"]]
    while months[-1] < found["last"]:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return tuple(months)


@dataclass(frozen=True, slots=True)
class CodeTotal:
    """What a financial year comes to under one cost code ("" for none), and how much of it was settled."""

    financial_year: str
    cost_centre: str
    subjective: str
    section_251_line: str
    pence: int
    settled_pence: int


def code_totals(actor: Actor, contract_id: int) -> tuple[CodeTotal, ...]:
    """What a contract comes to by financial year and cost code."""
    rows = _narrowed(actor, ScheduleFilters(contract_id=contract_id))
    names = ("financial_year", *(f"cost_code__{name}" for name in CODE_PARTS))
    settled = Sum("pence", filter=Q(settled_at__isnull=False))
    sums = rows.values(*names).annotate(total=Sum("pence"), gone=settled).order_by(*names)
    return tuple(
        CodeTotal(
            financial_year=row["financial_year"],
            cost_centre=row["cost_code__cost_centre"] or "",
            subjective=row["cost_code__subjective"] or "",
            section_251_line=row["cost_code__section_251_line"] or "",
            pence=row["total"],
            settled_pence=row["gone"] or 0,
        )
        for row in sums
    )


def cost_centres_in_use(actor: Actor) -> tuple[str, ...]:
    """The cost centres on lines that are due, in order."""
    rows = (
        _narrowed(actor, ScheduleFilters()).filter(cost_code__isnull=False).order_by("cost_code__cost_centre")
    )
    return tuple(rows.values_list("cost_code__cost_centre", flat=True).distinct())


def contract_schedule(actor: Actor, contract_id: int) -> tuple[ScheduleRow, ...]:
    """Every line of a contract in order of date, superseded ones too."""
    rows = schedule(actor, ScheduleFilters(contract_id=contract_id, with_superseded=True, sort="starts_on"))
    return tuple(schedule_row(line) for line in rows)


def schedule_changes(actor: Actor, since: datetime) -> tuple[ScheduleChange, ...]:
    """Schedules made or made again since a moment, the newest first; those signed on paper before are left out."""
    signed = Signature.objects.filter(contract_version__contract=OuterRef("contract"))
    rows = _narrowed(actor, ScheduleFilters(with_superseded=True)).filter(Exists(signed))
    added = _grouped(rows.filter(made_at__gte=since), "made_at")
    gone = _grouped(rows.filter(superseded_at__gte=since), "superseded_at")
    moments = sorted({*added, *gone}, key=lambda key: (key[1], key[0]), reverse=True)
    of = Contract.objects.select_related("authority", "provider").in_bulk([key for key, _ in moments])
    return tuple(_change(of[key], at, added.get((key, at)), gone.get((key, at))) for key, at in moments)


def _change(contract: Contract, at: datetime, added: Total | None, gone: Total | None) -> ScheduleChange:
    new, old = added or Total(0, 0), gone or Total(0, 0)
    return ScheduleChange(
        contract.pk,
        contract.reference,
        contract.child_initials,
        provider_name(contract),
        at,
        new.lines,
        old.lines,
        new.pence - old.pence,
    )


def _grouped(rows: QuerySet[ScheduleLine], moment: str) -> dict[tuple[int, datetime], Total]:
    sums = rows.values("contract_id", at=F(moment)).annotate(total=Sum("pence"), many=Count("id"))
    return {(row["contract_id"], row["at"]): Total(row["total"], row["many"]) for row in sums}


def _narrowed(actor: Actor, filters: ScheduleFilters) -> QuerySet[ScheduleLine]:
    rows = ScheduleLine.objects.filter(_whose(actor))
    if not filters.with_superseded:
        rows = rows.filter(state="due")
    if filters.month is not None:
        rows = rows.filter(month=filters.month)
    if filters.financial_year:
        rows = rows.filter(financial_year=filters.financial_year)
    if filters.cost_centre:
        rows = rows.filter(cost_code__cost_centre=filters.cost_centre)
    if filters.provider_id is not None:
        rows = rows.filter(Q(provider_id=filters.provider_id or None))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.contract_id is not None:
        rows = rows.filter(contract_id=filters.contract_id)
    return rows


def _whose(actor: Actor) -> Q:
    if actor.role == PROVIDER or actor.provider_id is not None:
        return Q(provider_id=actor.provider_id)
    return Q(authority_id=actor.authority_id)
