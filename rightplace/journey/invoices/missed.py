"""What was agreed for a month and that nobody has invoiced, by provider and contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from rightplace.core.calendar import add_months
from rightplace.core.checking.invoices import CLAUSES, Outcome, check_invoices
from rightplace.core.pricing.running import day_number
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.checks import MOST_NOTICE_DAYS
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.books import COUNTED, make_books
from rightplace.journey.invoices.checking import day_of
from rightplace.journey.invoices.models import Finding, InvoiceLine, Query
from rightplace.journey.invoices.queries import whose
from rightplace.journey.payments.agreed import PARTS


@dataclass(frozen=True, slots=True)
class Missed:
    """Nights of a contract that nobody billed, and what they come to."""

    contract_id: int
    reference: str
    child: str
    provider_id: int | None
    payee: str
    starts_on: date
    ends_on: date
    pence: int
    is_asked: bool

    @property
    def nights(self) -> int:
        """How many nights."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_night(self) -> date:
        """The last of them."""
        return self.ends_on - timedelta(days=1)


def missed(actor: Actor, month: date, provider_id: int | None = None) -> list[Missed]:
    """What is not invoiced of a month (its first day), the largest first. Provider 0: the authority's own carers.

    Of a restricted case, only for those who are named for it: for everyone else `missed_unseen` has what all come to.
    """
    contracts = Contract.objects.filter(whose(actor), state__in=("in_force", "varying", "ended"))
    if provider_id is not None:
        contracts = contracts.filter(Q(provider_id=provider_id or None))
    return _missed_of(contracts, actor.authority_id, month, _asked(actor))


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was not invoiced in restricted cases that somebody may not see: how many contracts, and what they come to."""

    contracts: int
    pence: int


def missed_unseen(actor: Actor, month: date) -> Unseen:
    """What is missed in cases that this actor may not see: counted, not named."""
    seen = set(_in_force(actor.authority_id).filter(whose(actor)).values_list("pk", flat=True))
    with as_system():
        every = _in_force(actor.authority_id)
        unseen = set(every.values_list("pk", flat=True)) - seen
        hidden = _missed_of(every.filter(pk__in=unseen), actor.authority_id, month, set()) if unseen else []
    return Unseen(len({one.contract_id for one in hidden}), sum(one.pence for one in hidden))


def keep_missed(authority_id: int, month: date, *, now: datetime) -> int:
    """Keep what was missed of a month as findings, for its close; earlier ones are replaced. Gives how many.

    Missed, and not only unbilled yet, are nights after which the contract was billed, or that the provider was asked about.
    """
    with as_system():
        every = _missed_of(_in_force(authority_id), authority_id, month, _asked_about(authority_id))
        later = _billed_until(one.contract_id for one in every)
        rows = [one for one in every if one.is_asked or later.get(one.contract_id, one.ends_on) > one.ends_on]
        held = Finding.objects.filter(authority_id=authority_id, outcome="missed", state="open")
        held.filter(starts_on__gte=month, starts_on__lt=add_months(month, 1)).update(state="replaced")
        Finding.objects.bulk_create(
            Finding(
                authority_id=authority_id, provider_id=one.provider_id, contract_id=one.contract_id, outcome="missed",
                clause=CLAUSES[Outcome.MISSED], starts_on=one.starts_on, ends_on=one.ends_on, pence=one.pence, found_at=now,
            )
            for one in rows
        )  # fmt: skip
    return len(rows)


def _in_force(authority_id: int) -> QuerySet[Contract]:
    return Contract.objects.filter(authority_id=authority_id, state__in=("in_force", "varying", "ended"))


def _billed_until(contract_ids: Iterable[int]) -> dict[int, date]:
    """The day after the last night that anybody billed of each contract."""
    rows = InvoiceLine.objects.filter(
        contract__in=set(contract_ids), net_pence__gt=0, invoice__state__in=COUNTED
    )
    return dict(rows.values_list("contract").annotate(last=Max("ends_on")).values_list("contract", "last"))


def _missed_of(
    contracts: QuerySet[Contract], authority_id: int, month: date, asked: set[tuple[int, str]]
) -> list[Missed]:
    ends_on = add_months(month, 1)
    near = _could_be_missed(contracts, month, ends_on)
    rows = near.select_related("provider", "placement__setting", "placement__household").prefetch_related(
        *PARTS
    )
    bears_on_it = Q(starts_on__lt=ends_on, ends_on__gt=month) | Q(contract__in=_credited())
    books = make_books(
        rows.order_by("pk"), _billed().filter(bears_on_it), authority_id=authority_id, today=month
    )
    window = (day_number(month), day_number(ends_on))
    found = check_invoices(books.year.lines, books.agreed.columns, books.tolerance, window).findings
    made = [
        _missed(books.rows[int(found.contract[at])], day_of(int(found.start[at])), day_of(int(found.end[at])),
                int(found.pence[at]), asked)
        for at in range(len(found)) if found.outcome[at] == Outcome.MISSED
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.pence, one.contract_id))


def _could_be_missed(contracts: QuerySet[Contract], month: date, ends_on: date) -> QuerySet[Contract]:
    """Without those that can have no night open, so that only the rest are priced: ended longer ago than any notice lasts,
    or billed for every night of the month and never credited.
    """
    longest_notice = month - timedelta(days=MOST_NOTICE_DAYS)
    is_near = Q(ended_on=None) | Q(ended_on__gte=month) | Q(notice_given_on__gte=longest_notice)
    billed = _billed().filter(starts_on__lt=ends_on, ends_on__gt=month).exclude(contract__in=_credited())
    whole = _billed_whole(billed.filter(contract__in=contracts.values("pk")), month, ends_on)
    return contracts.filter(is_near, starts_on__lt=ends_on).exclude(pk__in=whole)


def _billed_whole(billed: QuerySet[InvoiceLine], month: date, ends_on: date) -> set[int]:
    """The contracts of which these lines still ask for every night of the month."""
    asked_for = billed.exclude(state__in=("reduced", "settled"), agreed_net_pence__lte=0).filter(
        net_pence__gt=0
    )
    open_from: dict[int, date] = {}
    for key, starts, ends in asked_for.order_by("starts_on").values_list("contract", "starts_on", "ends_on"):
        since = open_from.get(key, month)
        open_from[key] = max(since, ends) if starts <= since else since
    return {key for key, since in open_from.items() if since >= ends_on}


def _billed() -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(invoice__state__in=(*COUNTED, "proposed"))


def _credited() -> QuerySet[InvoiceLine, Any]:
    """The contracts with a credit: what it takes back is only seen among all that was billed on them."""
    taken_back = Q(net_pence__lt=0) | Q(state__in=("reduced", "settled"), agreed_net_pence__lt=0)
    return _billed().filter(taken_back, contract__isnull=False).values("contract")


def _missed(row: Contract, starts_on: date, ends_on: date, pence: int, asked: set[tuple[int, str]]) -> Missed:
    subject = f"Not invoiced: {row.reference}, {starts_on:%B %Y}"
    payee = row.provider.name if row.provider else "Own carers"
    return Missed(
        row.pk, row.reference, row.child_initials, row.provider_id, payee, starts_on, ends_on, pence,
        (row.pk, subject) in asked,
    )  # fmt: skip


def _asked(actor: Actor) -> set[tuple[int, str]]:
    return _subjects(Query.objects.filter(whose(actor), contract__isnull=False))


def _asked_about(authority_id: int) -> set[tuple[int, str]]:
    return _subjects(Query.objects.filter(authority_id=authority_id, contract__isnull=False))


def _subjects(queries: QuerySet[Query]) -> set[tuple[int, str]]:
    rows = queries.exclude(state="resolved")
    return {(int(key or 0), subject) for key, subject in rows.values_list("contract_id", "subject")}
